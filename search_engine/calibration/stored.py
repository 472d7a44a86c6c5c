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

from search_engine.calibration.calibrate import (
    SMALLEST_SPREAD,
    calibrate,
    raw_hubness,
)
from search_engine.calibration.match import Calibration, Level
from search_engine.calibration.probe_vectors import FindProbes, ProbeVectors
from search_engine.collection.catalog import Catalog
from search_engine.files.arrays import ArrayCache, real, text, whole
from search_engine.records import CatalogVersion, ModelCard

_LOG = logging.getLogger(__name__)

CALIBRATION_FILE = "calibration.npz"
_METHOD = 2
"""Raise it when texts or method change, so that older calibrations are made again."""

QUICK_UP_TO = 20_000
"""Up to so many pictures all is measured again after every change, in half a second at most."""
_MEASURED_AGAIN_SHARE = 0.1

_FORMS = {
    "picture_ids": whole("pictures", low=1, ascending=True),
    "liking": real("pictures"),
    "mean": real("dimension"),
    "levels": real(5),
    "fingerprint": text(),
    "made_of": text(2),
    "numbers": whole(3),
}
_MORE_THAN_NOW, _MORE = 2, 100_000
"""Of more pictures that are gone since, there is no gain in keeping it."""


def keep_calibrated(
    catalog: Catalog, model: ModelCard, find_probes: FindProbes
) -> Calibration | None:
    """Bring a collection's calibration up to date with its vectors; None without a model.

    Args:
        catalog: The catalog of the collection, in whose folder the calibration lies.
        model: Which vectors.
        find_probes: Finds the vectors of the probe texts; called only if something is measured.
    """
    known = read_calibration(catalog, model)
    if known is not None and known.made_of == catalog.version:
        return known
    probes = find_probes()
    if probes is None:
        return None
    fresh = known and _mended(known, catalog, model, probes)
    fresh = fresh or calibrate(catalog.vectors, model, probes, catalog.version)
    _write(_cache(catalog), fresh)
    return fresh


def _mended(
    known: Calibration, catalog: Catalog, model: ModelCard, probes: ProbeVectors
) -> Calibration | None:
    """Measure only the pictures that are new or changed; None if that is no gain, or too many.

    Means and cuts stay as they are: a tenth more or fewer pictures hardly moves them.
    """
    present = catalog.vectors.ids(model)
    if len(present) <= QUICK_UP_TO:
        return None
    hubness = known.hubness_of(present)
    changed = len(np.setdiff1d(known.picture_ids, present, assume_unique=True))
    average = float(raw_hubness(probes.captions, known.mean[None])[0])
    for ids, vectors in catalog.vectors.batches(model, after_revision=known.made_of.revision):
        hubness[np.searchsorted(present, ids)] = raw_hubness(probes.captions, vectors) - average
        changed += len(ids)
    if known.changed + changed > _MEASURED_AGAIN_SHARE * len(present):
        return None
    return replace(
        known, picture_ids=present, hubness=hubness, made_of=catalog.version,
        changed=known.changed + changed,
    )  # fmt: skip


def read_calibration(catalog: Catalog, model: ModelCard) -> Calibration | None:
    """Read the calibration of a collection under a model; None if there is none of use."""
    most = _MORE_THAN_NOW * catalog.vectors.count(model) + _MORE
    saved = _cache(catalog).read(None, pictures=most, dimension=model.dimension)
    if saved is None:
        return None
    try:
        calibration = _calibration(saved)
    except ValueError as error:
        _LOG.warning("the calibration of %s is made again: %s", catalog.folder.name, error)
        return None
    is_of_model = calibration.fingerprint == model.fingerprint
    fits = is_of_model and len(calibration.mean) == model.dimension
    return calibration if fits and catalog.has_been(calibration.made_of) else None


def calibration_stamp(folder: Path) -> tuple[int, ...] | None:
    """Return a value that is another once another calibration lies there; None for none."""
    try:
        found = (folder / CALIBRATION_FILE).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size


def _calibration(saved: Mapping[str, NDArray[np.generic]]) -> Calibration:
    method, revision, changed = (int(value) for value in saved["numbers"])
    if method != _METHOD:
        cause = f"it was made by method {method}"
        raise ValueError(cause)
    identity, token = (str(text) for text in saved["made_of"])
    ceiling, *levels = (float(value) for value in saved["levels"])
    words, pictures = Level(*levels[:2]), Level(*levels[2:])
    if min(words.spread, pictures.spread) < SMALLEST_SPREAD:
        cause = "nothing is a match by it"
        raise ValueError(cause)
    ids = saved["picture_ids"].astype(np.int64)
    hubness, mean = (saved[name].astype(np.float32) for name in ("liking", "mean"))
    return Calibration(
        ids, hubness, mean, ceiling, words, pictures,
        str(saved["fingerprint"]), CatalogVersion(identity, revision, token), changed,
    )  # fmt: skip


def _cache(catalog: Catalog) -> ArrayCache:
    what = f"the calibration of {catalog.folder.name}"
    return ArrayCache(catalog.folder / CALIBRATION_FILE, what, _FORMS, logging.WARNING)


def _write(cache: ArrayCache, made: Calibration) -> None:
    levels = [made.ceiling, made.words.cut, made.words.spread]
    cache.write(
        None,
        picture_ids=made.picture_ids,
        liking=made.hubness,  # the name in files of earlier versions
        mean=made.mean,
        levels=[*levels, made.pictures.cut, made.pictures.spread],
        fingerprint=made.fingerprint,
        made_of=[made.made_of.identity, made.made_of.token],
        numbers=[_METHOD, made.made_of.revision, made.changed],
    )
