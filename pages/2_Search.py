"""Ask, and see the pictures that answer."""

from math import ceil

import streamlit as st

from pages.ui import (
    address,
    downloads,
    drawer,
    feedback,
    grid,
    resources,
    search_form,
    shell,
    terms,
)

_MOST = 2400

frame = shell.begin("Search")
engine = frame.engine()
asked = search_form.state(address.read())
search_form.publish(asked, engine.name)
search_form.show_question(asked)
search_form.show_filters(engine)

with feedback.errors_shown():
    query = terms.query(asked.q, tuple(terms.chip(text) for text in asked.t))
if query is None:
    example = search_form.show_examples(engine)
    if example:
        search_form.ask(q=example)
        st.rerun()
    choice = grid.show_records(engine, resources.sample(engine), key="sample", size=asked.size)
    clicked = choice.like or choice.pick
    if clicked is not None and search_form.ask_for_more_like(clicked):
        st.rerun()
    st.stop()

k = asked.per_page * asked.page
with feedback.errors_shown():
    answer = resources.answer(engine, query, min(k, _MOST), search_form.filters(asked))
shown = answer.results[asked.per_page * (asked.page - 1) :]
top = st.container(horizontal=True, vertical_alignment="bottom")
with top:
    st.caption(feedback.answer_line(answer, len(shown)))
    st.page_link("pages/4_Scores.py", label="Scores", icon=":material/bar_chart:")
search_form.show_display(top)
feedback.show_notes(answer)
if not shown:
    feedback.nothing_found(answer)
    st.stop()

if asked.view == "table":
    grid.show_table(engine, shown)
else:
    choice = grid.show(engine, shown, size=asked.size)
    if choice.like is not None and search_form.ask_for_more_like(choice.like):
        st.rerun()
    if choice.pick is not None:
        picked = next(r for r in shown if r.record.picture_id == choice.pick)
        drawer.show(engine, picked, answer, asked.t)
search_form.show_pages(asked.page, ceil(min(answer.considered, _MOST) / asked.per_page))
downloads.show(engine, answer)
