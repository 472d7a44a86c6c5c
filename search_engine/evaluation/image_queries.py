"""Each picture as a question: are the pictures nearest to it of its own category?

Needs no words, so it tells something also where the names of folders mean nothing to the model.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_engine.collection.catalog import Catalog
from search_engine.evaluation.distinct import repeated
from search_engine.evaluation.ground_truth import GroundTruth
from search_engine.evaluation.metrics import Estimate, mean
from search_engine.evaluation.streaming import Progress, known_batches
from search_engine.records import Ids, ModelCard

MOST_QUESTIONS = 500
_SEED = 0
_SPARE = 3
"""Times k: how far down near-duplicates are looked for and left out."""


@dataclass(frozen=True, slots=True)
class ImageQueryPrecision:
    """Leave-one-out precision@k with pictures as questions."""

    precision: Estimate
    questions: int
    """A random sample of the pictures in categories of two or more."""
    chance: float
    """The precision to expect of a random order."""


def measure_image_queries(
    catalog: Catalog, model: ModelCard, labelled: GroundTruth, k: int, progress: Progress,
    *, once: bool = False,
) -> ImageQueryPrecision | None:  # fmt: skip
    """Ask for pictures like each of a sample, the picture itself left out.

    With ``once``, what is nearly the same as the question or as a better answer is left out too.
    None where no category has two pictures.
    """
    company = labelled.counts[labelled.category] > 1
    several = np.flatnonzero(company & (labelled.category >= 0))
    if not len(several):
        return None
    size = min(MOST_QUESTIONS, len(several))
    asked = np.sort(np.random.default_rng(_SEED).choice(several, size, replace=False))
    found = _nearest(catalog, model, labelled.ids, asked, k * (_SPARE if once else 1), progress)
    shares = np.empty(size)
    for number, (at, answers) in enumerate(zip(asked.tolist(), found, strict=True)):
        kept = answers[answers >= 0]
        if once:
            vectors = catalog.vectors.of(model, labelled.ids[np.r_[at, kept]])
            kept = kept[~repeated(vectors)[1:]]
        hits = labelled.category[kept[:k]] == labelled.category[at]
        shares[number] = hits.mean() if len(hits) else 0.0
    same = labelled.counts[labelled.category[asked]] - 1
    chance = float(same.mean() / max(len(labelled.ids) - 1, 1))
    return ImageQueryPrecision(mean(shares), size, chance)


def _nearest(
    catalog: Catalog, model: ModelCard, ids: Ids, asked: Ids, k: int, progress: Progress
) -> NDArray[np.int64]:
    """Return the places of the ``k`` nearest pictures of each, best first; −1 where there are less.

    Equal ones are in the order of their ids.
    """
    questions = catalog.vectors.of(model, ids[asked])
    best = np.full((len(asked), k), -np.inf, dtype=np.float32)
    found = np.full((len(asked), k), -1, dtype=np.int64)
    for places, vectors in known_batches(catalog, model, ids):
        scores = questions @ vectors.T
        scores[asked[:, None] == places] = -np.inf
        # Only what beats the last of those found so far needs sorting: soon next to nothing.
        rows = np.flatnonzero(scores.max(axis=1) > best[:, -1])
        for row in rows.tolist():
            better = np.flatnonzero(scores[row] > best[row, -1])
            all_scores = np.r_[best[row], scores[row, better]]
            order = np.argsort(-all_scores, kind="stable")[:k]
            best[row] = all_scores[order]
            found[row] = np.r_[found[row], places[better]][order]
        progress((int(places[-1]) + 1) / len(ids))
    return found
