"""Build index: a card for each collection, with what it is and what can be done with it."""

from __future__ import annotations

import streamlit as st

from pages.ui.build import collection_actions, collection_panel, new_place, watch_switch
from pages.ui.build.past_builds import local_time
from pages.ui.collections import first_build, folder_changes, gone_folder
from pages.ui.frame import feedback, resources
from pages.ui.shell import Frame
from search_engine.collection import Library
from search_engine.errors import CollectionError, CollectionMissing
from search_engine.records import CollectionSummary, counted

_MOST = 30


def show(frame: Frame) -> None:
    """Show all collections, the chosen one first and with all that can be done with it."""
    chosen = frame.summary.name if frame.summary else ""
    names = sorted(frame.library.names(), key=lambda name: name != chosen)
    if not names:
        return
    st.divider()
    for name in names[:_MOST]:
        try:
            summary = frame.library.summary(name)
        except CollectionMissing:  # another tab deleted it just now
            continue
        with st.container(border=True):
            _show(frame, summary, is_chosen=name == chosen)
    if len(names) > _MOST:
        st.caption(f"And {len(names) - _MOST:,} more: choose one in the sidebar.")


def _show(frame: Frame, summary: CollectionSummary, *, is_chosen: bool) -> None:
    st.subheader(feedback.plain(summary.name), anchor=False)
    is_active = resources.jobs().status(summary.name).state.active
    _show_facts(frame.library, summary)
    if is_active:
        st.markdown(":material/hourglass: Being built…")
        return
    _show_state(frame, summary, is_chosen=is_chosen)
    collection_actions.show(frame.library, summary, is_chosen=is_chosen)
    if summary.manifest is not None and not summary.damaged:
        watch_switch.show(summary)
    if is_chosen:
        collection_panel.show(frame, summary)


def _show_state(frame: Frame, summary: CollectionSummary, *, is_chosen: bool) -> None:
    """Say what is wrong with it, and what changed in its folder."""
    if summary.damaged:
        return
    health = first_build.health(summary)
    if health != "ready":
        st.markdown(f":material/info: {feedback.sentence(health)}")
    if not gone_folder.is_gone(summary.folder):
        changed = folder_changes.sentence(folder_changes.of(summary))
        if changed:
            st.markdown(f":material/sync_problem: Since the last update: {changed}")
    elif is_chosen:
        new_place.ask(frame.library, summary)
    else:
        st.markdown(f":material/folder_off: {gone_folder.sentence(summary.folder)}")
        key = f"cards/new place of {summary.name}"
        gone_folder.offer(summary.name, summary.folder, key=key)


def _show_facts(library: Library, summary: CollectionSummary) -> None:
    if summary.damaged:
        st.error(feedback.sentence(summary.state), icon=":material/error:")
        return
    st.markdown(f":material/folder: {feedback.plain(summary.places) or 'No folder yet'}")
    so_far = feedback.sentence(str(summary.so_far)) if summary.so_far else ""
    facts = [so_far or counted(summary.pictures, "picture", "pictures")]
    if summary.skipped:
        facts.append(f"{summary.skipped:,} skipped")
    facts += [f"model {feedback.plain(summary.model_id)}"] if summary.model_id else []
    facts += _last_build(library, summary.name)
    st.caption(" · ".join(facts))


def _last_build(library: Library, name: str) -> list[str]:
    try:
        with library.open_catalog(name) as catalog:
            return [f"last build {local_time(one.started_at)}" for one in catalog.builds.latest()]
    except CollectionError:
        return []
