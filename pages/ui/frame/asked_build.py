"""What the page that builds is asked for: by its form, or by another page."""

from __future__ import annotations

from pathlib import Path

from pages.ui.frame import session
from search_engine.collection import folders_of, is_joined
from search_engine.records import CollectionSettings

FOLDER = session.Key("folder", "")
"""The box that asks for a folder of pictures."""
MORE_FOLDERS: session.Key[tuple[str, ...]] = session.Key("more folders", ())
"""Folders that were chosen before the one in that box, for one collection of several."""
NAME = session.Key("new name", "")
"""The box that asks for the name of a new collection."""

_OPENED = session.Key("build_form_opened", unset=False)
_FAILED: session.Key[CollectionSettings | None] = session.Key("build_form_failed", None)
_DONE = session.Key("build_form_done", unset=False)
_UPDATE = session.Key("update_asked", "")


def fill_form(
    folder: str, *, name: str = "", opened: bool = False, failed: CollectionSettings | None = None
) -> None:
    """Have the page that builds ask for a folder.

    Only before the page runs: in a callback, or on another page.

    Args:
        folder: What stands in the box; what joins several stands as all of them.
        name: Of the collection; empty where it is made from the folder's.
        opened: Whether all that can be chosen is in sight.
        failed: What was asked for and failed because of its model.
    """
    several = is_joined(Path(folder))
    MORE_FOLDERS.put(tuple(map(str, folders_of(Path(folder)).values())) if several else ())
    FOLDER.put("" if several else folder)
    NAME.put(name)
    _OPENED.put(opened)
    _FAILED.put(failed)


def form_failed() -> CollectionSettings | None:
    """Return what was asked for and failed because of its model."""
    return _FAILED.get()


def empty_form() -> None:
    """Have the form empty when it is shown next: what it asked for has begun."""
    _DONE.put(value=True)


def take_form_done() -> bool:
    """Tell, once, whether what the form asked for has begun."""
    return _DONE.take()


def form_opened() -> bool:
    """Return whether all that can be chosen for a build is to be in sight."""
    return _OPENED.get()


def ask_update(name: str) -> None:
    """Have the page that builds begin an update when it runs next."""
    session.choose_collection(name)
    _UPDATE.put(name)


def take_update() -> str:
    """Return, once, the collection that is to be updated; empty where none is."""
    return _UPDATE.take()
