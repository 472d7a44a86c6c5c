"""How a published index is brought up to date: mended where little has changed, else made anew."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

import numpy as np

from search_engine.calibration.background_vectors import FindBackground
from search_engine.collection.catalog import Catalog
from search_engine.collection.manifest import unusable_index
from search_engine.errors import (
    BadInput,
    BadVectors,
    CollectionDamaged,
    CollectionError,
    IndexMissing,
    StoreNotConfirmed,
    passing_over,
)
from search_engine.index.appraisal import NOT_YET, after_changes, appraise, is_due, made_for
from search_engine.index.generations import open_published, publish
from search_engine.index.milvus_store import MilvusStore
from search_engine.index.policy import kind_for
from search_engine.index.store import VectorStore, new_store
from search_engine.index.store_home import StoreHome
from search_engine.index.tuning import UNMEASURED, Appraisal
from search_engine.records import Ids, IndexKind, IndexManifest, ModelCard

_LOG = logging.getLogger(__name__)

_MOST_TIMES = 10
_ANEW_SHARE = 0.3
"""When more of an index than this has changed, making it anew is as fast as mending it."""
_ADDED_AT_ONCE = 16_384

Published: TypeAlias = tuple[IndexManifest, VectorStore]


@dataclass(frozen=True)
class Publication:
    """Brings the published index of a catalog up to date with it, for one model."""

    folder: Path
    catalog: Catalog
    model: ModelCard
    find_texts: FindBackground

    @property
    def home(self) -> StoreHome | None:
        """Where the index is to lie, if not in the collection's folder."""
        wanted = self.catalog.settings
        return StoreHome.of(self.catalog, wanted.store) if wanted else None

    def concrete(self, asked: IndexKind, count: int, manifest: IndexManifest | None) -> IndexKind:
        """Return the kind that is to be made."""
        if (home := self.home) and home.address.is_lite:
            return IndexKind.EXACT
        if asked is not IndexKind.AUTO:
            return asked
        return kind_for(count, made_for(manifest) if manifest else None)

    def published(self) -> Published | None:
        """Open what is published, of whatever model, if it is whole and of this catalog."""
        try:
            return open_tied(self.catalog)
        except IndexMissing:
            return None
        except (CollectionDamaged, StoreNotConfirmed, BadInput) as error:
            _LOG.info("the index of %s is made anew: %s", self.folder.name, error.cause)
            return None

    def manifest_of_ours(self, found: Published | None) -> IndexManifest | None:
        """Return the manifest of what is published, if that is of this model."""
        fits = found and found[0].model.fingerprint == self.model.fingerprint
        return found[0] if found and fits else None

    def brought_up_to_date(self, found: Published | None, kind: IndexKind) -> Published:
        """Publish what the catalog says, unless it is published already."""
        manifest, home = self.manifest_of_ours(found), self.home
        stays = manifest and manifest.store == (str(home.address) if home else "")
        if found and manifest and stays and made_for(manifest) is kind:
            store, now = found[1], (self.catalog.version, self.model.model_id)
            if (manifest.made_of, manifest.model.model_id) == now and store.is_whole():
                return found
            try:
                appraisal = self.mend(store, manifest)
            except CollectionDamaged as error:
                _LOG.warning("the index of %s is made anew: %s", self.folder.name, error.cause)
                appraisal = None
            if appraisal:
                return self.publish(store, appraisal)
        return self.replaced(found, kind)

    def replaced(
        self, found: Published | None, kind: IndexKind, appraisal: Appraisal = UNMEASURED
    ) -> Published:
        """Publish an index that is made anew; of the one before nothing stays elsewhere."""
        before = found[1] if found else None
        published = self.publish(self.made_anew(kind, before), appraisal)
        if isinstance(before, MilvusStore):
            with passing_over(_LOG, "vectors stay where they are not used", CollectionError):
                before.drop()
        return published

    def mend(self, store: VectorStore, manifest: IndexManifest) -> Appraisal | None:
        """Bring a store up to date; None when it should rather be made anew."""
        vectors = self.catalog.vectors
        present, held = vectors.ids(self.model), store.ids()
        gone = np.setdiff1d(held, present, assume_unique=True)
        newer = vectors.newer(self.model, manifest.catalog_revision)
        fresh = np.union1d(newer, np.setdiff1d(present, held, assume_unique=True))
        changes = len(gone) + len(fresh)
        appraisal = after_changes(manifest, changes)
        if store.address:
            appraisal = appraisal or UNMEASURED  # to write all rows again never takes less
        elif appraisal is None or changes > _ANEW_SHARE * len(present):
            return None
        store.remove(gone)
        for some in _parts(fresh):
            with self._vectors_of_ours():
                store.add(some, vectors.of(self.model, some))
        return appraisal

    def made_anew(self, kind: IndexKind, before: VectorStore | None = None) -> VectorStore:
        """Make a store of all vectors, beside the one that is published."""
        home, source = self.home, self.catalog.vectors.source(self.model)
        if home and isinstance(before, MilvusStore) and before.address == str(home.address):
            home = before.home
        store = new_store(kind, self.model.dimension, source, home)
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

    def publish(self, store: VectorStore, appraisal: Appraisal = UNMEASURED) -> Published:
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
            return self.replaced((manifest, store), IndexKind.EXACT, appraisal)[0]
        return self.publish(store, appraisal)[0]


def _parts(ids: Ids) -> Iterator[Ids]:
    for start in range(0, len(ids), _ADDED_AT_ONCE):
        yield ids[start : start + _ADDED_AT_ONCE]


def open_tied(catalog: Catalog) -> Published:
    """Open what is published, if it is of this catalog; raises as `open_published`."""
    return open_published(
        catalog.folder,
        catalog.vectors.source,
        belongs=lambda manifest: _belongs(manifest, catalog),
        home_of=partial(StoreHome.of, catalog),
    )


def _belongs(manifest: IndexManifest, catalog: Catalog) -> bool:
    """Return whether an index was made of a catalog; one of far more pictures was not."""
    is_possible = manifest.count <= _MOST_TIMES * (len(catalog.pictures) + 100)
    return is_possible and catalog.has_been(manifest.made_of)
