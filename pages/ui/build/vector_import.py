"""Build index: vectors that another program made, as a collection."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from pages.ui.build import model_choice
from pages.ui.build.vector_forms import ABOUT, LABELS
from pages.ui.frame import feedback, resources, session, visitor
from search_engine.exchange import ImportReport, VectorFormat, VectorImport, import_vectors
from search_engine.records import BuildProgress, counted

_FOLDER = session.Key("import folder", "")
_FORM: session.Key[VectorFormat] = session.Key("import form", VectorFormat.PARQUET)
_ROOT = session.Key("import root", "")
_NAME = session.Key("import name", "")
_DONE: session.Key[ImportReport | None] = session.Key("import done", None)


def show() -> None:
    """Offer to import vectors, to whoever can open folders of this machine."""
    if not visitor.is_of_this_machine():
        return
    report = _DONE.get()
    if report:
        _tell(report)
    panel = st.expander(
        "Import vectors of another program…", icon=":material/input:", key="import open",
        on_change="rerun",
    )  # fmt: skip
    if panel.open:
        with panel:
            _ask()


def _ask() -> None:
    st.caption("Nothing is embedded, and the pictures need not be there.")
    form: Any = st.selectbox(
        "Format", list(LABELS), format_func=LABELS.__getitem__, key=_FORM.name
    )  # fmt: skip
    st.caption(ABOUT[form])
    st.text_input("Folder with the vectors", key=_FOLDER.name, placeholder="~/embeddings")
    st.text_input(
        "Folder with the pictures", key=_ROOT.name, placeholder="the same folder",
        help="Paths are taken below it, and nothing outside of it is read.",
    )  # fmt: skip
    st.text_input("Name of the new collection", key=_NAME.name, max_chars=64)
    model = model_choice.ask(model_choice.usual(), "import", has_failed=False)
    st.caption("The model that made the vectors: up to 16 pictures are embedded to compare.")
    folder, name = _FOLDER.get().strip(), _NAME.get().strip()
    ready = bool(folder and name and model)
    if st.button("Import", icon=":material/input:", disabled=not ready, key="import now"):
        root = _ROOT.get().strip()
        order = VectorImport(Path(folder), form, name, model, Path(root) if root else None)
        with feedback.refusals_shown():
            _DONE.put(_import(order))
            session.choose_collection(name)
            st.query_params.pop("collection", None)
            st.rerun()


def _import(order: VectorImport) -> ImportReport:
    bar = st.progress(0.0)

    def told(step: BuildProgress) -> None:
        share = step.done / step.total if step.total else 0.0
        count = f" {step.done:,} of {step.total:,}" if step.total else "…"
        bar.progress(share, f"{step.stage.label}{count}")

    try:
        return import_vectors(order, resources.settings(), on_progress=told)
    finally:
        bar.empty()


def _tell(report: ImportReport) -> None:
    """Say what was imported, until that is dismissed."""
    name = feedback.plain(report.collection)
    count = counted(report.pictures, "picture is", "pictures are")
    lines = [f"**{count} in “{name}” now.**"]
    if report.cosine is not None:
        again = counted(report.compared, "picture", "pictures")
        lines.append(f"{again} embedded again: median cosine {report.cosine:.3f}.")
    if report.missing:
        missing = counted(report.missing, "picture has", "pictures have")
        lines.append(f"{missing} no file here: found, but not shown.")
    if report.unreadable:
        lost = counted(report.unreadable, "file", "files")
        lines.append(f"{lost} cannot be read; the card below says why.")
    if report.scaled:
        lines.append(f"{counted(report.scaled, 'vector', 'vectors')} scaled to length one.")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.success(" ".join(lines), icon=":material/check_circle:")
        if st.button("Dismiss", key="import dismissed"):
            _DONE.take()
            st.rerun()
