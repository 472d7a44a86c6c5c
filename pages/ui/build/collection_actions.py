"""Build index: what can be done with a collection, on its card."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from pages.ui.build import build_choices as choices
from pages.ui.build import deleted_notice, vector_export
from pages.ui.collections import build_start, outcomes
from pages.ui.frame import asked_build, feedback, resources, session
from search_engine import IndexKind, Library
from search_engine.building import rebuild_index
from search_engine.collection import MINUTES_KEPT, is_ready
from search_engine.errors import CollectionError
from search_engine.records import (
    BuildOrder,
    CollectionSettings,
    CollectionSummary,
    counted,
)

_RENAMED = session.Key("collection renamed", ("", ""))
"""The names before and after of the one that was renamed last in this tab."""
_JUST_RENAMED = session.Key("collection renamed just now", unset=False)


def show(library: Library, summary: CollectionSummary, *, is_chosen: bool) -> None:
    """Offer to search, update, rename and delete it; of the chosen one also what is rarer."""
    name = summary.name
    _tell_renamed(name)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if is_ready(summary) and st.button(
            "Search", key=f"search {name}", icon=":material/search:"
        ):
            session.choose_collection(name)
            session.ask_anew("")
            st.switch_page("pages/2_Search.py")
        shown = None if summary.damaged else outcomes.update_label(summary)
        tip = "Looks for changes in the folder"
        if shown and st.button(shown[0], key=f"update {name}", icon=shown[1], help=tip):
            build_start.update(name)
        if not summary.damaged:
            with st.popover("Rename", icon=":material/edit:", key=f"rename popover of {name}"):
                _show_renaming(summary)
        if summary.manifest and is_chosen and vector_export.is_possible():
            with st.popover("Export", icon=":material/output:", key=f"export popover of {name}"):
                vector_export.show(name, summary.manifest)
        with st.popover("Delete", icon=":material/delete:", key=f"delete popover of {name}"):
            _show_deletion(summary)
        settings = _settings_of(library, name) if is_chosen and not summary.damaged else None
        if settings:
            st.button(
                "Folders…", icon=":material/create_new_folder:", key=f"folders of {name}",
                help="Add a folder to the collection, or take one out",
                on_click=_fill_form, args=(summary,),
            )  # fmt: skip
            with st.popover("Advanced", icon=":material/tune:"):
                _show_advanced(summary, settings)
        if not is_chosen:
            st.button(
                "More…", key=f"more of {name}", help="What was skipped, a check, the history",
                on_click=_choose, args=(name,),
            )  # fmt: skip


def _settings_of(library: Library, name: str) -> CollectionSettings | None:
    try:
        with library.open_catalog(name) as catalog:
            return catalog.settings
    except CollectionError:  # the panel below says so
        return None


def _fill_form(summary: CollectionSummary) -> None:
    """Have the form above show its folders, with room for one more."""
    asked_build.fill_form(summary.folder, name=summary.name)
    asked_build.MORE_FOLDERS.put(summary.folders)
    asked_build.FOLDER.put("")


def _choose(name: str) -> None:
    session.choose_collection(name)
    st.query_params.pop("collection", None)


def _show_advanced(summary: CollectionSummary, settings: CollectionSettings) -> None:
    """Offer to read every file again, another kind of index, and the index made anew."""
    if st.button(
        "Verify", icon=":material/fact_check:", key=f"verify {summary.name}",
    ):  # fmt: skip
        build_start.start(summary.name, settings, order=BuildOrder(verify=True))
    st.caption(
        "Reads every file again, also where size and times say that nothing changed. Only what did"
        " change, or can be read better by now, is embedded again."
    )
    if summary.manifest:
        if st.button("Rebuild the index", icon=":material/build_circle:"):
            with feedback.refusals_shown():
                with st.spinner("Making the index anew…"):
                    rebuild_index(summary.name, resources.settings())
                st.rerun()
        st.caption("Makes the index anew from the catalog; nothing is embedded again.")
    kind: Any = st.selectbox(
        "Kind of index", list(IndexKind), format_func=choices.KINDS.__getitem__,
        index=list(IndexKind).index(settings.kind), key=f"new kind of {summary.name}",
    )  # fmt: skip
    if st.button("Change", disabled=kind == settings.kind):
        build_start.start(summary.name, replace(settings, kind=kind))


def _tell_renamed(name: str) -> None:
    """Say that it is done, on the card that has the new name, with the way back."""
    before, after = _RENAMED.get()
    if after != name:
        return
    then, now = feedback.plain(before), feedback.plain(after)
    if _JUST_RENAMED.take():
        st.toast(f"“{then}” is renamed to “{now}”.", icon=":material/check_circle:")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"Renamed from “{then}”.", width="content")
        if st.button("Undo", icon=":material/undo:", key="undo renaming"):
            with feedback.refusals_shown():
                _rename(after, before)
                _RENAMED.put(("", ""))
                st.rerun()


def _rename(name: str, new: str) -> None:
    resources.jobs().rename(name, new)
    if session.collection() == name:
        session.choose_collection(new)
        st.query_params.pop("collection", None)


def _show_renaming(summary: CollectionSummary) -> None:
    with st.form(f"rename {summary.name}", border=False):
        typed = st.text_input(
            "New name", value=summary.name, max_chars=64, autocomplete="off",
            key=f"new name of {summary.name}",
        )  # fmt: skip
        st.caption("Pictures, vectors and saved queries stay as they are.")
        if not st.form_submit_button("Rename"):
            return
    new = typed.strip()
    if new == summary.name:
        return
    with feedback.refusals_shown():
        _rename(summary.name, new)
        _RENAMED.put((summary.name, new))
        _JUST_RENAMED.put(value=True)
        st.rerun()


def _show_deletion(summary: CollectionSummary) -> None:
    """Delete a collection whose name was typed; clicks alone, of whoever's making, do nothing."""
    pictures = counted(summary.pictures, "picture", "pictures")
    st.markdown(
        f"Deletes “{feedback.plain(summary.name)}”, that is the index and the thumbnails of"
        f" {pictures}. **The pictures themselves are not touched.** For {MINUTES_KEPT} minutes it"
        " can be undone."
    )
    typed = st.text_input(
        "Type the collection’s name to delete it", key=f"delete {summary.name}", live="150ms",
        autocomplete="off",
    )  # fmt: skip
    is_meant = typed.strip() == summary.name
    if not is_meant and typed.strip().casefold() == summary.name.casefold():
        st.caption(f"Upper and lower case matter: it is “{feedback.plain(summary.name)}”.")
    if (
        st.button("Delete the collection", key=f"delete now {summary.name}", disabled=not is_meant)
        and is_meant
    ):
        with feedback.refusals_shown():
            resources.deleted_collections().delete(summary.name)
            resources.jobs().forget(summary.name)
            deleted_notice.tell(summary.name)
            if session.collection() == summary.name:
                session.leave_collection()
            st.rerun()
