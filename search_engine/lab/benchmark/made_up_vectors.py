"""Vectors made up as a CLIP model places pictures and words.

All pictures share a strong mean direction, all texts another one: the *modality gap*. Meaning lies
in a subspace of 50 dimensions, in clusters of Zipf-like sizes, with noise in all directions around
it. A text carries part of a picture's meaning. So a text's neighbours are spread over many clusters
far from it, which is what makes text queries hard for approximate indexes.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from search_engine.records import Ids, Vectors

BLOCK = 10_000
"""Vectors of one seed: the first blocks of a million are the same as those of ten thousand."""

_CLUSTERS = 1_000
_MEANINGS = 50
_OUTLIERS = 4
"""Coordinates that are large in every vector, as in CLIP's."""
_NEAR_COPIES = 0.05

# Random pairs of pictures have a cosine of about 0.5, random texts and pictures of about 0.2.
_PICTURE_MEAN = 0.7
_MEANING = 0.5
_TEXT_MEAN = 0.8
_TEXT_MEANING = 0.36
_BETWEEN_MEANS = 0.36


class MadeUpSpace:
    """Pictures and queries of one made-up model; the same for the same seed."""

    def __init__(self, dimension: int = 512, seed: int = 0) -> None:
        self.dimension = dimension
        self._seed = seed
        rng = np.random.default_rng(seed)
        self._mean = _with_outliers(rng, dimension)
        apart = _unit(rng.normal(size=dimension))
        apart = _unit(apart - (apart @ self._mean) * self._mean)
        self._text_mean = _BETWEEN_MEANS * self._mean + np.sqrt(1 - _BETWEEN_MEANS**2) * apart
        meanings = min(_MEANINGS, dimension // 2)
        basis = rng.normal(size=(dimension, meanings))
        self._basis = np.linalg.qr(basis)[0].T.astype(np.float32)
        self._centres = rng.normal(size=(_CLUSTERS, meanings)).astype(np.float32)
        sizes = 1 / np.arange(1, _CLUSTERS + 1)
        self._shares = sizes / sizes.sum()

    def pictures(self, count: int) -> Iterator[Vectors]:
        """Return pictures, a block at a time; always the same ones in the same order."""
        for number in range(-(-count // BLOCK)):
            yield self._block(number)[: count - number * BLOCK]

    def picture_queries(self, count: int) -> Vectors:
        """Return pictures that are not among those of `pictures`."""
        rng = self._rng(-1)
        return self._placed(rng, self._meanings(rng, count))

    def text_queries(self, count: int) -> Vectors:
        """Return texts, each with part of what some picture means and something of its own."""
        rng = self._rng(-2)
        meaning = _unit(self._meanings(rng, count)) @ self._basis
        own = _unit(rng.standard_normal((count, self.dimension), dtype=np.float32))
        rest = np.sqrt(1 - _TEXT_MEAN**2 - _TEXT_MEANING**2)
        return _unit(_TEXT_MEAN * self._text_mean + _TEXT_MEANING * meaning + rest * own)

    def _rng(self, number: int) -> np.random.Generator:
        return np.random.default_rng((self._seed, number + 2))

    def _block(self, number: int) -> Vectors:
        rng = self._rng(number)
        rows: Vectors = self._placed(rng, self._meanings(rng, BLOCK))
        copies = rng.choice(BLOCK, round(_NEAR_COPIES * BLOCK), replace=False)
        changes = rng.standard_normal((len(copies), self.dimension), dtype=np.float32)
        originals = rows[rng.integers(BLOCK, size=len(copies))]
        rows[copies] = _unit(originals + 0.1 * _unit(changes))
        return rows

    def _meanings(self, rng: np.random.Generator, count: int) -> Vectors:
        clusters: Ids = rng.choice(_CLUSTERS, count, p=self._shares)
        own: Vectors = rng.standard_normal((count, self._centres.shape[1]), dtype=np.float32)
        own *= np.float32(0.8)
        own += self._centres[clusters]
        return own

    def _placed(self, rng: np.random.Generator, meanings: Vectors) -> Vectors:
        noise = _unit(rng.standard_normal((len(meanings), self.dimension), dtype=np.float32))
        meant: Vectors = _unit(meanings) @ self._basis
        own: Vectors = np.sqrt(_MEANING) * meant + np.sqrt(1 - _MEANING) * noise
        return _unit(_PICTURE_MEAN * self._mean + np.sqrt(1 - _PICTURE_MEAN**2) * own)


def _unit(rows: NDArray[np.floating]) -> Vectors:
    scaled: Vectors = (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)
    return scaled


def _with_outliers(rng: np.random.Generator, dimension: int) -> Vectors:
    mean = rng.normal(size=dimension)
    mean[rng.choice(dimension, _OUTLIERS, replace=False)] *= 8
    return _unit(mean)
