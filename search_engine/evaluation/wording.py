"""How far the answer to a query depends on how it is worded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

import numpy as np

from search_engine.errors import BadQuery
from search_engine.evaluation.metrics import check_k
from search_engine.explore.score_distribution import rank_biased_overlap
from search_engine.query import Query, Words
from search_engine.query.phrasing import PLACE, WORDINGS, filled

STABLE_FROM = 0.8
FRAGILE_BELOW = 0.5
PERSISTENCE = 0.9
"""Of rank-biased overlap: the first ten ranks carry 86 % of the weight."""
COMPARED_ANSWERS = 100
"""So many answers are compared; all ranks below carry 0.0002 % of the weight."""

Rank = Callable[[Query, int], Sequence[int]]
"""Gives the ids of the best pictures for a query, best first, as many as wanted."""


class Stability(StrEnum):
    """What the mean overlap of all wordings says, by `STABLE_FROM` and `FRAGILE_BELOW`."""

    STABLE = "stable"
    SHIFTING = "shifting"
    FRAGILE = "fragile"


@dataclass(frozen=True, slots=True)
class WordingOverlap:
    """The answer in one wording beside the answer to the words alone."""

    template: str
    query: str
    overlap: float
    """Rank-biased overlap with the answer to the bare words, 1 if both are equal."""
    shared: int
    """Of the first k answers, how many are the same."""
    others: float
    """Mean rank-biased overlap with all other wordings."""


@dataclass(frozen=True, slots=True)
class UnstableResult:
    """A picture that is among the first k in some wordings, not in all."""

    picture_id: int
    ranks: tuple[int | None, ...]
    """In each wording; None beyond the answers that were compared."""
    within: int
    """In how many wordings it is among the first k."""


@dataclass(frozen=True, slots=True)
class WordingCheck:
    """What several wordings of a query make of its answer."""

    query: Query
    k: int
    agreement: float
    """Mean rank-biased overlap of all pairs of wordings."""
    wordings: tuple[WordingOverlap, ...]
    """In the order of the templates; the bare words come first."""
    average: WordingOverlap
    """The mean of all wordings, which is no part of the agreement."""
    always: tuple[int, ...]
    """Pictures among the first k in every wording, in the order of the bare words."""
    unstable: tuple[UnstableResult, ...]
    """Those in most wordings first."""

    @property
    def stability(self) -> Stability:
        """Say in a word what the agreement means."""
        if self.agreement >= STABLE_FROM:
            return Stability.STABLE
        return Stability.FRAGILE if self.agreement < FRAGILE_BELOW else Stability.SHIFTING


def worded(query: Query, template: str) -> Query:
    """Put all words of a query into a template."""
    return query.with_words(lambda words: Words(filled(template, words.text)))


def check_wording(query: Query, rank: Rank, k: int = 10) -> WordingCheck:
    """Run a query in all of `WORDINGS` and compare the results.

    Rank-biased overlap is that of W. Webber, A. Moffat and J. Zobel, "A similarity measure for
    indefinite rankings", ACM TOIS 28 (4), 2010, extrapolated, with p = 0.9.

    Raises:
        BadQuery: The query has no words.
        BadInput: k is no number of answers.
    """
    check_k(k)
    if not any(isinstance(term.subject, Words) for term in query.terms):
        cause = "The query has no words, so there is no other way to word it"
        raise BadQuery(cause, place=str(query), remedy="Use words.")
    queries = [worded(query, template) for template in WORDINGS]
    depth = max(COMPARED_ANSWERS, k)
    answers = [list(rank(each, depth)) for each in queries]
    averaged = list(rank(query.averaged(), depth))
    pairs = np.eye(len(answers))
    for first, second in combinations(range(len(answers)), 2):
        pairs[first, second] = pairs[second, first] = _overlap(answers[first], answers[second])
    several = max(len(answers) - 1, 1)
    bare = answers[WORDINGS.index(PLACE)]
    wordings = tuple(
        WordingOverlap(
            template, str(each), float(pairs[number, 0]), _shared(bare, answer, k),
            float((pairs[number].sum() - 1) / several),
        )
        for number, (template, each, answer) in enumerate(
            zip(WORDINGS, queries, answers, strict=True)
        )
    )  # fmt: skip
    to_average = [_overlap(averaged, answer) for answer in answers]
    average = WordingOverlap(
        "average", str(query.averaged()), to_average[0], _shared(bare, averaged, k),
        float(np.mean(to_average)),
    )  # fmt: skip
    always, unstable = _kept_and_unstable(answers, k)
    agreement = float((pairs.sum() - len(answers)) / (len(answers) * several))
    return WordingCheck(query, k, agreement, wordings, average, always, unstable)


def _overlap(one: Sequence[int], other: Sequence[int]) -> float:
    depth = min(len(one), len(other))  # a minimum score leaves some wordings fewer answers
    if not depth:
        return float(len(one) == len(other))
    return rank_biased_overlap(one[:depth], other[:depth], PERSISTENCE)


def _shared(one: Sequence[int], other: Sequence[int], k: int) -> int:
    return len(set(one[:k]) & set(other[:k]))


def _kept_and_unstable(
    answers: Sequence[Sequence[int]], k: int
) -> tuple[tuple[int, ...], tuple[UnstableResult, ...]]:
    ranks = [{picture: at for at, picture in enumerate(answer, start=1)} for answer in answers]
    seen = dict.fromkeys(picture for answer in answers for picture in answer[:k])
    unstable = []
    for picture in seen:
        own = tuple(of.get(picture) for of in ranks)
        within = sum(rank is not None and rank <= k for rank in own)
        if within < len(answers):
            unstable.append(UnstableResult(picture, own, within))
    unstable_ids = {one.picture_id for one in unstable}
    unstable.sort(key=lambda one: -one.within)
    return tuple(picture for picture in seen if picture not in unstable_ids), tuple(unstable)
