"""What to build: a folder, a name, a model, a kind of index, what to leave out."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.ui import build_choices as choices
from pages.ui import feedback, resources, session
from search_engine import ScanRules, plan_build
from search_engine.errors import BadInput, SearchEngineError
from search_engine.records import CollectionSettings
from search_engine.settings import at_home, is_folder
from search_engine.stores.base import CONCRETE_KINDS


def show_request() -> tuple[str, CollectionSettings, bool] | None:
    """Ask for folder, name, model and kind; None as long as they make no build.

    The last value tells whether a model was named; else it is what the collection says.
    """
    folder = _ask_folder()
    if not folder:
        return None
    with st.expander("Name, model, kind, what to leave out"):
        name = st.text_input("Name of the collection", placeholder="made from the folder's name")
        model = st.selectbox("Model", choices.MODELS, format_func=choices.MODELS.__getitem__)
        if not model:
            model = st.text_input("Id on the hub, or a folder with a model")
        kind = st.selectbox(
            "Kind of index",
            [None, *CONCRETE_KINDS],
            format_func=choices.KINDS.__getitem__,
            help=choices.AUTOMATIC,
        )
        rules = _ask_rules()
    try:
        name, wanted = plan_build(
            Path(folder),
            resources.settings(),
            name=name.strip() or None,
            model_id=model or None,
            kind=kind,
            rules=rules,
        )
    except SearchEngineError as error:
        feedback.show_error(error)
        return None
    return name, wanted, bool(model)


def _ask_folder() -> str:
    """Ask for the folder; empty as long as none is given."""
    folder = st.text_input(
        "Folder of pictures on this machine",
        placeholder=str(Path.home() / "Pictures"),
        help="Nothing is written into it.",
        key="folder",
    )
    _show_suggestions(folder)
    return folder.strip()


def _ask_rules() -> ScanRules | None:
    """Ask which files are left out; None where nothing is said."""
    exclude = st.text_input("Leave out, separated by commas", placeholder="private/*, *.gif")
    hidden = st.toggle("Hidden and system folders as well")
    patterns = tuple(part.strip() for part in exclude.split(",") if part.strip())
    return ScanRules(exclude=patterns, hidden=hidden) if patterns or hidden else None


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
