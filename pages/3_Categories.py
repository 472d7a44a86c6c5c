"""What the collection holds, how its categories differ, and a map of all its pictures."""

import streamlit as st

from pages.ui import shell
from pages.ui.audits import audit_duplicates, audit_suspects, audit_unusual
from pages.ui.categories import category_overview, category_similarity, map_view, retrieval_view
from pages.ui.frame import feedback, linked, resources
from pages.ui.frame.search_state import from_text
from pages.ui.search import category_choice
from pages.ui.widgets import category_needs, one_view

_VIEWS = (
    "Overview", "Similarity", "One category", "Map", "Retrieval", "Duplicates", "Suspects",
    "Unusual",
)  # fmt: skip
_WHOLE = {
    "Similarity": category_similarity.show,
    "Map": map_view.show,
    "Retrieval": retrieval_view.show,
    "Duplicates": audit_duplicates.show,
    "Suspects": audit_suspects.show,
    "Unusual": audit_unusual.show,
}

frame = shell.begin("Categories")
engine = frame.engine()

view = st.segmented_control(
    "View", _VIEWS, required=True, label_visibility="collapsed", **linked.follow("show", _VIEWS)
)
with one_view.begin(str(view)), feedback.errors_shown():
    if not resources.category_counts(engine):
        st.info("The collection holds no pictures.")
    elif view in _WHOLE:
        _WHOLE[view](engine)
    elif view == "One category":
        if not category_needs.has_any(engine):
            category_similarity.show_typical(engine, "")
            st.stop()
        linked_name = from_text(st.query_params.get("name", ""))
        category_choice.tell_unknown(engine, linked_name)
        names = category_choice.offered(engine, keep=[linked_name], key="one")
        name = st.selectbox(
            "Category", names, format_func=feedback.category_name,
            **linked.follow("name", names),
        )  # fmt: skip
        category_overview.show_ways(name, key="ways")
        category_similarity.show_typical(engine, name)
        category_overview.show_pictures(engine, name, key="all of it")
    else:
        category_overview.show(engine)
