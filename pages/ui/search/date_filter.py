"""The filter on dates, typed as a year, a month or a day.

Streamlit's own box for dates takes what was typed only once somebody clicks elsewhere.
"""

from __future__ import annotations

import streamlit as st

from pages.ui.frame import feedback, session
from pages.ui.search import new_query
from search_engine.collection import as_asked
from search_engine.errors import BadInput

_BOXES = (("Dated from", "dated_from"), ("Dated to", "dated_to"))


def show() -> None:
    """Ask for the first and the last day, each open if nothing is said."""
    for label, key in _BOXES:
        st.text_input(
            label, key=key, placeholder="2024, 2024-05 or 2024-05-31",
            on_change=_collect, args=(key,),
        )  # fmt: skip
        _tell_what_is_wrong(session.Key(key, "").get())
    first, last = (read(session.Key(key, "").get()) for _, key in _BOXES)
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
