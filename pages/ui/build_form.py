"""What to build, a look at it before it starts, and the care of what has been built."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from pages.ui import check_panel, feedback, job_panel, resources, session
from pages.ui.shell import Frame
from search_engine import IndexKind, Library, ScanRules, plan_build
from search_engine.embedding import require_trusted, trust
from search_engine.errors import BadInput, CollectionError, SearchEngineError
from search_engine.indexing import rebuild_index
from search_engine.indexing.changes import Preview
from search_engine.records import CollectionSettings, CollectionSummary, SkippedFile
from search_engine.settings import DEFAULT_MODEL, MINI_MODEL, at_home, is_folder
from search_engine.stores.base import CONCRETE_KINDS
from search_engine.stores.policy import kind_for

_MODELS = {
    DEFAULT_MODEL: "clip-ViT-B-32 – the usual one, 605 MB to download once",
    "clip-ViT-B-16": "clip-ViT-B-16 – better, about three times slower",
    "clip-ViT-L-14": "clip-ViT-L-14 – best, many times slower, 1.7 GB",
    "clip-ViT-B-32-multilingual-v1": "clip-ViT-B-32 with words in 50 languages",
    MINI_MODEL: "mini – comes with the program, knows only the sample gallery's drawings",
    "": "another one…",
}
_KINDS = {
    None: "automatic, or as it was last time",
    IndexKind.AUTO: "automatic",
    IndexKind.EXACT: "exact – compares with everything",
    IndexKind.HNSW: "HNSW – is a graph: fast, may miss some answers",
    IndexKind.IVF: "IVF – has clusters: small, may miss some answers",
}
_GUESSED_RATES = {MINI_MODEL: 60.0, DEFAULT_MODEL: 40.0, "clip-ViT-B-16": 12.0}
_TYPES = 8
_MOST_LEFT_OUT = 1_000
_SLOWEST_GUESS = 1.0
"""Pictures a second on two cores, until a build has shown how fast this machine is."""

_AUTOMATIC = (
    "Automatic compares with everything up to 200,000 pictures, which finds the best answers for"
    " certain; beyond that it takes clusters, tuned until they find 98 of 100 true answers to words"
    " in your collection. The sidebar tells the share."
)


def show_request() -> tuple[str, CollectionSettings, bool] | None:
    """Ask for folder, name, model and kind; None as long as they make no build.

    The last value tells whether a model was named; else it is what the collection says.
    """
    folder = st.text_input(
        "Folder of pictures on this machine",
        placeholder=str(Path.home() / "Pictures"),
        help="Nothing is written into it.",
        key="folder",
    )
    _show_suggestions(folder)
    if not folder.strip():
        return None
    with st.expander("Name, model, kind, what to leave out"):
        name = st.text_input("Name of the collection", placeholder="made from the folder's name")
        model = st.selectbox("Model", _MODELS, format_func=_MODELS.__getitem__)
        if not model:
            model = st.text_input("Id on the hub, or a folder with a model")
        kind = st.selectbox(
            "Kind of index",
            [None, *CONCRETE_KINDS],
            format_func=_KINDS.__getitem__,
            help=_AUTOMATIC,
        )
        exclude = st.text_input("Leave out, separated by commas", placeholder="private/*, *.gif")
        hidden = st.toggle("Hidden and system folders as well")
    patterns = tuple(part.strip() for part in exclude.split(",") if part.strip())
    try:
        name, wanted = plan_build(
            Path(folder.strip()),
            resources.settings(),
            name=name.strip() or None,
            model_id=model or None,
            kind=kind,
            rules=ScanRules(exclude=patterns, hidden=hidden) if patterns or hidden else None,
        )
    except SearchEngineError as error:
        feedback.show_error(error)
        return None
    return name, wanted, bool(model)


def _show_suggestions(folder: str) -> None:
    """Offer folders: the usual ones at first, then those that begin as typed."""
    if not folder.strip():
        found = [Path.home() / name for name in ("Pictures", "Photos", "Images", "Desktop")]
    else:
        found = _folders_like(folder.strip())
    found = [path for path in found if is_folder(path)][:6]
    if not found:
        return
    with st.container(horizontal=True):
        for path in found:
            st.button(
                feedback.plain(str(path)), key=f"folder {path}", type="tertiary",
                on_click=_choose_folder, args=(str(path),),
            )  # fmt: skip


def _folders_like(text: str) -> list[Path]:
    try:
        typed = at_home(Path(text))
        parent, start = (typed, "") if is_folder(typed) else (typed.parent, typed.name.casefold())
        return sorted(
            path
            for path in parent.iterdir()
            if is_folder(path) and path.name.casefold().startswith(start) and path.name[0] != "."
        )
    except (OSError, BadInput):
        return []


def _choose_folder(path: str) -> None:
    session.put("folder", path)


def show_preview(library: Library, name: str, wanted: CollectionSettings) -> bool:
    """Show what a build would do; True when it shall start."""
    busy = resources.jobs().status(name).state.active
    with feedback.errors_shown():
        found = resources.preview_of(name, wanted)
    st.markdown(f"**{feedback.plain(name)}**: {feedback.plain(str(wanted.root))}")
    work = found.changes.new + found.changes.changed
    columns = st.columns(4)
    for column, label, count in zip(
        columns,
        ("New", "Changed", "Gone", "Unchanged"),
        (found.changes.new, found.changes.changed, found.changes.gone, found.unchanged),
        strict=True,
    ):
        column.metric(label, f"{count:,}")
    _show_types(found)
    if work:
        _show_expectation(library, wanted, work, found.files)
    if not found.files:
        st.info("There is no picture in this folder.")
        return False
    label = "Being built…" if busy else f"Index {work:,} pictures" if work else "Bring up to date"
    return st.button(label, disabled=busy, icon=":material/play_arrow:")


def _show_expectation(
    library: Library, wanted: CollectionSettings, work: int, pictures: int
) -> None:
    """Say how long it will take, from what is known, and which index it will be."""
    rate = library.rate(wanted.model_id)
    seconds = work / (rate or _GUESSED_RATES.get(wanted.model_id, _SLOWEST_GUESS))
    basis = "as fast as the last build with this model" if rate else "a rough guess; it shows soon"
    kind = kind_for(pictures) if wanted.kind is IndexKind.AUTO else wanted.kind
    st.caption(
        f"About {feedback.duration(seconds)} for {work:,} pictures ({basis})."
        f" Index: {_KINDS[kind].replace(' – ', ', which ', 1)}."
    )


def _show_types(found: Preview) -> None:
    types = ", ".join(f"{count:,} {suffix}" for suffix, count in found.types[:_TYPES])
    st.caption(f"{types} · {feedback.file_size(found.size_bytes)}" if types else "")
    if found.unreadable_folders:
        st.warning(f"{found.unreadable_folders:,} folders in it cannot be read.")


def show_collection(frame: Frame) -> None:
    """Show how the chosen collection is, and what can be done with it."""
    assert frame.summary is not None  # noqa: S101 - the page asked
    summary = frame.summary
    st.subheader(f"Collection “{feedback.plain(summary.name)}”")
    job_panel.show_outcome(summary.name)
    if summary.damaged:
        _show_damage(frame, summary, summary.problem)
        return
    try:
        with frame.library.open_catalog(summary.name) as catalog:
            settings, skips = catalog.settings, catalog.skipped.some(_MOST_LEFT_OUT)
            builds = catalog.builds.latest(10)
    except CollectionError as error:
        _show_damage(frame, summary, str(error))
        return
    if settings:
        _show_actions(frame, summary, settings)
    if skips:
        _show_left_out(frame.library, summary, skips)
    check_panel.show(summary)
    with st.expander("History"):
        st.dataframe(pd.DataFrame(builds), hide_index=True)


def _show_damage(frame: Frame, summary: CollectionSummary, problem: str) -> None:
    """Say what is wrong with a collection that cannot be read; it can be checked and deleted."""
    st.error(feedback.plain(problem), icon=":material/error:")
    check_panel.show(summary)
    with st.popover("Delete", icon=":material/delete:"):
        _show_deletion(frame.library, summary)


def _show_left_out(library: Library, summary: CollectionSummary, first: list[SkippedFile]) -> None:
    st.markdown(
        f"**{summary.skipped:,} {'file was' if summary.skipped == 1 else 'files were'} left out**"
    )
    if len(first) < summary.skipped:
        st.caption(f"The first {len(first):,} are listed, all of them in the CSV.")
    st.dataframe(_as_table(first), hide_index=True)

    def everything() -> bytes:
        with library.open_catalog(summary.name) as catalog:
            return _as_table(catalog.skipped).to_csv(index=False).encode()

    st.download_button("Download as CSV", everything, "left_out.csv", "text/csv", on_click="ignore")


def _as_table(skips: Iterable[SkippedFile]) -> pd.DataFrame:
    return pd.DataFrame(
        {"Path": feedback.readable(skip.path), "Reason": skip.explanation} for skip in skips
    )


def _show_actions(frame: Frame, summary: CollectionSummary, settings: CollectionSettings) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if summary.manifest:
            st.page_link("pages/2_Search.py", label="Search", icon=":material/search:")
        if st.button("Update", icon=":material/sync:", help="Looks for changes in the folder"):
            start(summary.name, settings)
        with st.popover("Change the kind", icon=":material/tune:"):
            kind: Any = st.selectbox(
                "Kind of index", list(IndexKind), format_func=_KINDS.__getitem__, key="new kind",
                index=list(IndexKind).index(settings.kind),
            )  # fmt: skip
            st.caption("Nothing is embedded again for it.")
            if st.button("Change", disabled=kind == settings.kind):
                start(summary.name, replace(settings, kind=kind))
        if summary.manifest and st.button(
            "Rebuild the index", icon=":material/build_circle:",
            help="Makes the index anew from the catalog; nothing is embedded again",
        ):  # fmt: skip
            with feedback.errors_shown(), st.spinner("Making the index anew…"):
                rebuild_index(summary.name, resources.settings())
            st.rerun()
        with st.popover("Delete", icon=":material/delete:"):
            _show_deletion(frame.library, summary)


def _show_deletion(library: Library, summary: CollectionSummary) -> None:
    """Delete a collection whose name was typed; clicks alone, of whoever's making, do nothing."""
    st.markdown(
        f"Deletes “{feedback.plain(summary.name)}”, that is the index and the thumbnails of"
        f" {summary.pictures:,} pictures. **The pictures themselves are not touched.**"
    )
    typed = st.text_input(
        "Type the collection’s name to delete it", key=f"delete {summary.name}", live="150ms",
        autocomplete="off",
    )  # fmt: skip
    is_meant = typed.strip() == summary.name
    if st.button("Delete the collection", disabled=not is_meant) and is_meant:
        with feedback.errors_shown():
            library.remove(summary.name)
            resources.jobs().forget(summary.name)
        st.rerun()


def start(name: str, settings: CollectionSettings, *, named: bool = False) -> None:
    """Start a build; ``named`` says that a person named its model just now."""
    with feedback.errors_shown():
        if named:
            trust(settings.model_id, resources.settings())
        require_trusted(settings.model_id, resources.settings())
        resources.jobs().start(name, settings)
    st.rerun()
