"""One category: its pictures, the most and the least typical ones first."""

from __future__ import annotations

import streamlit as st

from pages.ui.categories import category_overview, category_similarity
from pages.ui.frame import feedback, linked
from pages.ui.frame.search_state import from_text
from pages.ui.search import category_choice
from pages.ui.widgets import category_needs
from search_engine import SearchEngine


def show(engine: SearchEngine) -> None:
    """Let a category be chosen, and show it."""
    category_needs.require(engine, "This view shows one of the", groups=1)
    linked_name = from_text(st.query_params.get("name", ""))
    category_choice.tell_unknown(engine, linked_name)
    names = category_choice.offered(engine, keep=[linked_name], key="one")
    name = st.selectbox(
        "Category", names, format_func=feedback.category_name, **linked.follow("name", names)
    )
    category_overview.show_ways(name, key="ways")
    category_similarity.show_typical(engine, name)
    category_overview.show_pictures(engine, name, key="all of it")
