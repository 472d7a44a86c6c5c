"""A build begun by a click."""

from __future__ import annotations

import streamlit as st

from pages.ui.frame import asked_build, feedback, resources, session
from search_engine import Library
from search_engine.building import pictures_to_embed_again
from search_engine.embedding import require_trusted, trust
from search_engine.errors import SearchEngineError
from search_engine.records import BuildOrder, CollectionSettings, counted, duration
from search_engine.settings import SAMPLE_COLLECTION


def start(
    name: str, wanted: CollectionSettings, *, named: bool = False, order: BuildOrder | None = None
) -> None:
    """Start a build, after a question where it embeds more than what is new.

    Args:
        name: The collection.
        wanted: What it is to be.
        named: Whether a person chose its model just now.
        order: What is done beside the usual work.
    """
    try:
        if named:
            trust(wanted.model_id, resources.settings())
        require_trusted(wanted.model_id, resources.settings())
        again = pictures_to_embed_again(name, wanted, resources.settings())
    except SearchEngineError as error:
        feedback.show_error(error)
        return
    if again:
        _ask(name, wanted, again, order)
    else:
        _begin(name, wanted, order)


@st.dialog("Embed pictures again?", icon=":material/neurology:")
def _ask(name: str, wanted: CollectionSettings, again: int, order: BuildOrder | None) -> None:
    rate = Library(resources.settings()).rate(wanted.model_id)
    time = f", which takes about {duration(again / rate)}" if rate else ""
    pictures = counted(again, "picture", "pictures")
    st.markdown(
        f"“{feedback.plain(name)}” has vectors of another model than"
        f" **{feedback.plain(wanted.model_id)}** as it is now: up to **{pictures}** are embedded"
        f" again{time}. Searching goes on with the vectors there are until that is done."
    )
    with st.container(horizontal=True):
        if st.button("Embed them again", icon=":material/neurology:"):
            _begin(name, wanted, order)
        if st.button("Leave it as it is"):
            st.rerun()


def _begin(name: str, wanted: CollectionSettings, order: BuildOrder | None) -> None:
    try:
        resources.jobs().start(name, wanted, order)
    except SearchEngineError as error:
        feedback.show_error(error)
        return
    session.watch(name)
    asked_build.empty_form()
    st.rerun()


def update(name: str) -> None:
    """Look through the folder of a collection again; its model, rules and kind stay."""
    try:
        with Library(resources.settings()).open_catalog(name) as catalog:
            wanted = catalog.settings
    except SearchEngineError as error:
        feedback.show_error(error)
        return
    if wanted is not None:
        start(name, wanted)


def again(name: str) -> None:
    """Start once more what the last build of a collection was asked for."""
    jobs = resources.jobs()
    try:
        if not jobs.status(name).repairs:
            require_trusted(jobs.request(name).wanted.model_id, resources.settings())
        jobs.again(name)
    except SearchEngineError as error:
        feedback.show_error(error)
        return
    session.watch(name)
    st.rerun()


def offer_sample(library: Library) -> None:
    """Offer to draw the sample gallery where it is not here, and lead to Home, where it appears."""
    jobs = resources.jobs()
    if SAMPLE_COLLECTION in library.names() or jobs.status(SAMPLE_COLLECTION).state.active:
        return
    if st.button("Try the sample gallery", key="sample", icon=":material/brush:"):
        try:
            jobs.start_sample()
        except SearchEngineError as error:
            feedback.show_error(error)
            return
        session.watch(SAMPLE_COLLECTION)
        st.switch_page("Home.py")
