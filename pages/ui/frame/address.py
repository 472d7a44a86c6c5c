"""The address line: a link reproduces what was asked, and Back and Forward work.

Streamlit adds a step of history for every change of ``st.query_params``, also for each letter of a
live search. So a small component writes the address: a new step for a new query, none while one
is being typed.

Streamlit goes on to tell us the address that it saw last, by a link, Back or Forward, not the one
that the component wrote. Where Back leads to just that address, what it tells is nothing new, and
the page would show again what was there before. So another component, which belongs to the whole
page, tells at the same moment where Back or Forward leads: that ends the run which Streamlit has
begun, and begins the right one.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

import streamlit as st

from pages.ui.frame import session
from pages.ui.frame.search_memory import HistoryStep
from pages.ui.frame.search_state import SearchState, as_address, from_address

_SCRIPT = Path(__file__).with_suffix(".js").read_text("utf-8")
_WRITER = st.components.v2.component("address", js=_SCRIPT)
_LISTENER = st.components.v2.component("visits", js=_SCRIPT)
_WIDGET = "visits"
_SAID: session.Key[Any] = session.Key(_WIDGET, None)
_VISITED: session.Key[str | None] = session.Key("address visited", None)
_VISIT = session.Key("visit of the address", 0)
"""The number of the visit that was noted last; the writer waits for the run that shows it."""


def told() -> str:
    """Return the address as Streamlit tells it."""
    return urlencode([(name, one) for name, many in _said().items() for one in many])


def read() -> SearchState:
    """Read the address; what makes no sense in it falls back to the default."""
    return from_address(_said())


def write(state: SearchState, step: HistoryStep) -> None:
    """Show a state in the address line, as a step of the history."""
    _WRITER(
        key="address",
        data={
            "search": as_address(state), "step": str(step), "run": f"{time.time_ns()}",
            "visit": _VISIT.get(),
        },
    )  # fmt: skip


def visited() -> SearchState | None:
    """Return, once, what the address says that Back or Forward has led to, in this run.

    Only where the whole page runs.
    """
    _LISTENER(key=_WIDGET, data={"listens": True}, on_visited_change=_note_visit)
    search = _VISITED.take()
    return None if search is None else from_address(parse_qs(search.lstrip("?")))


def _note_visit() -> None:
    said = getattr(_SAID.get(), "visited", None)
    if isinstance(said, dict):
        search, visit = said.get("search"), said.get("visit")
        if isinstance(search, str) and isinstance(visit, int):
            _VISITED.put(search)
            _VISIT.put(visit)


def _said() -> dict[str, list[str]]:
    return {name: st.query_params.get_all(name) for name in st.query_params}
