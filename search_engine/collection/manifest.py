"""A manifest as it is read: every value of the type and within the bounds that ours have.

What it says goes on to the screen, into file names and into sums, and it may come from anybody.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from search_engine import files
from search_engine.errors import CollectionDamaged, Way
from search_engine.files import documents
from search_engine.records import IndexKind, IndexManifest

MANIFEST_FILE = "manifest.json"
FORMAT_VERSION = 4
_LARGEST_MANIFEST = 2**20
INDEX_NAME = re.compile(r"index\.(\d{1,9})\.(faiss|milvus)", re.ASCII)
MOST_GENERATIONS = 10**9 - 2

_CHECKSUM = re.compile(r"[0-9a-f]{64}")
_UNSHOWABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_LONGEST_TEXT = 10_000
_LARGEST_NUMBER = 2**53
_MOST_VECTORS = 10**9
_MOST_DIMENSIONS = 65_536
_MOST_PARAMETERS = 100
_BYTES_OF_A_NODE = 400
"""Of a graph's links, or of what else lies beside a vector; a graph has about 290."""
_DEAD_TOO = 2
"""An index is made anew before half of it is of pictures that are gone."""


def unusable_index(folder: Path, cause: str, place: Path | None = None) -> CollectionDamaged:
    """Return the error for an index that can be made anew from the catalog of its folder."""
    remedy = "Repair the collection. No picture is embedded again for it."
    name, place = folder.name, place or folder
    return CollectionDamaged(cause, place=str(place), remedy=remedy, way=Way.REPAIR, about=name)


def read_manifest(folder: Path) -> IndexManifest | None:
    """Read what is published in ``folder``; None when nothing is.

    Raises:
        CollectionDamaged: The manifest is unreadable or of a newer version.
    """
    file = folder / MANIFEST_FILE
    try:
        document = documents.parsed(files.read(file, _LARGEST_MANIFEST))
        if _is_newer(document):
            cause = "This index was written by a newer version of the program"
            raise CollectionDamaged(cause, place=str(file), remedy="Update the program.")
        return manifest_of(document)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        cause = "The index manifest cannot be read"
        raise unusable_index(folder, cause, file) from error


def _is_newer(document: object) -> bool:
    version = document.get("format_version") if isinstance(document, dict) else None
    return isinstance(version, int | float) and version > FORMAT_VERSION


def manifest_of(document: object) -> IndexManifest:
    """Return the manifest that a JSON document holds.

    Raises:
        ValueError: A value is missing, of another type, out of bounds or not known.
    """
    manifest = documents.as_record(document, IndexManifest)
    model, parameters = manifest.model, manifest.parameters
    texts = (
        manifest.checksum, manifest.created_at, manifest.note, manifest.catalog_identity,
        manifest.catalog_token, manifest.store, model.model_id, model.fingerprint, model.notes,
        *parameters,
    )  # fmt: skip
    numbers = (manifest.generation, manifest.catalog_revision, *parameters.values())
    _need(isinstance(document, dict) and "format_version" in document, "format_version")
    _need(all(map(_is_showable, texts)), "text")
    _need(all(number <= _LARGEST_NUMBER for number in numbers), "number")
    _need(len(parameters) <= _MOST_PARAMETERS, "parameters")
    _need(manifest.count <= _MOST_VECTORS, "count")
    _need(0 < model.dimension <= _MOST_DIMENSIONS, "dimension")
    _need(IndexKind.AUTO not in {manifest.kind, manifest.instead_of}, "kind")
    _need(INDEX_NAME.fullmatch(manifest.file) is not None, "file")
    _need(manifest.file.endswith(".milvus") is bool(manifest.store), "store")
    _need(_CHECKSUM.fullmatch(manifest.checksum) is not None, "checksum")
    _need(datetime.fromisoformat(manifest.created_at).tzinfo is not None, "created_at")
    return manifest


def _is_showable(text: str) -> bool:
    return len(text) <= _LONGEST_TEXT and not _UNSHOWABLE.search(text)


def _need(fits: bool, name: str) -> None:  # noqa: FBT001 - what has to be true
    if not fits:
        cause = f"'{name}' is not what it should be"
        raise ValueError(cause)


def most_bytes(manifest: IndexManifest) -> int:
    """Return what an index file has at most, whatever its kind; more is not read at all."""
    each = 4 * manifest.model.dimension + _BYTES_OF_A_NODE
    return _LONGEST_TEXT + _DEAD_TOO * each * (manifest.count + 100)
