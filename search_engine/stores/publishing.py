"""The index file and its manifest on disk.

Each generation has a file of its own, and the manifest, which is renamed into place last, names the
file it belongs to. So a reader finds the old pair or the new one, at any moment, and a crash leaves
the old one.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

from search_engine.errors import CollectionDamaged, IndexMissing
from search_engine.records import IndexKind, IndexManifest, ModelCard
from search_engine.stores.base import VectorSource, VectorStore
from search_engine.stores.tuning import UNMEASURED, Appraisal

MANIFEST_FILE = "manifest.json"
_INDEX_NAME = re.compile(r"index\.(\d+)\.faiss")
_FORMAT_VERSION = 2
_REBUILD = "Run the command index again; no picture has to be embedded again for it."
_ATTEMPTS = 5


def read_manifest(folder: Path) -> IndexManifest | None:
    """Read what is published in ``folder``; None when nothing is.

    Raises:
        CollectionDamaged: The manifest is unreadable or of a newer version.
    """
    file = folder / MANIFEST_FILE
    try:
        saved = json.loads(file.read_text("utf-8"))
        if saved["format_version"] > _FORMAT_VERSION:
            cause = "This index was written by a newer version of the program"
            raise CollectionDamaged(cause, place=str(file), remedy="Update the program.")
        saved["file"] = _INDEX_NAME.fullmatch(saved["file"])[0]  # type: ignore[index]
        model, kind = ModelCard(**saved.pop("model")), IndexKind(saved.pop("kind"))
        wanted = saved.pop("instead_of", None)
        instead_of = None if wanted is None else IndexKind(wanted)
        return IndexManifest(model=model, kind=kind, instead_of=instead_of, **saved)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        cause = "The index manifest cannot be read"
        raise CollectionDamaged(cause, place=str(file), remedy=_REBUILD) from error


def publish(
    folder: Path,
    store: VectorStore,
    model: ModelCard,
    catalog_revision: int,
    appraisal: Appraisal = UNMEASURED,
) -> IndexManifest:
    """Write a store as the next generation and make it the one that readers find."""
    generation = _last_generation(folder) + 1
    file = folder / f"index.{generation}.faiss"
    manifest = IndexManifest(
        generation=generation,
        file=file.name,
        checksum=_write(file, store),
        kind=store.kind,
        parameters=store.parameters | appraisal.figures,
        count=len(store),
        model=model,
        catalog_revision=catalog_revision,
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        format_version=_FORMAT_VERSION,
        note=appraisal.note,
        instead_of=appraisal.instead_of,
    )
    _replace(folder / MANIFEST_FILE, json.dumps(asdict(manifest), indent=2).encode())
    _remove_others(folder, file)
    return manifest


def open_published(
    folder: Path, source_of: Callable[[ModelCard], VectorSource]
) -> tuple[IndexManifest, VectorStore]:
    """Load the published index; ``source_of`` gives the original vectors of its model.

    Raises:
        IndexMissing: Nothing has been published.
        CollectionDamaged: The files are broken or do not belong together.
    """
    for _ in range(_ATTEMPTS):
        manifest = read_manifest(folder)
        if manifest is None:
            cause = f"The collection '{folder.name}' has no finished index yet"
            remedy = "Run the command index for it; a build that was stopped goes on where it was."
            raise IndexMissing(cause, place=str(folder), remedy=remedy)
        # The file is missing when a newer generation was published since the manifest was read.
        with contextlib.suppress(FileNotFoundError):
            return manifest, _load(folder / manifest.file, manifest, source_of(manifest.model))
    cause = "The index file that the manifest names is missing"
    raise CollectionDamaged(cause, place=str(folder), remedy=_REBUILD)


def _load(file: Path, manifest: IndexManifest, source: VectorSource) -> VectorStore:
    from search_engine.stores import load_store

    with file.open("rb") as content:
        if hashlib.file_digest(content, "sha256").hexdigest() != manifest.checksum:
            cause = "The index file is not the one that was written"
            raise CollectionDamaged(cause, place=str(file), remedy=_REBUILD)
        content.seek(0)
        store = load_store(content, manifest.kind, source, str(file))
    if len(store) != manifest.count or store.dimension != manifest.model.dimension:
        cause = "The index does not hold what its manifest says"
        raise CollectionDamaged(cause, place=str(file), remedy=_REBUILD)
    return store


def _last_generation(folder: Path) -> int:
    names = [file.name for file in folder.glob("index.*.faiss")]
    with contextlib.suppress(CollectionDamaged):
        manifest = read_manifest(folder)
        names += [manifest.file] if manifest else []
    found = (_INDEX_NAME.fullmatch(name) for name in names)
    return max((int(match[1]) for match in found if match), default=0)


def _write(file: Path, store: VectorStore) -> str:
    """Write a store beside its place, move it there, and give the file's SHA-256."""
    beside = file.with_suffix(".partial")
    with beside.open("wb") as target:
        hashed = _HashedFile(target)
        store.save(cast(BinaryIO, hashed))
        _flush(target)
    beside.replace(file)
    return hashed.digest.hexdigest()


class _HashedFile:
    """Hashes what is written, so that it need not be read again: 0.4 s for a million vectors."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def write(self, content: bytes) -> int:
        self.digest.update(content)
        return self._file.write(content)


def _replace(file: Path, content: bytes) -> None:
    beside = file.with_suffix(".partial")
    with beside.open("wb") as target:
        target.write(content)
        _flush(target)
    beside.replace(file)
    _flush_folder(file.parent)


def _flush(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):  # Windows cannot open a folder, and does not need to
        handle = os.open(folder, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)


def _remove_others(folder: Path, file: Path) -> None:
    for other in [*folder.glob("index.*.faiss"), *folder.glob("*.partial")]:
        if other != file:
            with contextlib.suppress(OSError):  # a reader on Windows may still have it open
                other.unlink()
