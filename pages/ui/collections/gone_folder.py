"""A collection whose folder is not there now: said alike everywhere, with the way on from it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.ui.collections import folder_browser
from pages.ui.frame import feedback, resources, session
from search_engine.settings import is_folder

_BUILD = "pages/1_Build_index.py"


def is_gone(folder: str) -> bool:
    """Return whether a collection's folder is gone; no, where its drive takes long to answer."""
    if not folder:
        return False
    looks = resources.folder_looks()
    return looks.look(("is there", folder), lambda: is_folder(Path(folder))) is False


def sentence(folder: str) -> str:
    """Say, as Markdown, that a folder is not there, and ask what may have become of it."""
    return (
        f"Its folder {feedback.plain(feedback.readable(folder))} is not there now. Was it moved,"
        " or is its drive not connected?"
    )


def box_of(name: str) -> session.Key[str]:
    """Return the box that asks for the new place of a collection."""
    return session.Key(f"new place of {name}", "")


def offer(name: str, folder: str, *, key: str) -> None:
    """Lead to the card of a collection, with the folders to click through for its new place."""
    if st.button(
        "Choose its new place…", key=key, icon=":material/folder_open:",
        on_click=_open, args=(name, folder),
    ):  # fmt: skip
        st.switch_page(_BUILD)


def _open(name: str, folder: str) -> None:
    session.choose_collection(name)
    st.query_params.pop("collection", None)
    folder_browser.open_at(folder, box_of(name))
