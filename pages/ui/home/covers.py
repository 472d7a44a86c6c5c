"""The collections with pictures from each, and the way in for new ones."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from pages.ui.build import model_choice
from pages.ui.collections import first_build, gone_folder
from pages.ui.frame import feedback, resources, session
from search_engine import Library
from search_engine.errors import CollectionMissing, SearchEngineError
from search_engine.records import CollectionSummary, IndexManifest


def show(library: Library) -> None:
    """Show every collection with cover pictures, counts and health."""
    st.subheader("Collections")
    for summary in library.summaries():
        with suppress(CollectionMissing), st.container(border=True):
            # another tab may delete it just now
            _show_one(summary)


def _show_one(summary: CollectionSummary) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container():
            st.markdown(f"**{feedback.plain(summary.name)}**")
            counts = f"{feedback.contents(summary)} · {summary.skipped:,} skipped"
            is_gone = gone_folder.is_gone(summary.folder)
            state = first_build.health(summary)
            health = [] if is_gone and state == "ready" else [feedback.plain(state)]
            st.caption(" · ".join([*([] if summary.damaged else [counts]), *health]))
            if is_gone:
                st.markdown(f":material/folder_off: {gone_folder.sentence(summary.folder)}")
                key = f"covers/new place of {summary.name}"
                gone_folder.offer(summary.name, summary.folder, key=key)
            feedback.label_bundled_model(summary.model_id)
        if summary.manifest and st.button("Search", key=f"search {summary.name}"):
            session.choose_collection(summary.name)
            session.ask_anew("")
            st.switch_page("pages/2_Search.py")
    if summary.manifest:
        _show_covers(summary.name, summary.manifest)


def _show_covers(name: str, manifest: IndexManifest) -> None:
    try:
        found = resources.covers(name, manifest)
    except SearchEngineError as error:
        feedback.show_error(error)
        return
    with st.container(horizontal=True, gap="small"):
        for record, url in found.items():
            shown = feedback.category_name(record.category or record.path)
            st.image(url, width=104, alt=shown)


def show_way_in() -> None:
    """Say how to search one's own pictures, and what that needs."""
    with st.container(border=True):
        st.markdown("**Your own pictures**")
        st.caption(
            f"Choose a folder on this machine; nothing is written into it. {model_choice.needs()}"
        )
        st.page_link(
            "pages/1_Build_index.py", label="Index my pictures", icon=":material/add_a_photo:"
        )
