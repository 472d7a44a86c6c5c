"""Run a query, and see its results."""

import streamlit as st

from pages.ui import shell
from pages.ui.collections import out_of_reach
from pages.ui.frame import resources, search_state
from pages.ui.search import (
    asking,
    below_results,
    current_query,
    drawer,
    example_queries,
    filter_form,
    grid,
    new_query,
    result_top,
    search_form,
)
from search_engine import SearchEngine


@st.fragment
def show(engine: SearchEngine) -> None:
    """Show the query and its results; the sidebar need not be sent again for each letter."""
    asked = current_query.of_part()
    current_query.publish(engine.name)
    search_form.show_query(asked)
    found = asking.answered(engine, asked)
    if found is None:
        show_beginning(engine, asked)
    else:
        show_answer(engine, found)


def show_beginning(engine: SearchEngine, asked: search_state.SearchState) -> None:
    """Offer queries and pictures to begin with."""
    example = example_queries.show(engine)
    if example:
        new_query.ask(q=example)
        st.rerun()
    choice = grid.show_records(engine, resources.sample(engine), key="sample", size=asked.size)
    clicked = choice.like or choice.pick
    if clicked is not None and new_query.ask_for_more_like(clicked):
        st.rerun()


def show_answer(engine: SearchEngine, found: asking.Answered) -> None:
    """Show the page of results that is asked for."""
    asked, answer, shown = found.asked, found.answer, found.shown
    result_top.mark(asked)
    search_form.show_display(engine, answer, len(shown))
    out_of_reach.note_with_results(engine, shown)
    if not shown:
        filter_form.show_nothing(engine, answer, found.filters)
        return
    if asked.view == "table":
        grid.show_table(engine, shown)
    else:
        nothing = answer.verdict is not None and not answer.verdict.matches
        choice = grid.show(
            engine, shown, size=asked.size, encoded=answer.encoded, nothing_stands_out=nothing
        )
        if choice.like is not None and new_query.ask_for_more_like(choice.like):
            st.rerun()
        if choice.pick is not None:
            picked = next(r for r in shown if r.record.picture_id == choice.pick)
            drawer.show(engine, picked, answer, asked.t, found.filters)
    search_form.show_pages(asked.page, found.last_page)
    below_results.show(engine, found)


opened = shell.begin("Search", follows=True).engine()
current_query.of_page()
filter_form.show_filters(opened)
show(opened)
