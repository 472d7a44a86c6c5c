"""The address line: a link reproduces what was asked, and Back and Forward work.

Streamlit adds a step of history for every change of ``st.query_params``, also for each letter of a
live search. So a small component writes the address: a new step for a new question, none while one
is being typed.

Streamlit goes on to tell us the address that it saw last, by a link, Back or Forward, not the one
that the component wrote. So the component marks each Back and Forward with a number of its own: an
address unlike the one told before came from outside, and one that is told again says nothing.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from urllib.parse import quote, unquote_to_bytes, urlencode

import streamlit as st

from search_engine.collection.catalog.database import MOST_NUMBER
from search_engine.collection.dating import as_asked
from search_engine.errors import BadInput
from search_engine.query.encoding import MOST_TERMS

_WRITER = st.components.v2.component(
    "address",
    js="""
const marked = "__imageSearchMarksHistory";
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
  if (data.step) window.history.pushState({}, "", target);
  else window.history.replaceState({}, "", target);
}
""",
)

VIEWS = ("grid", "table")
SIZES = ("S", "M", "L")
PER_PAGE = (24, 48, 96)
TABS = ("query", "pair", "words", "presence", "wording", "saved")
ASKED = ("typed", "averaged")
"""Whether words are asked as they are, or in several wordings at once."""
ORIENTATIONS = ("any", "landscape", "portrait", "square")


@dataclass(frozen=True)
class SearchState:
    """Everything that a link to the search page reproduces."""

    collection: str = ""
    q: str = ""
    t: tuple[str, ...] = ()
    """Terms beside the words, in the syntax of `terms`."""
    category: tuple[str, ...] = ()
    """Names as `as_text` writes them."""
    asked: str = ASKED[0]
    path: str = ""
    dated_from: str = ""
    dated_to: str = ""
    """As typed; `date_filter` reads them."""
    orientation: str = "any"
    min_side: int = 0
    min_score: float = -1.0
    page: int = 1
    per_page: int = PER_PAGE[0]
    size: str = "M"
    view: str = "grid"
    tab: str = "query"
    """What the page of scores shows; so are all that follow."""
    other: str = ""
    """The question beside the question."""
    subject: int = 0
    """Id of the picture that words are asked about; 0 for the best answer."""
    label: tuple[str, ...] = ()
    template: str = "a photo of a {}"


_EMPTY = SearchState()
_BYTES = "bytes:"
_MANY = ("t", "category", "label")
SCORES_FIELDS = ("tab", "other", "subject", "label", "labels", "template")


def without_scores(state: SearchState) -> SearchState:
    """Leave out what only the page of scores knows."""
    known = {field.name for field in fields(SearchState)} & set(SCORES_FIELDS)
    return replace(state, **{name: getattr(_EMPTY, name) for name in known})


def as_text(name: str) -> str:
    """Write a name so that it can stand in an address, also one that is not UTF-8."""
    if not name.startswith(_BYTES) and name == name.encode("utf-8", "replace").decode():
        return name
    return _BYTES + quote(os.fsencode(name))


def from_text(text: str) -> str:
    """Read a name that `as_text` wrote."""
    return os.fsdecode(unquote_to_bytes(text[len(_BYTES) :])) if text.startswith(_BYTES) else text


def told() -> str:
    """Return the address as Streamlit tells it, the mark of Back and Forward included."""
    return urlencode(
        [(name, one) for name in st.query_params for one in st.query_params.get_all(name)]
    )


def read() -> SearchState:
    """Read the address; what makes no sense in it falls back to the default."""
    params = st.query_params
    values: dict[str, object] = {
        field.name: params[field.name]
        for field in fields(SearchState)
        if field.name in params and field.name not in _MANY
    }
    many = {name: tuple(params.get_all(name)) for name in _MANY}
    if len(many["t"]) > MOST_TERMS:  # no question has so many, and each would be a widget
        del many["t"]
    return SearchState(**_sensible(values) | many)  # type: ignore[arg-type] # as fields are named


_NUMBERS: dict[str, tuple[type[int] | type[float], float, float]] = {
    "page": (int, 1, 10**6),
    "per_page": (int, min(PER_PAGE), max(PER_PAGE)),
    "min_side": (int, 0, 10**6),
    "subject": (int, 0, MOST_NUMBER),
    "min_score": (float, -1, 1),
}
"""What kind of number a field is, and the least and most that it may say."""


def _sensible(values: Mapping[str, object]) -> dict[str, object]:
    kept = dict(values)
    for name, allowed in (
        ("view", VIEWS),
        ("size", SIZES),
        ("orientation", ORIENTATIONS),
        ("tab", TABS),
        ("asked", ASKED),
    ):
        if name in kept and kept[name] not in allowed:
            del kept[name]
    for name in _NUMBERS.keys() & kept.keys():
        kept[name] = _number(name, str(kept[name]))
    for name in ("dated_from", "dated_to"):
        try:
            kept[name] = as_asked(str(kept.get(name, "")))
        except BadInput:
            kept.pop(name, None)
    if kept.get("per_page") not in PER_PAGE:
        kept.pop("per_page", None)
    return kept


def _number(name: str, text: str) -> float:
    """Read a number; the default where it is none, or out of bounds."""
    kind, least, most = _NUMBERS[name]
    try:
        number = kind(text)
    except ValueError:
        number = most + 1
    default: float = getattr(_EMPTY, name)
    return number if least <= number <= most else default


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
