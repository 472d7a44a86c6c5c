"""Open collections, shared by all tabs, and how long they stay open."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

import streamlit as st

from pages.ui.frame.resources.cache import cached, state_of_index
from pages.ui.frame.resources.models import load
from pages.ui.frame.resources.places import settings
from search_engine import Library, SearchEngine
from search_engine.collection import CATALOG_FILE
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
    return _engine(published(name, manifest))


# One that has to make room is not closed: tabs may hold it. The last of them lets go of its files.
@cached(entries=ENGINES, spinner="Opening the collection…")
def _engine(which: Published) -> SearchEngine:
    return SearchEngine.open(which.name, settings(), load=load)


def mend(name: str) -> None:
    """Make the index of a collection anew from its catalog.

    Raises:
        CollectionError: It cannot be made.
    """
    with st.spinner("Making the index anew…"):
        SearchEngine.open(name, settings(), load=load).close()
