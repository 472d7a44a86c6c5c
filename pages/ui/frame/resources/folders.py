"""What is seen in folders: what changed, what a build would find, which folder moved."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from pages.ui.frame.folder_looks import FolderLooks
from pages.ui.frame.folder_watch import FolderWatch
from pages.ui.frame.resources.cache import cached, cached_once
from pages.ui.frame.resources.engines import published
from pages.ui.frame.resources.places import settings
from search_engine import Library
from search_engine.building import Changes, Moved, Preview, moved_from, preview_build
from search_engine.errors import CollectionError
from search_engine.records import CollectionSettings, CollectionSummary

_PREVIEWS = 4
_SECONDS_OF_PREVIEW = 20


@cached_once
def _watch() -> FolderWatch:
    return FolderWatch()


@cached_once
def folder_looks() -> FolderLooks:
    """Return the looks into folders that are under way."""
    return FolderLooks()


def changes(summary: CollectionSummary) -> Changes | None:
    """Return what changed in a collection's folder since it was built; None while not known."""
    if summary.manifest is None:
        return None
    library, ended = Library(settings()), 0
    with contextlib.suppress(CollectionError), library.open_catalog(summary.name) as catalog:
        ended = catalog.builds.ended()  # one that moved a collection published nothing new
    built = repr((published(summary.name, summary.manifest), summary.folder, ended))
    return _watch().look(summary.name, built, settings())


def _state_of_preview(name: str, wanted: CollectionSettings) -> tuple[object, ...]:
    library, ended = Library(settings()), 0
    if name in library.names():
        with library.open_catalog(name) as catalog:
            ended = catalog.builds.ended()
    return str(library.folder(name)), ended, wanted


@cached(
    key=_state_of_preview,
    entries=_PREVIEWS,
    seconds=_SECONDS_OF_PREVIEW,
    spinner="Looking for pictures…",
)
def preview_of(name: str, wanted: CollectionSettings) -> Preview:
    """Tell what a build would find; looked for again only after some seconds or a build.

    Raises:
        BadFolder: The folder cannot be read.
        CollectionError: The catalog cannot be read.
    """
    return preview_build(name, wanted, settings())


def _state_of_places(root: Path) -> tuple[object, ...]:
    known = tuple((one.name, one.folder) for one in Library(settings()).summaries())
    return os.fsencode(root), known


@cached(
    key=_state_of_places,
    entries=_PREVIEWS,
    seconds=_SECONDS_OF_PREVIEW,
    spinner="Looking for moved folders…",
)
def moved_from_elsewhere(root: Path) -> Moved | None:
    """Return which collection's folder this is, moved or copied; None also where it has its own.

    Raises:
        BadFolder: It cannot be read.
    """
    return moved_from(root, settings())
