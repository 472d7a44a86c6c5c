"""Why these pictures, and how far their scores can be trusted."""

from dataclasses import replace

import streamlit as st

from pages.ui import shell
from pages.ui.frame import feedback, moved_views, resources, search_state
from pages.ui.scores import label_view, pair_view, score_view, wording_view
from pages.ui.search import (
    asking,
    current_query,
    example_queries,
    filter_form,
    new_query,
    saved_view,
    search_form,
)
from pages.ui.widgets import one_view

_TABS = {
    "query": "This search", "pair": "Two searches", "words": "One picture",
    "wording": "Wording", "saved": "Saved",
}  # fmt: skip

moved_views.follow("Scores")
frame = shell.begin("Scores")
engine = frame.engine()
asked = current_query.of_page()
current_query.publish(engine.name, scores=True)
search_form.take_pictures()
search_form.show_query(engine, asked, results=False)
asked = current_query.of_part()
st.segmented_control(
    "View", search_state.TABS, key="tab", format_func=_TABS.__getitem__, required=True,
    on_change=new_query.collect, args=("tab",), label_visibility="collapsed",
)  # fmt: skip

query = answer = scored = None
with one_view.begin(asked.tab):
    filters = filter_form.filters(asked)
    found = asking.answered(engine, asked)
    if found is not None:
        query = found.query
        with feedback.errors_shown():
            nearest = resources.answer(engine, query, found.k, filters)
            answer = replace(nearest, verdict=found.answer.verdict)
            scored = resources.scored(engine, query, filters)
    if answer is not None:
        feedback.label_bundled_model(answer.manifest.model.model_id)
        feedback.show_notes(answer)
    if scored is not None and asked.tab in {"query", "pair"}:
        feedback.show_rounding(scored.all)
    if asked.tab == "saved":
        saved_view.show(engine)
    elif asked.tab == "words":
        label_view.show(engine, asked, answer)
    elif asked.tab == "wording" and query is not None:
        wording_view.show(engine, query, filters, averaged=asked.asked == search_state.ASKED[1])
    elif answer is None or scored is None:
        st.info("Run a query to see how it scores over the whole collection.")
        example = example_queries.show(engine)
        if example:
            new_query.ask(q=example)
            st.rerun()
    elif asked.tab == "pair":
        pair_view.show(engine, scored, asked.other, filters, asked.per_page)
    else:
        score_view.show(engine, answer, scored)
