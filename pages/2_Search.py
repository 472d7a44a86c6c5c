"""Run a query, and see its results."""

import streamlit as st

from pages.ui import shell
from pages.ui.collections import out_of_reach
from pages.ui.search import (
    asking,
    compare_view,
    current_query,
    drawer,
    filter_form,
    grid,
    new_query,
    order_form,
    result_summary,
    result_table,
    search_form,
    selection,
    tagging,
    timeline_view,
)
from search_engine import SearchEngine


@st.fragment
def show(engine: SearchEngine) -> None:
    """Show the query and its results; the sidebar need not be sent again for each letter."""
    asked = current_query.of_part()
    current_query.publish(engine.name)
    search_form.show_query(engine, asked)
    found = asking.answered(engine, asked)
    tagging.show_undo(engine)
    if found is None:
        timeline_view.show(engine, asked)
    else:
        show_answer(engine, found)


def show_answer(engine: SearchEngine, found: asking.Answered) -> None:
    """Show the results, as far as they are asked for."""
    asked, answer, shown = found.asked, found.answer, found.shown
    result_summary.show(engine, found)
    out_of_reach.note_with_results(engine, shown)
    if not shown and asked.only_matches and answer.considered:
        order_form.show_no_match()
        return
    if not shown:
        filter_form.show_nothing(engine, answer, found.filters)
        return
    if asked.view == "table":
        result_table.show(engine, shown)
        if asked.page < found.last_page:
            st.button("Show more", on_click=new_query.ask, kwargs={"page": asked.page + 1})
    else:
        page = selection.page_of(engine, found)
        choice = grid.show(engine, page, size=asked.size, fit=asked.fit)
        new_query.follow(choice)
        selection.show_bar(engine, found, choice)
    drawer.show(engine, found)
    compare_view.show(engine, asked, shown)


opened = shell.begin("Search", follows=True, quiet=True).engine()
current_query.of_page()
search_form.take_pictures()
show(opened)
