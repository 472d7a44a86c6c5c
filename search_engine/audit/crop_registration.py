"""Whether one picture is a crop of another: laid over it and moved until they fit best."""

from __future__ import annotations

import logging
from itertools import product
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from search_engine.collection.thumbnails import open_thumbnail, square_middle

_LOG = logging.getLogger(__name__)

_SOURCE_SIDE, _SIDE = 128, 64
_LARGEST_INSET = 0.12
_STEPS = (0.04, 0.02, 0.01, 0.005, 0.0025, 0.00125)
_LARGE_STEP = _STEPS[1]
_SWEEPS = 4
_GOOD_ENOUGH, _VERY_GOOD = 0.995, 0.9995
_LEAST_GAIN = 1e-5

Edges: TypeAlias = tuple[float, ...]
"""Left, top, right and bottom: how much is left out there, in shares of a side."""
_WHOLE: Edges = (0.0, 0.0, 0.0, 0.0)


def overlay_correlation(one: Path, other: Path) -> float:
    """Return how well two thumbnails fit over one another, −1 to 1; NaN if one is lost.

    It is the normalised cross-correlation of grey values (J. P. Lewis, "Fast Normalized
    Cross-Correlation", 1995), at the best of the crops that leave up to 12 % out at each edge.
    Brighter, darker and resized pictures fit, and so do crops; two drawings of one thing do not.
    """
    first, second = small_grey(one), small_grey(other)
    return float("nan") if first is None or second is None else overlaid(first, second)


def small_grey(file: Path) -> Image.Image | None:
    """Return the square middle of a thumbnail as `overlaid` takes it; None if it is lost."""
    try:
        with open_thumbnail(file) as image:
            image.draft("L", (_SOURCE_SIDE, _SOURCE_SIDE))
            return _small(square_middle(image))
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        _LOG.info("a thumbnail is not compared: %s", type(error).__name__)
        return None


def overlaid(
    first: Image.Image,
    second: Image.Image,
    enough: float = _GOOD_ENOUGH,
    hopeless: float = -1.0,
) -> float:
    """Return how well two pictures fit over one another, see `overlay_correlation`.

    No better fit is looked for once it is ``enough``, or ``hopeless`` after the large steps.
    """
    _, fit = _best_crop(first, second, enough, hopeless)
    return fit if fit >= enough else max(fit, _best_crop(second, first, enough, hopeless)[1])


def as_it_lies(image: Image.Image) -> NDArray[np.float32]:
    """Return a picture as a vector of length one, whose product with another tells how they fit."""
    return _cropped(image, _WHOLE)


def best_crop(part: Image.Image, whole: Image.Image) -> tuple[Edges, float]:
    """Return the edges of ``whole`` that leave ``part``, and how well the two fit then."""
    return _best_crop(_small(part), _small(whole), _VERY_GOOD)


def _small(image: Image.Image) -> Image.Image:
    return image.convert("L").resize((_SOURCE_SIDE, _SOURCE_SIDE), Image.Resampling.HAMMING)


def _best_crop(
    part: Image.Image, whole: Image.Image, enough: float, hopeless: float = -1.0
) -> tuple[Edges, float]:
    """Move the edges of a crop of ``whole``, each by smaller and smaller steps, to fit ``part``."""
    wanted = _cropped(part, _WHOLE)
    edges, best = _WHOLE, float(wanted @ _cropped(whole, _WHOLE))
    for step in _STEPS:
        for _ in range(_SWEEPS):
            before = best
            for edge, way in product(range(len(edges)), (step, -step)):
                moved = _moved(edges, edge, way)
                fit = float(wanted @ _cropped(whole, moved)) if moved else -1.0
                if moved and fit > best + _LEAST_GAIN:
                    edges, best = moved, fit
            if best >= enough:
                return edges, best
            if best == before:
                break
        if best < hopeless and step <= _LARGE_STEP:
            break
    return edges, best


def _moved(edges: Edges, at: int, way: float) -> Edges | None:
    inset = edges[at] + way
    if not 0 <= inset <= _LARGEST_INSET:
        return None
    return (*edges[:at], inset, *edges[at + 1 :])


def _cropped(image: Image.Image, edges: Edges) -> NDArray[np.float32]:
    """Return a crop as a vector of length one without its mean, shape (pixels,)."""
    left, top, right, bottom = (_SOURCE_SIDE * edge for edge in edges)
    box = (left, top, _SOURCE_SIDE - right, _SOURCE_SIDE - bottom)
    small = image.resize((_SIDE, _SIDE), Image.Resampling.BICUBIC, box=box)
    values = np.asarray(small, dtype=np.float32).ravel()
    values = values - values.mean()
    unit: NDArray[np.float32] = values / max(float(np.linalg.norm(values)), 1e-6)
    return unit
