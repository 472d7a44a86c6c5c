"""Vectors as they are given to a store: looked at before any is taken."""

from __future__ import annotations

import numpy as np

from search_engine.errors import BadVectors
from search_engine.records import Ids, Vectors

_LENGTH_TOLERANCE = 1e-3


def checked(vectors: Vectors, dimension: int) -> Vectors:
    """Return vectors as rows that a store can take, shape (n, dimension).

    Raises:
        BadVectors: One is NaN, infinite, not of length one or of another dimension.
    """
    rows = np.ascontiguousarray(vectors, dtype=np.float32)
    cause = ""
    if rows.ndim != 2 or rows.shape[1] != dimension:  # noqa: PLR2004 - rows and columns
        cause = f"Vectors of shape {rows.shape} do not fit an index of {dimension} dimensions"
    elif not np.isfinite(rows).all():
        cause = "A vector holds NaN or infinity, and would never be found"
    elif (np.abs(np.linalg.norm(rows, axis=1) - 1) > _LENGTH_TOLERANCE).any():
        cause = "A vector is not of length one, and its score would not be a cosine"
    if cause:
        raise BadVectors(cause, remedy="Was another model used?")
    return rows


def last_of_each(picture_ids: Ids, rows: Vectors) -> tuple[Ids, Vectors]:
    """Keep the last vector of an id that is given several times."""
    _, from_end = np.unique(picture_ids[::-1], return_index=True)
    kept = np.sort(len(picture_ids) - 1 - from_end)
    return picture_ids[kept], np.ascontiguousarray(rows[kept])
