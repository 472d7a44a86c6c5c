"""The catalog's vectors to a published index: mended where little has changed, else made anew."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from search_engine.catalog import Catalog
from search_engine.errors import CollectionDamaged, IndexMissing
from search_engine.indexing.appraisal import TextVectors, after_changes, appraise, made_for
from search_engine.library import Library
from search_engine.records import IndexKind, IndexManifest, ModelCard
from search_engine.settings import Settings
from search_engine.stores import VectorStore, new_store
from search_engine.stores.policy import kind_for
from search_engine.stores.publishing import open_published, publish, read_manifest
from search_engine.stores.tuning import UNMEASURED, Appraisal

_ANEW_SHARE = 0.3
"""When more of an index than this has changed, making it anew is as fast as mending it."""


def publish_index(
    folder: Path,
    catalog: Catalog,
    model: ModelCard,
    kind: IndexKind,
    text_vectors: TextVectors | None = None,
) -> IndexManifest:
    """Make the published index say what the catalog says, and give its manifest.

    Args:
        folder: Where it lies.
        catalog: The truth.
        model: Which vectors.
        kind: What the user asked for.
        text_vectors: Embeds captions; called only if an approximate index is to be measured and the
            catalog does not remember them.
    """
    work = _Publication(folder, catalog, model, text_vectors)
    found = work.published()
    wanted = _concrete(kind, catalog.vectors.count(model), found[0] if found else None)
    if found and made_for(found[0]) is wanted:
        manifest, store = found
        if manifest.catalog_revision == catalog.revision:
            return manifest
        appraisal = work.mend(store, manifest)
        if appraisal:
            return work.publish(store, appraisal)
    return work.publish(work.made_anew(wanted))


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
        work = _Publication(catalog.folder, catalog, manifest.model)
        return work.publish(work.made_anew(made_for(manifest)))


def _concrete(asked: IndexKind, count: int, manifest: IndexManifest | None) -> IndexKind:
    if asked is not IndexKind.AUTO:
        return asked
    return kind_for(count, made_for(manifest) if manifest else None)


@dataclass(frozen=True)
class _Publication:
    folder: Path
    catalog: Catalog
    model: ModelCard
    text_vectors: TextVectors | None = None

    def published(self) -> tuple[IndexManifest, VectorStore] | None:
        """Open what is published, if it is of use: whole, of this model, and not ahead."""
        try:
            manifest, store = open_published(self.folder, self.catalog.vectors.source)
        except (IndexMissing, CollectionDamaged):
            return None
        fits = manifest.model.fingerprint == self.model.fingerprint
        behind = manifest.catalog_revision <= self.catalog.revision
        return (manifest, store) if fits and behind else None

    def mend(self, store: VectorStore, manifest: IndexManifest) -> Appraisal | None:
        """Bring a store up to date; None when it should rather be made anew."""
        vectors = self.catalog.vectors
        present = vectors.ids(self.model)
        gone = np.setdiff1d(store.ids(), present, assume_unique=True)
        fresh = list(vectors.batches(self.model, after_revision=manifest.catalog_revision))
        changes = len(gone) + sum(len(ids) for ids, _ in fresh)
        appraisal = after_changes(manifest, changes)
        if appraisal is None or changes > _ANEW_SHARE * len(present):
            return None
        store.remove(gone)
        if fresh:
            ids, rows = zip(*fresh, strict=True)
            store.add(np.concatenate(ids), np.concatenate(rows))
        return appraisal

    def made_anew(self, kind: IndexKind) -> VectorStore:
        source = self.catalog.vectors.source(self.model)
        store = new_store(kind, self.model.dimension, source)
        store.fill(self.catalog.vectors.ids(self.model))
        return store

    def publish(self, store: VectorStore, appraisal: Appraisal = UNMEASURED) -> IndexManifest:
        """Publish a store, measured unless it was before; an exact one where it lost too much."""
        if not appraisal.figures:
            appraisal = appraise(self.catalog, self.model, store, self.text_vectors)
            if appraisal.instead_of:
                store = self.made_anew(IndexKind.EXACT)
        return publish(self.folder, store, self.model, self.catalog.revision, appraisal)
