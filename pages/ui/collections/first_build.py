"""A collection that is searched before its first build has ended: said alike everywhere."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from pages.ui.collections import build_start
from pages.ui.frame import feedback, resources
from search_engine import Library
from search_engine.errors import CollectionMissing
from search_engine.records import CollectionSummary, SoFar


def note(summary: CollectionSummary) -> None:
    """Say above what is found that it is a part, and what becomes of the rest."""
    if summary.so_far is None:
        return
    so_far = feedback.sentence(str(summary.so_far))
    if is_at_work(summary):
        st.markdown(
            f":material/hourglass: **{so_far}** can be searched; more come as they are indexed."
        )
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f":material/pause_circle: **{so_far}** can be searched: its first build has not"
            " finished.",
            width="content",
        )
        if st.button("Go on", key="first build/go on", icon=":material/play_arrow:"):
            build_start.update(summary.name)


def so_far_of(name: str) -> SoFar | None:
    """Return how much of a collection can be searched; None without a first build that lasts."""
    with suppress(CollectionMissing):
        return Library(resources.settings()).summary(name).so_far
    return None


def is_at_work(summary: CollectionSummary) -> bool:
    """Return whether a build of it runs now, begun here or on the command line."""
    return summary.is_being_built or resources.jobs().status(summary.name).state.active


def health(summary: CollectionSummary) -> str:
    """Say how a collection is; how much of it is in is said where its pictures are counted."""
    has_none = summary.manifest is None and not (summary.needs_index or summary.damaged)
    if (summary.so_far or has_none) and is_at_work(summary):
        return "being indexed"
    return "its first build has not finished" if summary.so_far else summary.state
