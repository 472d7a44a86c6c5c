"""Ask, and see the pictures that answer."""

from math import ceil

import streamlit as st

from pages.ui import (
    address,
    downloads,
    drawer,
    feedback,
    filter_form,
    grid,
    negation_note,
    resources,
    search_form,
    shell,
    terms,
)
from search_engine import Query, SearchEngine

_MOST = 2400


@st.fragment
def show(engine: SearchEngine) -> None:
    """Ask and answer; apart from the sidebar, which need not be sent again for each letter."""
    asked = search_form.current()
    search_form.publish(asked, engine.name)
    search_form.show_question(asked)
    with feedback.errors_shown():
        negation_note.show(asked.q)
        query = terms.query(asked.q, tuple(terms.chip(text) for text in asked.t), asked.asked)
    if query is None:
        show_beginning(engine, asked)
    else:
        show_answer(engine, asked, query)


def show_beginning(engine: SearchEngine, asked: address.SearchState) -> None:
    """Offer questions and pictures to begin with."""
    example = search_form.show_examples(engine)
    if example:
        search_form.ask(q=example)
        st.rerun()
    choice = grid.show_records(engine, resources.sample(engine), key="sample", size=asked.size)
    clicked = choice.like or choice.pick
    if clicked is not None and search_form.ask_for_more_like(clicked):
        st.rerun()


def show_answer(engine: SearchEngine, asked: address.SearchState, query: Query) -> None:
    """Show the page of results that is asked for."""
    k = min(asked.per_page * asked.page, _MOST)
    filters = filter_form.filters(asked)
    with feedback.errors_shown():
        answer = resources.answer(engine, query, k, filters)
    shown = answer.results[asked.per_page * (asked.page - 1) :]
    search_form.show_display(answer, len(shown))
    if not shown:
        feedback.nothing_found(answer)
    elif asked.view == "table":
        grid.show_table(engine, shown)
    else:
        choice = grid.show(engine, shown, size=asked.size, encoded=answer.encoded)
        if choice.like is not None and search_form.ask_for_more_like(choice.like):
            st.rerun()
        if choice.pick is not None:
            picked = next(r for r in shown if r.record.picture_id == choice.pick)
            drawer.show(engine, picked, answer, asked.t, filters)
    if shown:
        last = ceil(min(answer.considered, _MOST) / asked.per_page)
        search_form.show_pages(asked.page, last)
        downloads.show(engine, answer, k, filters)


opened = shell.begin("Search").engine()
search_form.state(address.read())
filter_form.show_filters(opened)
show(opened)
