"""What can be done with results: take them away, and check how many are right."""

from __future__ import annotations

import streamlit as st

from pages.ui.search import downloads, drawer, precision_view
from pages.ui.search.asking import Answered
from search_engine import SearchEngine


def show(engine: SearchEngine, found: Answered) -> None:
    """Show a button for each."""
    with st.container(horizontal=True):
        downloads.show(engine, found)
        picked = None
        if found.shown[0].match is not None:
            picked = precision_view.offer(engine, found.query, found.filters)
    if picked:
        drawer.show_record(engine, [picked], picked.picture_id)
