"""Vectors in which no direction counts more than another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_engine.audit.inventory import Inventory
from search_engine.records import Vectors

_MOST_DIMENSIONS = 128
_CONTENTS_PER_DIMENSION = 4
_LEAST_VARIANCE = 1e-7


@dataclass(frozen=True, slots=True)
class Whitening:
    """A shift and a linear map."""

    mean: NDArray[np.float64]
    map: NDArray[np.float64]
    """Shape (dimension, kept dimensions)."""

    def __call__(self, vectors: Vectors) -> Vectors:
        """Return whitened unit vectors, shape (n, kept dimensions)."""
        mapped = (vectors - self.mean) @ self.map
        lengths = np.linalg.norm(mapped, axis=1, keepdims=True)
        mapped[lengths[:, 0] == 0, 0] = 1  # exactly the mean: any direction is as good
        unit: Vectors = (mapped / np.where(lengths > 0, lengths, 1)).astype(np.float32)
        return unit


def whitening_of(inventory: Inventory) -> Whitening | None:
    """Find the principal components of a collection in one pass; None for too few pictures.

    What most pictures differ in, such as the background, then counts no more than what few differ
    in: H. Jégou and O. Chum, "Negative evidences and co-occurrences in image retrieval: the benefit
    of PCA and whitening", ECCV 2012.
    """
    dimension = inventory.embeddings.card.dimension
    count, total = len(inventory.firsts), np.zeros(dimension)
    square = np.zeros((dimension, dimension))
    for _, vectors in inventory.batches():
        rows = vectors.astype(np.float64)
        total += rows.sum(axis=0)
        square += rows.T @ rows
    mean = total / max(count, 1)
    variances, axes = np.linalg.eigh(square / max(count, 1) - np.outer(mean, mean))
    kept = min(_MOST_DIMENSIONS, count // _CONTENTS_PER_DIMENSION)
    kept = min(kept, int(np.count_nonzero(variances > _LEAST_VARIANCE)))
    if kept <= 1:
        return None
    return Whitening(mean, axes[:, -kept:] / np.sqrt(variances[-kept:]))
