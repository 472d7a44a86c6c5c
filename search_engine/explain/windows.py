"""Windows over a square, and what they say spread over its places."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL import Image

PLACES = 32
"""Places along each side of a heat map."""

Grid: TypeAlias = NDArray[np.float64]
"""Shape (PLACES, PLACES)."""


def starts(share: float, count: int) -> NDArray[np.float64]:
    """Return where ``count`` windows along a side begin, each this share of it."""
    return np.linspace(0, 1 - share, count)


def parts(image: Image.Image, share: float, count: int) -> list[Image.Image]:
    """Cut ``count`` × ``count`` windows out of a picture, row by row."""
    return [image.crop(box) for box in boxes(image.size, share, count)]


def boxes(size: tuple[int, int], share: float, count: int) -> list[tuple[int, int, int, int]]:
    """Return the windows in whole pixels, row by row; none is empty."""
    width, height = size
    across, down = max(1, round(share * width)), max(1, round(share * height))
    corners = [
        (round(x * width), round(y * height))
        for y in starts(share, count)
        for x in starts(share, count)
    ]
    return [
        (min(x, width - across), min(y, height - down), min(x, width - across) + across,
         min(y, height - down) + down)
        for x, y in corners
    ]  # fmt: skip


def spread(values: NDArray[np.float64], share: float) -> Grid:
    """Spread the values of windows, shape (count, count), over the places below them.

    A window counts most for its middle and less towards its edges, because what it is about lies
    more likely there; places between the middles are weighted means.
    """
    middles = starts(share, len(values)) + share / 2
    near = np.maximum(0, 1 - np.abs(_places()[:, None] - middles) / (share / 2))
    near = np.maximum(near, 1e-9)
    weights = near / near.sum(axis=1, keepdims=True)
    return np.asarray(weights @ values @ weights.T)


def enlarge(values: NDArray[np.float64], start: tuple[float, float], share: float) -> Grid:
    """Draw the values of one window, shape (rows, columns), where it lies; NaN outside of it."""
    rows, columns = values.shape
    down = _between((_places() - start[1]) / share, rows)
    across = _between((_places() - start[0]) / share, columns)
    return np.asarray(down @ values @ across.T)


def _between(places: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Return the weights of bilinear interpolation, shape (PLACES, count)."""
    at = np.clip(places * count - 0.5, 0, count - 1)
    weights: NDArray[np.float64] = np.maximum(0, 1 - np.abs(at[:, None] - np.arange(count)))
    weights[(places < 0) | (places > 1)] = np.nan
    return weights


def _places() -> NDArray[np.float64]:
    return (np.arange(PLACES) + 0.5) / PLACES
