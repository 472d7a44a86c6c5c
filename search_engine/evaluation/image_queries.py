"""Each picture as a query: are the pictures nearest to it of its own category?

Needs no words, so it tells something also where the names of folders mean nothing to the model.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_engine.collection.catalog import Embeddings
from search_engine.evaluation.distinct import repeated
from search_engine.evaluation.ground_truth import GroundTruth
from search_engine.evaluation.metrics import Estimate, mean
from search_engine.evaluation.streaming import known_batches
from search_engine.index.exact_search import search_exactly
from search_engine.records import Ids, Progress, Step, Vectors

MOST_QUERIES = 500
_SEED = 0
_SPARE = 3
"""Times k: how far down near-duplicates are looked for and left out."""


@dataclass(frozen=True, slots=True)
class ImageQueryPrecision:
    """Leave-one-out precision@k with pictures as queries."""

    precision: Estimate
    queries: int
    """A random sample of the pictures in categories of two or more."""
    chance: float
    """The precision to expect of a random order."""


def measure_image_queries(
    embeddings: Embeddings, labelled: GroundTruth, k: int, progress: Progress,
    *, once: bool = False,
) -> ImageQueryPrecision | None:  # fmt: skip
    """Ask for pictures like each of a sample, the picture itself left out.

    With ``once``, what is nearly the same as the query or as a better result is left out too.
    None where no category has two pictures.
    """
    company = labelled.counts[labelled.category] > 1
    several = np.flatnonzero(company & (labelled.category >= 0))
    if not len(several):
        return None
    size = min(MOST_QUERIES, len(several))
    sample = np.sort(np.random.default_rng(_SEED).choice(several, size, replace=False))
    nearest = _nearest(embeddings, labelled.ids, sample, k * (_SPARE if once else 1), progress)
    shares = np.empty(size)
    for number, (at, answers) in enumerate(zip(sample.tolist(), nearest, strict=True)):
        kept = answers[answers >= 0]
        if once:
            vectors = embeddings.of(labelled.ids[np.r_[at, kept]])
            kept = kept[~repeated(vectors)[1:]]
        hits = labelled.category[kept[:k]] == labelled.category[at]
        shares[number] = hits.mean() if len(hits) else 0.0
    same = labelled.counts[labelled.category[sample]] - 1
    chance = float(same.mean() / max(len(labelled.ids) - 1, 1))
    return ImageQueryPrecision(mean(shares), size, chance)


def _nearest(
    embeddings: Embeddings, ids: Ids, sample: Ids, k: int, progress: Progress
) -> NDArray[np.int64]:
    """Return the places of the ``k`` nearest pictures of each, best first; −1 where there are less.

    Equal ones are in the order of their ids.
    """

    def batches() -> Iterator[tuple[Ids, Vectors]]:
        for places, vectors in known_batches(embeddings, ids):
            yield places, vectors
            progress(Step("Searching with pictures", int(places[-1]) + 1, len(ids)))

    queries = embeddings.of(ids[sample])
    return search_exactly(batches(), queries, k, left_out=sample).picture_ids
