"""What the collection holds, how its categories differ, and a map of all its pictures."""

import streamlit as st

from pages.ui import (
    audit_duplicates,
    audit_suspects,
    audit_unusual,
    category_choice,
    category_needs,
    category_overview,
    category_similarity,
    feedback,
    linked,
    map_view,
    one_view,
    resources,
    retrieval_view,
    shell,
)
from pages.ui.address import from_text

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
