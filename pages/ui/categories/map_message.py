"""What the browser is told of the map: points where they are few, else how many lie where.

A message stays small however many pictures there are. All points of a small collection go at once,
with all thumbnails at one address. Of a large one go those in view, with names and thumbnails where
they can be told apart; where too many are in view, the view goes as cells with counts.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pages.ui.categories.map_colours import MapColours
from pages.ui.categories.map_points import MapPoints
from pages.ui.frame import feedback, resources, serving
from search_engine import SearchEngine
from search_engine.explore import MapCells, MapView
from search_engine.records import Ids

MOST_POINTS = 20_000
"""Points in view; more are counted by cell."""
MOST_DETAILED = 1_000
"""Points in view that have names and thumbnails where they do not all have them."""
STEPS = 10_000
"""Coordinates are whole numbers up to this."""
_COLUMNS, _ROWS = 128, 92
_MOST_GROUPS = 60


def message(
    engine: SearchEngine, shown: MapPoints, colours: MapColours, view: MapView, lit: Ids
) -> dict[str, object]:
    """Return what the browser draws of a view; ``lit`` are the pictures that are ringed."""
    drawn = resources.map_of(engine)
    sheet = serving.sheet_address(engine, drawn)
    view = MapView() if sheet else view
    places = np.arange(len(shown)) if view == MapView() else view.places(shown.points)
    is_dense = len(places) > MOST_POINTS
    return {
        "count": len(shown),
        "stamp": drawn.stamp,
        "steps": STEPS,
        "asks": not sheet,
        "view": [view.left, view.top, view.right, view.bottom],
        "in_view": len(places),
        "points": None if is_dense else _points(shown, colours, places),
        "cells": _cells(shown, colours, view, places) if is_dense else None,
        "details": None
        if is_dense
        else _details(engine, shown, places, is_named=bool(sheet)),
        "legend": colours.legend(),
        "lit": _where(shown, np.flatnonzero(np.isin(shown.ids, lit))),
        "groups": [
            {"name": feedback.readable(one.name), "pictures": one.pictures,
             "x": _step(one.x), "y": _step(one.y)}
            for one in resources.map_clusters(engine)[:_MOST_GROUPS]
        ],
        "sheet": sheet,
        "side": drawn.sheet_side,
        "columns": drawn.sheet_columns,
    }  # fmt: skip


def _where(shown: MapPoints, places: Ids) -> dict[str, list[int]]:
    points = (shown.points[places] * STEPS).round().astype(int)
    return {
        "ids": shown.ids[places].tolist(),
        "x": points[:, 0].tolist(),
        "y": points[:, 1].tolist(),
    }


def _points(shown: MapPoints, colours: MapColours, places: Ids) -> dict[str, list[int]]:
    return _where(shown, places) | {"colours": colours.values[places].tolist()}


def _cells(shown: MapPoints, colours: MapColours, view: MapView, places: Ids) -> dict[str, object]:
    cells = MapCells(shown.points[places], view, _COLUMNS, _ROWS)
    return {
        "columns": _COLUMNS,
        "rows": _ROWS,
        "at": cells.cells.tolist(),
        "pictures": cells.pictures.tolist(),
        "colours": colours.of_cells(cells, places),
    }


def _details(
    engine: SearchEngine, shown: MapPoints, places: Ids, *, is_named: bool
) -> dict[str, object] | None:
    """Name the points in view; tell where their thumbnails are, unless one sheet has them all."""
    if not is_named and len(places) > MOST_DETAILED:
        return None
    ids = shown.ids[places].tolist()
    records = engine.records(ids)
    numbers, of = np.unique(shown.numbers[places], return_inverse=True)
    names = [shown.names[number] for number in numbers.tolist()]
    told: dict[str, object] = {
        "files": [_file(records[one].path) if one in records else "" for one in ids],
        "categories": of.tolist(),
        "names": [feedback.category_name(name) if any(shown.names) else "" for name in names],
    }
    if is_named:
        return told | {"places": shown.places[places].tolist()}
    hashes = [records[one].content_hash if one in records else "" for one in ids]
    return told | {"thumbnails": serving.thumbnails_address(engine), "contents": hashes}


def _file(path: str) -> str:
    return feedback.readable(path.rpartition("/")[2])


def _step(value: float) -> int:
    return round(value * STEPS)


def view_of(told: object) -> MapView:
    """Read the part of the map that the browser shows; what makes no sense is all of it."""
    if not isinstance(told, Sequence) or isinstance(told, str) or len(told) != len("ltrb"):
        return MapView()
    try:
        left, top, right, bottom = (float(one) for one in told)
    except (TypeError, ValueError):
        return MapView()
    is_part = 0 <= left < right <= 1 and 0 <= top < bottom <= 1  # and none of them is NaN
    return MapView(left, top, right, bottom) if is_part else MapView()
