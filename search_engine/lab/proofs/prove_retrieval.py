"""Names of categories find their pictures, and the figures that say so are computed right."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from search_engine.evaluation.retrieval import (
    Retrieval,
    RetrievalOptions,
    rankings,
)
from search_engine.lab.proofs.bounds import Beside, ProvedFigure, at_least, at_most
from search_engine.lab.proofs.studio import Studio
from search_engine.records import Vectors, no_progress
from search_engine.search.engine import SearchEngine

FLOOR = 0.9
_DIFFERENCE_CEILING = 1e-9
_PERMUTATIONS = 100
_OFF_CHANCE_CEILING = 0.002
_K = 10


def prove(studio: Studio) -> list[ProvedFigure]:
    """Ask for every category by its name; then compare, and permute the labels."""
    engine = studio.gallery
    categories = engine.catalog.pictures.categories()
    k = min(_K, len(engine) // len(categories))
    studio.begin("Searching for every category")
    found = engine.measure.retrieval(RetrievalOptions(k=k))
    queries = engine.embedder().embed_words([one.query for one in found.categories])
    studio.begin(f"Permuting the labels {_PERMUTATIONS} times")
    permuted = _permuted(engine, found, queries, studio.seed)
    pictures, counts = len(found.labelled.ids), found.labelled.counts
    chance = Beside("chance", found.chance)
    return [
        ProvedFigure("mAP", found.mean_average_precision.value, at_least(FLOOR), chance),
        ProvedFigure(
            f"P@{k}", found.precision.value, at_least(FLOOR),
            Beside("chance", float(counts.mean() / pictures)),
        ),
        ProvedFigure(
            "zero-shot top-1", found.zero_shot.top_1.value, at_least(FLOOR),
            Beside("chance", 1 / len(counts)),
        ),
        ProvedFigure(
            "largest difference of AP to scikit-learn", _difference(engine, found, queries),
            at_most(_DIFFERENCE_CEILING),
        ),
        ProvedFigure("mAP with permuted labels", permuted, None, chance),
        ProvedFigure(
            "mAP with permuted labels, off chance", abs(permuted - found.chance),
            at_most(_OFF_CHANCE_CEILING),
        ),
    ]  # fmt: skip


def _difference(engine: SearchEngine, found: Retrieval, queries: Vectors) -> float:
    """Return how far an average precision is from that of scikit-learn, at most."""
    labelled = found.labelled
    cosines = queries @ engine.embeddings.of(labelled.ids).T
    return max(
        abs(one.average_precision.value - _by_scikit_learn(row, labelled.category == place))
        for place, (one, row) in enumerate(zip(found.categories, cosines, strict=True))
    )


def _by_scikit_learn(scores: Vectors, right: NDArray[np.bool_]) -> float:
    from sklearn.metrics import average_precision_score

    return float(average_precision_score(right, scores))


def _permuted(engine: SearchEngine, found: Retrieval, queries: Vectors, seed: int) -> float:
    """Measure the mean average precision of labels that mean nothing."""
    rng = np.random.default_rng(seed)
    averages = []
    for _ in range(_PERMUTATIONS):
        labels = replace(found.labelled, category=rng.permutation(found.labelled.category))
        ranked = rankings(engine.embeddings, labels, queries, found.options, no_progress)
        averages += [one.ranks.average_precision for one in ranked]
    return float(np.mean(averages))
