"""Results that are selected, and what can be done with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from pages.ui.frame import resources, session
from pages.ui.frame.search_state import EMPTY, SearchState, as_address, closed
from pages.ui.search import compare_view, downloads, folding, tagging
from pages.ui.search.asking import Answered
from pages.ui.search.grid import GoesOn, GridClick, ResultPage
from pages.ui.search.new_query import ask
from pages.ui.search.selection_bar import action, bar, offer_export, offer_to_clear
from search_engine import SearchEngine
from search_engine.errors import SearchEngineError
from search_engine.query import MOST_MARKS, Marks
from search_engine.records import PictureRecord, SearchResult, counted

_CLEARED = session.Key("selection cleared", 0)
_ALL_TAKEN = session.Key("selection of all", 0)
_MOST = 10_000
"""Matches that are selected together."""


@dataclass(frozen=True)
class Picked:
    """What is selected."""

    results: tuple[SearchResult, ...]
    matches: int
    """How many there are, whether or not they are selected; 0 where that is not known."""
    is_all: bool = False

    @property
    def ids(self) -> tuple[int, ...]:
        """The ids of the pictures."""
        return tuple(one.record.picture_id for one in self.results)

    @property
    def said(self) -> str:
        """Say what is selected."""
        count = len(self.results)
        if not self.is_all:
            return f"{counted(count, 'picture', 'pictures')} selected"
        if count < self.matches:
            return f"Best {count:,} of {self.matches:,} matches selected"
        return f"All {counted(count, 'match', 'matches')} selected"


def page_of(engine: SearchEngine, found: Answered) -> ResultPage:
    """Return the results as the grid shows them."""
    verdict = found.answer.verdict
    return ResultPage(
        found.shown,
        found.answer.encoded,
        found.headings,
        folding.groups(engine, found),
        nothing_stands_out=verdict is not None and not verdict.matches,
        goes_on=goes_on(engine, found.asked, found.last_page),
    )


def goes_on(engine: SearchEngine, asked: SearchState, last_page: int) -> GoesOn:
    """Return how the grid of what is asked for goes on; what is selected stays as it grows."""
    same = replace(closed(asked), page=1, good=(), bad=(), size=1, fit=EMPTY.fit, alike=EMPTY.alike)
    return GoesOn(
        f"{engine.catalog.version.identity} {as_address(same)}",
        has_more=asked.page < last_page,
        cleared=_CLEARED.get(),
        all_taken=_ALL_TAKEN.get(),
    )


def clear() -> None:
    """Select nothing any more."""
    _CLEARED.put(_CLEARED.get() + 1)


def _take_all() -> None:
    _ALL_TAKEN.put(_ALL_TAKEN.get() + 1)


def _picked(engine: SearchEngine, found: Answered, choice: GridClick) -> Picked:
    try:
        count = len(resources.matching(engine, found.query, found.filters))
        if choice.everything:
            every = resources.matches(engine, found.query, found.filters).results
            return Picked(every[:_MOST], count, is_all=True)
    except SearchEngineError:  # nothing has a match; the line above the results says why
        count = 0
    wanted = set(choice.selected)
    return Picked(tuple(one for one in found.shown if one.record.picture_id in wanted), count)


def show_bar(engine: SearchEngine, found: Answered, choice: GridClick) -> None:
    """Offer what can be done with the selected results, at the foot of the window."""
    if not (choice.selected or choice.everything):
        return
    picked = _picked(engine, found, choice)
    with bar(picked.said):
        if not picked.is_all and picked.matches > 1:
            count = min(picked.matches, _MOST)
            label = "best" if count < picked.matches else "all"
            st.button(
                f"Select {label} {count:,} matches", key="selection all", type="tertiary",
                on_click=_take_all,
            )  # fmt: skip
        _offer_query(found, picked.ids)
        _offer_more(engine, picked.ids)
        if action("Download", "download", "As pictures, table or document"):
            downloads.offer(engine, found, picked.results)
        offer_export(engine, picked.results)
        offer_to_clear(clear)


def show_bar_of_list(
    engine: SearchEngine, records: Sequence[PictureRecord], selected: Sequence[int]
) -> None:
    """Offer what can be done with selected pictures that no query has found."""
    if not selected:
        return
    wanted = set(selected)
    chosen = tuple(one for one in records if one.picture_id in wanted)
    with bar(f"{counted(len(chosen), 'picture', 'pictures')} selected"):
        if action("More like these", "search", "Search for pictures like these", len(chosen)):
            _go(t=tuple(f"#{one}" for one in selected))
        _offer_more(engine, selected)
        if action("Download", "download", "As pictures or as a table"):
            downloads.offer_pictures(engine, chosen)
        offer_export(engine, chosen)
        offer_to_clear(clear)


def _offer_more(engine: SearchEngine, ids: Sequence[int]) -> None:
    is_few = compare_view.FEWEST <= len(ids) <= compare_view.MOST
    if is_few and action("Compare", "compare", "Side by side"):
        ask(compare=tuple(ids))
        st.rerun()
    tagging.offer(engine, ids, key=tagging.SELECTION)
    if action("Hide", "visibility_off", "Searches do not find them any more"):
        tagging.hide(engine, ids)
        _go()


def _offer_query(found: Answered, selected: Sequence[int]) -> None:
    """Offer to mark them, and to search for or away from their like."""
    asked, many = found.asked, len(selected)
    if action("Good", "thumb_up", "More of their kind", many, MOST_MARKS):
        _mark(asked.marks.plus(Marks(tuple(selected))), selected, good=True)
    if action("Bad", "thumb_down", "Less of their kind; they are not shown again", many,
               MOST_MARKS):  # fmt: skip
        _mark(asked.marks, selected, good=False)
    likes = tuple(f"#{one}" for one in selected)
    if action("Add to query", "add", "Search for your words and pictures like these", many):
        _go(t=(*asked.t, *likes))
    if action("Exclude", "remove", "Search away from these", many):
        _go(t=(*asked.t, *(f"- {like}" for like in likes)))


def _mark(marks: Marks, selected: Sequence[int], *, good: bool) -> None:
    one, other = set(selected), marks.bad if good else marks.good
    kept = tuple(picture_id for picture_id in other if picture_id not in one)
    marked = (*(marks.good if good else marks.bad), *selected)
    marks = Marks.of(marked, kept) if good else Marks.of(kept, marked)
    _go(good=marks.good, bad=marks.bad)


def _go(**changes: object) -> None:
    clear()
    ask(**changes, page=1)
    st.rerun()
