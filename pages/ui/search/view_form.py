"""How results are shown: as a grid or a table, and how large."""

from __future__ import annotations

import streamlit as st

from pages.ui.frame.search_state import FITS, LEAST_SIZE, MOST_SIZE, VIEWS, SearchState
from pages.ui.search import preview_choice
from pages.ui.search.new_query import collect

_NAMES = {"grid": "Grid", "table": "Table"}
_FITS = {FITS[0]: "Whole", FITS[1]: "Squares"}


def show(asked: SearchState) -> None:
    """Offer both views, and a size where it matters."""
    popover = st.popover("View", icon=":material/grid_view:", key="view open", on_change="rerun")
    if not popover.open:
        return
    with popover:
        st.segmented_control(
            "Show as", VIEWS, key="view", format_func=_NAMES.__getitem__, required=True,
            on_change=collect, args=("view",),
        )  # fmt: skip
        if asked.view == "grid":
            st.segmented_control(
                "Pictures", FITS, key="fit", format_func=_FITS.__getitem__, required=True,
                on_change=collect, args=("fit",),
            )  # fmt: skip
            st.slider(
                "Size of pictures", LEAST_SIZE, MOST_SIZE, step=10, key="size", format="%d px",
                on_change=collect, args=("size",),
            )  # fmt: skip
        if asked.view == "grid":
            preview_choice.show()
        if asked.view == "grid" and asked.searches:
            st.toggle(
                "Fold near copies", key="folded", on_change=collect, args=("folded",),
                help="One card stands for copies of a picture, and tells how many there are. What"
                " counts as a copy, *Clean up* says under *Duplicates*.",
            )  # fmt: skip
