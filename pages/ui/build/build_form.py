"""What to build: a folder, a name, a model, a kind of index, what to leave out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from pages.ui.build import build_choices as choices
from pages.ui.build import folder_choice, model_choice, rules_form
from pages.ui.frame import asked_build, feedback, resources
from search_engine import IndexKind, Library, ScanRules, plan_build
from search_engine.building import Folders, real_folders
from search_engine.collection import folders_of, is_joined, left_out
from search_engine.errors import CollectionError, SearchEngineError
from search_engine.index import CONCRETE_KINDS
from search_engine.records import CollectionSettings


@dataclass(frozen=True)
class Request:
    """A build that is asked for."""

    name: str
    wanted: CollectionSettings
    model_named: bool
    """Whether a person chose the model here; else it is what the collection has."""


def show_request() -> Request | None:
    """Ask for folder, name, model, kind and rules; None as long as they make no build.

    A folder that is a collection already begins with what that collection has.
    """
    if asked_build.take_form_done():
        asked_build.fill_form("")
    folders = folder_choice.ask()
    folder = _joined(folders)
    if folder is None:
        return None
    with st.expander("Advanced options", expanded=asked_build.form_opened()):
        typed = st.text_input(
            "Name of the collection",
            placeholder="made from the folder's name",
            key=asked_build.NAME.name,
        ).strip()
        known, kept = _known(folder, typed)
        failed = asked_build.form_failed()
        if failed and failed.root != folder:
            failed = None
        before = failed or kept
        if before is None:
            usual = model_choice.usual()
            before = CollectionSettings(folder, ScanRules(), usual, IndexKind.AUTO)
        of = _key_of(known or str(folder), before)
        model = model_choice.ask(before.model_id, of, has_failed=failed is not None)
        kind = _ask_kind(before.kind, of)
        rules = rules_form.ask(before.rules, of=of)
    if not model:
        return None
    is_kept = kept is not None and model == kept.model_id
    taken_out = _ask_what_goes(known, kept, folder)
    try:
        name, wanted = plan_build(
            Folders(folders, taken_out), resources.settings(), name=typed or known or None,
            model_id=None if is_kept else model, kind=kind, rules=rules,
        )  # fmt: skip
    except SearchEngineError as error:
        feedback.show_error(error)
        return None
    return Request(name, wanted, model_named=not is_kept)


def _joined(folders: tuple[Path, ...]) -> Path | None:
    """Return the one folder, or that which joins several; None where there is none."""
    if len(folders) in {0, 1}:
        return next(iter(folders), None)
    try:
        return real_folders(folders, resources.settings())
    except SearchEngineError as error:
        feedback.show_error(error)
        return None


def _ask_what_goes(name: str, kept: CollectionSettings | None, folder: Path) -> tuple[Path, ...]:
    """Ask whether folders that a collection of several has are to leave it."""
    if kept is None or not is_joined(kept.root):
        return ()
    gone = tuple(left_out(kept.root, folder.resolve()).values())
    if not 0 < len(gone) < len(folders_of(kept.root)):
        return ()
    places = feedback.plain(", ".join(map(str, gone)))
    label = f"Take {places} out of “{feedback.plain(name)}”, with all that is known of its pictures"
    return gone if st.checkbox(label, key=f"take out of {name} {places}") else ()


def _key_of(name: str, before: CollectionSettings) -> str:
    """Tell widgets apart by what they begin with: another build may change it meanwhile."""
    digest = hashlib.sha256(repr(before).encode()).hexdigest()[:8]
    return f"{name.encode('ascii', 'backslashreplace').decode()} {digest}"


def _known(folder: Path, typed: str) -> tuple[str, CollectionSettings | None]:
    """Return the collection that is meant, by its name or else by its folder, and what it has."""
    library = Library(resources.settings())
    try:
        name = typed if typed in library.names() else library.of_folder(folder.resolve())
        if name and (not typed or typed == name):
            with library.open_catalog(name) as catalog:
                return name, catalog.settings
    except (CollectionError, OSError, RuntimeError):
        return "", None  # what is wrong is said where the build is planned
    return "", None


def _ask_kind(before: IndexKind, of: str) -> IndexKind:
    """Ask for the kind of index, beginning with the one that the collection has."""
    kinds = [IndexKind.AUTO, *CONCRETE_KINDS]
    return st.selectbox(
        "Kind of index", kinds, index=kinds.index(before), key=f"kind of {of}",
        format_func=choices.KINDS.__getitem__, help=choices.AUTOMATIC,
    )  # fmt: skip
