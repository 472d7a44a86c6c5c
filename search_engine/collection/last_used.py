"""The collection that was used last, which a page is about until another is chosen."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass

from search_engine import files
from search_engine.collection.library import Library
from search_engine.errors import CollectionMissing
from search_engine.files import documents
from search_engine.records import CollectionSummary
from search_engine.settings import Settings

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _LastUsed:
    collection: str


def last_used(settings: Settings) -> str:
    """Return the name of the collection used last; empty where that is not known."""
    try:
        return documents.read(settings.last_used_file, _LastUsed).collection
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as error:
        _LOG.info("which collection was used last is passed over: %s", error)
        return ""


def note_use(name: str, settings: Settings) -> None:
    """Remember that a collection is used, for the next time."""
    if last_used(settings) == name:
        return
    try:
        files.make_folder(settings.collections_folder)
        documents.write(settings.last_used_file, _LastUsed(name))
    except OSError as error:  # on a read-only disk nothing is remembered
        _LOG.info("which collection was used last is not kept: %s", error)


def usual_collection(settings: Settings) -> str | None:
    """Return the collection used last, or else the first that can be searched, or else the first.

    None where there is no collection.
    """
    library = Library(settings)
    names = library.names()
    last = last_used(settings)
    ordered = sorted(names, key=lambda name: name != last)
    for name in ordered:
        with suppress(CollectionMissing):
            if is_ready(library.summary(name)):
                return name
    return names[0] if names else None


def is_ready(summary: CollectionSummary) -> bool:
    """Return whether a collection can be searched, if only after its index was made anew."""
    return summary.manifest is not None or summary.needs_index
