"""The first page: what is here, and the way to what one wants."""

from __future__ import annotations

import streamlit as st

from pages.ui import shell
from pages.ui.collections import build_start, job_panel, outcomes
from pages.ui.frame import feedback, resources, session
from pages.ui.home import covers
from pages.ui.search import example_queries, terms
from search_engine.collection import is_ready
from search_engine.settings import SAMPLE_COLLECTION


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
    query = st.text_input(
        f"Search in “{feedback.plain(engine.name)}”",
        type="search",
        placeholder="Describe what you’re looking for",
    )
    if query:
        terms.remember_typed(query)
        session.ask_anew(query)
        st.switch_page("pages/2_Search.py")
    clicked = example_queries.show(engine)
    if clicked:
        session.ask_anew(clicked)
        st.switch_page("pages/2_Search.py")
