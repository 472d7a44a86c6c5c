"""Figures of a ranking, what chance would give, and how far a figure can be trusted.

Precision@k, recall@k and average precision as in C. D. Manning, P. Raghavan and H. Schütze,
"Introduction to Information Retrieval", 2008, chapter 8; nDCG of K. Järvelin and J. Kekäläinen,
"Cumulated gain-based evaluation of IR techniques", ACM TOIS 20 (4), 2002, with gains 0 and 1.
Intervals hold 95 %: percentiles of bootstrap samples (B. Efron, "Bootstrap Methods: Another Look at
the Jackknife", Annals of Statistics 7 (1), 1979), always drawn alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_engine.errors import BadInput

MOST_ANSWERS = 1_000
_ENDS = (2.5, 97.5)
_ROUNDS = 1_000
_ROUNDS_WITHIN = 200
_NUMBERS_AT_ONCE = 2_000_000
_SEED = 0

Numbers = NDArray[np.floating]


def check_k(k: int) -> None:
    """Refuse to look at no answers, or at more than anybody reads.

    Raises:
        BadInput: It is not from 1 to `MOST_ANSWERS`.
    """
    if not 1 <= k <= MOST_ANSWERS:
        cause = f"The first {k:,} results cannot be judged"
        raise BadInput(cause, remedy=f"Choose from 1 to {MOST_ANSWERS:,} results.")


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with the ends of its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class RelevantRanks:
    """How the right pictures of a query stand among all; two arrays over them, best first."""

    right: NDArray[np.int64]
    """How many right pictures score no less, the picture itself among them."""
    wrong: NDArray[np.int64]
    """How many others score no less."""

    @property
    def average_precision(self) -> float:
        """Average the precision at the place of each right picture.

        Pictures of one score take one place together, so their order does not matter. 0 where no
        picture is right.
        """
        return float((self.right / (self.right + self.wrong)).mean()) if len(self.right) else 0.0


def relevant_ranks(scores: Numbers, right: NDArray[np.bool_]) -> RelevantRanks:
    """Return how the right pictures stand by their scores; both arrays have a place a picture."""
    own = np.sort(scores[right])
    others = np.sort(scores[~right])
    at_least = len(own) - np.searchsorted(own, own, side="left")
    wrong = len(others) - np.searchsorted(others, own, side="left")
    return RelevantRanks(at_least[::-1], wrong[::-1])


def chance_of(pictures: int, right: int) -> float:
    """Return the average precision to expect of a random order.

    Y. Bestgen, "Exact Expected Average Precision of the Random Baseline for System Evaluation",
    Prague Bulletin of Mathematical Linguistics 103, 2015.
    """
    if pictures < 2:  # noqa: PLR2004 - one picture is in order however it lies
        return float(right)
    harmonic = float((1 / np.arange(1, pictures + 1)).sum())
    others_right = (right - 1) / (pictures - 1)
    return (harmonic + others_right * (pictures - harmonic)) / pictures


def ndcg(hits: NDArray[np.bool_], right: int) -> float:
    """Return the discounted gain of the first answers as a part of the best possible one."""
    discounts = 1 / np.log2(np.arange(2, len(hits) + 2))
    best = discounts[: min(right, len(hits))].sum()
    return float(discounts[hits].sum() / best) if best else 0.0


def mean(values: Numbers) -> Estimate:
    """Average values, with the interval that drawing them again and again gives."""
    if not len(values):
        return Estimate(0.0, 0.0, 0.0)
    rng = np.random.default_rng(_SEED)
    at_once = max(1, _NUMBERS_AT_ONCE // len(values))
    means = [
        values[rng.integers(0, len(values), (min(at_once, _ROUNDS - start), len(values)))].mean(1)
        for start in range(0, _ROUNDS, at_once)
    ]
    return _estimate(float(values.mean()), np.concatenate(means))


def share(hits: int, of: int) -> Estimate:
    """Return a share; drawing its cases again is drawing from a binomial distribution."""
    if not of:
        return Estimate(0.0, 0.0, 0.0)
    drawn = np.random.default_rng(_SEED).binomial(of, hits / of, _ROUNDS)
    return _estimate(hits / of, drawn / of)


def estimate_average_precision(found: RelevantRanks) -> Estimate:
    """Return the average precision of a query; its right pictures are drawn again, no others."""
    count = len(found.right)
    if not count:
        return Estimate(0.0, 0.0, 0.0)
    rng = np.random.default_rng(_SEED)
    at_once = max(1, _NUMBERS_AT_ONCE // count)
    drawn = []
    for start in range(0, _ROUNDS_WITHIN, at_once):
        rounds = min(at_once, _ROUNDS_WITHIN - start)
        picks = rng.integers(0, count, (rounds, count)) + count * np.arange(rounds)[:, None]
        times = np.bincount(picks.ravel(), minlength=rounds * count).reshape(rounds, count)
        right = times.cumsum(axis=1)[:, found.right - 1]
        drawn.append((times * right / np.maximum(right + found.wrong, 1)).sum(axis=1) / count)
    return _estimate(found.average_precision, np.concatenate(drawn))


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Return the chance that a positive is above a negative, ties half; NaN without either."""
    from sklearn.metrics import roc_auc_score

    if not positive or not negative:
        return float("nan")
    truth = [1] * len(positive) + [0] * len(negative)
    return float(roc_auc_score(truth, [*positive, *negative]))


def _estimate(value: float, drawn: Numbers) -> Estimate:
    low, high = np.percentile(drawn, _ENDS)
    return Estimate(value, float(low), float(high))
