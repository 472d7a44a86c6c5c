"""What was measured of a collection, and how the scores of one query are calibrated by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from search_engine.records import CatalogVersion, Ids, Vectors

Scores: TypeAlias = NDArray[np.float32]

CUT_MATCH = 50.0
"""Pictures whose match is lower are no matches."""
_STEEPNESS = 3.0
CLEAR_MATCH = float(100 / (1 + np.exp(-_STEEPNESS)))
"""The match, 95, of a picture that fits as well as the median picture's best caption."""


def as_match(margin: Scores) -> Scores:
    """Turn margins above the cut into matches from 0 to 100 by the logistic function."""
    power = np.clip(_STEEPNESS * margin, -50, 50)
    return np.asarray(100 / (1 + np.exp(-power)), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Level:
    """How high a score has to stand out for a match, for queries of one kind."""

    cut: float
    """Where a picture is as likely a match as not."""
    spread: float
    """How far above it matches are clear."""


@dataclass(frozen=True, slots=True)
class WeighedTerm:
    """A part of a query as a vector."""

    vector: Vectors
    weight: float
    in_words: bool


@dataclass(frozen=True, slots=True)
class CalibratedQuery:
    """What scores of one query are worth."""

    mean: float
    """What the query scores with the collection's pictures on average, as far as that is
    taken away."""
    hubness_share: float
    """How much of a picture's hubness for words its score for this query holds."""
    cut: float
    spread: float

    @property
    def cut_score(self) -> float:
        """The cosine at which the match of a picture of average hubness is 50."""
        return self.mean + self.cut

    def margin(self, scores: Scores, hubness: Scores | float = 0.0) -> Scores:
        """Return how far above the cut scores are; 1 is a clear match, 0 is the cut."""
        above = scores - self.cut_score - self.hubness_share * np.asarray(hubness)
        return np.asarray(above / self.spread, dtype=np.float32)

    def match(self, scores: Scores, hubness: Scores | float = 0.0) -> Scores:
        """Return the match, 0 to 100, of pictures with these cosines."""
        return as_match(self.margin(scores, hubness))


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the probe texts and pictures score in a collection, under its model."""

    picture_ids: Ids
    """Ascending."""
    hubness: Scores
    """Half of what each picture scores above average with the captions among the probe texts."""
    mean: Vectors
    """Shape (dimension,): the mean of all pictures' vectors, not of length one."""
    ceiling: float
    """What the median nonsense word scores on average: more than that is no mere offset."""
    words: Level
    pictures: Level
    fingerprint: str
    """Of the model."""
    made_of: CatalogVersion
    """The state of the catalog when this was brought up to date last."""
    changed: int = 0
    """How many pictures came, changed or went since all of it was measured."""

    def hubness_of(self, picture_ids: Ids) -> Scores:
        """Return the hubness of pictures; 0 for those that were not measured."""
        hubness = np.zeros(len(picture_ids), dtype=np.float32)
        if len(self.picture_ids):
            places = np.searchsorted(self.picture_ids, picture_ids)
            places = np.minimum(places, len(self.picture_ids) - 1)
            known = self.picture_ids[places] == picture_ids
            hubness[known] = self.hubness[places[known]]
        return hubness

    def for_query(
        self, terms: Sequence[WeighedTerm], length: float, mean: Vectors | None = None
    ) -> CalibratedQuery | None:
        """Return what a query's scores are worth; None if it only takes away.

        A query's score is the sum of its terms' scores, over the length of their sum. So are
        its mean and its cut, to which terms that are taken away add nothing: a picture that is at
        the cut for every term that is asked for, and neutral to the others, is at the cut of the
        query.

        Args:
            terms: The parts of the query.
            length: Of their weighted sum.
            mean: The mean vector of the pictures asked, if not those that were measured.
        """
        positive = [term for term in terms if term.weight > 0]
        if not positive:
            return None
        centre = self.mean if mean is None else mean
        levels = [
            (term.weight, self.words if term.in_words else self.pictures) for term in positive
        ]
        return CalibratedQuery(
            mean=sum(t.weight * self._offset(t, centre) for t in terms) / length,
            hubness_share=sum(t.weight for t in terms if t.in_words) / length,
            cut=sum(weight * level.cut for weight, level in levels) / length,
            spread=sum(weight * level.spread for weight, level in levels) / length,
        )

    def _offset(self, term: WeighedTerm, mean: Vectors) -> float:
        score = float(term.vector @ mean)
        return min(score, self.ceiling) if term.in_words else score
