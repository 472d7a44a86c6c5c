"""Pictures far from all others, or from those of their category; and the most typical."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from search_engine.audit.inventory import Inventory
from search_engine.audit.neighbours import ContentNeighbours
from search_engine.collection.catalog import Embeddings
from search_engine.records import Ids, Progress, Step, Vectors, no_progress

OUTLIER_K = 10
MOST_COMPARED = 5_000
"""Of a larger category a random sample of so many stands for it."""

_ROWS_AT_ONCE = 1_024


def far_from_all(inventory: Inventory, neighbours: ContentNeighbours) -> NDArray[np.float32]:
    """Return each picture's distance from its k-th nearest other content, 1 − cosine.

    S. Ramaswamy, R. Rastogi and K. Shim, "Efficient Algorithms for Mining Outliers from Large Data
    Sets", SIGMOD 2000, with k = 10. NaN where there is no other content.
    """
    if not neighbours.k:
        return np.full(len(inventory), np.nan, dtype=np.float32)
    distances = 1 - neighbours.cosines[:, min(OUTLIER_K, neighbours.k) - 1]
    distances[~np.isfinite(distances)] = np.nan
    per_picture: NDArray[np.float32] = distances[inventory.contents]
    return per_picture


def far_within_category(
    inventory: Inventory, progress: Progress = no_progress
) -> NDArray[np.float32]:
    """Return each picture's distance from its k-th nearest of the same category, 1 − cosine.

    As `far_from_all`, divided by the median of its category, so that a category of varied pictures
    has no more outliers than one of alike ones: 1 is usual. NaN where the category has fewer than
    three contents.
    """
    found = np.full(len(inventory), np.nan, dtype=np.float32)
    in_order = np.argsort(inventory.labels, kind="stable")
    starts = np.flatnonzero(np.diff(inventory.labels[in_order], prepend=-2))
    for start, end in zip(starts, [*starts[1:].tolist(), len(in_order)], strict=True):
        progress(Step("Comparing within categories", int(start), len(inventory)))
        places = in_order[start:end]
        contents, of = np.unique(inventory.contents[places], return_inverse=True)
        distances = _within(inventory.content_ids[contents], inventory.embeddings)
        median = np.median(distances)  # NaN for too few of them
        found[places] = (distances / median if median > 0 else distances)[of]
    return found


def _within(ids: Ids, embeddings: Embeddings) -> NDArray[np.float32]:
    fewest = 3
    if len(ids) < fewest:
        return np.full(len(ids), np.nan, dtype=np.float32)
    compared = ids
    if len(ids) > MOST_COMPARED:
        compared = np.random.default_rng(0).choice(ids, MOST_COMPARED, replace=False)
    others = embeddings.of(compared)
    k = min(OUTLIER_K, len(compared) - 1)
    parts = [
        _kth_distance(part, embeddings.of(part), compared, others, k)
        for part in (ids[at : at + _ROWS_AT_ONCE] for at in range(0, len(ids), _ROWS_AT_ONCE))
    ]
    return np.concatenate(parts)


def _kth_distance(
    ids: Ids, vectors: Vectors, compared: Ids, others: Vectors, k: int
) -> NDArray[np.float32]:
    cosines = vectors @ others.T
    cosines[ids[:, None] == compared[None]] = -np.inf
    kth: NDArray[np.float32] = -np.partition(-cosines, k - 1, axis=1)[:, k - 1]
    return 1 - kth
