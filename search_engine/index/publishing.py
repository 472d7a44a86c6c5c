"""The catalog's vectors to a published index: mended where little has changed, else made anew.

What can be searched is published before it is measured. An approximate index looks everywhere until
then; where a build ends in between, the next one measures it.
"""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path

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
from search_engine.errors import CollectionDamaged, CollectionError, IndexMissing, Way
from search_engine.index.appraisal import made_for
from search_engine.index.publication import Publication, open_tied
from search_engine.index.store import VectorStore
from search_engine.records import IndexKind, IndexManifest, ModelCard
from search_engine.settings import Settings

_LOG = logging.getLogger(__name__)

FIRST_PUBLISHED = 500
"""So many pictures of a long first build are worth a first search."""
MENDED_UNASKED = 200_000
"""Up to so many vectors an index that is of no use is made anew when it is opened, in a second."""


def publish_index(
    folder: Path,
    catalog: Catalog,
    model: ModelCard,
    kind: IndexKind,
    find_texts: FindBackground,
    *,
    anew: bool = False,
) -> IndexManifest:
    """Make the published index say what the catalog says, measure it, and give its manifest.

    Args:
        folder: Where it lies.
        catalog: The truth.
        model: Which vectors.
        kind: What the user asked for.
        find_texts: Finds the vectors of the background texts; called only if an approximate index
            is to be measured, after it was published.
        anew: Make it anew, also where it could be mended.

    Raises:
        StoreAway: It is to lie, or lies, on a server that cannot be reached.
    """
    work = Publication(folder, catalog, model, find_texts)
    found = work.published()
    wanted = work.concrete(kind, catalog.vectors.count(model), work.manifest_of_ours(found))
    if anew:
        return work.measured(*work.replaced(found, wanted))
    return work.measured(*work.brought_up_to_date(found, wanted))


def publish_so_far(catalog: Catalog, model: ModelCard, kind: IndexKind) -> int | None:
    """Publish what a build has stored so far, unmeasured; return how many pictures that are.

    Until there is an index of the kind that was asked for, the quickest for so many is made.
    None where one of another model is in use, which this is no more than a part of.
    """
    before = published_count(catalog, model)
    if before is None:
        return None
    work = Publication(catalog.folder, catalog, model, no_background)
    found, count = work.published(), catalog.vectors.count(model)
    now = work.manifest_of_ours(found)
    wanted = work.concrete(kind, count, now)
    if now is None or made_for(now) is not wanted:
        wanted = work.concrete(IndexKind.AUTO, count, now)
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
    texts = background_texts(model.model_id, settings)
    find_texts = partial(find_background, catalog, model, texts, settings)
    work = Publication(catalog.folder, catalog, model, find_texts)
    kind = made_for(manifest) if manifest else wanted.kind
    kind = work.concrete(kind, len(catalog.pictures), None)
    published = work.measured(*work.replaced(work.published(), kind))
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
        return open_tied(catalog)
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
    return open_tied(catalog)


def _not_yet(catalog: Catalog) -> IndexMissing:
    name = catalog.folder.name
    remedy = (
        f"Wait: after the first {FIRST_PUBLISHED} pictures, or all of fewer, it can be searched."
    )
    return IndexMissing(f"The collection '{name}' is being indexed just now", remedy=remedy)
