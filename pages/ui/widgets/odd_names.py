"""Names of categories that do not say what is shown, told where figures rest on them."""

from __future__ import annotations

import streamlit as st

from pages.ui.frame import feedback, resources
from search_engine import SearchEngine
from search_engine.evaluation import Labelling, remarks_on_names


def show(engine: SearchEngine, labelling: Labelling | None = None) -> None:
    """Say so, if it is so; ``labelling`` is None where folders cannot be chosen or named."""
    counts = resources.category_counts(engine, labelling.level if labelling else 1)
    for remark in remarks_on_names([name for name in counts if name], labelling):
        st.info(feedback.plain(feedback.readable(remark)), icon=":material/label_off:")
