"""The address line: a link reproduces what was asked, and Back and Forward work.

Streamlit adds a step of history for every change of ``st.query_params``, also for each letter of a
live search. So a small component writes the address: a new step for a new query, none while one
is being typed.

Streamlit goes on to tell us the address that it saw last, by a link, Back or Forward, not the one
that the component wrote. Where Back leads to just that address, what it tells is nothing new. So
where a page has run after Back or Forward and asks for something else, the component tells it.
"""

from __future__ import annotations

import time
from urllib.parse import parse_qs, urlencode

import streamlit as st

from pages.ui.frame.search_memory import HistoryStep
from pages.ui.frame.search_state import SearchState, as_address, from_address

_WRITER = st.components.v2.component(
    "address",
    js="""
const opened = "__imageSearchOpenedPicture";
const written = "__imageSearchWroteAddress";
const popped = "__imageSearchPoppedAddress";

if (!(popped in window)) {
  window[popped] = null;
  window.addEventListener("popstate", () => { window[popped] = window.location.href; });
}

export default function ({ data, setTriggerValue }) {
  // Streamlit draws components anew after Back as well, before the page has run: that says nothing.
  if (window[written] === data.run) return;
  window[written] = data.run;
  const came = window[popped] && new URL(window[popped]);
  window[popped] = null;
  if (came && came.pathname === window.location.pathname && came.search !== "?" + data.search) {
    // The page has run, and does not know where Back has led to. It may still be drawing.
    setTimeout(() => setTriggerValue("visited", came.search + "#" + Date.now()), 300);
    return;
  }
  const here = window.location.search.replace(/^[?]/, "");
  if (here === data.search) return;
  const target = window.location.pathname + (data.search ? "?" + data.search : "");
  const opens = new URLSearchParams(data.search).has("picture");
  if (data.step === "new") {
    window[opened] = opens;
    window.history.pushState({}, "", target);
  } else if (data.step === "back" && window[opened]) {
    window[opened] = false;
    window.history.back();
  } else window.history.replaceState({}, "", target);
}
""",
)


def told() -> str:
    """Return the address as Streamlit tells it."""
    return urlencode([(name, one) for name, many in _said().items() for one in many])


def read() -> SearchState:
    """Read the address; what makes no sense in it falls back to the default."""
    return from_address(_said())


def write(state: SearchState, step: HistoryStep) -> SearchState | None:
    """Show a state in the address line, as a step of the history.

    Returns what the address says that Back or Forward has just led to; None where nothing did.
    """
    run = f"{time.time_ns()}"
    said = _WRITER(
        key="address",
        data={"search": as_address(state), "step": str(step), "run": run},
        on_visited_change=lambda: None,
    )
    if not isinstance(said.visited, str):
        return None
    return from_address(parse_qs(said.visited.partition("#")[0].lstrip("?")))


def _said() -> dict[str, list[str]]:
    return {name: st.query_params.get_all(name) for name in st.query_params}
