"""Vectors as points of a plane, alike ones close together.

t-SNE (van der Maaten and Hinton, JMLR 9, 2008) as scikit-learn computes it, after a reduction to 50
principal components. It shows neighbourhoods; distances between far-off groups mean little.

It takes hours for a million. So a random sample of a large collection is laid out, and any other
picture is put where the ten pictures of the sample lie that are most like it. D. Kobak and P.
Berens ("The art of using t-SNE for single-cell transcriptomics", Nature Communications 10, 5416,
2019) take the median of their points. Medians fall into lines with the points that they are made
of; so here it is the mean of those five that lie nearest to it, the more alike the more it counts.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_engine.records import Vectors

_COMPONENTS = 50
_PERPLEXITY = 30.0
_FEWEST_FOR_TSNE = 5
_ALIKE = 1e-4
"""Vectors that differ by less than this in every dimension are of one picture."""
_ALONE = 1_500
"""Up to so many one thread lays out in seconds; several would wait for one another in a spin."""
_NEIGHBOURS = 10
_SEED = 0


def on_a_plane(vectors: Vectors) -> NDArray[np.float32]:
    """Lay unit vectors, shape (n, dimension), out as points, shape (n, 2), from 0 to 1."""
    if len(vectors) < _FEWEST_FOR_TSNE or np.ptp(vectors, axis=0).max() < _ALIKE:
        points = np.stack([np.arange(len(vectors)), np.zeros(len(vectors))], axis=1)
        return _to_unit_square(points)
    from sklearn.decomposition import PCA
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    components = min(_COMPONENTS, len(vectors), vectors.shape[1])
    reduced = PCA(components, random_state=_SEED).fit_transform(vectors.astype(np.float64))
    perplexity = min(_PERPLEXITY, (len(vectors) - 1) / 3)
    tsne = TSNE(init="pca", perplexity=perplexity, random_state=_SEED, n_jobs=os.cpu_count())
    with threadpool_limits(1 if len(vectors) <= _ALONE else None):
        return _to_unit_square(tsne.fit_transform(reduced))


class AmongOthers:
    """Puts pictures among those of a sample that was laid out."""

    def __init__(self, sample: Vectors, points: NDArray[np.float32]) -> None:
        """Take the vectors of a sample, shape (n, dimension), and its points, shape (n, 2)."""
        from sklearn.decomposition import PCA
        from sklearn.neighbors import NearestNeighbors

        components = min(_COMPONENTS, *sample.shape)
        self._points = points
        self._reduced = PCA(components, random_state=_SEED).fit(sample)
        count = min(_NEIGHBOURS, len(sample))
        self._nearest = NearestNeighbors(n_neighbors=count, algorithm="brute")
        self._nearest.fit(self._reduced.transform(sample).astype(np.float32))

    def of(self, vectors: Vectors) -> NDArray[np.float32]:
        """Return the points of unit vectors, shape (n, dimension), as shape (n, 2)."""
        away, near = self._nearest.kneighbors(self._reduced.transform(vectors).astype(np.float32))
        points = self._points[near]
        apart = np.linalg.norm(points - np.median(points, axis=1, keepdims=True), axis=2)
        is_close = apart <= np.median(apart, axis=1, keepdims=True)
        weights = (is_close / np.maximum(away, _ALIKE))[..., None]
        found: NDArray[np.float32] = (weights * points).sum(axis=1) / weights.sum(axis=1)
        return found.astype(np.float32)


def _to_unit_square(points: NDArray[Any]) -> NDArray[np.float32]:
    low, high = points.min(axis=0, initial=np.inf), points.max(axis=0, initial=-np.inf)
    span = np.where(high > low, high - low, 1)
    scaled = np.where(high > low, (points - low) / span, 0.5)
    return scaled.astype(np.float32)
