"""What thumbnails look like, measured once for each content and kept beside the catalog.

A derived file, not a table of the catalog: it can be made again from the thumbnails at any time.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from search_engine.collection.thumbnails import Thumbnails, open_thumbnail, square_middle
from search_engine.files.arrays import ArrayCache, exactly, whole
from search_engine.records import Progress, Step, no_progress

_LOG = logging.getLogger(__name__)

STATISTICS_FILE = "looks.npz"
HASH_BITS = 64
SHARPNESS_SIDE = 256
"""Pixels to which every thumbnail is brought before its sharpness is measured."""

_VERSION = 1
_HASH_SIDE, _HASH_WAVES = 32, 8
_LEAST_CONTRAST = 2.0
_DARK_END, _BRIGHT_END = 0.05, 0.95
_AT_ONCE = 256
_SAVED_EVERY = 20_000
_THREADS = 2

_FIELDS = [("known", "?"), ("flat", "?"), ("phash", "u8"), ("sharpness", "f4"), ("dark_end", "f4"),
           ("bright_end", "f4")]  # fmt: skip

_FORMS = {
    "version": whole(),
    "hashes": exactly("S64", "contents"),
    "looks": exactly(_FIELDS, "contents"),
}
_MORE_THAN_NOW, _MORE = 4, 100_000

ImageStatistics: TypeAlias = NDArray[np.void]
"""Shape (contents,) with the fields *known* (there is a thumbnail), *flat* (it shows one even
colour, and its hash means nothing), *phash* (64 bits), *sharpness*,
*dark_end* and *bright_end* (5th and 95th percentile of luminance, 0 to 255)."""


def _waves() -> NDArray[np.float32]:
    """Return the lowest cosine waves of the DCT-II, shape (waves, pixels)."""
    wave, pixel = np.arange(_HASH_WAVES)[:, None], np.arange(_HASH_SIDE)[None]
    return np.cos(np.pi * wave * (2 * pixel + 1) / (2 * _HASH_SIDE)).astype(np.float32)


_WAVES = _waves()
_BITS = np.left_shift(np.uint64(1), np.arange(HASH_BITS, dtype=np.uint64))


def perceptual_hash(grey: Image.Image) -> int:
    """Return the 64-bit pHash of a grey picture: which low frequencies are above their median.

    C. Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions", 2010.
    """
    small = grey.resize((_HASH_SIDE, _HASH_SIDE), Image.Resampling.BOX)
    waves = _WAVES @ np.asarray(small, dtype=np.float32) @ _WAVES.T
    waves[0] /= np.sqrt(2)
    waves[:, 0] /= np.sqrt(2)
    return int(_BITS[(waves > np.median(waves)).ravel()].sum(dtype=np.uint64))


def is_flat(grey: Image.Image) -> bool:
    """Return whether a grey picture is of one even colour, so that its hash means nothing."""
    small = grey.resize((_HASH_SIDE, _HASH_SIDE), Image.Resampling.BOX)
    return bool(np.asarray(small).std() < _LEAST_CONTRAST)


def sharpness(grey: Image.Image) -> float:
    """Return the variance of the Laplacian at a fixed size, per variance of the grey values.

    J. L. Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy: a comparative
    study", ICPR 2000; divided, so that a picture of little contrast is not taken for a blurred one.
    """
    size = (SHARPNESS_SIDE, SHARPNESS_SIDE)
    fixed = grey if grey.size == size else grey.resize(size, Image.Resampling.BILINEAR)
    at = np.asarray(fixed, dtype=np.int16)
    inner = at[1:-1, 1:-1]
    edges = at[:-2, 1:-1] + at[2:, 1:-1] + at[1:-1, :-2] + at[1:-1, 2:] - 4 * inner
    return float(edges.var(dtype=np.float32) / max(inner.var(dtype=np.float32), 1))


def _measure(file: Path) -> tuple[bool, bool, int, float, float, float]:
    try:
        with open_thumbnail(file) as image:
            image.draft("L", None)
            grey = square_middle(image.convert("L"))
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        _LOG.info("a thumbnail is not measured: %s", type(error).__name__)
        return False, True, 0, np.nan, np.nan, np.nan
    shares = np.cumsum(grey.histogram()) / (grey.width * grey.height)
    dark_end, bright_end = np.searchsorted(shares, (_DARK_END, _BRIGHT_END)).tolist()
    return True, is_flat(grey), perceptual_hash(grey), sharpness(grey), dark_end, bright_end


def measure_thumbnails(
    folder: Path, hashes: NDArray[np.bytes_], progress: Progress = no_progress
) -> ImageStatistics:
    """Return the statistics of contents, in their order; only those not yet known are measured.

    Args:
        folder: Of the collection.
        hashes: Content hashes, each once.
        progress: Hears of progress; what was measured until it raises is kept.
    """
    cache = ArrayCache(folder / STATISTICS_FILE, "the list of image statistics", _FORMS)
    known_hashes, known = _read(cache, len(hashes))
    found = np.zeros(len(hashes), dtype=_FIELDS)
    at = np.minimum(np.searchsorted(known_hashes, hashes), max(len(known_hashes) - 1, 0))
    here = known_hashes[at] == hashes if len(known_hashes) else np.zeros(len(hashes), dtype=bool)
    here[here] &= known["known"][at[here]]  # a lost thumbnail may have come back
    found[here] = known[at[here]]
    missing = np.flatnonzero(~here)
    unsaved = 0
    try:
        for done, places, measured in _measured(Thumbnails(folder), hashes, missing):
            progress(Step("Looking at the thumbnails", done, len(missing)))
            found[places] = measured
            here[places] = True
            unsaved += len(places)
            if unsaved >= _SAVED_EVERY:
                _write(cache, hashes[here], found[here])
                unsaved = 0
    finally:
        if unsaved:
            _write(cache, hashes[here], found[here])
    return found


def _measured(
    thumbnails: Thumbnails, hashes: NDArray[np.bytes_], missing: NDArray[np.int64]
) -> Iterator[tuple[int, NDArray[np.int64], ImageStatistics]]:
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="thumbnails") as pool:
        for start in range(0, len(missing), _AT_ONCE):
            places = missing[start : start + _AT_ONCE]
            files = [thumbnails.path(digest.decode()) for digest in hashes[places].tolist()]
            yield (
                start + len(places),
                places,
                np.array(list(pool.map(_measure, files)), dtype=_FIELDS),
            )


def _read(cache: ArrayCache, contents: int) -> tuple[NDArray[np.bytes_], ImageStatistics]:
    """Read what was measured before; of far more contents than there are, nothing is read."""
    saved = cache.read(None, contents=_MORE_THAN_NOW * contents + _MORE)
    if saved is None or int(saved["version"]) != _VERSION:
        return np.empty(0, dtype="S64"), np.empty(0, dtype=_FIELDS)
    hashes, statistics = saved["hashes"], saved["looks"].copy()
    for field in ("sharpness", "dark_end", "bright_end"):
        statistics["known"] &= np.isfinite(statistics[field])
    order = np.argsort(hashes)
    return hashes[order], statistics[order]


def _write(cache: ArrayCache, hashes: NDArray[np.bytes_], statistics: ImageStatistics) -> None:
    order = np.argsort(hashes)
    cache.write(None, version=_VERSION, hashes=hashes[order].astype("S64"), looks=statistics[order])
