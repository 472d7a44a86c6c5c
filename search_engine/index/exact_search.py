"""The certain nearest pictures of many queries: everything is compared, in one pass."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from search_engine.index.store import NearestOfMany
from search_engine.records import Ids, Vectors


def search_exactly(
    batches: Iterable[tuple[Ids, Vectors]],
    queries: Vectors,
    k: int,
    left_out: Ids | None = None,
) -> NearestOfMany:
    """Find the ``k`` nearest pictures of each query; equal ones in the order they come.

    Memory grows with queries and ``k``, not with the pictures.

    Args:
        batches: Picture ids and their vectors, shape (some, dimension).
        queries: Unit vectors, shape (n, dimension).
        k: How many.
        left_out: A picture for each query that is no result of it, such as itself.
    """
    scores = np.full((len(queries), k), -np.inf, dtype=np.float32)
    ids = np.full((len(queries), k), -1, dtype=np.int64)
    for some, vectors in batches:
        cosines = queries @ vectors.T
        if left_out is not None:
            cosines[left_out[:, None] == some] = -np.inf
        # Only what beats the last of those found so far needs sorting: soon next to nothing.
        rows = np.flatnonzero(cosines.max(axis=1, initial=-np.inf) > scores[:, -1])
        for row in rows.tolist():
            better = np.flatnonzero(cosines[row] > scores[row, -1])
            candidates = np.r_[scores[row], cosines[row, better]]
            order = np.argsort(-candidates, kind="stable")[:k]
            scores[row] = candidates[order]
            ids[row] = np.r_[ids[row], some[better]][order]
    return NearestOfMany(ids, scores)
