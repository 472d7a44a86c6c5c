"""The filter on dates, typed as a year, a month or a day.

Streamlit's own box for dates takes what was typed only once somebody clicks elsewhere.
"""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from pages.ui.frame import feedback, session
from pages.ui.frame.search_state import SearchState
from pages.ui.search import new_query
from search_engine.collection import as_asked
from search_engine.errors import BadInput

_BOXES = (("Dated from", "dated_from"), ("Dated to", "dated_to"))
_SPANS = ("Last 30 days", "This year", "Last year")


def show() -> None:
    """Ask for the first and the last day, each open if nothing is said; some spans are a click."""
    with st.container(horizontal=True, gap="xsmall"):
        for name in _SPANS:
            first, last = _span(name)
            st.button(
                name, key=f"dates {name}", type="tertiary", on_click=new_query.ask,
                kwargs={"dated_from": first, "dated_to": last, "page": 1},
            )  # fmt: skip
    for label, key in _BOXES:
        st.text_input(
            label, key=key, placeholder="2024, 2024-05 or 2024-05-31",
            on_change=_collect, args=(key,),
        )  # fmt: skip
        _tell_what_is_wrong(session.Key(key, "").get())


def _span(name: str) -> tuple[str, str]:
    """Return the first and the last day of a span, as a box would hold them."""
    today = date.today()  # noqa: DTZ011 - as clocks here show
    if name == _SPANS[0]:
        return (today - timedelta(days=30)).isoformat(), ""
    year = today.year - (name == _SPANS[2])
    return f"{year}", f"{year}"


def warn(asked: SearchState) -> None:
    """Say what is odd about the dates that are asked for, and what they count by."""
    first, last = read(asked.dated_from), read(asked.dated_to)
    if first and last and first[: len(last)] > last[: len(first)]:
        st.warning("The first day is after the last one.", icon=":material/event_busy:")
    if first or last:
        st.caption("Pictures that hold no date count by the date of their file.")


def read(typed: str) -> str | None:
    """Return the year, month or day that is meant; None for nothing, and for what is no date."""
    try:
        return as_asked(typed)
    except BadInput:
        return None


def _tell_what_is_wrong(typed: str) -> None:
    try:
        as_asked(typed or "2024")
    except BadInput as error:
        st.warning(
            f"{feedback.plain(error.cause)}, so it does not filter. {feedback.plain(error.remedy)}",
            icon=":material/event_busy:",
        )


def _collect(key: str) -> None:
    """Take over what was typed, written as an ISO date if it is one."""
    box = session.Key(key, "")
    typed = box.get().strip()
    box.put(read(typed) or typed)
    new_query.collect(key)
