"""Everything that a search can be asked for, and how an address says it. Without Streamlit."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from urllib.parse import quote, unquote_to_bytes, urlencode

from search_engine.collection import MOST_NUMBER, ListOrder, as_asked
from search_engine.errors import BadInput
from search_engine.query import MOST_MARKS, MOST_TERMS, Marks
from search_engine.search import Grouping, Order

_ID = re.compile(r"[1-9][0-9]{0,18}")
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])|undated|")
NOT_GROUPED = "none"
GROUPS = (NOT_GROUPED, *Grouping)
VIEWS = ("grid", "table")
SIZES = {"S": 120, "M": 190, "L": 300}
"""Pixels that a picture is wide; links of before name a letter."""
LEAST_SIZE, MOST_SIZE = 90, 480
FITS = ("rows", "squares")
"""Whether cards are whole pictures in rows of equal height, or their square middles."""
ALIKE = ("folded", "each")
"""Whether one card stands for near copies."""
NO_MONTH = "undated"
PER_PAGE = (48, 24, 96)
"""Results that are added at once, the usual number first."""
TABS = ("query", "pair", "words", "wording", "saved")
ASKED = ("typed", "averaged")
"""Whether words are searched as they are, or in several wordings at once."""
SHOWN = ("all", "matches")
"""Whether results that are weaker than a match are shown as well."""
ORIENTATIONS = ("any", "landscape", "portrait", "square")
MOST_PATHS = 20
"""Patterns for paths; each is tried on each picture."""
SIDES = (0, 320, 640, 1024, 2048, 4096)
"""Least pixels of the shorter side that the filter offers."""


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
    good: tuple[int, ...] = ()
    bad: tuple[int, ...] = ()
    """Ids of results that were marked."""
    tag: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    """Patterns, of which one has to fit."""
    dated_from: str = ""
    dated_to: str = ""
    """As typed; `date_filter` reads them."""
    orientation: str = "any"
    min_side: int = 0
    min_match: float = 0.0
    min_score: float = -1.0
    shown: str = SHOWN[0]
    sort: str = Order.MATCH
    group: str = NOT_GROUPED
    """What only matches can be sorted and grouped by."""
    browse: str = ListOrder.DATE
    """What all pictures are sorted by, where nothing is searched."""
    month: str = ""
    """Where they begin, by date: ``2024-05``, `NO_MONTH`; empty for the newest."""
    page: int = 1
    per_page: int = PER_PAGE[0]
    size: int = SIZES["M"]
    fit: str = FITS[0]
    alike: str = ALIKE[0]
    view: str = "grid"
    picture: int = 0
    """Id of the result that is open in the viewer; 0 for none."""
    compare: tuple[int, ...] = ()
    """Ids of those that are side by side."""
    tab: str = "query"
    """What the page of scores shows; so are all that follow."""
    other: str = ""
    """The query beside the query."""
    subject: int = 0
    """Id of the picture that words are asked about; 0 for the best answer."""
    label: tuple[str, ...] = ()
    template: str = "a photo of a {}"

    @property
    def searches(self) -> bool:
        """Whether anything is searched for; otherwise all pictures are shown."""
        return bool(self.q.strip() or self.t)

    @property
    def only_matches(self) -> bool:
        """Whether nothing but matches is shown: only they can be sorted and grouped."""
        return (self.shown, self.sort, self.group) != (SHOWN[0], Order.MATCH, NOT_GROUPED)

    @property
    def marks(self) -> Marks:
        """The results that were marked; one that is marked as both is a bad one."""
        return Marks.of((one for one in self.good if one not in self.bad), self.bad)


EMPTY = SearchState()
SCORES_FIELDS = ("tab", "other", "subject", "label", "template")
"""What only the page of scores knows."""
MAP_SEARCH = "search"
"""Where the address of the map has the whole search, written as an address of its own."""
_BYTES = "bytes:"
_MANY = ("t", "category", "tag", "path", "label")
_IDS = ("good", "bad", "compare")
_CHOICES: dict[str, Sequence[str]] = {
    "view": VIEWS, "orientation": ORIENTATIONS, "tab": TABS, "asked": ASKED,
    "shown": SHOWN, "sort": tuple(Order), "group": GROUPS, "browse": tuple(ListOrder),
    "fit": FITS, "alike": ALIKE,
}  # fmt: skip
_NUMBERS: dict[str, tuple[type[int] | type[float], float, float]] = {
    "page": (int, 1, 10**6),
    "per_page": (int, min(PER_PAGE), max(PER_PAGE)),
    "min_side": (int, 0, 10**6),
    "size": (int, LEAST_SIZE, MOST_SIZE),
    "subject": (int, 0, MOST_NUMBER),
    "picture": (int, 0, MOST_NUMBER),
    "min_match": (float, 0, 100),
    "min_score": (float, -1, 1),
}
"""What kind of number a field is, and the least and most that it may say."""


def closed(state: SearchState) -> SearchState:
    """Leave out what is open over the results."""
    return replace(state, picture=0, compare=())


def without_scores(state: SearchState) -> SearchState:
    """Leave out what only the page of scores knows."""
    return replace(state, **{name: getattr(EMPTY, name) for name in SCORES_FIELDS})


def as_text(name: str) -> str:
    """Write a name so that it can stand in an address, also one that is not UTF-8."""
    if not name.startswith(_BYTES) and name == name.encode("utf-8", "replace").decode():
        return name
    return _BYTES + quote(os.fsencode(name))


def from_text(text: str) -> str:
    """Read a name that `as_text` wrote."""
    return os.fsdecode(unquote_to_bytes(text[len(_BYTES) :])) if text.startswith(_BYTES) else text


def as_address(state: SearchState) -> str:
    """Write a state as the address has it; defaults are left out."""
    pairs: list[tuple[str, str]] = []
    for field in fields(SearchState):
        value = getattr(state, field.name)
        if value == getattr(EMPTY, field.name):
            continue
        many = value if isinstance(value, tuple) else (value,)
        pairs += [(field.name, _written(one)) for one in many]
    return urlencode(pairs)


def on_map(state: SearchState) -> dict[str, str]:
    """Return what the address of the map says to show a search there."""
    return {"show": "Map", MAP_SEARCH: as_address(replace(state, collection="", page=1, picture=0))}


def _written(value: object) -> str:
    return str(int(value) if isinstance(value, float) and value.is_integer() else value)


def from_address(said: Mapping[str, Sequence[str]]) -> SearchState:
    """Read a state from what an address says under each name.

    What makes no sense falls back to the default.
    """
    many = {name: tuple(said.get(name, ())) for name in _MANY}
    many["path"] = tuple(filter(None, many["path"]))[:MOST_PATHS]
    if len(many["t"]) > MOST_TERMS:  # no query has so many, and each would be a widget
        del many["t"]
    single = {
        field.name: said[field.name][-1]
        for field in fields(SearchState)
        if said.get(field.name) and field.name not in (*_MANY, *_IDS)
    }
    ids = {name: _ids(said.get(name, ())) for name in _IDS}
    if len(ids["compare"]) == 1:  # there is nothing beside it
        del ids["compare"]
    return SearchState(**_sensible(single) | many | ids)  # type: ignore[arg-type] # as fields are named


def _sensible(said: Mapping[str, str]) -> dict[str, object]:
    said = {**said, "size": str(SIZES.get(said.get("size", ""), said.get("size", "")))}
    kept: dict[str, object] = dict(said)
    for name, allowed in _CHOICES.items():
        if name in said and said[name] not in allowed:
            del kept[name]
    if not _MONTH.fullmatch(said.get("month", "")):
        del kept["month"]
    for name in _NUMBERS.keys() & said.keys():
        kept[name] = _number(name, said[name])
    for name in ("dated_from", "dated_to"):
        try:
            kept[name] = as_asked(said.get(name, ""))
        except BadInput:
            kept.pop(name, None)
    if kept.get("per_page") not in PER_PAGE:
        kept.pop("per_page", None)
    return kept


def _ids(said: Sequence[str]) -> tuple[int, ...]:
    """Read ids of pictures; what cannot be one is left out."""
    numbers = (int(text) for text in said[:MOST_MARKS] if _ID.fullmatch(text))
    return tuple(dict.fromkeys(number for number in numbers if number <= MOST_NUMBER))


def _number(name: str, text: str) -> float:
    """Read a number; the default where it is none, or out of bounds."""
    kind, least, most = _NUMBERS[name]
    try:
        number = kind(text)
    except ValueError:
        number = most + 1
    default: float = getattr(EMPTY, name)
    return number if least <= number <= most else default
