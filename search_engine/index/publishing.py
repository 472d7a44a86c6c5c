"""The catalog's vectors to a published index: mended where little has changed, else made anew.

What can be searched is published before it is measured. An approximate index looks everywhere until
then; where a build ends in between, the next one measures it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from search_engine.calibration.background_texts import background_texts
from search_engine.calibration.background_vectors import (
    FindBackground,
    find_background,
    no_background,
)
from search_engine.calibration.stored import keep_calibrated
from search_engine.collection.at_work import is_being_built
from search_engine.collection.catalog import Catalog
from search_engine.collection.library import Library
from search_engine.collection.manifest import read_manifest, unusable_index
from search_engine.errors import BadVectors, CollectionDamaged, CollectionError, IndexMissing, Way
from search_engine.index.appraisal import NOT_YET, after_changes, appraise, is_due, made_for
from search_engine.index.generations import open_published, publish
from search_engine.index.policy import kind_for
from search_engine.index.store import VectorStore, new_store
from search_engine.index.tuning import UNMEASURED, Appraisal
from search_engine.records import IndexKind, IndexManifest, ModelCard
from search_engine.settings import Settings

_LOG = logging.getLogger(__name__)

FIRST_PUBLISHED = 500
"""So many pictures of a long first build are worth a first search."""
MENDED_UNASKED = 200_000
"""Up to so many vectors an index that is of no use is made anew when it is opened, in a second."""

_MOST_TIMES = 10
_ANEW_SHARE = 0.3
"""When more of an index than this has changed, making it anew is as fast as mending it."""


def publish_index(
    folder: Path,
    catalog: Catalog,
    model: ModelCard,
    kind: IndexKind,
    find_texts: FindBackground,
) -> IndexManifest:
    """Make the published index say what the catalog says, measure it, and give its manifest.

    Args:
        folder: Where it lies.
        catalog: The truth.
        model: Which vectors.
        kind: What the user asked for.
        find_texts: Finds the vectors of the background texts; called only if an approximate index
            is to be measured, after it was published.
    """
    work = _Publication(folder, catalog, model, find_texts)
    found = work.published()
    wanted = _concrete(kind, catalog.vectors.count(model), found[0] if found else None)
    return work.measured(*work.brought_up_to_date(found, wanted))


def publish_so_far(catalog: Catalog, model: ModelCard, kind: IndexKind) -> int | None:
    """Publish what a build has stored so far, unmeasured; return how many pictures that are.

    Until there is an index of the kind that was asked for, the quickest for so many is made.
    None where one of another model is in use, which this is no more than a part of.
    """
    before = published_count(catalog, model)
    if before is None:
        return None
    work = _Publication(catalog.folder, catalog, model, no_background)
    found, count = work.published(), catalog.vectors.count(model)
    now = found[0] if found else None
    wanted = _concrete(kind, count, now)
    if now is None or made_for(now) is not wanted:
        wanted = _concrete(IndexKind.AUTO, count, now)
    return work.brought_up_to_date(found, wanted)[0].count


def published_count(catalog: Catalog, model: ModelCard) -> int | None:
    """Count the pictures in the published index; None where it is of another model."""
    manifest = _tied_manifest(catalog)
    if manifest is None:
        return 0
    return manifest.count if manifest.model.fingerprint == model.fingerprint else None


def rebuild_index(name: str, settings: Settings) -> IndexManifest:
    """Make the published index anew from the catalog; nothing is embedded again for it.

    Raises:
        CollectionBusy: The collection is being built.
        IndexMissing: No build has finished yet.
        CollectionDamaged: The catalog is broken.
    """
    library = Library(settings)
    with library.lock(name), library.open_catalog(name) as catalog:
        return _made_anew(catalog, settings)


def _made_anew(catalog: Catalog, settings: Settings) -> IndexManifest:
    """Publish index and calibration anew, whatever lies there; the caller holds the lock."""
    wanted, manifest = catalog.settings, _tied_manifest(catalog)
    model = manifest.model if manifest else catalog.vectors.main_model()
    was_there = manifest is not None or catalog.builds.has_finished()
    if wanted is None or model is None or not was_there:
        cause = f"The collection '{catalog.folder.name}' has no finished index yet"
        name, remedy = catalog.folder.name, "Update it first."
        raise IndexMissing(
            cause, place=str(catalog.folder), remedy=remedy, way=Way.UPDATE, about=name
        )
    kind = made_for(manifest) if manifest else _concrete(wanted.kind, len(catalog.pictures), None)
    texts = background_texts(model.model_id, settings)
    find_texts = partial(find_background, catalog, model, texts, settings)
    work = _Publication(catalog.folder, catalog, model, find_texts)
    published = work.measured(*work.publish(work.made_anew(kind)))
    keep_calibrated(catalog, model, find_texts)
    return published


def _tied_manifest(catalog: Catalog) -> IndexManifest | None:
    """Return the manifest, if it is one of this catalog."""
    try:
        manifest = read_manifest(catalog.folder)
    except CollectionDamaged as error:
        _LOG.info("the manifest of %s is of no use: %s", catalog.folder.name, error.cause)
        return None
    return manifest if manifest and catalog.has_been(manifest.made_of) else None


def open_mended(catalog: Catalog, settings: Settings) -> tuple[IndexManifest, VectorStore]:
    """Open the index that belongs to a catalog; make it anew where another or a broken one lies.

    Raises:
        IndexMissing: No build has published anything yet.
        CollectionDamaged: It does not belong to the catalog or is broken, and there are too many
            vectors to make it anew unasked, or nothing can be written.
    """
    try:
        return _open_tied(catalog)
    except IndexMissing as error:
        if not catalog.builds.has_finished():
            raise (_not_yet(catalog) if is_being_built(catalog) else error) from None
        problem = unusable_index(catalog.folder, "The index is missing")
    except CollectionDamaged as error:
        problem = error
    if len(catalog.pictures) > MENDED_UNASKED:
        raise problem
    library = Library(settings)
    try:
        with library.lock(catalog.folder.name):
            _made_anew(catalog, settings)
    except (CollectionError, OSError) as error:
        _LOG.warning("the index of %s was not made anew: %s", catalog.folder.name, error)
        raise problem from error
    _LOG.warning("the index of %s was made anew: %s", catalog.folder.name, problem.cause)
    return _open_tied(catalog)


def _not_yet(catalog: Catalog) -> IndexMissing:
    name = catalog.folder.name
    remedy = (
        f"Wait: after the first {FIRST_PUBLISHED} pictures, or all of fewer, it can be searched."
    )
    return IndexMissing(f"The collection '{name}' is being indexed just now", remedy=remedy)


def _open_tied(catalog: Catalog) -> tuple[IndexManifest, VectorStore]:
    return open_published(
        catalog.folder, catalog.vectors.source, belongs=lambda manifest: _belongs(manifest, catalog)
    )


def _belongs(manifest: IndexManifest, catalog: Catalog) -> bool:
    """Return whether an index was made of a catalog; one of far more pictures was not."""
    is_possible = manifest.count <= _MOST_TIMES * (len(catalog.pictures) + 100)
    return is_possible and catalog.has_been(manifest.made_of)


def _concrete(asked: IndexKind, count: int, manifest: IndexManifest | None) -> IndexKind:
    if asked is not IndexKind.AUTO:
        return asked
    return kind_for(count, made_for(manifest) if manifest else None)


@dataclass(frozen=True)
class _Publication:
    folder: Path
    catalog: Catalog
    model: ModelCard
    find_texts: FindBackground

    def published(self) -> tuple[IndexManifest, VectorStore] | None:
        """Open what is published, if it is of use: whole, of this model, and of this catalog."""
        try:
            manifest, store = _open_tied(self.catalog)
        except IndexMissing:
            return None
        except CollectionDamaged as error:
            _LOG.info("the index of %s is made anew: %s", self.folder.name, error.cause)
            return None
        fits = manifest.model.fingerprint == self.model.fingerprint
        return (manifest, store) if fits else None

    def brought_up_to_date(
        self, found: tuple[IndexManifest, VectorStore] | None, kind: IndexKind
    ) -> tuple[IndexManifest, VectorStore]:
        """Publish what the catalog says, unless it is published already."""
        if found and made_for(found[0]) is kind:
            manifest, store = found
            now = (self.catalog.version, self.model.model_id)
            if (manifest.made_of, manifest.model.model_id) == now:
                return found
            appraisal = self.mend(store, manifest)
            if appraisal:
                return self.publish(store, appraisal)
        return self.publish(self.made_anew(kind))

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
            with self._vectors_of_ours():
                store.add(np.concatenate(ids), np.concatenate(rows))
        return appraisal

    def made_anew(self, kind: IndexKind) -> VectorStore:
        source = self.catalog.vectors.source(self.model)
        store = new_store(kind, self.model.dimension, source)
        with self._vectors_of_ours():
            store.fill(self.catalog.vectors.ids(self.model))
        return store

    @contextmanager
    def _vectors_of_ours(self) -> Iterator[None]:
        """Call it damage when a vector is of no use; a build stores none that is not."""
        try:
            yield
        except BadVectors as error:
            cause = "The catalog holds vectors that no model made"
            raise unusable_index(self.folder, cause) from error

    def publish(
        self, store: VectorStore, appraisal: Appraisal = UNMEASURED
    ) -> tuple[IndexManifest, VectorStore]:
        """Publish a store; one that is approximate and was not measured looks everywhere."""
        if not store.exact and not appraisal.figures:
            store.effort, appraisal = store.efforts[-1], NOT_YET
        self.catalog.flush()
        manifest = publish(self.folder, store, self.model, self.catalog.version, appraisal)
        return manifest, store

    def measured(self, manifest: IndexManifest, store: VectorStore) -> IndexManifest:
        """Publish an index again as measured, if that is due; an exact one if it lost too much."""
        if not is_due(manifest, store):
            return manifest
        appraisal = appraise(self.catalog, self.model, store, self.find_texts)
        if appraisal.instead_of:
            store = self.made_anew(IndexKind.EXACT)
        return self.publish(store, appraisal)[0]
