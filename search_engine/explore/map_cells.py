"""What of a map is in view, inside a line drawn on it, and how many pictures lie where.

Points have shape (n, 2), each coordinate from 0 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_engine.records import Ids

Points = NDArray[np.float32]
_FEWEST_CORNERS = 3
_EDGE = 1e-5


@dataclass(frozen=True, slots=True)
class MapView:
    """A part of the map."""

    left: float = 0.0
    top: float = 0.0
    right: float = 1.0
    bottom: float = 1.0

    def places(self, points: Points) -> Ids:
        """Return which points are in it, ascending."""
        x, y = points[:, 0], points[:, 1]
        seen = (x >= self.left) & (x <= self.right) & (y >= self.top) & (y <= self.bottom)
        return np.flatnonzero(seen)


def inside(points: Points, corners: NDArray[np.floating]) -> Ids:
    """Return which points lie inside a closed line with these corners, shape (m, 2), ascending.

    By the even-odd rule: where a line crosses itself, what it goes round twice is outside.
    """
    if len(corners) < _FEWEST_CORNERS:
        return np.empty(0, dtype=np.int64)
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    near = MapView(float(left), float(top), float(right), float(bottom)).places(points)
    x, y = np.clip(points[near], _EDGE, 1 - _EDGE).T  # those at the edge are within all of it
    within = np.zeros(len(near), dtype=bool)
    for (x1, y1), (x2, y2) in zip(corners, np.roll(corners, 1, axis=0), strict=True):
        if y1 == y2:
            continue
        crosses = (y1 > y) != (y2 > y)
        within ^= crosses & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    return near[within]


class MapCells:
    """A view as cells of equal size, those that hold pictures."""

    def __init__(self, points: Points, view: MapView, columns: int, rows: int) -> None:
        """Count points that are in view, by cell; ``columns`` × ``rows`` of them, row by row."""
        across = _steps(points[:, 0], view.left, view.right, columns)
        down = _steps(points[:, 1], view.top, view.bottom, rows)
        self._of = down * columns + across
        self._all = columns * rows
        counts = np.bincount(self._of, minlength=self._all)
        self.cells: Ids = np.flatnonzero(counts)
        self.pictures: Ids = counts[self.cells]
        """How many lie in each of these cells."""

    def most_common(self, kinds: NDArray[np.integer], count: int) -> Ids:
        """Return the kind that most pictures of each cell have, of ``count`` numbered from 0."""
        table = np.bincount(self._of * count + kinds, minlength=self._all * count)
        found: Ids = table.reshape(self._all, count)[self.cells].argmax(axis=1)
        return found

    def mean(self, values: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the mean of each cell's values; NaN, which stands for none, where all are."""
        known = np.isfinite(values)
        of = self._of[known]
        sums = np.bincount(of, weights=values[known], minlength=self._all)[self.cells]
        counts = np.bincount(of, minlength=self._all)[self.cells]
        found: NDArray[np.float64] = np.full(len(sums), np.nan)
        np.divide(sums, counts, out=found, where=counts > 0)
        return found


def _steps(values: NDArray[np.float32], low: float, high: float, count: int) -> Ids:
    width = max(high - low, 1e-9)
    found: Ids = np.clip((values - low) / width * count, 0, count - 1).astype(np.int64)
    return found
