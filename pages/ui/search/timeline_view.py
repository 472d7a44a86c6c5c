"""All pictures of a collection, where nothing is searched for: newest first, by month."""

from __future__ import annotations

import streamlit as st

from pages.ui.frame import feedback, resources
from pages.ui.frame.search_state import NO_MONTH, SearchState
from pages.ui.search import (
    compare_view,
    drawer,
    example_queries,
    grid,
    name_filters,
    new_query,
    result_summary,
    result_table,
    selection,
)
from pages.ui.search.all_pictures import AllPictures, in_words, listed, month_of
from search_engine import Filters, SearchEngine
from search_engine.collection import UNDATED
from search_engine.records import counted


def show(engine: SearchEngine, asked: SearchState) -> None:
    """Offer queries to begin with, and show all pictures that the filters let through."""
    with feedback.errors_shown():
        found = listed(engine, asked)
    result_summary.mark(found.asked)
    _show_line(engine, found)
    if not found.count:
        st.info("No picture passes the filters. Remove one of them above, or change them.")
        name_filters.offer_others(engine, found.filters)
    elif not found.records:
        st.info(f"There are no pictures of {in_words(asked.month)} or before.")
        st.button("Show the newest", on_click=new_query.ask, kwargs={"month": "", "page": 1})
    elif asked.view == "table":
        result_table.show_list(engine, found.records)
        if found.asked.page < found.last_page:
            next_page = {"page": found.asked.page + 1}
            st.button("Show more", on_click=new_query.ask, kwargs=next_page)
    else:
        _show_grid(engine, found)
    if found.ends_early and found.asked.page == found.last_page:
        _lead_on(found)
    if asked.picture:
        drawer.show_of_list(engine, found.records, asked.picture)
    compare_view.show(engine, asked)


def _show_grid(engine: SearchEngine, found: AllPictures) -> None:
    asked = found.asked
    choice = grid.show_list(
        engine, found.records, headings=found.headings, size=asked.size, fit=asked.fit,
        goes_on=selection.goes_on(engine, asked, found.last_page),
    )  # fmt: skip
    new_query.follow(choice)
    selection.show_bar_of_list(engine, found.records, choice.selected)


def _show_line(engine: SearchEngine, found: AllPictures) -> None:
    with st.container(
        key="timeline", horizontal=True, horizontal_alignment="distribute",
        vertical_alignment="center", gap="small",
    ):  # fmt: skip
        st.markdown(f"**{_counted(engine, found)}**", width="content")
        example = example_queries.show(engine)
        if example:
            new_query.ask(q=example, page=1)
            st.rerun()
        if len(found.months) > 1:
            st.selectbox(
                "Go to", _months(found), key="month", on_change=new_query.collect, args=("month",),
                format_func=lambda month: _named(found, month), label_visibility="collapsed",
                width=220,
            )  # fmt: skip


def _counted(engine: SearchEngine, found: AllPictures) -> str:
    whole = resources.count(engine, Filters(hidden=False))
    everything = counted(whole, "picture", "pictures")
    return everything if found.count == whole else f"{found.count:,} of {everything}"


def _months(found: AllPictures) -> list[str]:
    """Return what can be gone to, as the address names it; also what is asked for in vain."""
    names = ["", *(month or NO_MONTH for month in found.months)]
    return names if found.asked.month in names else [*names, found.asked.month]


def _named(found: AllPictures, month: str) -> str:
    if not month:
        return "Newest" if found.asked.month else "Go to a month…"
    name = UNDATED if month == NO_MONTH else month
    return f"{in_words(name)} · {found.months.get(name, 0):,}"


def _lead_on(found: AllPictures) -> None:
    """Lead beyond what can be paged through."""
    last = month_of(found.records[-1]) or NO_MONTH
    if found.months and last != (found.asked.month or month_of(found.records[0]) or NO_MONTH):
        label = f"Go on from {in_words('' if last == NO_MONTH else last)}"
        st.button(label, on_click=new_query.ask, kwargs={"month": last, "page": 1})
    else:
        st.caption(f"The first {len(found.records):,} are shown. Filters lead to the others.")
