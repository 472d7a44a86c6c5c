"""Whether two pictures that look the same in small are the same: a look at the originals.

Thumbnails show the square middle of a picture, and no small print. So before two pictures count as
one, their files are read: whole and at a larger size they are laid over one another, and no spot
may differ. A page of small print, and what holds more than the picture that is
shown, is a copy of nothing but equal files.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from search_engine.audit.crop_registration import best_crop
from search_engine.collection.decoding import (
    DecodedPicture,
    content_hash,
    decode,
    holds_more,
    read_content,
)
from search_engine.errors import SearchEngineError
from search_engine.records import Progress, Step, no_progress

_LOG = logging.getLogger(__name__)

LEAST_OF_A_SPOT = 0.85
"""Correlation of the spot that fits worst. Measured on photographs: 0.87 to 0.97 after JPEG of
quality 45, 0.94 and better after cropping and halving; a changed digit of a page gives 0.80."""
MOST_OF_A_COLOUR = 40
"""Of 255 by which the colour of a spot may differ."""
_SPOT, _STEP, _SHIFT = 16, 8, 2
_FAINT = 10.0
"""Standard deviation of grey values below which a spot has little that could differ."""
_COLOURED_SIDE = 24
_EVEN, _GROUND = 17, 0.6
"""Grey values that count as one, and the share of a picture that is of one."""
_THREADS, _AT_ONCE, _REMEMBERED = 2, 32, 64

Grey = NDArray[np.float32]


class CloseLook:
    """Looks at pairs of contents, each pair once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], bool] = {}

    def confirmed(
        self,
        pairs: Sequence[tuple[str, str]],
        files: Mapping[str, Sequence[Path]],
        progress: Progress = no_progress,
    ) -> NDArray[np.bool_]:
        """Return which pairs are the same picture; what cannot be read now is none.

        Args:
            pairs: Content hashes, two by two.
            files: Where each content may lie.
            progress: Hears how many pairs are done.
        """
        missing = [pair for pair in dict.fromkeys(pairs) if pair not in self._known]
        opened = lru_cache(_REMEMBERED)(lambda digest: _opened(digest, files.get(digest, ())))

        def look(pair: tuple[str, str]) -> bool | None:
            one, other = map(opened, pair)
            if one is None or other is None:
                return None
            return (
                isinstance(one, Image.Image)
                and isinstance(other, Image.Image)
                and is_same(one, other)
            )

        with ThreadPoolExecutor(_THREADS, thread_name_prefix="close look") as pool:
            for start in range(0, len(missing), _AT_ONCE):
                progress(Step("Looking at the originals", start, len(missing)))
                part = missing[start : start + _AT_ONCE]
                for pair, same in zip(part, pool.map(look, part), strict=True):
                    if same is not None:
                        self._known[pair] = same
        return np.array([self._known.get(pair, False) for pair in pairs], dtype=np.bool_)

    def looked_at(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.bool_]:
        """Return of which pairs both files could be read."""
        return np.array([pair in self._known for pair in pairs], dtype=np.bool_)


def _opened(digest: str, files: Sequence[Path]) -> Image.Image | bool | None:
    """Return a content's picture; False where it has more or is none, None where it is away."""
    for file in files:
        try:
            content = read_content(file)
        except (OSError, SearchEngineError) as error:
            _LOG.info("a file is not compared: %s", type(error).__name__)
            continue
        if content_hash(content) != digest:
            continue
        try:
            picture = None if holds_more(content) else decode(content, digest)
            return False if picture is None or has_small_print(picture) else picture.image
        except SearchEngineError as error:
            _LOG.info("a picture is compared by its bytes alone: %s", error)
            return False
    return None


def has_small_print(picture: DecodedPicture) -> bool:
    """Return whether a picture may be a page whose signs are too small to be told apart here.

    That is one which was reduced, of one even ground for the most part, as paper and screens are.
    """
    if picture.facts.width <= picture.image.width:
        return False
    counts = np.asarray(picture.image.convert("L").histogram())
    near = np.convolve(counts, np.ones(_EVEN), mode="same")
    return bool(near.max() >= _GROUND * counts.sum())


