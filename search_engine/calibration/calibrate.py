"""What is measured of a collection once, so that answers get their probabilities quickly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from search_engine.calibration.probability import Sample, Scores, log_sums, typical_logits
from search_engine.collection.catalog.vector_table import VectorTable
from search_engine.records import CatalogVersion, Ids, ModelCard, Vectors
from search_engine.records.background import BackgroundVectors

_SAMPLE = 4096
"""Pictures that stand for all; which share of them a question finds is known to a thousandth."""
_EXAMPLES = 256
_LOWEST_QUARTER = 0.25
_SAME_PICTURE = 0.9999
_LEAST_SPREAD = 0.1
"""Of the way from the mean to a match: where all pictures are alike, little tells them apart."""
SMALLEST_SPREAD = 1e-3
_STEEPNESS = 3.0
"""What is as near as the median picture's nearest is a clear match, 95."""


@dataclass(frozen=True, slots=True)
class Level:
    """How much nearer than the average picture one has to be to an example, for a match."""

    threshold: float
    """Where it is as likely a match as not: the lowest quarter of all pictures has its nearest
    there, or farther."""
    spread: float
    """From there to where the median picture has its nearest."""

    def log_odds(self, cosines: Scores, mean: float) -> Scores:
        """Return the log-odds of pictures with these cosines to an example.

        No model says how probable it is that two pictures show the same. So a picture is compared
        with the nearest pairs of the collection; this step is our own.

        Args:
            cosines: Of pictures and the example.
            mean: The example's mean cosine with the pictures of the collection.
        """
        return np.asarray(
            _STEEPNESS * (cosines - mean - self.threshold) / self.spread, dtype=np.float32
        )


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was measured of a collection under its model and its background texts."""

    picture_ids: Ids
    """Ascending."""
    log_sums: Scores
    """Of each picture, over all background texts."""
    mean: Vectors
    """Shape (dimension,): the mean of all pictures' vectors, not of length one."""
    highest_typical: float
    """The most that a background text scores with the typical picture, times the scale."""
    pictures: Level
    fingerprint: str
    """Of the model."""
    digest: str
    """Of the background texts."""
    made_of: CatalogVersion
    """The state of the catalog when this was brought up to date last."""
    changed: int = 0
    """How many pictures came, changed or went since all of it was measured."""

    def sums_of(self, picture_ids: Ids) -> Scores:
        """Return the log-sums of pictures; the average for those that were not measured."""
        average = self.log_sums.mean() if len(self.log_sums) else 0.0
        sums = np.full(len(picture_ids), average, dtype=np.float32)
        if len(self.picture_ids):
            places = np.searchsorted(self.picture_ids, picture_ids)
            places = np.minimum(places, len(self.picture_ids) - 1)
            known = self.picture_ids[places] == picture_ids
            sums[known] = self.log_sums[places[known]]
        return sums

    def sample(self, table: VectorTable, model: ModelCard) -> Sample:
        """Read pictures that stand for all; those that have gone since are left out."""
        drawn = sampled(self.picture_ids)
        vectors = table.of(model, drawn)
        there = np.isfinite(vectors[:, 0])
        return Sample(vectors[there], self.sums_of(drawn[there]))


def sampled(picture_ids: Ids, most: int = _SAMPLE) -> Ids:
    """Draw pictures by chance, the same each time."""
    return np.random.default_rng(0).permutation(picture_ids)[:most]


def calibrate(
    table: VectorTable, model: ModelCard, background: BackgroundVectors, made_of: CatalogVersion
) -> Calibration:
    """Measure a collection; one pass over its vectors, in batches."""
    drawn = sampled(table.ids(model))
    examples = _Examples(drawn[:_EXAMPLES], table.of(model, drawn[:_EXAMPLES]))
    ids: list[Ids] = [np.empty(0, dtype=np.int64)]
    sums: list[Scores] = [np.empty(0, dtype=np.float32)]
    total = np.zeros(model.dimension)
    for batch_ids, vectors in table.batches(model):
        ids.append(batch_ids)
        sums.append(log_sums(vectors, background))
        total += vectors.sum(axis=0, dtype=np.float64)
        examples.take(batch_ids, vectors)
    picture_ids = np.concatenate(ids)
    mean = np.asarray(total / max(len(picture_ids), 1), dtype=np.float32)
    return Calibration(
        picture_ids=picture_ids,
        log_sums=np.concatenate(sums),
        mean=mean,
        highest_typical=_highest_typical(table.of(model, drawn), background),
        pictures=examples.level(mean),
        fingerprint=model.fingerprint,
        digest=background.digest,
        made_of=made_of,
    )


def _highest_typical(vectors: Vectors, background: BackgroundVectors) -> float:
    if not len(vectors) or not len(background.vectors):
        return 0.0
    logits = (background.scale or 1.0) * (vectors @ background.vectors.T)
    return float(typical_logits(logits).max())


class _Examples:
    """Pictures that stand for examples, and the best that others score for them."""

    def __init__(self, picture_ids: Ids, vectors: Vectors) -> None:
        self.picture_ids = picture_ids
        self.vectors = vectors
        self.best = np.full(len(picture_ids), -np.inf, dtype=np.float32)

    def take(self, picture_ids: Ids, vectors: Vectors) -> None:
        scores = self.vectors @ vectors.T
        scores[self.picture_ids[:, None] == picture_ids] = -np.inf
        scores[scores > _SAME_PICTURE] = -np.inf
        np.maximum(self.best, scores.max(axis=1), out=self.best)

    def level(self, mean: Vectors) -> Level:
        found = np.isfinite(self.best)
        if not found.any():
            return Level(1.0, SMALLEST_SPREAD)
        best = self.best[found] - self.vectors[found] @ mean
        low, middle = (float(value) for value in np.quantile(best, (_LOWEST_QUARTER, 0.5)))
        return Level(low, max(middle - low, _LEAST_SPREAD * middle, SMALLEST_SPREAD))
