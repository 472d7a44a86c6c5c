"""Vectors made up as a CLIP model places photographs, and words that are asked of them.

All pictures share a strong mean direction, two thirds of it in one coordinate, and all texts
another one: the *modality gap*. Around their mean pictures vary in all directions, but most in few:
the share of the k-th is that of a power law. A picture is of a kind, which it shares with those
nearest to it, and has features, some of its kind and some of its own, which it shares with pictures
of other kinds. A text names a feature, with the same weight in every direction, however little
pictures differ there. So its scores for all pictures lie within a few hundredths, and its answers
are far from it and scattered over many kinds: that is what makes words hard for approximate
indexes.

The figures are those of 2,823 photographs and of one-word texts under ``clip-ViT-B-32``; they stand
beside those of this space in its test, with how hard both are for an index.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from search_engine.records import Vectors

BLOCK = 10_000
"""Vectors of one seed: the first blocks of a million are the same as those of ten thousand."""

_KINDS = _FEATURES = 1_000
_FEATURES_OF_ONE = 6
"""As many has a kind, and as many a picture beside those."""
_OF_KIND, _FEATURES_OF_KIND, _FEATURES_OF_PICTURE, _OF_PICTURE = 0.7, 0.8, 0.5, 0.25
"""In proportion to the variance of what a kind is beside its features, of these, of a picture's
features, and of what a picture is beside all of that."""
_SKEW = 0.85
"""The n-th kind and the n-th feature come in proportion to 1 / n to this power."""
_LEVEL_OFF = 2
"""The k-th direction has a share in proportion to 1 / (k + this) of what pictures differ in."""
_NEAR_COPIES = 0.05

_PICTURE_MEAN, _PICTURE_MEAN_SPREAD = 0.785, 0.055
"""How much a picture has of the mean direction: some have more, and score more with every text."""
_OUTLIER = 2 / 3
"""The share of one coordinate in the square of the pictures' mean."""
_TEXT_MEAN = 0.9
_BETWEEN_MEANS = 0.27
_NAMED = 0.8
"""How much of what a text says beside what all texts say is the feature that it names."""


class MadeUpSpace:
    """Pictures and queries of one made-up model; the same for the same seed."""

    def __init__(self, dimension: int = 512, seed: int = 0) -> None:
        self.dimension = dimension
        self._seed = seed
        rng = np.random.default_rng(seed)
        self._mean = _mean_with_outlier(rng, dimension)
        others = rng.normal(size=(dimension, dimension - 1))
        apart, *axes = np.linalg.qr(np.c_[self._mean, others])[0].T[1:].astype(np.float32)
        self._axes = np.stack(axes)
        self._text_mean = _BETWEEN_MEANS * self._mean + np.sqrt(1 - _BETWEEN_MEANS**2) * apart
        shares = 1 / (np.arange(len(axes)) + _LEVEL_OFF)
        self._spreads = np.sqrt(shares / shares.sum()).astype(np.float32)
        self._features = _centred(rng.standard_normal((_FEATURES, len(axes)), dtype=np.float32))
        own = np.sqrt(_OF_KIND) * rng.standard_normal((_KINDS, len(axes)), dtype=np.float32)
        featured = self._with_features(rng, _KINDS, _FEATURES_OF_KIND)
        self._kinds = _centred((own + featured).astype(np.float32))

    def pictures(self, count: int) -> Iterator[Vectors]:
        """Return pictures, a block at a time; always the same ones in the same order."""
        for number in range(-(-count // BLOCK)):
            yield self._block(number)[: count - number * BLOCK]

    def picture_queries(self, count: int) -> Vectors:
        """Return pictures that are not among those of `pictures`."""
        rng = self._rng(-1)
        return self._placed(rng, self._meanings(rng, count))

    def text_queries(self, count: int) -> Vectors:
        """Return texts, each of which names a feature and has something of its own."""
        rng = self._rng(-2)
        named = _unit(_some(rng, self._features, count))
        own = _unit(rng.standard_normal(named.shape, dtype=np.float32))
        said = (_NAMED * named + np.sqrt(1 - _NAMED**2) * own) @ self._axes
        return _unit(_TEXT_MEAN * self._text_mean + np.sqrt(1 - _TEXT_MEAN**2) * _unit(said))

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
        meant: Vectors = rng.standard_normal((count, len(self._axes)), dtype=np.float32)
        meant *= np.float32(np.sqrt(_OF_PICTURE))
        meant += _some(rng, self._kinds, count)
        meant += self._with_features(rng, count, _FEATURES_OF_PICTURE)
        return meant

    def _with_features(self, rng: np.random.Generator, count: int, variance: float) -> Vectors:
        found = np.zeros((count, self._features.shape[1]), dtype=np.float32)
        for _ in range(_FEATURES_OF_ONE):
            found += _some(rng, self._features, count)
        found *= np.float32(np.sqrt(variance / _FEATURES_OF_ONE))
        return found

    def _placed(self, rng: np.random.Generator, meanings: Vectors) -> Vectors:
        common = rng.normal(_PICTURE_MEAN, _PICTURE_MEAN_SPREAD, size=(len(meanings), 1))
        common = np.clip(common, 0, 1).astype(np.float32)
        own = _unit(meanings * self._spreads) @ self._axes
        return _unit(common * self._mean + np.sqrt(1 - common**2) * own)


def _shares(count: int) -> NDArray[np.float64]:
    """Return how often each of so many comes: few often, many seldom (Zipf)."""
    shares = np.arange(1, count + 1) ** -_SKEW
    return np.asarray(shares / shares.sum(), dtype=np.float64)


def _centred(rows: Vectors) -> Vectors:
    """Take away what rows drawn by `_some` have in common."""
    around: Vectors = rows - (_shares(len(rows)) @ rows).astype(np.float32)
    return around


def _some(rng: np.random.Generator, rows: Vectors, count: int) -> Vectors:
    drawn: Vectors = rows[rng.choice(len(rows), count, p=_shares(len(rows)))]
    return drawn


def _unit(rows: NDArray[np.floating]) -> Vectors:
    scaled: Vectors = (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)
    return scaled


def _mean_with_outlier(rng: np.random.Generator, dimension: int) -> Vectors:
    mean = rng.normal(size=dimension)
    largest = rng.integers(dimension)
    mean[largest] = 0
    mean = np.sqrt(1 - _OUTLIER) * _unit(mean)
    mean[largest] = np.sqrt(_OUTLIER)
    return _unit(mean)
