"""The results of a query in the order that is asked for, and apart where that is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pages.ui.frame import feedback, resources
from pages.ui.frame.search_state import NOT_GROUPED, SearchState
from search_engine import Filters, Query, SearchEngine, SearchResults
from search_engine.errors import BadQuery, CollectionError
from search_engine.records import SearchResult
from search_engine.search import Grouping, Order, in_groups, in_order, read


@dataclass(frozen=True)
class Ordered:
    """Results in order."""

    answer: SearchResults
    """What was found, with its verdict."""
    results: tuple[SearchResult, ...]
    headings: Mapping[int, str]
    """What stands before a result, by its place; a group goes on until the next."""
    has_more_matches: bool
    note: str = ""
    """Why more than matches is shown, where only they were asked for."""


def ordered(
    engine: SearchEngine, query: Query, filters: Filters, asked: SearchState, wanted: int
) -> Ordered:
    """Search, and put so many results in order; all there are where only matches are shown.

    Raises:
        BadQuery: The query cannot be run as it stands.
        ModelError: The model cannot be used.
    """
    found = read(lambda k: resources.answer(engine, query, k, filters), wanted)
    note = ""
    if asked.only_matches:
        try:
            return _matches(engine, query, filters, asked)
        except (BadQuery, CollectionError) as error:
            note = f"All results are shown, best first. {error.cause}. {error.remedy}"
    return Ordered(found.answer, found.order, {}, found.has_more_matches, note)


def _matches(engine: SearchEngine, query: Query, filters: Filters, asked: SearchState) -> Ordered:
    answer = resources.matches(engine, query, filters)
    results = in_order(answer.results, Order(asked.sort))
    if asked.group == NOT_GROUPED:
        return Ordered(answer, tuple(results), {}, has_more_matches=False)
    grouping = Grouping(asked.group)
    headings: dict[int, str] = {}
    flat: list[SearchResult] = []
    for name, group in in_groups(results, grouping).items():
        headings[len(flat)] = f"{_heading(name, grouping)} · {len(group):,}"
        flat += group
    return Ordered(answer, tuple(flat), headings, has_more_matches=False)


def _heading(name: str, grouping: Grouping) -> str:
    if grouping is Grouping.CATEGORY:
        return feedback.readable(name) or "No category"
    if not name:
        return "No date"
    if grouping is Grouping.MONTH:
        return f"{date.fromisoformat(f'{name}-01'):%B %Y}"
    day = date.fromisoformat(name)
    return f"{day:%A}, {day.day} {day:%B %Y}"
