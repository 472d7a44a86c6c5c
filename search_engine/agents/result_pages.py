"""The results of searches, by page, best match first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from search_engine.agents.page_cursors import MOST_RESULTS, cursor_to, place_of
from search_engine.agents.requests import Cursor, FilterRequest, PageLength
from search_engine.agents.result_notes import notes_on
from search_engine.collection import so_far
from search_engine.records import SoFar
from search_engine.search import SearchEngine, SearchResults, read, search_answer
from search_engine.search.answers import AnsweredVerdict, TaggedPicture

Search: TypeAlias = Callable[[int], SearchResults]
"""Finds so many of the nearest pictures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest(FilterRequest):
    """Which part of the results is wanted."""

    k: PageLength = 10
    cursor: Cursor = None


@dataclass(frozen=True, slots=True)
class FoundPage:
    """Some results of a search, in the order in which people read them: best match first."""

    query: str
    collection: str
    model: str
    verdict: AnsweredVerdict | None
    """Whether what was searched for is in the collection at all; null where nobody can say."""
    line: str
    """Up to where the results of this page are matches."""
    results: tuple[TaggedPicture, ...]
    first: int
    """The place of the first of them among all results, from 1."""
    considered: int
    """How many pictures the filters let through."""
    exact: bool
    """Whether these are certainly the nearest pictures."""
    so_far: SoFar | None
    """How much can be found, of a collection that is not indexed to the end."""
    notes: tuple[str, ...]
    next_cursor: str | None


def page_of(engine: SearchEngine, search: Search, request: PageRequest) -> FoundPage:
    """Search, and return the page that is wanted.

    Raises:
        BadInput: The cursor is of something else.
        BadQuery: The query cannot be run as it stands.
        ModelError: The model cannot be used.
    """
    begin = place_of(request, engine)
    end = begin + request.k
    found = read(search, end + 1)
    page = found.order[begin:end]
    goes_on = len(found.order) > end and end < MOST_RESULTS
    part = so_far(engine.catalog, engine.manifest)
    tags = engine.catalog.tags.of(one.record.picture_id for one in page)
    told = search_answer(
        replace(found.answer, results=page), engine.path, part, {"": list(page)}, tags
    )
    return FoundPage(
        query=told.query,
        collection=told.collection,
        model=told.model,
        verdict=told.verdict,
        line=line_in(told.results, begin),
        results=told.results,
        first=begin + 1,
        considered=found.answer.considered,
        exact=told.exact,
        so_far=part,
        notes=notes_on(engine, found.answer, page, request.filters(engine)),
        next_cursor=cursor_to(end, request, engine) if goes_on else None,
    )


def line_in(results: tuple[TaggedPicture, ...], begin: int) -> str:
    """Say which results of a page are matches; they come before all that is weaker."""
    if not results:
        return "There are no results."
    if results[0].match is None:
        return "Nothing is known of matches: look at the pictures before you believe any."
    matches = sum(bool(one.stands_out) for one in results)
    first, last = begin + 1, begin + len(results)
    if matches == len(results):
        return f"All of {first} to {last} are matches (50 or more)."
    if not matches:
        return f"None of {first} to {last} is a match: they probably do not show it."
    return f"{first} to {begin + matches} are matches (50 or more); those below probably are not."
