"""The care of a collection: how it is, what was left out, and what can be done with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from pages.ui.build import build_choices as choices
from pages.ui.build import check_panel, collection_care, past_builds, rules_form
from pages.ui.collections import build_start, outcomes
from pages.ui.frame import feedback, resources, session
from pages.ui.shell import Frame
from pages.ui.widgets import data_table
from search_engine import IndexKind, Library
from search_engine.building import rebuild_index
from search_engine.collection import MINUTES_KEPT, is_ready
from search_engine.errors import CollectionError
from search_engine.files import tables
from search_engine.records import (
    CollectionSettings,
    CollectionSummary,
    PictureRecord,
    SkippedFile,
    counted,
)

_MOST_LEFT_OUT = 1_000
_BUILDS = 20


def show(frame: Frame, summary: CollectionSummary) -> None:
    """Show what can be done with a collection, what was left out, and its history."""
    if summary.damaged:
        _show_damage(summary)
        return
    try:
        with frame.library.open_catalog(summary.name) as catalog:
            settings, skips = catalog.settings, catalog.skipped.some(_MOST_LEFT_OUT)
            remarks = catalog.pictures.remarks(_MOST_LEFT_OUT)
            remarked, builds = catalog.pictures.remarked(), catalog.builds.latest(_BUILDS)
    except CollectionError as error:
        feedback.show_error(error)
        _show_damage(summary)
        return
    if settings:
        rules_form.show(settings.rules)
        _show_actions(summary, settings)
        collection_care.show_findings(summary, settings)
    if skips:
        _show_left_out(frame.library, summary, skips)
    if remarks:
        _show_remarks(remarks, remarked)
    check_panel.show(summary)
    with st.expander("History", icon=":material/history:"):
        past_builds.show(builds)


def _show_damage(summary: CollectionSummary) -> None:
    """Offer what can be done with a collection that cannot be read: to check and to delete it."""
    check_panel.show(summary)
    with st.popover("Delete", icon=":material/delete:"):
        _show_deletion(summary)


def _show_left_out(library: Library, summary: CollectionSummary, first: list[SkippedFile]) -> None:
    st.markdown(
        f"**{summary.skipped:,} {'file was' if summary.skipped == 1 else 'files were'} left out**"
    )
    if len(first) < summary.skipped:
        st.caption(f"The first {len(first):,} are listed, all of them in the CSV.")
    data_table.show(_as_table(first), hide_index=True)
    if any(skip.reason.may_be_the_machine for skip in first):
        st.caption("Was the machine very busy? **Verify** reads such files once more.")

    def everything() -> bytes:
        with library.open_catalog(summary.name) as catalog:
            return as_csv(catalog.skipped)

    name = f"{summary.name}-left_out.csv"
    st.download_button("Download as CSV", everything, name, "text/csv", on_click="ignore")


def as_csv(skips: Iterable[SkippedFile]) -> bytes:
    """Write one line a file that was left out."""
    return tables.as_csv(["path", "reason"], ([skip.path, skip.explanation] for skip in skips))


def _show_remarks(first: list[PictureRecord], count: int) -> None:
    """Name the pictures that are in, though something is odd about their files."""
    label = f"{count:,} {'picture was' if count == 1 else 'pictures were'} read with a remark"
    with st.expander(label, icon=":material/info:"):
        if len(first) < count:
            st.caption(f"The first {len(first):,} are listed.")
        table = pd.DataFrame(
            {"Path": feedback.readable(record.path), "Remark": record.remark} for record in first
        )
        data_table.show(table, hide_index=True)


def _as_table(skips: Iterable[SkippedFile]) -> pd.DataFrame:
    return pd.DataFrame(
        {"Path": feedback.readable(skip.path), "Reason": skip.explanation} for skip in skips
    )


def _show_actions(summary: CollectionSummary, settings: CollectionSettings) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if is_ready(summary) and st.button("Search", key="search it", icon=":material/search:"):
            st.switch_page("pages/2_Search.py")
        shown, tip = outcomes.update_label(summary), "Looks for changes in the folder"
        if shown and st.button(shown[0], key="update it", icon=shown[1], help=tip):
            build_start.start(summary.name, settings)
        with st.popover("Change the kind", icon=":material/tune:"):
            kind: Any = st.selectbox(
                "Kind of index", list(IndexKind), format_func=choices.KINDS.__getitem__,
                index=list(IndexKind).index(settings.kind), key=f"new kind of {summary.name}",
            )  # fmt: skip
            st.caption("Nothing is embedded again for it.")
            if st.button("Change", disabled=kind == settings.kind):
                build_start.start(summary.name, replace(settings, kind=kind))
        if summary.manifest and st.button(
            "Rebuild the index", icon=":material/build_circle:",
            help="Makes the index anew from the catalog; nothing is embedded again",
        ):  # fmt: skip
            with feedback.refusals_shown():
                with st.spinner("Making the index anew…"):
                    rebuild_index(summary.name, resources.settings())
                st.rerun()
        collection_care.show_actions(summary, settings)
        with st.popover("Delete", icon=":material/delete:"):
            _show_deletion(summary)


def _show_deletion(summary: CollectionSummary) -> None:
    """Delete a collection whose name was typed; clicks alone, of whoever's making, do nothing."""
    pictures = counted(summary.pictures, "picture", "pictures")
    st.markdown(
        f"Deletes “{feedback.plain(summary.name)}”, that is the index and the thumbnails of"
        f" {pictures}. **The pictures themselves are not touched.**"
    )
    st.caption(f"You can undo it for {MINUTES_KEPT} minutes.")
    typed = st.text_input(
        "Type the collection’s name to delete it", key=f"delete {summary.name}", live="150ms",
        autocomplete="off",
    )  # fmt: skip
    is_meant = typed.strip() == summary.name
    if not is_meant and typed.strip().casefold() == summary.name.casefold():
        st.caption(f"Upper and lower case matter: it is “{feedback.plain(summary.name)}”.")
    if st.button("Delete the collection", disabled=not is_meant) and is_meant:
        with feedback.refusals_shown():
            resources.deleted_collections().delete(summary.name)
            resources.jobs().forget(summary.name)
            session.leave_collection()
            st.rerun()
