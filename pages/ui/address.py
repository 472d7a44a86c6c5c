"""The address line: a link reproduces what was asked, and Back and Forward work.

Streamlit adds a step of history for every change of ``st.query_params``, also for each letter of a
live search. So a small component writes the address: a new step for a new question, none while one
is being typed. A rerun whose address is not the one we wrote came from Back, Forward or a link.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from urllib.parse import urlencode

import streamlit as st

_WRITER = st.components.v2.component(
    "address",
    js="""
export default function ({ data }) {
  const here = window.location.search.replace(/^[?]/, "");
  if (here === data.search) return;
  const target = window.location.pathname + (data.search ? "?" + data.search : "");
  if (data.step) window.history.pushState({}, "", target);
  else window.history.replaceState({}, "", target);
}
""",
)

VIEWS = ("grid", "table")
SIZES = ("S", "M", "L")
PER_PAGE = (24, 48, 96)
ORIENTATIONS = ("any", "landscape", "portrait", "square")


@dataclass(frozen=True)
class SearchState:
    """Everything that a link to the search page reproduces."""

    collection: str = ""
    q: str = ""
    t: tuple[str, ...] = ()
    """Terms beside the words, in the syntax of `terms`."""
    category: tuple[str, ...] = ()
    path: str = ""
    dated_from: str = ""
    dated_to: str = ""
    orientation: str = "any"
    min_side: int = 0
    min_score: float = -1.0
    page: int = 1
    per_page: int = PER_PAGE[0]
    size: str = "M"
    view: str = "grid"


_EMPTY = SearchState()
_MANY = ("t", "category")


def read() -> SearchState:
    """Read the address; what makes no sense in it falls back to the default."""
    params = st.query_params
    values: dict[str, object] = {
        field.name: params[field.name]
        for field in fields(SearchState)
        if field.name in params and field.name not in _MANY
    }
    values |= {name: tuple(params.get_all(name)) for name in _MANY}
    return SearchState(**_sensible(values))  # type: ignore[arg-type]


def _sensible(values: Mapping[str, object]) -> dict[str, object]:
    kept = dict(values)
    for name, allowed in (("view", VIEWS), ("size", SIZES), ("orientation", ORIENTATIONS)):
        if name in kept and kept[name] not in allowed:
            del kept[name]
    for name, kind in (("page", int), ("per_page", int), ("min_side", int), ("min_score", float)):
        if name in kept:
            try:
                kept[name] = kind(str(kept[name]))
            except ValueError:
                del kept[name]
    for name in ("dated_from", "dated_to"):
        try:
            date.fromisoformat(str(kept.get(name, "")))
        except ValueError:
            kept.pop(name, None)
    if kept.get("per_page") not in PER_PAGE:
        kept.pop("per_page", None)
    if isinstance(kept.get("page"), int):
        kept["page"] = max(1, kept["page"])
    return kept


def as_search(state: SearchState) -> str:
    """Write a state as the address has it; defaults are left out."""
    pairs: list[tuple[str, str]] = []
    for field in fields(SearchState):
        value = getattr(state, field.name)
        if value == getattr(_EMPTY, field.name):
            continue
        many = value if isinstance(value, tuple) else (value,)
        pairs += [(field.name, str(one)) for one in many]
    return urlencode(pairs)


def write(state: SearchState, *, step: bool) -> None:
    """Show a state in the address line, as a new step of the history or in place."""
    _WRITER(key="address", data={"search": as_search(state), "step": step})
