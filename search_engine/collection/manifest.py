"""A manifest as it is read: every value of the type and within the bounds that ours have.

What it says goes on to the screen, into file names and into sums, and it may come from anybody.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

from search_engine import files
from search_engine.errors import CollectionDamaged, Way
from search_engine.records import IndexKind, IndexManifest, ModelCard

Json: TypeAlias = Any  # whatever a JSON file holds

MANIFEST_FILE = "manifest.json"
FORMAT_VERSION = 3
_LARGEST_MANIFEST = 2**20
INDEX_NAME = re.compile(r"index\.(\d{1,9})\.faiss", re.ASCII)
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
        saved = json.loads(files.read(file, _LARGEST_MANIFEST))
        if saved["format_version"] > FORMAT_VERSION:
            cause = "This index was written by a newer version of the program"
            raise CollectionDamaged(cause, place=str(file), remedy="Update the program.")
        return manifest_of(saved)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
        cause = "The index manifest cannot be read"
        raise unusable_index(folder, cause, file) from error


def manifest_of(document: Json) -> IndexManifest:
    """Return the manifest that a JSON document holds.

    Raises:
        ValueError: A value is missing, of another type, out of bounds or not known.
    """
    saved = _Fields(document)
    manifest = IndexManifest(
        generation=saved.number("generation"),
        file=saved.text("file"),
        checksum=saved.text("checksum"),
        kind=_kind(saved.text("kind")),
        parameters=_parameters(saved.take("parameters")),
        count=saved.number("count", _MOST_VECTORS),
        model=_model(saved.take("model")),
        catalog_revision=saved.number("catalog_revision"),
        created_at=saved.text("created_at"),
        format_version=saved.number("format_version"),
        note=saved.text("note", ""),
        instead_of=_optional_kind(saved.take("instead_of", None)),
        catalog_identity=saved.text("catalog_identity", ""),
        catalog_token=saved.text("catalog_token", ""),
    )
    saved.end()
    _need(INDEX_NAME.fullmatch(manifest.file) is not None, "file")
    _need(_CHECKSUM.fullmatch(manifest.checksum) is not None, "checksum")
    _need(datetime.fromisoformat(manifest.created_at).tzinfo is not None, "created_at")
    return manifest


def most_bytes(manifest: IndexManifest) -> int:
    """Return what an index file has at most, whatever its kind; more is not read at all."""
    each = 4 * manifest.model.dimension + _BYTES_OF_A_NODE
    return _LONGEST_TEXT + _DEAD_TOO * each * (manifest.count + 100)


def _model(document: Json) -> ModelCard:
    saved = _Fields(document)
    card = ModelCard(
        saved.text("model_id"), saved.text("fingerprint"),
        saved.number("dimension", _MOST_DIMENSIONS), saved.text("notes", ""),
    )  # fmt: skip
    saved.end()
    _need(card.dimension > 0, "dimension")
    return card


def _parameters(document: Json) -> dict[str, int | float]:
    _need(isinstance(document, Mapping) and len(document) <= _MOST_PARAMETERS, "parameters")
    for name, value in document.items():
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        _need(_is_text(name) and is_number and abs(value) <= _LARGEST_NUMBER, "parameters")
        _need(math.isfinite(value), "parameters")
    return dict(document)


def _kind(text: str) -> IndexKind:
    kind = IndexKind(text)
    _need(kind is not IndexKind.AUTO, "kind")
    return kind


def _optional_kind(value: Json) -> IndexKind | None:
    if value is None:
        return None
    _need(isinstance(value, str), "instead_of")
    return _kind(value)


class _Fields:
    """The fields of a JSON object, each taken once."""

    def __init__(self, document: Json) -> None:
        _need(isinstance(document, Mapping), "object")
        self._left = dict(document)

    def take(self, name: str, *otherwise: Json) -> Json:
        """Take a field; without another value for where it is missing, it has to be there."""
        _need(name in self._left or bool(otherwise), name)
        return self._left.pop(name, *otherwise)

    def text(self, name: str, *otherwise: str) -> str:
        value = self.take(name, *otherwise)
        _need(_is_text(value), name)
        return str(value)

    def number(self, name: str, most: int = _LARGEST_NUMBER) -> int:
        value = self.take(name)
        is_number = isinstance(value, int) and not isinstance(value, bool)
        _need(is_number and 0 <= value <= most, name)
        return int(value)

    def end(self) -> None:
        _need(not self._left, next(iter(self._left), ""))


def _is_text(value: Json) -> bool:
    is_short = isinstance(value, str) and len(value) <= _LONGEST_TEXT
    return is_short and not _UNSHOWABLE.search(value)


def _need(fits: bool, name: str) -> None:  # noqa: FBT001 - what has to be true
    if not fits:
        cause = f"'{name[:40]}' is not what it should be"
        raise ValueError(cause)
