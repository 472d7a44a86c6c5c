"""Open collections, shared by all tabs, and how long they stay open."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass

import streamlit as st

from pages.ui.frame.resources.cache import cached, state_of_index
from pages.ui.frame.resources.models import load
from pages.ui.frame.resources.places import settings
from search_engine import Library, SearchEngine
from search_engine.calibration import calibration_stamp
from search_engine.collection import CATALOG_FILE, read_manifest
from search_engine.errors import CollectionError
from search_engine.records import IndexManifest

ENGINES = 4
"""Collections that are held open; tabs may hold more."""


@dataclass(frozen=True)
class Published:
    """A collection as it lies on the disk at a moment."""

    name: str
    state: tuple[object, ...]
    """Another one for every index, and for a catalog put back from a backup."""


def published(name: str, manifest: IndexManifest) -> Published:
    """Return what lies under a name now."""
    file = Library(settings()).folder(name) / CATALOG_FILE
    with contextlib.suppress(OSError):
        found = file.stat()
        return Published(name, (str(file), found.st_dev, found.st_ino, *state_of_index(manifest)))
    return Published(name, (str(file), *state_of_index(manifest)))


def engine(name: str, manifest: IndexManifest) -> SearchEngine:
    """Return a collection as it is published now; a newer generation is opened by itself."""
    return _opened(name).take(published(name, manifest))


class _Opened:
    """The collection under a name: one generation at a time, while a build publishes many."""

    def __init__(self) -> None:
        self._opening = threading.Lock()
        self._open: tuple[Published, SearchEngine] | None = None

    def take(self, which: Published) -> SearchEngine:
        with self._opening:
            if self._open is None or self._open[0] != which:
                waiting = "Opening the collection…"
                with contextlib.nullcontext() if self._open else st.spinner(waiting):
                    # The one before is not closed: tabs may hold it.
                    opened = SearchEngine.open(which.name, settings(), load=load)
                    self._open = which, opened
            return self._open[1]


# One that has to make room is not closed: tabs may hold it. The last of them lets go of its files.
@cached(key=lambda name: str(Library(settings()).folder(name)), entries=ENGINES)
def _opened(name: str) -> _Opened:  # noqa: ARG001 - what it is kept by
    return _Opened()


def state_of_published(name: str) -> tuple[object, ...]:
    """Return a value that is another once more of a collection can be found, or be judged."""
    folder = Library(settings()).folder(name)
    try:
        manifest = read_manifest(folder)
    except CollectionError:  # the page says what is wrong
        return ()
    return (calibration_stamp(folder), *(state_of_index(manifest) if manifest else ()))


def mend(name: str) -> None:
    """Make the index of a collection anew from its catalog.

    Raises:
        CollectionError: It cannot be made.
    """
    with st.spinner("Making the index anew…"):
        SearchEngine.open(name, settings(), load=load).close()
