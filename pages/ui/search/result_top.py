"""The place where results begin, which comes into sight when others are shown."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from pages.ui.frame.search_state import EMPTY, SearchState, as_address, closed

_MARK = st.components.v2.component(
    "result_top",
    html="<i></i>",
    js="""
const last = "__imageSearchResultsShown";

export default function ({ data, parentElement }) {
  const before = window[last];
  window[last] = data;
  if (!before || before.of !== data.of || before.shown === data.shown) return;
  const mark = parentElement.querySelector("i");
  mark.style.cssText = "display: block; scroll-margin-top: 80px";
  // Who looks at the head of the page stays there.
  if (mark.getBoundingClientRect().top < 0) mark.scrollIntoView({ block: "start" });
}
""",
)


def mark(asked: SearchState, *, key: str = "top") -> None:
    """Mark where the results begin that are asked for, however many of them are shown."""
    whole = replace(closed(asked), page=1, size=EMPTY.size)
    shown = replace(whole, fit=EMPTY.fit, alike=EMPTY.alike)
    _MARK(key=key, data={"of": key, "shown": as_address(shown)})
