"""The first page: what is here, and the way to what one wants."""

from __future__ import annotations

import streamlit as st

from pages.ui import shell
from pages.ui.collections import build_start, job_panel, outcomes
from pages.ui.frame import feedback, resources, session
from pages.ui.home import covers
from pages.ui.search import dropped_pictures, example_queries, new_query, suggestions, terms
from search_engine.collection import is_ready
from search_engine.settings import SAMPLE_COLLECTION

_SEARCH_PAGE = "pages/2_Search.py"
_BOX = "home-query"


def show() -> None:
    """Show how the collections are, a box to search in, and the way in for new pictures."""
    frame = shell.begin(shell.PRODUCT, about_builds=True)
    st.markdown("Find pictures by what they show.")
    jobs = resources.jobs()
    if jobs.sample_is_due():
        jobs.start_sample()

    outcomes.show()
    for name in jobs.active():
        job_panel.watch(name)

    if frame.summary is not None and is_ready(frame.summary):
        _show_search(frame)
    elif frame.summary is None and not frame.missing:
        st.markdown(
            "Preparing a **sample gallery** of 600 drawings, with a small model that comes with the"
            " program. It takes some seconds and downloads nothing."
            if jobs.status(SAMPLE_COLLECTION).state.active
            else "There is nothing to search yet."
        )
    elif frame.summary is not None:
        shell.show_why_not(frame.library, frame.summary)
    if frame.library.names():
        covers.show(frame.library)
    covers.show_way_in()
    build_start.offer_sample(frame.library)


def _show_search(frame: shell.Frame) -> None:
    engine = frame.engine()
    taken = dropped_pictures.take()
    if taken:
        new_query.go_to_search(t=taken)
    dropped_pictures.show_refused()
    with st.container(key="home-line", horizontal=True, vertical_alignment="bottom"):
        query = st.text_input(
            f"Search in “{feedback.plain(engine.name)}”",
            key=_BOX,
            type="search",
            placeholder="Describe what you’re looking for",
        )
        st.page_link(
            _SEARCH_PAGE, label="Filters and more", icon=":material/tune:", width="content"
        )
    query = suggestions.show(engine, box=_BOX, is_live=False) or query
    if query:
        terms.remember_typed(query)
        session.ask_anew(query)
        st.switch_page(_SEARCH_PAGE)
    clicked = example_queries.show(engine)
    if clicked:
        session.ask_anew(clicked)
        st.switch_page(_SEARCH_PAGE)
