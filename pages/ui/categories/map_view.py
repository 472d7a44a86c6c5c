"""The map of all pictures: seen, coloured, searched, and drawn on."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.ui.categories import map_colours, map_message, map_search, map_selection
from pages.ui.categories.map_colours import ColourBy
from pages.ui.categories.map_points import MapPoints, points_of
from pages.ui.frame import linked, resources, session
from pages.ui.search import drawer
from pages.ui.widgets import charts, picture_cards
from search_engine import SearchEngine
from search_engine.explore import MOST_LAID_OUT, SECONDS_PER_POINT, PictureMap

_FOLDER = Path(__file__).parent
_SCRIPTS = ("map_colours.js", "map_legend.js", "map_gestures.js", "map_view.js")
_MAP = st.components.v2.component(
    "picture_map",
    html='<div class="map"></div>',
    css=(_FOLDER / "map_view.css").read_text("utf-8"),
    js=picture_cards.SCRIPT + "".join((_FOLDER / name).read_text("utf-8") for name in _SCRIPTS),
)
_SECONDS_PER_OTHER = 0.00003
"""A million took 22 s of processor time beside the 49 s of those laid out."""
_VIEW = "map"


def show(engine: SearchEngine) -> None:
    """Show the map, and the pictures that were chosen on it."""
    some, others = min(len(engine), MOST_LAID_OUT), max(0, len(engine) - MOST_LAID_OUT)
    seconds = max(2, some * SECONDS_PER_POINT + others * _SECONDS_PER_OTHER)
    with st.spinner(f"Laying out the map, only once; about {seconds:.0f} s…"):
        drawn = resources.map_of(engine)
    _show_map(engine, drawn)


@st.fragment
def _show_map(engine: SearchEngine, drawn: PictureMap) -> None:
    shown = points_of(engine)
    with st.container(border=True):
        charts.show_heading("Map", _note(drawn), lambda: shown.table(engine), "map")
        with st.container(
            horizontal=True, vertical_alignment="center", gap="small", key="map-line"
        ):
            st.caption("Colour by", width="content")
            by = _choose_colours(shown)
            map_search.show_box()
        found = map_search.run(engine)
        map_search.offer_results(found)
        key = session.of_collection(_VIEW)
        told = session.Key[dict[str, object]](key, {}).get()
        chosen = map_selection.selected(engine, shown, told.get("area"), found)
        colours = map_colours.colours_of(engine, shown, by, found.scored)
        view = map_message.view_of(told.get("view"))
        clicked = _MAP(
            key=key,
            data=map_message.message(engine, shown, colours, view, found.lit)
            | {"area": chosen.corners},
            default={"area": None, "view": None},
            on_area_change=lambda: None,
            on_view_change=lambda: None,
            on_pick_change=lambda: None,
        )
    map_selection.show(engine, shown, chosen, found)
    _open(engine, shown, clicked.pick, chosen)


def _note(drawn: PictureMap) -> str:
    note = (
        "Alike pictures lie close together (t-SNE of the vectors); distances between far-off groups"
        " mean little. Draw round pictures to select them, or click one."
    )
    count = len(drawn.picture_ids)
    if drawn.laid_out < count:
        note += (
            f" {drawn.laid_out:,} pictures at random are laid out with one another; the other"
            f" {count - drawn.laid_out:,} lie among those of them that are most like them."
        )
    return note


def _choose_colours(shown: MapPoints) -> ColourBy:
    options = [one for one in ColourBy if one is not ColourBy.CATEGORY or shown.has_categories()]
    chosen = st.segmented_control(
        "Colour by", options, format_func=lambda one: str(one).capitalize(), required=True,
        label_visibility="collapsed", **linked.follow("colour", options, options[-1] if
        not shown.has_categories() else ""),
    )  # fmt: skip
    return ColourBy(chosen or options[0])


def _open(
    engine: SearchEngine, shown: MapPoints, picked: object, chosen: map_selection.Selection
) -> None:
    """Open the picture that was clicked, among those selected if it is one of them."""
    if not isinstance(picked, int) or picked not in shown.ids:
        return
    among = chosen.ids[:200].tolist() if picked in chosen.ids[:200] else [picked]
    records = engine.records(among)
    if picked in records:
        drawer.show_record(engine, [records[one] for one in among if one in records], picked)
