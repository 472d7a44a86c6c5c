"""Build index: which folder; typed, taken from suggestions, or clicked through to."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import streamlit as st

from pages.ui.collections import folder_browser, gone_folder
from pages.ui.frame import asked_build, feedback, resources, session
from search_engine import Library
from search_engine.collection import (
    NoFolder,
    Place,
    Wrong,
    begin_alike,
    spelled,
    starting_places,
    typed_folder,
)

_Kind: TypeAlias = Literal["secondary", "tertiary"]

_MOST = 6
_FILES = {Wrong.FILE, Wrong.INSIDE_FILE}


@dataclass(frozen=True)
class _TypedFolder:
    """What is found at what was typed."""

    folder: Path | NoFolder
    alike: list[Path]
    """Folders that it may become when it is typed on."""


def ask() -> tuple[Path, ...]:
    """Ask for a folder of pictures on this machine, or several; none as long as none is given."""
    others = asked_build.MORE_FOLDERS.get()
    for number, place in enumerate(others):
        _show_taken(number, place)
    text = box(
        "Another folder" if others else "Folder of pictures on this machine", asked_build.FOLDER,
        placeholder=_usual_place(), about="Nothing is written into it.",
    )  # fmt: skip
    if not text.strip():
        if not others:
            suggest([place.path for place in _places()], "Or begin at:", asked_build.FOLDER)
        return tuple(map(Path, others))
    folder = meant(text, asked_build.FOLDER)
    if folder is None:
        return ()
    st.button(
        "Add another folder", icon=":material/add:", type="tertiary",
        help="One collection of several folders, each a category",
        on_click=_take, args=(folder,),
    )  # fmt: skip
    return (*map(Path, others), folder)


def _show_taken(number: int, place: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(
            f":material/folder: {feedback.plain(feedback.readable(place))}", width="content"
        )
        st.button(
            "Remove", icon=":material/close:", type="tertiary", key=f"remove folder {number}",
            on_click=_remove, args=(number,),
        )  # fmt: skip


def _take(folder: Path) -> None:
    asked_build.MORE_FOLDERS.put((*asked_build.MORE_FOLDERS.get(), str(folder)))
    asked_build.FOLDER.put("")


def _remove(number: int) -> None:
    others = asked_build.MORE_FOLDERS.get()
    asked_build.MORE_FOLDERS.put((*others[:number], *others[number + 1 :]))


def box(
    label: str, field: session.Key[str], *, placeholder: str, about: str, begin_at: str = ""
) -> str:
    """Ask for a folder, to type or to click through to; return what is in the box.

    Args:
        label: Of the box.
        field: The widget that holds the folder.
        placeholder: What the empty box shows.
        about: What is good to know, for whoever asks.
        begin_at: Where clicking begins while the box is empty.
    """
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(label, placeholder=placeholder, help=about, key=field.name)
        if st.button(
            "Choose…", icon=":material/folder_open:", help="Click through the folders",
            key=f"choose {field.name}",
        ):  # fmt: skip
            folder_browser.open_at(text or begin_at, field)
    folder_browser.show_if_open(field)
    return text


def meant(text: str, field: session.Key[str], *, goes_on: bool = True) -> Path | None:
    """Return the folder that a text means; where it is none, say so and offer what may be meant.

    Args:
        text: What was typed.
        field: The widget that holds it.
        goes_on: Whether folders in it are offered as well.
    """
    key = ("typed", text)
    look = resources.folder_looks().look(
        key, lambda: _TypedFolder(typed_folder(text), begin_alike(text))
    )
    if look is None:
        folder_browser.wait_for(key, "This folder takes long to open…")
        return None
    if isinstance(look.folder, NoFolder):
        _show_why_not(look.folder, look.alike, field)
        return None
    if goes_on:
        suggest(look.alike, "In it:", field)
    return look.folder


def _usual_place() -> str:
    with suppress(RuntimeError):  # nobody's home
        return str(Path.home() / "Pictures")
    return "/Pictures"


def _places() -> list[Place]:
    """Return where pictures usually are, and the drives."""
    places = resources.folder_looks().look("places", starting_places) or []
    return [place for place in places if place.path.parent != place.path and place.name != "Home"]


def _show_why_not(found: NoFolder, alike: list[Path], field: session.Key[str]) -> None:
    """Offer what may be meant; only where nothing is, it is an error."""
    if found.wrong is Wrong.EMPTY:
        return
    known = Library(resources.settings()).of_folder(Path(found.place)) if found.place else None
    if found.wrong is Wrong.MISSING and known:
        name = feedback.plain(known)
        st.warning(f"This was the folder of “{name}”. {gone_folder.sentence(found.place)}")
        gone_folder.offer(known, found.place, key=f"new place of what was typed in {field.name}")
    elif found.wrong in {Wrong.MISSING, Wrong.RELATIVE} and alike:
        suggest(alike, "Folders that begin like this:", field)
    elif found.likely:
        about = found.as_error()
        st.info(f"**{feedback.plain(found.cause)}.**  \n{feedback.plain(about.place)}")
        label = "Use its folder" if found.wrong in _FILES else "Use"
        _offer(
            found.likely, f"{label} {feedback.plain(str(found.likely))}", field, kind="secondary"
        )
    else:
        feedback.show_error(found.as_error())


def suggest(folders: list[Path], label: str, field: session.Key[str]) -> None:
    """Offer folders to be taken into a box by a click."""
    if not folders:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(label, width="content")
        for path in folders[:_MOST]:
            _offer(path, feedback.plain(path.name or str(path)), field)


def _offer(path: Path, label: str, field: session.Key[str], kind: _Kind = "tertiary") -> None:
    place = spelled(path)
    st.button(label, key=f"{field.name} {place}", type=kind, on_click=field.put, args=(place,))
