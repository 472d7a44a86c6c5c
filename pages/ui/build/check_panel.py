"""Is the collection what it says? A check of all of it, and the way to mend what was found."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.ui.frame import feedback, resources, session
from pages.ui.widgets import data_table
from search_engine.checking import CheckReport, check_collection
from search_engine.records import CollectionSummary, counted

_SAMPLES = (0, 32, 128, 512)


def show(summary: CollectionSummary) -> None:
    """Offer a check of a collection, and show what the last one in this tab found."""
    opened = summary.damaged or session.check_opened()
    with st.expander("Check this collection", expanded=opened, icon=":material/fact_check:"):
        st.caption(
            "Looks through catalog, index, thumbnails and files, and embeds some pictures again to"
            " see whether their vectors are theirs. Nothing is changed."
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            sample = st.selectbox(
                "Pictures embedded again", _SAMPLES, index=1, key="check sample", width=220
            )
            if st.button("Check", icon=":material/play_arrow:", key="check"):
                _report(summary).put(_checked(summary.name, sample))
        report = _report(summary).get()
        if report:
            _show_report(report)


def _report(summary: CollectionSummary) -> session.Key[CheckReport | None]:
    index = summary.manifest.checksum if summary.manifest else ""
    return session.Key(f"check of {summary.name} {summary.folder} {index}", None)


def _checked(name: str, sample: int) -> CheckReport | None:
    with feedback.refusals_shown(), st.status("Checking…") as status:
        report = check_collection(
            name,
            resources.settings(),
            sample=sample,
            load=resources.load,
            progress=lambda step: status.update(label=f"{step.stage}…"),
        )
        status.update(label="Checked", state="complete")
        return report
    return None


def _show_report(report: CheckReport) -> None:
    counts = (
        f"{counted(report.pictures, 'picture', 'pictures')},"
        f" {counted(report.vectors, 'vector', 'vectors')}, {report.in_index:,} in the"
        f" index, {counted(report.thumbnails, 'thumbnail', 'thumbnails')},"
        f" {counted(report.files, 'file', 'files')};"
        f" {report.sampled:,} embedded again"
    )
    if report.is_sound:
        st.success(f"Nothing is wrong: {counts}.", icon=":material/check_circle:")
    else:
        st.warning(f"Something is wrong. Looked at {counts}.", icon=":material/warning:")
        data_table.show(_as_table(report), hide_index=True)
    for note in report.not_checked:
        st.caption(feedback.plain(note))
    if any(fault.kind.is_mendable for fault in report.faults):
        _offer_repair(report)


def _as_table(report: CheckReport) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Fault": str(fault.kind).capitalize(),
            "Count": fault.count,
            "Meaning": fault.kind.meaning,
            "Examples": feedback.readable(", ".join(fault.examples) or fault.detail),
        }
        for fault in report.faults
    )


def _offer_repair(report: CheckReport) -> None:
    st.caption(
        "Repair makes index, thumbnails and calibration anew, embeds pictures with wrong vectors"
        " again, and looks through the folder as Update does."
    )
    if st.button("Repair", icon=":material/healing:", key="repair"):
        with feedback.refusals_shown():
            resources.jobs().repair(report)
            st.rerun()
