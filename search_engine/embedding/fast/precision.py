"""Whether a faster way to compute vectors still says what the model says in full precision.

Measured on the pictures at hand, because it depends on the weights: int8 blurs some models and not
others.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, TypeAlias

import numpy as np

from search_engine.embedding.fast.vision import Precision, Prepared
from search_engine.embedding.rows import unit_rows
from search_engine.files.field_bounds import Between
from search_engine.records import Vectors

_LOG = logging.getLogger(__name__)

LOWEST_COSINE = 0.999
LOWEST_OVERLAP = 0.98
SAME = 1 - 1e-4
"""Cosine of full precision to itself, computed in another order."""
MOST_AT_ONCE = 1024
"""Pictures that a graphics card takes at once, at most."""
_NEIGHBOURS = 10
PictureModel: TypeAlias = Callable[[Sequence[Prepared]], Vectors]
"""Gives the vectors, of any length, of prepared pictures."""


@dataclass(frozen=True, slots=True)
class Measured:
    """How a precision did on some pictures, against full precision."""

    precision: Precision
    pictures_per_second: float
    lowest_cosine: float
    overlap: float
    """Of the nearest pictures of each picture, ten if there are so many, the share that stays."""
    pictures: int = 64
    """On how many that was found; earlier versions took 64 and did not say so."""
    at_once: Annotated[int, Between(0, MOST_AT_ONCE)] = 0
    """Pictures that a graphics card takes at once; 0 on the CPU."""

    @property
    def agrees(self) -> bool:
        """Whether it may stand in for full precision."""
        lowest = SAME if self.precision is Precision.FP32 else LOWEST_COSINE
        return self.lowest_cosine >= lowest and self.overlap >= LOWEST_OVERLAP

    def __str__(self) -> str:
        return (
            f"pictures in {self.precision}: lowest cosine to full precision"
            f" {self.lowest_cosine:.5f}, overlap of the nearest {self.overlap:.3f},"
            f" on {self.pictures}"
        )


@contextlib.contextmanager
def noted(precision: Precision) -> Iterator[None]:
    """Leave out what this machine cannot compute, and say so in the log."""
    try:
        yield
    except (AttributeError, RuntimeError, NotImplementedError) as error:
        _LOG.info("this machine cannot embed in %s: %s", precision, error)


def measured(
    precision: Precision, model: PictureModel, images: Sequence[Prepared], reference: Vectors
) -> Measured | None:
    """Compare a way to compute vectors with the reference vectors; None if it does not run."""
    with noted(precision):
        model(images[:1])  # the first call sets things up
        began = time.perf_counter()
        found = model(images)
        rate = len(images) / (time.perf_counter() - began)
        vectors = unit_rows(found)
        cosines = np.nan_to_num((vectors * reference).sum(1), nan=-1.0)
        overlap = neighbour_overlap(reference, vectors)
        return Measured(precision, rate, float(cosines.min()), overlap, len(images))
    return None


def neighbour_overlap(one: Vectors, other: Vectors, count: int = _NEIGHBOURS) -> float:
    """Return the share of each row's nearest other rows that two sets of vectors agree on.

    Of half the others at most: among 16 rows ten of the 15 others would be shared by two thirds if
    the sets had nothing to do with one another.
    """
    others = len(one) - 1
    if others < 1 or not np.isfinite(other).all():
        return 0.0
    count = min(count, max(1, others // 2))
    nearest = [_nearest(vectors, count) for vectors in (one, other)]
    shared = [len(set(a) & set(b)) for a, b in zip(*nearest, strict=True)]
    return float(np.mean(shared)) / count


def _nearest(vectors: Vectors, count: int) -> list[list[int]]:
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -np.inf)
    nearest: list[list[int]] = np.argsort(-cosines, axis=1)[:, :count].tolist()
    return nearest
