"""How results are shown: as a grid or a table, and how large."""

from __future__ import annotations

import streamlit as st

from pages.ui.frame.search_state import LEAST_SIZE, MOST_SIZE, VIEWS, SearchState
from pages.ui.search.new_query import collect

_NAMES = {"grid": "Grid", "table": "Table"}


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
            st.slider(
                "Size of pictures", LEAST_SIZE, MOST_SIZE, step=10, key="size", format="%d px",
                on_change=collect, args=("size",),
            )  # fmt: skip
