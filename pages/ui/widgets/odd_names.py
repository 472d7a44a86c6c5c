"""Names of categories that do not say what is shown, told where figures rest on them."""

from __future__ import annotations

import streamlit as st

from pages.ui.frame import feedback
from search_engine import SearchEngine
from search_engine.evaluation import remarks_on_categories


def show(engine: SearchEngine) -> None:
    """Say so, if it is so."""
    for remark in remarks_on_categories(engine.catalog):
        st.info(feedback.plain(feedback.readable(remark)), icon=":material/label_off:")