def is_same(one: Image.Image, other: Image.Image) -> bool:
    """Return whether two pictures show the same at every spot.

    Args:
        one: A whole picture, RGB.
        other: Another one; one may be a crop of the other, as in `overlay`.
    """
    first, second = _laid_over(one, other)
    return _colours_fit(first, second) and _spots_fit(_grey(first), _grey(second))


def _laid_over(one: Image.Image, other: Image.Image) -> tuple[Image.Image, Image.Image]:
    """Cut the larger one as the smaller one is cut, and bring both to one size."""
    (edges, fit), (turned, better) = best_crop(one, other), best_crop(other, one)
    if better > fit:
        one, other, edges = other, one, turned
    left, top, right, bottom = edges
    box = (
        other.width * left, other.height * top,
        other.width * (1 - right), other.height * (1 - bottom),
    )  # fmt: skip
    size = (
        max(1, round(min(one.width, box[2] - box[0]))),
        max(1, round(min(one.height, box[3] - box[1]))),
    )
    way = Image.Resampling.HAMMING
    return one.resize(size, way), other.resize(size, way, box=box)


def _colours_fit(one: Image.Image, other: Image.Image) -> bool:
    sides = (min(_COLOURED_SIDE, one.width), min(_COLOURED_SIDE, one.height))
    first, second = (
        np.asarray(image.convert("YCbCr").resize(sides, Image.Resampling.BOX), dtype=np.int16)
        for image in (one, other)
    )
    return bool(np.abs(first - second)[..., 1:].max() <= MOST_OF_A_COLOUR)


def _grey(image: Image.Image) -> Grey:
    """Return grey values, a little blurred, with edges repeated until spots cover all of them."""
    soft = np.asarray(image.convert("L").filter(ImageFilter.GaussianBlur(0.7)), dtype=np.float32)
    rows, columns = (max(_SPOT, -(-side // _STEP) * _STEP) - side for side in soft.shape)
    return np.pad(soft, ((0, rows), (0, columns)), mode="edge")


def _spots_fit(one: Grey, other: Grey) -> bool:
    """Correlate each spot with the same one of the other picture, or one that is near it."""
    # Around a mean of zero, or the squares' sums lose their last digits.
    one, other = one - one.mean(), np.pad(other - other.mean(), _SHIFT, mode="edge")
    mean, variance = _moments(one)
    best = np.full(mean.shape, -1.0)
    shifts = [(down, right) for down in range(2 * _SHIFT + 1) for right in range(2 * _SHIFT + 1)]
    for down, right in sorted(shifts, key=lambda at: abs(at[0] - _SHIFT) + abs(at[1] - _SHIFT)):
        moved = other[down : down + one.shape[0], right : right + one.shape[1]]
        moved_mean, moved_variance = _moments(moved)
        together = _spots(one * moved) - mean * moved_mean
        fit = (together + _FAINT**2) / np.sqrt(
            (variance + _FAINT**2) * (moved_variance + _FAINT**2)
        )
        best = np.maximum(best, fit)
        if best.min() >= LEAST_OF_A_SPOT:
            return True
    return False


def _moments(values: Grey) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    mean = _spots(values)
    return mean, np.maximum(_spots(values * values) - mean * mean, 0)


def _spots(values: Grey) -> NDArray[np.float64]:
    """Return the mean of each spot; spots overlap by half."""
    rows, columns = (side // _STEP for side in values.shape)
    quarters = values.reshape(rows, _STEP, columns, _STEP).mean((1, 3), dtype=np.float64)
    pairs = quarters[:-1] + quarters[1:]
    spots: NDArray[np.float64] = (pairs[:, :-1] + pairs[:, 1:]) / 4
    return spots
