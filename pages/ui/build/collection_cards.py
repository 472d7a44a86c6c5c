"""Build index: a card for each collection, with what it is and what can be done with it."""

from __future__ import annotations

import streamlit as st

from pages.ui.build import collection_panel, new_place
from pages.ui.build.past_builds import local_time
from pages.ui.collections import build_start, first_build, gone_folder, outcomes
from pages.ui.frame import feedback, resources, session
from pages.ui.shell import Frame
from search_engine.collection import Library, is_ready
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
    name = feedback.plain(summary.name)
    st.subheader(f"Collection “{name}”") if is_chosen else st.markdown(f"**{name}**")
    is_active = resources.jobs().status(summary.name).state.active
    _show_facts(frame.library, summary)
    if is_active:
        st.markdown(":material/hourglass: Being built…")
        return
    health = first_build.health(summary)
    if health != "ready" and not summary.damaged:
        st.markdown(f":material/info: {feedback.sentence(health)}")
    is_gone = gone_folder.is_gone(summary.folder) and not summary.damaged
    if is_chosen:
        if is_gone:
            new_place.ask(frame.library, summary)
        collection_panel.show(frame, summary)
    else:
        if is_gone:
            st.markdown(f":material/folder_off: {gone_folder.sentence(summary.folder)}")
            key = f"cards/new place of {summary.name}"
            gone_folder.offer(summary.name, summary.folder, key=key)
        _show_actions(summary)


def _show_facts(library: Library, summary: CollectionSummary) -> None:
    if summary.damaged:
        st.error(feedback.sentence(summary.state), icon=":material/error:")
        return
    st.markdown(f":material/folder: {feedback.plain(summary.folder) or 'No folder yet'}")
    so_far = feedback.sentence(str(summary.so_far)) if summary.so_far else ""
    facts = [so_far or counted(summary.pictures, "picture", "pictures")]
    if summary.skipped:
        facts.append(f"{summary.skipped:,} left out")
    facts += [f"model {feedback.plain(summary.model_id)}"] if summary.model_id else []
    facts += _last_build(library, summary.name)
    st.caption(" · ".join(facts))


def _last_build(library: Library, name: str) -> list[str]:
    try:
        with library.open_catalog(name) as catalog:
            return [f"last build {local_time(one.started_at)}" for one in catalog.builds.latest()]
    except CollectionError:
        return []


def _show_actions(summary: CollectionSummary) -> None:
    with st.container(horizontal=True):
        if is_ready(summary) and st.button(
            "Search", key=f"search {summary.name}", icon=":material/search:"
        ):
            session.choose_collection(summary.name)
            session.ask_anew("")
            st.switch_page("pages/2_Search.py")
        shown = None if summary.damaged else outcomes.update_label(summary)
        if shown and st.button(shown[0], key=f"update {summary.name}", icon=shown[1]):
            build_start.update(summary.name)
        st.button(
            "More…", key=f"more of {summary.name}", help="Change, check, delete; history",
            on_click=_choose, args=(summary.name,),
        )  # fmt: skip


def _choose(name: str) -> None:
    session.choose_collection(name)
    st.query_params.pop("collection", None)
