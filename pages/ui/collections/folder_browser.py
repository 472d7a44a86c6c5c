"""A dialog in which a folder is found by clicking through folders."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.ui.frame import feedback, resources, session
from search_engine.collection import (
    Listing,
    NoFolder,
    Subfolder,
    Wrong,
    folders_in,
    spelled,
    starting_places,
    steps_to,
    typed_folder,
)
from search_engine.settings import is_folder

_SHOWN = session.Key("folder that is browsed", "")
_FIELD = session.Key("widget that a folder is browsed for", "")
_FIND = session.Key("find a folder", "")
_MANY = 20
_HEIGHT = 320
_ICONS = {"Home": "home", "Desktop": "desktop_windows", "Downloads": "download"}


def open_at(text: str, field: session.Key[str]) -> None:
    """Open the dialog, at a folder that was typed or what is near it, or else at home.

    Args:
        text: What was typed.
        field: The widget that holds the folder which is chosen in the end.
    """
    look = resources.folder_looks().look(("browsed", text), lambda: _near(text))
    _FIELD.put(field.name)
    _go(look or _beginning())


def _near(text: str) -> Path:
    """Return the folder that is meant, or the one that it would lie in."""
    found = typed_folder(text)
    if isinstance(found, Path):
        return found
    above = Path(found.place).parents if found.wrong is Wrong.MISSING else ()
    near = (path for path in above if path != path.parent and is_folder(path))
    return found.likely or next(near, None) or _beginning()


def _beginning() -> Path:
    try:
        return Path.home()
    except RuntimeError:  # nobody's home
        return Path("/")


def show_if_open(field: session.Key[str]) -> None:
    """Show the dialog while it is open for a widget."""
    if _SHOWN.get() and _FIELD.get() == field.name:
        _show(field)


def _go(folder: Path) -> None:
    _SHOWN.put(str(folder))
    _FIND.put("")


def _close() -> None:
    _SHOWN.put("")


def _choose(field: session.Key[str], folder: Path) -> None:
    field.put(spelled(folder))
    _close()


@st.dialog("Choose a folder", width="medium", icon=":material/folder_open:", on_dismiss=_close)
def _show(field: session.Key[str]) -> None:
    folder = Path(_SHOWN.get())
    _show_places()
    _show_steps(folder)
    key = ("listed", folder)
    found = resources.folder_looks().look(key, lambda: folders_in(folder))
    with st.container(height=_HEIGHT, gap="xxsmall"):
        if found is None:
            wait_for(key, "This folder takes long to open…")
        elif isinstance(found, NoFolder):
            feedback.show_error(found.as_error())
        else:
            _show_folders(found)
    if isinstance(found, Listing):
        _show_end(found, field)


def _show_places() -> None:
    places = resources.folder_looks().look("places", starting_places) or []
    with st.container(horizontal=True, gap="xsmall"):
        for place in places:
            icon = f":material/{_ICONS.get(place.name, 'folder_special')}:"
            st.button(
                feedback.plain(place.name), key=f"place {spelled(place.path)}", icon=icon,
                on_click=_go, args=(place.path,),
            )  # fmt: skip


def _show_steps(folder: Path) -> None:
    with st.container(horizontal=True, gap="xxsmall", vertical_alignment="center"):
        *above, here = steps_to(folder)
        for step in above:
            st.button(
                feedback.plain(step.name), key=f"step {spelled(step.path)}", type="tertiary",
                on_click=_go, args=(step.path,), help="Go up to this folder",
            )  # fmt: skip
            st.markdown("›", width="content")
        st.markdown(f"**{feedback.plain(here.name)}**", width="content")


def _show_folders(found: Listing) -> None:
    folders = found.folders
    if len(folders) > _MANY:
        part = st.text_input(
            "Find", key=_FIND.name, placeholder="A part of the name", live="200ms",
            label_visibility="collapsed",
        )  # fmt: skip
        wanted = part.strip().casefold()
        folders = tuple(one for one in folders if wanted in one.path.name.casefold())
    if not folders:
        st.caption("No folder in here." if not found.folders else "No folder has that in its name.")
    for place, one in enumerate(folders):
        st.button(
            _label(one), key=f"into {place} {spelled(one.path)}", type="tertiary",
            icon=":material/folder:" if one.readable else ":material/folder_off:",
            disabled=not one.readable, on_click=_go, args=(one.path,),
            help=None if one.readable else "This user may not read it",
        )  # fmt: skip
    if not found.whole:
        st.caption("There is more in this folder than is listed.")


def _label(one: Subfolder) -> str:
    name = feedback.plain(one.path.name)
    return f"{name} :small[:gray[{_pictures(one.pictures)}]]" if one.pictures else name


def _pictures(count: int) -> str:
    return f"{count:,} picture{'' if count == 1 else 's'}"


def _show_end(found: Listing, field: session.Key[str]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        chosen = st.button(
            f"Choose “{feedback.plain(found.path.name or str(found.path))}”",
            icon=":material/check:", on_click=_choose, args=(field, found.path), key="take it",
        )  # fmt: skip
        directly = _pictures(found.pictures) if found.pictures else "No picture"
        st.caption(f"{directly} directly in it; those in its folders count as well.")
    if chosen:
        st.rerun()


@st.fragment(run_every=1.0)
def wait_for(key: object, what: str) -> None:
    """Say what is waited for, and show the page anew when it is there."""
    st.caption(f":material/hourglass: {what}")
    if resources.folder_looks().is_known(key):
        st.rerun()
