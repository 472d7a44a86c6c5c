"""The map of all pictures: points that can be hovered, clicked and lassoed."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import streamlit as st

from pages.ui.frame import feedback, resources, session
from pages.ui.search import behind, drawer
from pages.ui.widgets import charts, picture_cards
from search_engine import SearchEngine
from search_engine.explore import MOST_POINTS, SECONDS_PER_POINT, PictureMap
from search_engine.records import PictureRecord

_FOLDER = Path(__file__).parent
_MAP = st.components.v2.component(
    "picture_map",
    html='<div class="map"></div>',
    css=(_FOLDER / "map_view.css").read_text("utf-8"),
    js=picture_cards.SCRIPT + (_FOLDER / "map_view.js").read_text("utf-8"),
)
_MOST_IN_LEGEND = 120
_STEPS = 10_000
"""Coordinates are sent as whole numbers up to this."""


def show(engine: SearchEngine) -> None:
    """Show the map, and the pictures that were chosen on it."""
    seconds = max(2, min(len(engine), MOST_POINTS) * SECONDS_PER_POINT)
    with st.spinner(f"Laying out the map, only once; about {seconds:.0f} s…"):
        drawn = resources.map_of(engine)
    records = resources.records_on_map(engine)
    names = sorted({record.category or "" for record in records.values()})
    table = _table(drawn, records, {name: number for number, name in enumerate(names)})
    has_categories = names != [""]
    note = (
        "Each point is a picture; alike pictures lie close together (t-SNE of the vectors)."
        " Distances between far-off groups mean little. Draw around points, or click one."
    )
    if len(drawn.picture_ids) < drawn.pictures:
        note += (
            f" A random sample of {len(drawn.picture_ids):,} of {drawn.pictures:,} pictures is"
            " shown."
        )
    if len(names) > _MOST_IN_LEGEND:
        note += f" The legend has the {_MOST_IN_LEGEND} largest of {len(names):,} categories."
    with st.container(border=True):
        charts.show_heading("Map of the pictures", note, table, "map")
        event = _MAP(
            key=session.of_collection("map"),
            data=_payload(
                drawn,
                table,
                [feedback.category_name(name) if has_categories else "" for name in names],
            ),
            default={"chosen": []},
            on_chosen_change=lambda: None,
            on_pick_change=lambda: None,
        )
    chosen = [records[i] for i in event.chosen or [] if i in records]
    if chosen:
        _show_chosen(engine, chosen)
    if event.pick in records:
        picked = records[event.pick]
        drawer.show_record(engine, chosen if picked in chosen else [picked], event.pick)


def _show_chosen(engine: SearchEngine, chosen: list[PictureRecord]) -> None:
    counts = Counter(record.category or "" for record in chosen).most_common(6)
    parts = ", ".join(
        f"{feedback.plain(feedback.category_name(name))} {count:,}" for name, count in counts
    )
    ids = [record.picture_id for record in chosen]
    behind.show_chosen(
        engine, ids, f"Chosen on the map: {parts}", key="chosen on map", clicked=True
    )


def _table(
    drawn: PictureMap, records: Mapping[int, PictureRecord], number_of: Mapping[str, int]
) -> pd.DataFrame:
    """List the points whose pictures are still there."""
    there = [at for at, i in enumerate(drawn.picture_ids.tolist()) if i in records]
    ids = drawn.picture_ids[there]
    shown = [records[picture_id] for picture_id in ids.tolist()]
    return pd.DataFrame(
        {
            "picture_id": ids,
            "x": drawn.points[there, 0],
            "y": drawn.points[there, 1],
            "category": [feedback.category_name(record.category or "") for record in shown],
            "path": [feedback.readable(record.path) for record in shown],
            "number": [number_of[record.category or ""] for record in shown],
            "place": there,
        }
    )


def _payload(drawn: PictureMap, table: pd.DataFrame, names: list[str]) -> dict[str, object]:
    sheet = base64.b64encode(drawn.sheet).decode()
    return {
        "ids": table["picture_id"].tolist(),
        "x": (table["x"] * _STEPS).astype(int).tolist(),
        "y": (table["y"] * _STEPS).astype(int).tolist(),
        "categories": table["number"].tolist(),
        "names": names,
        "legend": _MOST_IN_LEGEND if any(names) else 0,
        "files": [path.rpartition("/")[2] for path in table["path"]],
        "places": table["place"].tolist(),
        "steps": _STEPS,
        "sheet": f"data:image/webp;base64,{sheet}",
        "side": drawn.sheet_side,
        "columns": drawn.sheet_columns,
    }
