"""Results that are selected, and what can be done with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from pages.ui.frame import session
from pages.ui.frame.search_state import as_address, closed
from pages.ui.search import compare_view, downloads, tagging
from pages.ui.search.asking import Answered
from pages.ui.search.grid import ResultPage
from pages.ui.search.new_query import ask
from search_engine import SearchEngine
from search_engine.query import Marks
from search_engine.records import counted

_TAG = "tag selection"
_CLEARED = session.Key("selection cleared", 0)


def page_of(engine: SearchEngine, found: Answered) -> ResultPage:
    """Return the results as the grid shows them."""
    verdict = found.answer.verdict
    query = replace(closed(found.asked), page=1, good=(), bad=(), size=1)
    return ResultPage(
        found.shown,
        found.answer.encoded,
        found.headings,
        nothing_stands_out=verdict is not None and not verdict.matches,
        of=f"{engine.catalog.version.identity} {as_address(query)}",
        has_more=found.asked.page < found.last_page,
        cleared=_CLEARED.get(),
    )


def clear() -> None:
    """Select nothing any more."""
    _CLEARED.put(_CLEARED.get() + 1)


def show_bar(engine: SearchEngine, found: Answered, selected: Sequence[int]) -> None:
    """Offer what can be done with the selected results, at the foot of the window."""
    tagging.show_undo(engine, beside=_TAG)
    if not selected:
        return
    asked = found.asked
    results = [one for one in found.shown if one.record.picture_id in set(selected)]
    with st.container(key="selection", horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(
            f"**{counted(len(selected), 'picture', 'pictures')} selected**", width="content"
        )
        if _action("Good", "thumb_up", "More of their kind"):
            _mark(asked.marks.plus(Marks(tuple(selected))), selected, good=True)
        if _action("Bad", "thumb_down", "Less of their kind; they are not shown again"):
            _mark(asked.marks, selected, good=False)
        likes = tuple(f"#{one}" for one in selected)
        if _action("Add to query", "add", "Search for your words and pictures like these"):
            _go(t=(*asked.t, *likes))
        if _action("Exclude", "remove", "Search away from these"):
            _go(t=(*asked.t, *(f"- {like}" for like in likes)))
        if 1 < len(selected) <= compare_view.MOST and _action("Compare", "compare", "Side by side"):
            ask(compare=tuple(selected))
            st.rerun()
        tagging.offer(engine, selected, key=_TAG)
        if _action("Hide", "visibility_off", "Searches do not find them any more"):
            tagging.hide(engine, selected)
            _go()
        if _action("Download", "download", "As pictures, table or document"):
            downloads.offer(engine, found, tuple(results))
        st.button("Clear", type="tertiary", on_click=clear, key="selection clear")


def _action(label: str, icon: str, about: str) -> bool:
    return st.button(label, icon=f":material/{icon}:", help=about, key=f"selection {label}")


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
