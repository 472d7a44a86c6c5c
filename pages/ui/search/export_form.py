"""Results exported into a folder of this machine: what that would be, and how far it is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from pages.ui.frame import feedback, session, visitor
from search_engine import SearchEngine
from search_engine.collection import where_it_lies
from search_engine.exchange import (
    ExportPlan,
    ExportReport,
    LeftOutFile,
    Manner,
    SidecarReport,
    export_files,
    plan_export,
    write_sidecars,
)
from search_engine.records import PictureRecord, SearchResult, Step, counted

_MANNERS = {
    Manner.COPY: ("Copies", "copy", "copies"),
    Manner.HARD_LINK: ("Hard links", "hard link", "hard links"),
    Manner.SYMBOLIC_LINK: ("Symbolic links", "symbolic link", "symbolic links"),
}
_HELP = (
    "Copies can be passed on. A hard link is another name of the same file, on the same drive. A"
    " symbolic link leads to the file for as long as that stays where it is."
)
_ABOUT_TAGS = (
    "For each picture with tags a file that photo programs read, in the folders that the pictures"
    " are in. What such a file holds already is kept."
)
_NAMED = 5
_FOLDER = session.Key("export folder", "")
_MANNER: session.Key[Manner] = session.Key("export manner", Manner.COPY)


def is_possible() -> bool:
    """Return whether the person at the browser can open folders of this machine."""
    return visitor.is_of_this_machine()


@st.dialog("Export to a folder", width="medium", icon=":material/drive_folder_upload:")
def open_dialog(engine: SearchEngine, pictures: Sequence[SearchResult | PictureRecord]) -> None:
    """Export results, or pictures that no query has found, in the middle of the screen."""
    show(engine, pictures)


def show(engine: SearchEngine, pictures: Sequence[SearchResult | PictureRecord]) -> None:
    """Ask for a folder, say what would be done, and do it. Nothing is written over or moved."""
    _FOLDER.put(_FOLDER.get())  # another dialog showed them last
    _MANNER.put(_MANNER.get())
    st.text_input(
        "Folder", key=_FOLDER.name, placeholder="~/Best of 2024",
        help="One that is there, or a new one in a folder that is there.",
    )  # fmt: skip
    st.segmented_control(
        "As", list(Manner), key=_MANNER.name, format_func=lambda one: _MANNERS[one][0],
        required=True, help=_HELP,
    )  # fmt: skip
    folder = _FOLDER.get().strip()
    if not folder:
        st.caption(f"{counted(len(pictures), 'picture', 'pictures')}, and a table that names them.")
        return
    with feedback.refusals_shown():
        results = [one for one in pictures if isinstance(one, SearchResult)]
        records = [one.record if isinstance(one, SearchResult) else one for one in pictures]
        matches = {one.record.picture_id: one.match for one in results}
        plan = plan_export(engine, records, Path(folder), _MANNER.get(), matches)
        _show_plan(plan)
        possible = bool(plan.files) and plan.fits
        with st.container(horizontal=True):
            exports = st.button(
                "Export", icon=":material/drive_folder_upload:", disabled=not possible
            )
            tags = st.button(
                "Write tags (XMP)", icon=":material/sell:", help=_ABOUT_TAGS, key="export tags"
            )
        if exports and possible:
            _show_done(_export(plan))
        if tags:
            _show_tags(write_sidecars(engine, records, plan.folder))


def _show_plan(plan: ExportPlan) -> None:
    _, one, many = _MANNERS[plan.manner]
    size = f", {feedback.file_size(plan.bytes)}," if plan.manner is Manner.COPY else ""
    new = "" if plan.folder.is_dir() else " (a new folder)"
    place = feedback.plain(feedback.readable(str(plan.folder)))
    st.markdown(f"**{counted(len(plan.files), one, many)}**{size} in {place}{new}")
    _name(plan.left_out)
    if not plan.fits:
        free = feedback.file_size(plan.free_bytes or 0)
        st.warning(f"The disk has {free} left. Choose links, or fewer pictures.")


def _export(plan: ExportPlan) -> ExportReport:
    bar = st.progress(0.0)

    def told(step: Step) -> None:
        bar.progress(step.share, f"{step.stage} {step.done + 1:,.0f} of {step.total:,.0f}")

    try:
        return export_files(plan, told)
    finally:
        bar.empty()


def _show_done(report: ExportReport) -> None:
    _, one, many = _MANNERS[report.manner]
    table = f" {report.table.name} says which is which." if report.table else ""
    place = feedback.plain(feedback.readable(where_it_lies(report.folder)))
    st.success(
        f"{counted(len(report.names), one, many)} in {place}.{feedback.plain(table)}",
        icon=":material/check_circle:",
    )
    _name(report.left_out)


def _show_tags(report: SidecarReport) -> None:
    place = feedback.plain(feedback.readable(where_it_lies(report.folder)))
    written = counted(report.written, "file", "files")
    none = counted(report.untagged, "picture has", "pictures have")
    st.success(
        f"Tags of {written} written in {place}. {report.unchanged:,} had them all; {none} no tag.",
        icon=":material/check_circle:",
    )
    for path, why in report.left_out[:_NAMED]:
        st.caption(f"Skipped: {feedback.plain(feedback.readable(path))}: {feedback.plain(why)}")


def _name(left_out: Sequence[LeftOutFile]) -> None:
    """Name pictures that are skipped, and why."""
    if not left_out:
        return
    lines = [
        f"{feedback.plain(feedback.readable(one.record.path))}: {one.reason}"
        for one in left_out[:_NAMED]
    ]
    more = len(left_out) - _NAMED
    lines += [f"and {more:,} more, which the table names"] if more > 0 else []
    skipped = counted(len(left_out), "picture is", "pictures are")
    st.caption("  \n".join([f"{skipped} skipped:", *lines]))
