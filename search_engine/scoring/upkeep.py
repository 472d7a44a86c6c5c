"""The calibration of a collection on disk: made, brought up to date, read.

It is derived: `calibration.npz` beside the index, written whole and renamed. One that is missing,
broken, of another model or of an older method is made again.
"""

from __future__ import annotations

import contextlib
import os
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import numpy as np

from search_engine.catalog import Catalog
from search_engine.records import ModelCard, Vectors
from search_engine.scoring.background import Background, calibrate, raw_liking
from search_engine.scoring.calibration import Calibration, Level

CALIBRATION_FILE = "calibration.npz"
_METHOD = 1
"""Raise it when texts or method change, so that older calibrations are made again."""

QUICK_UP_TO = 20_000
"""Up to so many pictures all is measured again after every change, in half a second at most."""
_MEASURED_AGAIN_SHARE = 0.1

EmbedBackground: TypeAlias = Callable[[], Vectors | None]
"""Embeds `captions.BACKGROUND`; None where there is no model to do it."""


def keep_calibrated(
    catalog: Catalog, model: ModelCard, embed: EmbedBackground
) -> Calibration | None:
    """Bring a collection's calibration up to date with its vectors; None without a model.

    Args:
        catalog: The catalog of the collection, in whose folder the calibration lies.
        model: Which vectors.
        embed: Called only if the catalog does not remember the vectors of the neutral texts.
    """
    known = read_calibration(catalog.folder, model)
    if known is not None and known.revision == catalog.revision:
        return known
    background = background_of(catalog, model, embed)
    if background is None:
        return None
    fresh = known and _mended(known, catalog, model, background)
    fresh = fresh or calibrate(catalog.vectors, model, background, catalog.revision)
    _write(catalog.folder / CALIBRATION_FILE, fresh)
    return fresh


def background_of(catalog: Catalog, model: ModelCard, embed: EmbedBackground) -> Background | None:
    """Give the vectors of the neutral texts, embedded once for a collection and model."""
    known = Background.of(catalog.vectors.captions(model))
    if known is None:
        vectors = embed()
        known = Background.of(vectors)
        if vectors is not None and known is not None:
            catalog.vectors.remember_captions(model, vectors)
    return known


def _mended(
    known: Calibration, catalog: Catalog, model: ModelCard, background: Background
) -> Calibration | None:
    """Measure only the pictures that are new or changed; None if that is no gain, or too many.

    Means and cuts stay as they are: a tenth more or fewer pictures hardly moves them.
    """
    present = catalog.vectors.ids(model)
    if len(present) <= QUICK_UP_TO or known.revision > catalog.revision:
        return None
    liking = known.liking_of(present)
    changed = len(np.setdiff1d(known.picture_ids, present, assume_unique=True))
    average = float(raw_liking(background.captions, known.mean[None])[0])
    for ids, vectors in catalog.vectors.batches(model, after_revision=known.revision):
        liking[np.searchsorted(present, ids)] = raw_liking(background.captions, vectors) - average
        changed += len(ids)
    if known.changed + changed > _MEASURED_AGAIN_SHARE * len(present):
        return None
    return replace(
        known, picture_ids=present, liking=liking, revision=catalog.revision,
        changed=known.changed + changed,
    )  # fmt: skip


def read_calibration(folder: Path, model: ModelCard) -> Calibration | None:
    """Read the calibration of a collection under a model; None if there is none of use."""
    try:
        # NumPy leaves a file open that it opened and could not read.
        with (
            (folder / CALIBRATION_FILE).open("rb") as content,
            np.load(content, allow_pickle=False) as saved,
        ):
            method, revision, changed = (int(value) for value in saved["numbers"])
            fingerprint = str(saved["fingerprint"])
            if (method, fingerprint) != (_METHOD, model.fingerprint):
                return None
            ceiling, *levels = (float(value) for value in saved["levels"])
            return Calibration(
                saved["picture_ids"], saved["liking"], saved["mean"], ceiling,
                Level(*levels[:2]), Level(*levels[2:]), fingerprint, revision, changed,
            )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile):
        return None


def _write(file: Path, made: Calibration) -> None:
    beside = file.with_name(f"{file.name}.{os.getpid()}.partial")
    levels = [made.ceiling, made.words.cut, made.words.spread]
    with contextlib.suppress(OSError), beside.open("wb") as target:  # it can be made again
        np.savez(
            target,
            picture_ids=made.picture_ids,
            liking=made.liking,
            mean=made.mean,
            levels=[*levels, made.pictures.cut, made.pictures.spread],
            fingerprint=made.fingerprint,
            numbers=[_METHOD, made.revision, made.changed],
        )
        target.flush()
        os.fsync(target.fileno())
    with contextlib.suppress(OSError):
        beside.replace(file)
