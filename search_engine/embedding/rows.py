"""Rows of length one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from search_engine.records import Vectors

_SHORTEST_NORM = 1e-6


def unit_rows(vectors: NDArray[np.floating]) -> Vectors:
    """Scale rows to length one, as float32; rows that cannot be scaled become NaN."""
    rows = np.asarray(vectors, dtype=np.float32)
    with np.errstate(invalid="ignore", over="ignore"):
        norms = np.linalg.norm(rows, axis=-1, keepdims=True)
        usable = np.isfinite(norms) & (norms > _SHORTEST_NORM)
        return np.where(usable, rows / np.where(usable, norms, 1), np.nan).astype(np.float32)


def mean_direction(vectors: Vectors) -> Vectors:
    """Average unit vectors, shape (n, dimension), to one, shape (dimension,)."""
    mean: Vectors = vectors[0] if len(vectors) == 1 else unit_rows(vectors.mean(axis=0)[None])[0]
    return mean
