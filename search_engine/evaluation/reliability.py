"""How far a match can be believed: a reliability curve and its error."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from search_engine.calibration.probability import Scores

_BINS = 10


@dataclass(frozen=True, slots=True)
class Reliability:
    """Matches in ten steps, against the true shares of matching pictures: a reliability curve.

    The expected calibration error is that of M. P. Naeini, G. F. Cooper and M. Hauskrecht,
    "Obtaining well calibrated probabilities using Bayesian binning", AAAI 2015.
    """

    pictures: NDArray[np.int64] = field(default_factory=lambda: np.zeros(_BINS, dtype=np.int64))
    """Pairs of a query and a picture whose match lies in each step."""
    right: NDArray[np.int64] = field(default_factory=lambda: np.zeros(_BINS, dtype=np.int64))
    """Of these, those where the picture is of the category asked for."""
    match_sum: NDArray[np.float64] = field(default_factory=lambda: np.zeros(_BINS))

    def add(self, matches: Scores, right: NDArray[np.bool_]) -> None:
        """Count the pictures of one query in."""
        steps = np.minimum((matches / (100 / _BINS)).astype(np.int64), _BINS - 1)
        self.pictures[:] += np.bincount(steps, minlength=_BINS)
        self.right[:] += np.bincount(steps, right, minlength=_BINS).astype(np.int64)
        self.match_sum[:] += np.bincount(steps, matches, minlength=_BINS)

    @property
    def error(self) -> float:
        """The mean distance of match / 100 from the true share, weighed by pictures."""
        distances = np.abs(self.match_sum / 100 - self.right)
        return float(distances.sum() / max(self.pictures.sum(), 1))

    def rows(self) -> list[tuple[int, int, int, float, float]]:
        """Return for each step that is not empty: from, to, pictures, mean match, true share."""
        width = 100 // _BINS
        return [
            (width * step, width * (step + 1), count, total / count, right / count)
            for step, (count, total, right) in enumerate(
                zip(
                    self.pictures.tolist(), self.match_sum.tolist(), self.right.tolist(),
                    strict=True,
                )
            )
            if count
        ]  # fmt: skip
