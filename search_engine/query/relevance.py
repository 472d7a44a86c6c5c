"""From marked answers to a direction in which better answers lie: relevance feedback.

The direction leads from the mean of the bad pictures, which counts half, to the mean of the good
ones, as in J. Rocchio, "Relevance feedback in information retrieval", 1971; all of it is centred on
the collection, since pictures have much in common that no mark is about. The mean of the ten best
answers to the query itself counts as one more good picture (pseudo relevance feedback: C. Buckley
et al., "Automatic query expansion using SMART", 1994), which a single mark cannot lead astray from.

Query and direction are added after each was divided by its spread over the collection, so that they
count the same; few marks count less, as n / (n + 4).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_engine.query.marks import Marks
from search_engine.records import Vectors

BEST = 10
"""So many best answers to the query itself count as one good picture."""
_BAD_COUNTS = 0.5
_HALF_OF_ALL = 4
"""With so many marks they count half of what they can."""
_LEAST = 1e-6


@dataclass(frozen=True, slots=True)
class MarkedPictures:
    """The vectors of marked pictures and of the best answers to the query itself."""

    good: Vectors
    """Shape (n, dimension)."""
    bad: Vectors
    """Shape (m, dimension)."""
    best: Vectors
    """Shape (at most `BEST`, dimension)."""


@dataclass(frozen=True, slots=True)
class Relevance:
    """The direction that marks give, and how pictures of the collection lie along it."""

    marks: Marks
    vector: Vectors
    """Shape (dimension,), of length one."""
    mean: float
    """Of the cosines of the collection's pictures with it."""
    spread: float
    """Their standard deviation."""
    good: NDArray[np.float64]
    """The places of the good pictures, each on the direction that the other marks give."""
    bad: NDArray[np.float64]

    @property
    def strength(self) -> float:
        """How much the marks count: from a fifth for one towards one for many."""
        return len(self.marks) / (len(self.marks) + _HALF_OF_ALL)

    def places(self, cosines: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return where pictures lie, in standard deviations above the mean of the collection."""
        return np.asarray((cosines - self.mean) / self.spread, dtype=np.float64)


def relevance_of(marks: Marks, pictures: MarkedPictures, sample: Vectors) -> Relevance | None:
    """Return the direction that marks give; None where they give none.

    Args:
        marks: Which pictures are marked.
        pictures: Their vectors.
        sample: Vectors of pictures that stand for the collection, shape (k, dimension).
    """
    centre = sample.mean(axis=0)
    direction = _direction(pictures.good, pictures.bad, pictures.best, centre)
    length = float(np.linalg.norm(direction))
    if length < _LEAST:
        return None
    vector = np.asarray(direction / length, dtype=np.float32)
    cosines = sample @ vector
    mean, spread = float(cosines.mean()), float(cosines.std())
    if spread < _LEAST:
        return None

    def alone(own: Vectors, *, good: bool) -> NDArray[np.float64]:
        found = []
        for at in range(len(own)):
            others = np.delete(own, at, axis=0)
            kept = (others, pictures.bad) if good else (pictures.good, others)
            without = _direction(*kept, pictures.best, centre)
            found.append((float(own[at] @ without) / length - mean) / spread)
        return np.array(found)

    return Relevance(
        marks, vector, mean, spread,
        alone(pictures.good, good=True), alone(pictures.bad, good=False),
    )  # fmt: skip


def _direction(good: Vectors, bad: Vectors, best: Vectors, centre: Vectors) -> NDArray[np.float64]:
    wanted = np.concatenate([good, best.mean(axis=0, keepdims=True)]) if len(best) else good
    found = np.zeros(len(centre), dtype=np.float64)
    if len(wanted):
        found += wanted.mean(axis=0) - centre
    if len(bad):
        found -= _BAD_COUNTS * (bad.mean(axis=0) - centre)
    return found
