"""What marks say of pictures, in log-odds, to be added to those of the query itself.

Where a picture lies along the direction of the marks, in standard deviations, is told from the
middle between good and bad answers; one standard deviation is worth three in log-odds, which is
about what a linear discriminant between the answers to a noun and all other photographs gives. The
middle is that of what the query itself calls answers and others, which count as much as two marks,
and of the marks themselves, each on the direction that the others give.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from search_engine.calibration.probability import Cosines, Scores, as_match
from search_engine.query import Relevance
from search_engine.records import Vectors

_WORTH = 3.0
_PRIOR_MARKS = 2


def marked_log_odds(
    relevance: Relevance, cosines: Cosines, sample: Vectors, sample_odds: Scores
) -> Scores:
    """Return what marks add to the log-odds of pictures, shape (n,).

    Args:
        relevance: The direction of the marks.
        cosines: Gives what the pictures score.
        sample: Vectors of pictures that stand for the collection, shape (k, dimension).
        sample_odds: The log-odds of these for the query itself, shape (k,).
    """
    middle = _middle(relevance, relevance.places(sample @ relevance.vector), sample_odds)
    places = relevance.places(cosines(relevance.vector[None])[:, 0])
    return np.asarray(_WORTH * relevance.strength * (places - middle), dtype=np.float32)


def _middle(relevance: Relevance, places: NDArray[np.float64], odds: Scores) -> float:
    answers = np.nan_to_num(as_match(odds)).astype(np.float64) / 100
    good, bad = _mean(places, answers), _mean(places, 1 - answers)
    sides = (
        np.mean([*[good] * _PRIOR_MARKS, *relevance.good]),
        np.mean([*[bad] * _PRIOR_MARKS, *relevance.bad]),
    )
    return float(np.mean(sides))


def _mean(places: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    total = float(weights.sum())
    return float(places @ weights) / total if total > 0 else 0.0
