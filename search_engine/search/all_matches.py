"""All pictures that match a query, and no other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from search_engine.calibration.probability import THRESHOLD
from search_engine.calibration.verdict import Presence
from search_engine.collection.catalog import Catalog
from search_engine.errors import BadQuery
from search_engine.query import Query
from search_engine.records import Filters, SearchResult
from search_engine.search.engine import SearchEngine
from search_engine.search.results import ScoredCollection, SearchResults


def all_matches(
    engine: SearchEngine, query: Query | str, filters: Filters | None = None
) -> SearchResults:
    """Find all pictures that match a query, best match first.

    It looks at every picture. Where the usual search finds nothing that matches, this does not
    either.

    Raises:
        BadQuery: The query cannot be run as it stands, or only takes away.
        CollectionError: Scores are not calibrated, or the model gives no probabilities.
        ModelError: The model cannot be used.
    """
    usual = engine.search(query, filters=filters)
    scored = engine.score_all(usual.query, filters)
    if scored.matches is None:
        engine.measure.require_matches()
        cause, remedy = "A query that only takes away has no matches", "Ask for something as well."
        raise BadQuery(cause, place=str(usual.query), remedy=remedy)
    found = _matching(scored, engine.catalog) if _has_matches(usual) else ()
    verdict = usual.verdict and replace(usual.verdict, matches=len(found))
    return replace(usual, results=found, verdict=verdict, exact=scored.all.exact)


def _has_matches(answer: SearchResults) -> bool:
    """Return whether what was asked for is there."""
    return answer.verdict is not None and answer.verdict.presence is not Presence.ABSENT


def _matching(scored: ScoredCollection, catalog: Catalog) -> tuple[SearchResult, ...]:
    """Return the pictures that match, best match first; each has its rank by cosine among all."""
    assert scored.matches is not None  # noqa: S101 - the caller has looked
    places = np.flatnonzero(scored.matches >= THRESHOLD)
    places = places[np.argsort(-scored.matches[places], kind="stable")]
    ranks = np.empty(len(scored.all.scores), dtype=np.int64)
    ranks[np.argsort(-scored.all.scores, kind="stable")] = np.arange(1, len(ranks) + 1)
    records = catalog.pictures.by_id(scored.all.picture_ids[places].tolist())
    return tuple(
        SearchResult(
            int(ranks[at]),
            records[picture_id],
            float(scored.all.scores[at]),
            float(scored.matches[at]),
            stands_out=True,
        )
        for at, picture_id in zip(places, scored.all.picture_ids[places].tolist(), strict=True)
        if picture_id in records
    )
