"""What was drawn round on the map, and what can be done with these pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from pages.ui.categories import map_search
from pages.ui.categories.map_points import MapPoints
from pages.ui.categories.map_search import MapSearch
from pages.ui.frame import feedback, resources, session
from pages.ui.search import behind, compare_view, downloads, new_query, tagging
from pages.ui.search.selection_bar import (
    MOST_LIKE,
    action,
    bar,
    offer_export,
    offer_to_clear,
)
from search_engine import Filters, SearchEngine
from search_engine.explore import inside
from search_engine.records import Ids, PictureRecord, counted

_ADDRESS = "area"
_DRAWN: session.CollectionKey[int] = session.CollectionKey("area drawn on the map", 0)
"""The number of the line that was taken over last."""
_SCALE = 1_000
"""Corners are whole numbers up to this."""
_FEWEST, _MOST = 3, 64
_TAG = "Map area"
_MOST_TAKEN = 2_000
"""Pictures that are read for a download."""


@dataclass(frozen=True)
class Selection:
    """The pictures inside a line."""

    corners: list[int]
    """x and y in turns, up to a thousand; empty where nothing was drawn."""
    ids: Ids
    """Those that match best first where something is searched for, else by id."""


def selected(engine: SearchEngine, shown: MapPoints, told: object, found: MapSearch) -> Selection:
    """Take over what was drawn, or what the address says, and return the pictures inside.

    Args:
        engine: The collection.
        shown: What the map shows.
        told: What the browser says was drawn: corners, with a number of their own.
        found: What is searched for.
    """
    corners = _corners(st.query_params.get(_ADDRESS, "").split("."))
    if isinstance(told, dict) and told.get("drawn") != _DRAWN.of(engine).get():
        _DRAWN.of(engine).put(told.get("drawn") or 0)
        corners = _corners(told.get("corners"))
        _write(corners)
    ids = shown.ids[inside(shown.points, _as_points(corners))]
    if found.scored is not None:
        scored = found.scored
        values = scored.all.scores if scored.matches is None else scored.matches
        of_all = shown.of(scored.all.picture_ids, np.asarray(values))
        best = np.nan_to_num(of_all[np.searchsorted(shown.ids, ids)], nan=-np.inf)
        ids = ids[np.argsort(-best, kind="stable")]
    return Selection(corners, ids)


def _corners(told: object) -> list[int]:
    """Read corners; what makes no sense is no line."""
    if not isinstance(told, Sequence) or not 2 * _FEWEST <= len(told) <= 2 * _MOST:
        return []
    try:
        found = [int(one) for one in told]
    except (TypeError, ValueError):
        return []
    return found if len(found) % 2 == 0 and all(0 <= one <= _SCALE for one in found) else []


def _as_points(corners: list[int]) -> NDArray[np.float64]:
    return np.array(corners, dtype=np.float64).reshape(-1, 2) / _SCALE


def _write(corners: list[int]) -> None:
    if corners:
        st.query_params[_ADDRESS] = ".".join(map(str, corners))
    else:
        st.query_params.pop(_ADDRESS, None)


def show(engine: SearchEngine, shown: MapPoints, chosen: Selection, found: MapSearch) -> None:
    """Show the pictures inside the line, and the bar of what can be done with them."""
    tagging.show_undo(engine)
    if not chosen.corners:
        return
    if not len(chosen.ids):
        st.info("There is no picture inside this line.", icon=":material/gesture:")
        return
    numbers = shown.numbers[np.searchsorted(shown.ids, chosen.ids)].tolist()
    parts = [
        f"{feedback.plain(feedback.category_name(shown.names[number]))} {count:,}"
        for number, count in Counter(numbers).most_common(6)
    ]
    what = f"Selected on the map: {', '.join(parts)}" if shown.has_categories() else "Selected"
    behind.show_chosen(engine, chosen.ids, what, key="chosen on map")
    _show_bar(engine, chosen.ids, found)


def _show_bar(engine: SearchEngine, ids: Ids, found: MapSearch) -> None:
    """Offer what Search offers for selected results, at the foot of the window."""
    count = len(ids)
    with bar(f"{counted(count, 'picture', 'pictures')} selected"):
        if action("Search within it", "filter_alt", "Search these only. They get a tag for it"):
            new_query.go_to_search(q=found.state.q, t=found.state.t, tag=(_tagged(engine, ids),))
        likes = tuple(f"#{one}" for one in ids[:MOST_LIKE].tolist())
        if action("Add to query", "add", "Highlight pictures like these", count):
            _search(t=(*found.state.t, *likes))
        if action("Exclude", "remove", "Search away from these", count):
            _search(t=(*found.state.t, *(f"- {like}" for like in likes)))
        is_few = compare_view.FEWEST <= count <= compare_view.MOST
        if is_few and action("Compare", "compare", "Side by side"):
            compare_view.show_records(engine, _records(engine, ids))
        tagging.offer(engine, ids.tolist(), key=tagging.SELECTION)
        if action("Hide", "visibility_off", "Searches do not find them any more"):
            tagging.hide(engine, ids.tolist())
            _write([])
            st.rerun()
        if count <= _MOST_TAKEN:
            if action("Download", "download", "As pictures or table"):
                downloads.offer_pictures(engine, _records(engine, ids))
            offer_export(engine, _records(engine, ids))
        offer_to_clear(partial(_write, []))


def _search(**changes: object) -> None:
    map_search.change(**changes)
    st.rerun()


def _records(engine: SearchEngine, ids: Ids) -> list[PictureRecord]:
    records = engine.records(ids.tolist())
    return [records[one] for one in ids.tolist() if one in records]


def _tagged(engine: SearchEngine, ids: Ids) -> str:
    """Return the tag by which a search is restricted to pictures, given to them if need be.

    So the search has an address, a saved query keeps it, and the command line knows it as well.
    """
    counts = resources.tag_counts(engine)
    wanted = np.sort(ids)
    for name, count in counts.items():
        if name.startswith(_TAG) and count == len(ids):
            tagged = engine.catalog.pictures.matching(Filters(tags=frozenset({name})))
            if np.array_equal(tagged, wanted):
                return name
    number = next(n for n in range(1, len(counts) + 2) if f"{_TAG} {n}" not in counts)
    tagging.add(engine, ids.tolist(), f"{_TAG} {number}")
    return f"{_TAG} {number}"
