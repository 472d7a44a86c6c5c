"""The address line: a link reproduces what was asked, and Back and Forward work.

Streamlit adds a step of history for every change of ``st.query_params``, also for each letter of a
live search. So a small component writes the address: a new step for a new query, none while one
is being typed.

Streamlit goes on to tell us the address that it saw last, by a link, Back or Forward, not the one
that the component wrote. So the component marks each Back and Forward with a number of its own: an
address unlike the one told before came from outside, and one that is told again says nothing.
"""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from pages.ui.frame.search_memory import HistoryStep
from pages.ui.frame.search_state import SearchState, as_address, from_address

_WRITER = st.components.v2.component(
    "address",
    js="""
const marked = "__imageSearchMarksHistory";
const opened = "__imageSearchOpenedPicture";
if (!window[marked]) {
  window[marked] = true;
  // In the capturing phase, so that Streamlit, which listens as well, reads the mark.
  window.addEventListener("popstate", () => {
    if (!/(Search|Scores)$/.test(window.location.pathname)) return;
    const address = new URL(window.location);
    address.searchParams.set("visit", Date.now());
    window.history.replaceState(window.history.state, "", address);
  }, true);
}

export default function ({ data }) {
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
    """Return the address as Streamlit tells it, the mark of Back and Forward included."""
    return urlencode([(name, one) for name, many in _said().items() for one in many])


def read() -> SearchState:
    """Read the address; what makes no sense in it falls back to the default."""
    return from_address(_said())


def write(state: SearchState, step: HistoryStep) -> None:
    """Show a state in the address line, as a step of the history."""
    _WRITER(key="address", data={"search": as_address(state), "step": str(step)})


def _said() -> dict[str, list[str]]:
    return {name: st.query_params.get_all(name) for name in st.query_params}
