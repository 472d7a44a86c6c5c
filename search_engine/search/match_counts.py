"""How many matches of a query lie in each category and under each tag, to filter by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from search_engine.calibration.probability import THRESHOLD
from search_engine.query import Query
from search_engine.records import Filters, Ids
from search_engine.search.engine import SearchEngine


@dataclass(frozen=True, slots=True)
class MatchCounts:
    """Matches by what one can filter by, most first, then by name."""

    categories: Mapping[str, int]
    """All categories of the collection; the empty name stands for pictures in none."""
    tags: Mapping[str, int]


def count_matches(engine: SearchEngine, query: Query | str, filters: Filters) -> MatchCounts:
    """Count the matches of a query in each category and under each tag.

    Each kind of counts leaves out the filter of its own kind, as faceted search does: a count says
    what choosing that category, beside or instead of what is chosen, would bring. Where the filter
    on the match is set, what it lets through counts, else matches of 50 % and more.

    Raises:
        BadQuery: The query cannot be run as it stands, or only takes away.
        CollectionError: Scores are not calibrated, or the model gives no probabilities.
        ModelError: The model cannot be used.
    """
    whole = _matching(engine, query, replace(filters, categories=None))
    by_tag = whole
    if filters.categories is not None or filters.tags is not None:
        by_tag = _matching(engine, query, replace(filters, tags=None))
    names, ids, numbers = engine.catalog.statistics.category_numbers()
    of_each = np.bincount(numbers[np.isin(ids, whole, assume_unique=True)], minlength=len(names))
    categories = dict(zip(names, of_each.tolist(), strict=True))
    return MatchCounts(_most_first(categories), _most_first(engine.catalog.tags.counts(by_tag)))


def _matching(engine: SearchEngine, query: Query | str, filters: Filters) -> Ids:
    scored = engine.score_all(query, filters)
    engine.measure.matches_of(scored)
    least = THRESHOLD if filters.min_match is None else filters.min_match
    return scored.matching(least).all.picture_ids


def _most_first(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda one: -one[1]))
