"""A collection's vectors, written so that another program reads them."""

from __future__ import annotations

import logging
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from search_engine.collection.joined_folders import folders_of
from search_engine.errors import BadInput, ExportStopped, passing_over
from search_engine.exchange.export_place import names_in, usable_folder
from search_engine.exchange.vector_formats import VectorFormat, write_vectors
from search_engine.exchange.vector_source import take_vectors
from search_engine.files import PARTIAL_SUFFIX
from search_engine.records import Progress, Step, no_progress
from search_engine.search import SearchEngine

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class VectorExport:
    """What an export of vectors wrote."""

    collection: str
    form: VectorFormat
    folder: Path
    """In full."""
    pictures: int
    dimension: int
    model_id: str
    files: tuple[str, ...]
    """What lies in the folder, pictures in folders of their own left out."""
    bytes: int
    left_out: tuple[str, ...]
    """Paths of pictures that the format needs the file of, which is not there."""


def export_vectors(
    engine: SearchEngine, form: VectorFormat, folder: Path, progress: Progress = no_progress
) -> VectorExport:
    """Write all pictures of a collection with their vectors into a new folder, whole or not at all.

    Args:
        engine: Whose.
        form: How.
        folder: Where to: it is not there yet, or empty; the folder above it is there.
        progress: Hears what is being done.

    Raises:
        BadInput: The folder cannot be used, or the format cannot hold what there is.
        ExportStopped: It cannot be written.
    """
    root = engine.collection.root
    kept_clear = [
        *((one, "the folder of the collection") for one in folders_of(root).values()),
        (engine.settings.data_folder, "the folder of collections"),
        (engine.settings.collections_folder, "the folder of collections"),
    ]
    place = usable_folder(folder, kept_clear)
    if names_in(place):
        cause, remedy = (
            "There is something in this folder already",
            "Name one that is new or empty.",
        )
        raise BadInput(cause, place=str(place), remedy=remedy)
    progress(Step("Reading the vectors"))
    carried = take_vectors(engine, with_map=form is VectorFormat.PARQUET)
    beside = place.parent / f".{secrets.token_hex(8)}{PARTIAL_SUFFIX}"
    progress(Step("Writing"))
    try:
        beside.mkdir()
        left_out = write_vectors(carried, beside, form, root)
        written = [file for file in beside.rglob("*") if file.is_file()]
        size = sum(file.stat().st_size for file in written)
        names = tuple(sorted(file.relative_to(beside).as_posix() for file in _own(beside, form)))
        if place.exists():
            place.rmdir()  # Windows renames nothing onto a folder
        beside.rename(place)
    except OSError as error:
        cause = f"The vectors cannot be written: {error.strerror or error}; nothing was kept"
        remedy = "Free some space, or choose another folder."
        raise ExportStopped(cause, place=str(place), remedy=remedy) from error
    finally:
        with passing_over(_LOG, "a half-written export stays", OSError):
            if os.path.lexists(beside):
                shutil.rmtree(beside)
    card = engine.manifest.model
    return VectorExport(
        engine.name, form, place, len(carried) - len(left_out), card.dimension, card.model_id,
        names, size, left_out,
    )  # fmt: skip


def _own(folder: Path, form: VectorFormat) -> list[Path]:
    """Return the files of the format itself, without the pictures that it may hold."""
    found = folder.glob("*") if form is VectorFormat.FIFTYONE else folder.rglob("*")
    return [file for file in found if file.is_file()]
