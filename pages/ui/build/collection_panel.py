"""The care of a collection: how it is, what was left out, and what can be done with it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import streamlit as st

from pages.ui.build import check_panel, collection_care, past_builds, rules_form
from pages.ui.frame import feedback
from pages.ui.shell import Frame
from pages.ui.widgets import data_table
from search_engine import Library
from search_engine.collection import true_path
from search_engine.errors import CollectionError
from search_engine.files import tables
from search_engine.records import (
    CollectionSummary,
    PictureRecord,
    SkippedFile,
)

_MOST_LEFT_OUT = 1_000
_BUILDS = 20


def show(frame: Frame, summary: CollectionSummary) -> None:
    """Show what is out of reach or was left out, a check, and the history."""
    if summary.damaged:
        check_panel.show(summary)
        return
    try:
        with frame.library.open_catalog(summary.name) as catalog:
            settings, skips = catalog.settings, catalog.skipped.some(_MOST_LEFT_OUT)
            remarks = catalog.pictures.remarks(_MOST_LEFT_OUT)
            remarked, builds = catalog.pictures.remarked(), catalog.builds.latest(_BUILDS)
    except CollectionError as error:
        feedback.show_error(error)
        check_panel.show(summary)
        return
    if settings:
        rules_form.show(settings.rules)
        collection_care.show_findings(summary, settings)
    if skips:
        _show_left_out(frame.library, summary, skips)
    if remarks:
        _show_remarks(remarks, remarked)
    check_panel.show(summary)
    with st.expander("History", icon=":material/history:"):
        past_builds.show(builds)


def _show_left_out(library: Library, summary: CollectionSummary, first: list[SkippedFile]) -> None:
    st.markdown(
        f"**{summary.skipped:,} {'file was' if summary.skipped == 1 else 'files were'} skipped**"
    )
    if len(first) < summary.skipped:
        st.caption(f"The first {len(first):,} are listed, all of them in the CSV.")
    data_table.show(_as_table(first), hide_index=True)
    if any(skip.reason.may_be_the_machine for skip in first):
        st.caption("Was the machine very busy? **Verify** reads such files once more.")

    def everything() -> bytes:
        with library.open_catalog(summary.name) as catalog:
            settings = catalog.settings
            return as_csv(catalog.skipped, settings.root if settings else None)

    name = f"{summary.name}-skipped.csv"
    st.download_button("Download as CSV", everything, name, "text/csv", on_click="ignore")


def as_csv(skips: Iterable[SkippedFile], root: Path | None = None) -> bytes:
    """Write one line a file that was left out, with where it lies below ``root`` in full."""
    return tables.as_csv(
        ["path", "reason", "file"],
        ([skip.path, skip.explanation, root and str(true_path(root, skip.path))] for skip in skips),
    )


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
