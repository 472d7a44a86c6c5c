"""Build index: a collection's vectors, written for another program."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from pages.ui.build.vector_forms import ABOUT, LABELS
from pages.ui.frame import feedback, resources, visitor
from search_engine import SearchEngine
from search_engine.exchange import VectorExport, VectorFormat, export_vectors
from search_engine.records import IndexManifest, Step, counted

_NAMED = 5


def is_possible() -> bool:
    """Return whether the person at the browser can open folders of this machine."""
    return visitor.is_of_this_machine()


def show(name: str, manifest: IndexManifest) -> None:
    """Ask for a format and a folder, and write there; nothing is written over."""
    form: Any = st.selectbox(
        "Format", list(LABELS), format_func=LABELS.__getitem__, key=f"vector form of {name}"
    )  # fmt: skip
    st.caption(ABOUT[form])
    folder = st.text_input(
        "New folder", placeholder="~/vectors", key=f"vector folder of {name}", autocomplete="off",
        help="In a folder that is there; all pictures with their vectors are written into it.",
    ).strip()  # fmt: skip
    if st.button("Export", key=f"vector export of {name}", disabled=not folder):
        with feedback.refusals_shown():
            _tell(_export(resources.engine(name, manifest), form, Path(folder)))


def _export(engine: SearchEngine, form: VectorFormat, folder: Path) -> VectorExport:
    bar = st.progress(0.0)

    def told(step: Step) -> None:
        bar.progress(step.share, f"{step.stage}…")

    try:
        return export_vectors(engine, form, folder, told)
    finally:
        bar.empty()


def _tell(done: VectorExport) -> None:
    place = feedback.plain(feedback.readable(str(done.folder)))
    size = feedback.file_size(done.bytes)
    count = counted(done.pictures, "picture", "pictures")
    st.success(f"{count}, {size}, in {place}.", icon=":material/check_circle:")
    if not done.form.keeps_all:
        model = feedback.plain(done.model_id)
        st.caption(f"The format has no place for the model: note that it is {model}.")
    if done.left_out:
        names = [feedback.plain(feedback.readable(one)) for one in done.left_out[:_NAMED]]
        more = len(done.left_out) - _NAMED
        names += [f"and {more:,} more"] if more > 0 else []
        skipped = counted(len(done.left_out), "picture is", "pictures are")
        st.caption(f"{skipped} skipped, missing or changed: {', '.join(names)}")
