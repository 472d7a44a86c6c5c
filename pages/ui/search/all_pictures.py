"""All pictures of a collection that filters let through, where nothing is searched for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from math import ceil

from pages.ui.frame.search_state import NO_MONTH, SearchState
from pages.ui.search import filter_form
from pages.ui.search.asking import MOST
from search_engine import Filters, SearchEngine
from search_engine.collection import UNDATED, ListOrder
from search_engine.records import PictureRecord

_MONTH = 7
"""Letters of an ISO date."""


@dataclass(frozen=True)
class AllPictures:
    """A list of pictures, from where it is asked to begin to the end of the page."""

    asked: SearchState
    """On a page that there is."""
    filters: Filters
    records: tuple[PictureRecord, ...]
    count: int
    """How many the filters let through."""
    months: Mapping[str, int]
    """How many of each, newest first; empty where they are in no order of time."""
    last_page: int
    ends_early: bool
    """Whether there are more than can be paged through."""

    @property
    def headings(self) -> Mapping[int, str]:
        """The month that begins at a place; none where no picture has a date of its own."""
        found: dict[int, str] = {}
        before = None
        for place, record in enumerate(self.records if any(self.months) else ()):
            month = month_of(record)
            if month != before:
                found[place] = f"{in_words(month)} · {self.months.get(month, 0):,}"
            before = month
        return found


def listed(engine: SearchEngine, asked: SearchState) -> AllPictures:
    """List the pictures that are asked for.

    Raises:
        BadInput: A filter makes no sense.
        CollectionDamaged: What the catalog says of a picture cannot be read.
    """
    timeline, filters = engine.catalog.timeline, filter_form.filters(asked)
    order = ListOrder(asked.browse)
    count = len(timeline.ids(filters, order))
    months = timeline.months(filters) if order is ListOrder.DATE else {}
    skip = sum(number for name, number in months.items() if _is_before(name, asked.month))
    there = count - skip
    last = max(1, ceil(min(there, MOST) / asked.per_page))
    page = min(asked.page, last)
    records = timeline.page(filters, order, asked.per_page * page, skip)
    return AllPictures(
        replace(asked, page=page), filters, tuple(records), count, months, last, there > MOST
    )


def _is_before(month: str, begins: str) -> bool:
    """Return whether a month stands before the one at which the list begins."""
    if begins == NO_MONTH:
        return month != UNDATED
    return bool(begins) and month > begins


def month_of(record: PictureRecord) -> str:
    """Return the month of a picture, as ``2024-05``; `UNDATED` where only its file has a date."""
    return UNDATED if record.taken_at is None else record.taken_at[:_MONTH]


def in_words(month: str) -> str:
    """Write a month as May 2024."""
    if month == UNDATED:
        return "Undated"
    try:
        return f"{date.fromisoformat(f'{month}-01'):%B %Y}"
    except ValueError:  # of a catalog that was not written here
        return "Another date"
