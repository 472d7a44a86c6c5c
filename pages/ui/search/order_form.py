"""What results are shown, in which order and apart by what; and the results that are marked."""

from __future__ import annotations

import streamlit as st

from pages.ui.frame import feedback, resources, session
from pages.ui.frame.search_state import GROUPS, NOT_GROUPED, SHOWN, SearchState
from pages.ui.search.new_query import ask, collect, mark
from search_engine import SearchEngine
from search_engine.collection import ListOrder
from search_engine.query import Marks
from search_engine.search import Grouping, Order

_SHOWN = {SHOWN[0]: "All results", SHOWN[1]: "Strong matches only"}
_SORTED = {
    Order.MATCH: "Best match", Order.DATE: "Newest", Order.NAME: "Name", Order.SIZE: "Largest",
}  # fmt: skip
_LISTED = {ListOrder.DATE: "Newest", ListOrder.NAME: "Name", ListOrder.SIZE: "Largest"}
_GROUPED = {
    NOT_GROUPED: "Nothing", Grouping.DAY: "Day", Grouping.MONTH: "Month",
    Grouping.CATEGORY: "Category",
}  # fmt: skip
_ALL = {"shown": SHOWN[0], "sort": str(Order.MATCH), "group": NOT_GROUPED}


def show(asked: SearchState) -> None:
    """Offer other orders, in a popover that says what was chosen."""
    if not asked.searches:
        _show_of_list(asked)
        return
    group = None if asked.group == NOT_GROUPED else Grouping(asked.group)
    chosen = said(Order(asked.sort), group) if asked.only_matches else ""
    popover = st.popover(
        chosen or "Sort", icon=":material/sort:", key="order open", on_change="rerun"
    )
    if not popover.open:
        return
    with popover:
        st.radio(
            "Show", SHOWN, key="shown", format_func=_SHOWN.__getitem__, on_change=collect,
            args=("shown",), disabled=asked.sort != Order.MATCH or asked.group != NOT_GROUPED,
        )  # fmt: skip
        st.radio(
            "Sort by", list(Order), key="sort", format_func=_SORTED.__getitem__,
            on_change=collect, args=("sort",), horizontal=True,
        )  # fmt: skip
        st.radio(
            "Group by", GROUPS, key="group", format_func=_GROUPED.__getitem__,
            on_change=collect, args=("group",), horizontal=True,
        )  # fmt: skip
        st.caption("Weaker results are hidden when matches are sorted or grouped.")


def _show_of_list(asked: SearchState) -> None:
    is_usual = asked.browse == ListOrder.DATE
    popover = st.popover(
        "Sort" if is_usual else _LISTED[ListOrder(asked.browse)], icon=":material/sort:",
        key="order open", on_change="rerun",
    )  # fmt: skip
    if popover.open:
        with popover:
            st.radio(
                "Sort by", list(ListOrder), key="browse", format_func=_LISTED.__getitem__,
                on_change=collect, args=("browse",), horizontal=True,
            )  # fmt: skip


def said(sort: Order, group: Grouping | None) -> str:
    """Say in which order matches are shown, and apart by what."""
    words = [] if sort == Order.MATCH else [_SORTED[sort]]
    if group:
        words.append(f"by {_GROUPED[group].lower()}")
    return ", ".join(words) or _SHOWN[SHOWN[1]]


def show_no_match() -> None:
    """Say that nothing matches, and offer what is nearest."""
    st.info("No strong match. Only strong matches can be sorted and grouped.")
    st.button("Show the nearest results", on_click=ask, kwargs={**_ALL, "page": 1})


def show_marks(engine: SearchEngine, marks: Marks) -> None:
    """Show the results that are marked as chips; a click opens them to be unmarked."""
    if not marks:
        return
    records = engine.records((*marks.good, *marks.bad))
    for good, ids in ((True, marks.good), (False, marks.bad)):
        if not ids:
            continue
        word, icon = ("good", "thumb_up") if good else ("bad", "thumb_down")
        with st.popover(f"{len(ids)} {word}", icon=f":material/{icon}:"):
            st.caption("More of their kind is found." if good else "They are not shown again.")
            for picture_id in ids:
                record = records.get(picture_id)
                with st.container(horizontal=True, vertical_alignment="center"):
                    shown = record and resources.thumbnail(engine, record)
                    if record and shown:
                        st.image(shown, width=64, alt=feedback.readable(record.path))
                    st.button(
                        "Remove mark", key=session.of_collection(f"unmark {word} {picture_id}"),
                        on_click=mark, args=(picture_id,), kwargs={"good": good},
                    )  # fmt: skip
            without = {"good" if good else "bad": (), "page": 1}
            st.button(f"Clear {word} marks", on_click=ask, kwargs=without, type="tertiary")
