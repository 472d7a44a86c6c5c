"""The catalog's vectors to a published index: mended where little has changed, else made anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from search_engine.catalog import Catalog
from search_engine.errors import CollectionDamaged, IndexMissing
from search_engine.library import Library
from search_engine.records import Ids, IndexKind, IndexManifest, ModelCard, Vectors
from search_engine.settings import Settings
from search_engine.stores import VectorStore, new_store
from search_engine.stores.publishing import open_published, publish, read_manifest

_ANEW_SHARE = 0.3
"""When more of an index than this has changed, making it anew is as fast as mending it."""


def publish_index(
    folder: Path, catalog: Catalog, model: ModelCard, kind: IndexKind
) -> IndexManifest:
    """Make the published index say what the catalog says, and give its manifest."""
    found = _published(folder, catalog, model, kind)
    if found is None:
        store = _made_anew(catalog, model, kind)
    else:
        manifest, store = found
        if manifest.catalog_revision == catalog.revision:
            return manifest
        store = _mended(catalog, model, store, manifest.catalog_revision)
    return publish(folder, store, model, catalog.revision)


def rebuild_index(name: str, settings: Settings) -> IndexManifest:
    """Make the published index anew from the catalog; nothing is embedded again for it.

    Raises:
        CollectionBusy: The collection is being built.
        IndexMissing: Nothing has been published yet.
        CollectionDamaged: The manifest or the catalog is broken.
    """
    library = Library(settings)
    with library.lock(name), library.open_catalog(name) as catalog:
        manifest = read_manifest(catalog.folder)
        if manifest is None:
            cause = f"The collection '{name}' has no finished index yet"
            raise IndexMissing(cause, place=str(catalog.folder), remedy="Build it first.")
        store = _made_anew(catalog, manifest.model, manifest.kind)
        return publish(catalog.folder, store, manifest.model, catalog.revision)


def _published(
    folder: Path, catalog: Catalog, model: ModelCard, kind: IndexKind
) -> tuple[IndexManifest, VectorStore] | None:
    """Open what is published, if it is of use: whole, of this kind and model, and not ahead."""
    try:
        manifest, store = open_published(folder, catalog.vectors.source)
    except (IndexMissing, CollectionDamaged):
        return None
    fits = manifest.kind is kind and manifest.model.fingerprint == model.fingerprint
    return (manifest, store) if fits and manifest.catalog_revision <= catalog.revision else None


def _mended(
    catalog: Catalog, model: ModelCard, store: VectorStore, since_revision: int
) -> VectorStore:
    present = catalog.vectors.ids(model)
    gone = np.setdiff1d(store.ids(), present, assume_unique=True)
    fresh = list(catalog.vectors.batches(model, after_revision=since_revision))
    if len(gone) + sum(len(ids) for ids, _ in fresh) > _ANEW_SHARE * len(present):
        return _made_anew(catalog, model, store.kind)
    store.remove(gone)
    _add(store, iter(fresh))
    return store


def _made_anew(catalog: Catalog, model: ModelCard, kind: IndexKind) -> VectorStore:
    store = new_store(kind, model.dimension, catalog.vectors.source(model))
    _add(store, catalog.vectors.batches(model))
    return store


def _add(store: VectorStore, batches: Iterator[tuple[Ids, Vectors]]) -> None:
    # In one go: a kind that clusters should see all vectors before it decides on the clusters.
    pairs = list(batches)
    if pairs:
        store.add(np.concatenate([i for i, _ in pairs]), np.concatenate([v for _, v in pairs]))
