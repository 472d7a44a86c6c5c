"""The index file and its manifest on disk.

Each generation has a file of its own, and the manifest, which is renamed into place last, names the
file it belongs to. So a reader finds the old pair or the new one, at any moment, and a crash leaves
the old one.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

from search_engine import files
from search_engine.collection.manifest import (
    FORMAT_VERSION,
    INDEX_NAME,
    MANIFEST_FILE,
    MOST_GENERATIONS,
    most_bytes,
    read_manifest,
    unusable_index,
)
from search_engine.errors import CollectionDamaged, CollectionError, IndexMissing, Way
from search_engine.files import documents
from search_engine.index.store import VectorSource, VectorStore, load_store
from search_engine.index.store_home import StoreHome
from search_engine.index.tuning import UNMEASURED, Appraisal
from search_engine.records import CatalogVersion, IndexManifest, ModelCard

_LOG = logging.getLogger(__name__)

_ATTEMPTS = 5


def publish(
    folder: Path,
    store: VectorStore,
    model: ModelCard,
    made_of: CatalogVersion,
    appraisal: Appraisal = UNMEASURED,
) -> IndexManifest:
    """Write a store as the next generation and make it the one that readers find.

    The vectors that it was made of have to be on the disk already, not only in memory: or a power
    cut leaves an index that is ahead of its catalog.
    """
    generation = _last_generation(folder) + 1
    file = folder / f"index.{generation}.{'milvus' if store.address else 'faiss'}"
    try:
        manifest = IndexManifest(
            generation=generation,
            file=file.name,
            checksum=_write(file, store),
            kind=store.kind,
            parameters=store.parameters | appraisal.figures,
            count=len(store),
            model=model,
            catalog_identity=made_of.identity,
            catalog_revision=made_of.revision,
            catalog_token=made_of.token,
            created_at=datetime.now(UTC).isoformat(timespec="seconds"),
            format_version=FORMAT_VERSION,
            note=appraisal.note,
            instead_of=appraisal.instead_of,
            store=store.address,
        )
        _replace(folder / MANIFEST_FILE, documents.as_text(manifest).encode())
    except OSError as error:
        cause = f"The index cannot be written: {error.strerror or error}"
        remedy = "Is the disk full, or the folder not writable? The index before stays in use."
        raise CollectionError(cause, place=str(folder), remedy=remedy) from error
    _remove_others(folder, file)
    return manifest


def open_published(
    folder: Path,
    source_of: Callable[[ModelCard], VectorSource],
    belongs: Callable[[IndexManifest], bool] = lambda _manifest: True,
    home_of: Callable[[str], StoreHome | None] = lambda _address: None,
) -> tuple[IndexManifest, VectorStore]:
    """Load the published index.

    Args:
        folder: Of the collection.
        source_of: Gives the original vectors of a model.
        belongs: Tells whether an index was made of the catalog that is there.
        home_of: Gives the place of vectors that lie elsewhere, by their address. It is not called
            before something is asked of the store.

    Raises:
        IndexMissing: Nothing has been published.
        CollectionDamaged: The files are broken or do not belong together.
    """
    for _ in range(_ATTEMPTS):
        manifest = read_manifest(folder)
        if manifest is None:
            cause = f"The collection '{folder.name}' has no finished index yet"
            remedy = "Update it; a build that was stopped goes on where it was."
            raise IndexMissing(
                cause, place=str(folder), remedy=remedy, way=Way.UPDATE, about=folder.name
            )
        if not belongs(manifest):
            cause = "The index was not made of this catalog, and may hold other pictures"
            raise unusable_index(folder, cause)
        # The file is missing when a newer generation was published since the manifest was read.
        try:
            home, source = home_of(manifest.store), source_of(manifest.model)
            return manifest, _load(folder / manifest.file, manifest, source, home)
        except FileNotFoundError:
            _LOG.info("the index of %s is gone; its manifest is read again", folder.name)
    cause = "The index file that the manifest names is missing"
    raise unusable_index(folder, cause)


def _load(
    file: Path, manifest: IndexManifest, source: VectorSource, home: StoreHome | None
) -> VectorStore:
    try:
        with files.open_own(file) as content:
            if os.fstat(content.fileno()).st_size > most_bytes(manifest):
                raise _not_as_written(file, "The index file is larger than an index can be")
            if hashlib.file_digest(content, "sha256").hexdigest() != manifest.checksum:
                raise _not_as_written(file, "The index file is not the one that was written")
            content.seek(0)
            store = load_store(content, manifest.kind, source, str(file), home)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise _not_as_written(file, "The index file cannot be read") from error
    if len(store) != manifest.count or store.dimension != manifest.model.dimension:
        raise _not_as_written(file, "The index does not hold what its manifest says")
    return store


def _not_as_written(file: Path, cause: str) -> CollectionDamaged:
    return unusable_index(file.parent, cause, file)


def _last_generation(folder: Path) -> int:
    names = [file.name for file in folder.glob("index.*.*")]
    try:
        manifest = read_manifest(folder)
        names += [manifest.file] if manifest else []
    except CollectionDamaged as error:
        _LOG.info("the manifest of %s is written anew: %s", folder.name, error.cause)
    found = (INDEX_NAME.fullmatch(name) for name in names)
    last = max((int(match[1]) for match in found if match), default=0)
    return last if last < MOST_GENERATIONS else 0  # only a stranger's file has such a number


def _write(file: Path, store: VectorStore) -> str:
    """Write a store whole, and return the file's SHA-256."""
    with files.replacing(file, durable=True) as target:
        hashed = _HashedFile(target)
        store.save(cast(BinaryIO, hashed))
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
    files.write(file, content, durable=True)


def _remove_others(folder: Path, file: Path) -> None:
    for other in folder.glob("index.*.*"):
        if other != file and INDEX_NAME.fullmatch(other.name):
            files.remove_if_plain(other)  # a reader on Windows may still have it open
    files.remove_leftovers(folder)
