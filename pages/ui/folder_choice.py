"""Build index: which folder; typed, taken from suggestions, or clicked through to."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from pages.ui import feedback, folder_browser, resources, session
from search_engine.folders import (
    NoFolder,
    Place,
    Wrong,
    begin_alike,
    spelled,
    starting_places,
    typed_folder,
)

_MOST = 6
_FILES = {Wrong.FILE, Wrong.INSIDE_FILE}


@dataclass(frozen=True)
class _Look:
    """What is found at what was typed."""

    folder: Path | NoFolder
    alike: list[Path]
    """Folders that it may become when it is typed on."""


def ask() -> Path | None:
    """Ask for a folder of pictures on this machine; None as long as none is given."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(
            "Folder of pictures on this machine", placeholder=_usual_place(),
            help="Nothing is written into it.", key=session.FOLDER,
        )  # fmt: skip
        if st.button("Choose…", icon=":material/folder_open:", help="Click through the folders"):
            folder_browser.open_at(text)
    folder_browser.show_if_open(_take)
    if not text.strip():
        _suggest([place.path for place in _places()], "Or begin at:")
        return None
    key = ("typed", text)
    look = resources.folder_looks().look(key, lambda: _Look(typed_folder(text), begin_alike(text)))
    if look is None:
        folder_browser.wait_for(key, "This folder takes long to answer…")
        return None
    if isinstance(look.folder, NoFolder):
        _show_why_not(look.folder, look.alike)
        return None
    _suggest(look.alike, "In it:")
    return look.folder


def _usual_place() -> str:
    with suppress(RuntimeError):  # nobody's home
        return str(Path.home() / "Pictures")
    return "/Pictures"


def _places() -> list[Place]:
    """Return where pictures usually are, and the drives."""
    places = resources.folder_looks().look("places", starting_places) or []
    return [place for place in places if place.path.parent != place.path and place.name != "Home"]


def _show_why_not(found: NoFolder, alike: list[Path]) -> None:
    """Offer what may be meant; only where nothing is, it is an error."""
    if found.wrong is Wrong.EMPTY:
        return
    if found.wrong in {Wrong.MISSING, Wrong.RELATIVE} and alike:
        _suggest(alike, "Folders that begin like this:")
    elif found.likely:
        about = found.as_error()
        st.info(f"**{feedback.plain(found.cause)}.**  \n{feedback.plain(about.place)}")
        label = "Use its folder" if found.wrong in _FILES else "Use"
        _offer(found.likely, f"{label} {feedback.plain(str(found.likely))}", kind="secondary")
    else:
        feedback.show_error(found.as_error())


def _suggest(folders: list[Path], label: str) -> None:
    if not folders:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(label, width="content")
        for path in folders[:_MOST]:
            _offer(path, feedback.plain(path.name or str(path)))


def _offer(path: Path, label: str, kind: str = "tertiary") -> None:
    st.button(label, key=f"folder {spelled(path)}", type=kind, on_click=_take, args=(path,))


def _take(path: Path) -> None:
    session.put(session.FOLDER, spelled(path))
