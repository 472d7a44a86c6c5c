"""The precision of the answers to one query, by what a person says of twenty pictures.

The best pictures, from the highest match down to somewhat below the line, are put apart into twenty
strata of as many pictures, and one is drawn in each (W. G. Cochran, "Sampling Techniques", 3rd
edition, 1977, chapter 5). Above every boundary of strata each picture had the same chance to be
drawn, so the share of right ones among the drawn is the precision there. Its 95 % interval is E. B.
Wilson's ("Probable Inference, the Law of Succession, and Statistical Inference", Journal of the
American Statistical Association 22, 1927), as if they had been drawn without strata, which makes it
no narrower than it should be; it ends where what was looked at leaves nothing else possible. So
where all pictures above a threshold were looked at, the figure is exact.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from search_engine.calibration import THRESHOLD
from search_engine.records import Ids

PICTURES_ASKED = 20
FEWEST_ANSWERED = 5
"""Of fewer answers no figure is given, unless they are all there are."""
GOOD = 0.9
"""The precision that the proposed threshold has in what was looked at."""
_BELOW_THE_LINE = 1.5
"""The pool is so many times the pictures above the line: thirteen of twenty lie above it, seven
tell whether a lower one would do."""
_LEAST = 1.0
"""Nobody would take pictures with a lower match, so nobody is asked about them."""
_WITHIN = 1.959964
"""Standard deviations that hold 95 % of a normal distribution."""
_DIGITS = (0, 1, 2)
"""Of a threshold in per cent: as few as tell it from the next picture."""


class Judgement(StrEnum):
    """What a person says of a picture."""

    RIGHT = "right"
    WRONG = "wrong"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class CheckedPrecision:
    """How many of the pictures from a match up are right."""

    threshold: float
    """The match, 0 to 100."""
    pictures: int
    """Those of the collection from there up."""
    right: int
    answered: int
    """How many of them were looked at and judged."""
    precision: float
    low: float
    high: float
    """The ends of the 95 % interval of the precision; all three from 0 to 1."""

    @property
    def is_exact(self) -> bool:
        """Whether all of the pictures were judged."""
        return self.answered == self.pictures

    @property
    def text(self) -> str:
        """The figure for people."""
        figure = f"{self.precision:.0%}".replace("%", " %")
        found = f"{figure} right from a match of {self.threshold:g} % up"
        if self.is_exact:
            return f"{found} (all {self.answered:,} looked at)"
        ends = f"{100 * self.low:.0f}–{100 * self.high:.0f} %"
        return f"{found} ({ends}, {self.answered:,} looked at)"


@dataclass(frozen=True, slots=True)
class PrecisionCheck:
    """The pictures of one query that a person looks at, and what follows from the answers."""

    picture_ids: Ids
    """The pool: the best pictures, best match first, shape (n,)."""
    matches: NDArray[np.float64]
    """Their matches, 0 to 100, shape (n,)."""
    next_match: float
    """The match of the best picture below the pool; below 0 where there is none."""
    strata: NDArray[np.int64]
    """Places in the pool, a row for each stratum, in the order in which they are asked."""
    turns: NDArray[np.int64]
    """The order in which strata are asked: mixed, so that nobody expects what comes."""

    def __len__(self) -> int:
        """Count the pictures that are asked."""
        return len(self.strata)

    @property
    def strong(self) -> int:
        """How many pictures are above the line of a match."""
        return int((self.matches >= THRESHOLD).sum())

    def match_of(self, picture_id: int) -> float:
        """Return the match of a picture of the pool."""
        return float(self.matches[self.picture_ids == picture_id][0])

    def asked(self, answers: Mapping[int, Judgement]) -> list[int]:
        """Return the pictures to look at, in their turns.

        In place of one of which a person is unsure comes another of its stratum; none where the
        stratum has no other.
        """
        unsure = [one for one, said in answers.items() if said is Judgement.UNSURE]
        is_open = ~np.isin(self.picture_ids, unsure)[self.strata]
        rows = [turn for turn in self.turns.tolist() if is_open[turn].any()]
        places = self.strata[rows, is_open[rows].argmax(axis=1)]
        found: list[int] = self.picture_ids[places].tolist()
        return found

    def figures(self, answers: Mapping[int, Judgement]) -> list[CheckedPrecision]:
        """Return the precision from each threshold up, highest threshold first."""
        judged = [one for one in self.asked(answers) if one in answers]
        places = np.flatnonzero(np.isin(self.picture_ids, judged))
        right = np.array([answers[int(one)] is Judgement.RIGHT for one in self.picture_ids[places]])
        ends = {*range(0, len(self.picture_ids) + 1, max(1, self.strata.shape[1])), self.strong}
        found = []
        for end in sorted(ends - {0}):
            threshold = self._threshold(end)
            answered = int((places < end).sum())
            if threshold is not None and (answered >= FEWEST_ANSWERED or answered == end):
                found.append(_figure(threshold, end, int(right[:answered].sum()), answered))
        return found

    def _threshold(self, end: int) -> float | None:
        """Return the roundest match that so many pictures have; None where others have it too."""
        last = float(self.matches[end - 1])
        below = float(self.matches[end]) if end < len(self.matches) else self.next_match
        if below < THRESHOLD <= last:
            return THRESHOLD
        rounded = (math.floor(last * 10**digits) / 10**digits for digits in _DIGITS)
        return next((one for one in rounded if one > below), None)


def plan_check(picture_ids: Ids, matches: NDArray[np.floating], seed: str) -> PrecisionCheck:
    """Choose the pictures of a query that a person looks at; for one seed always the same.

    None where no match is as high as one per cent.

    Args:
        picture_ids: All pictures that may answer, shape (n,).
        matches: Their matches, 0 to 100, shape (n,).
        seed: What is asked.
    """
    order = np.lexsort((picture_ids, -matches))
    ids, values = picture_ids[order], matches[order].astype(np.float64)
    possible, strong = (int((values >= least).sum()) for least in (_LEAST, THRESHOLD))
    wanted = math.ceil(_BELOW_THE_LINE * strong / PICTURES_ASKED)
    size = max(1, min(wanted, possible // PICTURES_ASKED))
    count = min(PICTURES_ASKED, possible)
    pool = count * size
    chance = np.random.default_rng(list(hashlib.sha256(seed.encode("utf-8", "replace")).digest()))
    places = np.arange(pool, dtype=np.int64).reshape(count, size)
    strata = chance.permuted(places, axis=1)
    next_match = float(values[pool]) if pool < len(values) else -1.0
    return PrecisionCheck(ids[:pool], values[:pool], next_match, strata, chance.permutation(count))


def _figure(threshold: float, pictures: int, right: int, answered: int) -> CheckedPrecision:
    low, high = wilson_interval(right, answered)
    wrong = answered - right
    return CheckedPrecision(
        threshold=threshold,
        pictures=pictures,
        right=right,
        answered=answered,
        precision=right / answered,
        low=max(low, right / pictures),
        high=min(high, (pictures - wrong) / pictures),
    )


def wilson_interval(right: int, answered: int) -> tuple[float, float]:
    """Return the ends of Wilson's 95 % interval of a share, of which ``answered`` were seen."""
    share, weight = right / answered, _WITHIN**2 / answered
    middle = (share + weight / 2) / (1 + weight)
    half = _WITHIN * math.sqrt(share * (1 - share) / answered + weight / (4 * answered))
    half /= 1 + weight
    return min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half))  # rounding


def proposed(figures: list[CheckedPrecision]) -> CheckedPrecision | None:
    """Return the figure of the lowest threshold that is good in what was looked at.

    The one with the highest lower end where none is; None where there is no figure. Among all
    figures the best by chance is not taken: how often the interval of this one holds is measured
    beside that of any (``search_engine/lab/README.md``).
    """
    good = [one for one in figures if one.precision >= GOOD]
    return good[-1] if good else max(figures, key=lambda one: one.low, default=None)
