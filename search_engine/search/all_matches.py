"""All pictures that match a query, and no other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from search_engine.calibration.probability import THRESHOLD
from search_engine.calibration.verdict import Verdict
from search_engine.collection.catalog import Catalog
from search_engine.errors import BadInput
from search_engine.query import Query
from search_engine.records import Filters, SearchResult
from search_engine.search.engine import SearchEngine
from search_engine.search.results import ScoredCollection, SearchResults

_HIGHEST = 100.0


def all_matches(
    engine: SearchEngine,
    query: Query | str,
    filters: Filters | None = None,
    threshold: float = THRESHOLD,
) -> SearchResults:
    """Find all pictures that match a query, best match first.

    It looks at every picture. Where the usual search finds nothing that matches, this does not
    either.

    Args:
        engine: Whose pictures.
        query: What is asked for.
        filters: What may be found at all.
        threshold: The least match that counts, 0 to 100.

    Raises:
        BadInput: The threshold is no such number.
        BadQuery: The query cannot be run as it stands, or only takes away.
        CollectionError: Scores are not calibrated, or the model gives no probabilities.
        ModelError: The model cannot be used.
    """
    if not 0 <= threshold <= _HIGHEST:
        cause = f"No picture can have a match of {threshold:g} %"
        raise BadInput(cause, remedy=f"Choose from 0 to {_HIGHEST:g}.")
    usual = engine.search(query, filters=filters)
    scored = engine.score_all(usual.query, filters)
    matches = engine.measure.matches_of(scored).astype(np.float64)
    is_there = usual.verdict is not None and usual.verdict.best_match >= threshold
    found = _matching(scored, matches, threshold, engine.catalog) if is_there else ()
    return replace(
        usual,
        results=found,
        verdict=usual.verdict and _judged(usual.verdict, len(found), threshold),
        exact=scored.all.exact,
    )


def _judged(verdict: Verdict, found: int, threshold: float) -> Verdict:
    """Count what was found; the cosine of another threshold than the usual one is not known."""
    cut_score = verdict.cut_score if threshold == THRESHOLD else None
    return replace(verdict, matches=found, cut_match=threshold, cut_score=cut_score)


def _matching(
    scored: ScoredCollection, matches: NDArray[np.float64], threshold: float, catalog: Catalog
) -> tuple[SearchResult, ...]:
    """Return the pictures that match, best match first; each has its rank by cosine among all."""
    places = np.flatnonzero(matches >= threshold)
    places = places[np.argsort(-matches[places], kind="stable")]
    ranks = np.empty(len(scored.all.scores), dtype=np.int64)
    ranks[np.argsort(-scored.all.scores, kind="stable")] = np.arange(1, len(ranks) + 1)
    records = catalog.pictures.by_id(scored.all.picture_ids[places].tolist())
    return tuple(
        SearchResult(
            int(ranks[at]),
            records[picture_id],
            float(scored.all.scores[at]),
            float(matches[at]),
            stands_out=bool(matches[at] >= THRESHOLD),
        )
        for at, picture_id in zip(places, scored.all.picture_ids[places].tolist(), strict=True)
        if picture_id in records
    )
