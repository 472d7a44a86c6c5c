"""All pictures that match a query, and no other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from search_engine.calibration.probability import THRESHOLD
from search_engine.calibration.verdict import JUDGED, Verdict
from search_engine.collection.catalog import Catalog
from search_engine.query import Query
from search_engine.records import Filters, Ids, SearchResult
from search_engine.search.engine import SearchEngine
from search_engine.search.results import ScoredCollection, SearchResults
from search_engine.search.scoring import refuse_impossible


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
    filters = filters or Filters()
    usual = engine.search(query, JUDGED, filters)
    scored, places, threshold = _matching(engine, usual.query, filters, threshold)
    found = _results(scored, places, engine.catalog)
    return replace(
        usual,
        results=found,
        verdict=usual.verdict and _judged(usual.verdict, len(found), threshold),
        exact=scored.all.exact,
    )


def matching_ids(engine: SearchEngine, query: Query | str, filters: Filters | None = None) -> Ids:
    """Return the ids of all pictures that match, best match first; raises as `all_matches`."""
    scored, places, _ = _matching(engine, query, filters or Filters(), THRESHOLD)
    return scored.all.picture_ids[places]


def _matching(
    engine: SearchEngine, query: Query | str, filters: Filters, threshold: float
) -> tuple[ScoredCollection, NDArray[np.int64], float]:
    """Return all scores, the places of those that match, best match first, and from which match."""
    refuse_impossible(threshold)
    scored = engine.score_all(query, filters)
    matches = engine.measure.matches_of(scored).astype(np.float64)
    threshold = max(threshold, filters.min_match or 0)
    is_there = scored.best_match is not None and scored.best_match >= threshold
    places = np.flatnonzero((matches >= threshold) & is_there)
    return scored, places[np.argsort(-matches[places], kind="stable")], threshold


def _judged(verdict: Verdict, found: int, threshold: float) -> Verdict:
    """Count what was found; the cosine of another threshold than the usual one is not known."""
    cut_score = verdict.cut_score if threshold == THRESHOLD else None
    return replace(verdict, matches=found, cut_match=threshold, cut_score=cut_score)


def _results(
    scored: ScoredCollection, places: NDArray[np.int64], catalog: Catalog
) -> tuple[SearchResult, ...]:
    """Return the pictures at some places; each has its rank by cosine among all."""
    matches = scored.all.scores if scored.matches is None else scored.matches
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
