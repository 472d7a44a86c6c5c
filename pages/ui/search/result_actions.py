"""What can be done with results: take them away, save the query, check how many are right."""

from __future__ import annotations

import streamlit as st

from pages.ui.frame import search_state
from pages.ui.search import downloads, drawer, precision_view
from pages.ui.search.asking import Answered
from pages.ui.widgets import one_stop
from search_engine import SearchEngine


def show(engine: SearchEngine, found: Answered) -> None:
    """Show a button for each, and the page that tells more of the scores."""
    picked = None
    with st.container(
        key="result-actions", horizontal=True, vertical_alignment="center", gap="xsmall",
        width="content",
    ):  # fmt: skip
        if found.shown:
            downloads.show(engine, found)
            if found.shown[0].match is not None:
                picked = precision_view.offer(engine, found.query, found.filters)
        st.page_link(
            "pages/3_Categories.py", label="Show on map", icon=":material/scatter_plot:",
            query_params={"collection": engine.name, **search_state.on_map(found.asked)},
        )  # fmt: skip
        st.page_link("pages/4_Scores.py", label="Scores", icon=":material/bar_chart:")
    one_stop.make("result-actions", "What can be done with the results")
    if picked:
        drawer.show_record(engine, [picked], picked.picture_id)
