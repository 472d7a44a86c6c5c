"""The calibration of a collection on disk: made, brought up to date, read.

It is derived: `calibration.npz` beside the index, written whole and renamed. One that is missing,
broken, of another model, of an older method or of a state that the catalog never was in is made
again.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search_engine.calibration.background_vectors import FindBackground
from search_engine.calibration.calibrate import SMALLEST_SPREAD, Calibration, Level, calibrate
from search_engine.calibration.probability import log_sums
from search_engine.collection.catalog import Catalog
from search_engine.files.arrays import ArrayCache, real, text, whole
from search_engine.records import CatalogVersion, ModelCard
from search_engine.records.background import BackgroundVectors

_LOG = logging.getLogger(__name__)

CALIBRATION_FILE = "calibration.npz"
_METHOD = 3
"""Raise it when the method changes, so that older calibrations are made again."""

QUICK_UP_TO = 20_000
"""Up to so many pictures all is measured again after every change, in half a second at most."""
_MEASURED_AGAIN_SHARE = 0.1

_MOST_LOGIT = 1e6
_FORMS = {
    "picture_ids": whole("pictures", low=1, ascending=True),
    "log_sums": real("pictures", low=-_MOST_LOGIT, high=_MOST_LOGIT),
    "mean": real("dimension"),
    "levels": real(3, low=-_MOST_LOGIT, high=_MOST_LOGIT),
    "fingerprint": text(),
    "made_of": text(3),
    "numbers": whole(3),
}
_MORE_THAN_NOW, _MORE = 2, 100_000
"""Of more pictures that are gone since, there is no gain in keeping it."""


def keep_calibrated(
    catalog: Catalog, model: ModelCard, find_background: FindBackground
) -> Calibration | None:
    """Bring a collection's calibration up to date with its vectors; None without a model.

    Args:
        catalog: The catalog of the collection, in whose folder the calibration lies.
        model: Which vectors.
        find_background: Finds the vectors of the background texts.
    """
    background = find_background()
    if background is None:
        return None
    known = read_calibration(catalog, model, background.digest)
    if known is not None and known.made_of == catalog.version:
        return known
    fresh = known and _mended(known, catalog, model, background)
    fresh = fresh or calibrate(catalog.vectors, model, background, catalog.version)
    _write(_cache(catalog), fresh)
    return fresh


def _mended(
    known: Calibration, catalog: Catalog, model: ModelCard, background: BackgroundVectors
) -> Calibration | None:
    """Measure only the pictures that are new or changed; None if that is no gain, or too many.

    Means and levels stay as they are: a tenth more or fewer pictures hardly moves them.
    """
    present = catalog.vectors.ids(model)
    if len(present) <= QUICK_UP_TO:
        return None
    sums = known.sums_of(present)
    changed = len(np.setdiff1d(known.picture_ids, present, assume_unique=True))
    for ids, vectors in catalog.vectors.batches(model, after_revision=known.made_of.revision):
        sums[np.searchsorted(present, ids)] = log_sums(vectors, background)
        changed += len(ids)
    if known.changed + changed > _MEASURED_AGAIN_SHARE * len(present):
        return None
    return replace(
        known, picture_ids=present, log_sums=sums, made_of=catalog.version,
        changed=known.changed + changed,
    )  # fmt: skip


def read_calibration(catalog: Catalog, model: ModelCard, digest: str | None) -> Calibration | None:
    """Read the calibration of a collection; None if there is none of use.

    Args:
        catalog: Of the collection.
        model: Under which it was made.
        digest: Of the background texts with which it was made; None where they are not known.
    """
    most = _MORE_THAN_NOW * catalog.vectors.count(model) + _MORE
    saved = _cache(catalog).read(None, pictures=most, dimension=model.dimension)
    if saved is None:
        return None
    method, name = int(saved["numbers"][0]), catalog.folder.name
    if method != _METHOD:
        _LOG.info("the calibration of %s is made again: it was made by method %d", name, method)
        return None
    try:
        calibration = _calibration(saved)
    except ValueError as error:
        _LOG.warning("the calibration of %s is made again: %s", name, error)
        return None
    is_of_model = calibration.fingerprint == model.fingerprint
    is_of_texts = digest in {None, calibration.digest}
    fits = is_of_model and is_of_texts and len(calibration.mean) == model.dimension
    return calibration if fits and catalog.has_been(calibration.made_of) else None


def calibration_stamp(folder: Path) -> tuple[int, ...] | None:
    """Return a value that is another once another calibration lies there; None for none."""
    try:
        found = (folder / CALIBRATION_FILE).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size


def _calibration(saved: Mapping[str, NDArray[np.generic]]) -> Calibration:
    _, revision, changed = (int(value) for value in saved["numbers"])
    identity, token, digest = (str(text) for text in saved["made_of"])
    highest_typical, threshold, spread = (float(value) for value in saved["levels"])
    if spread < SMALLEST_SPREAD:
        cause = "nothing is a match by it"
        raise ValueError(cause)
    return Calibration(
        picture_ids=saved["picture_ids"].astype(np.int64),
        log_sums=saved["log_sums"].astype(np.float32),
        mean=saved["mean"].astype(np.float32),
        highest_typical=highest_typical,
        pictures=Level(threshold, spread),
        fingerprint=str(saved["fingerprint"]),
        digest=digest,
        made_of=CatalogVersion(identity, revision, token),
        changed=changed,
    )


def _cache(catalog: Catalog) -> ArrayCache:
    what = f"the calibration of {catalog.folder.name}"
    return ArrayCache(catalog.folder / CALIBRATION_FILE, what, _FORMS, logging.WARNING)


def _write(cache: ArrayCache, made: Calibration) -> None:
    cache.write(
        None,
        picture_ids=made.picture_ids,
        log_sums=made.log_sums,
        mean=made.mean,
        levels=[made.highest_typical, made.pictures.threshold, made.pictures.spread],
        fingerprint=made.fingerprint,
        made_of=[made.made_of.identity, made.made_of.token, made.digest],
        numbers=[_METHOD, made.made_of.revision, made.changed],
    )
