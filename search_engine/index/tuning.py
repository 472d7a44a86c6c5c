"""How much effort a search takes: as little as finds enough of the true answers.

Recall is measured with queries in words wherever there are any, because pictures as queries
say nothing about it: an index that finds 98 % of their neighbours may lose half of the answers to
words.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from search_engine.index.store import VectorStore
from search_engine.records import IndexKind, IndexManifest, Vectors

RECALL_FLOOR = 0.98
"""An index that finds less of the true ten best is not published."""

RECALL_AIM = 0.99
"""Effort is raised up to here, because it is chosen by the very queries that measure it: other
queries found 0.976 to 0.985 when this was 0.985."""

RECALL_AT = 10

TEXT_RECALL = f"text_recall_at_{RECALL_AT}"
PICTURE_RECALL = f"picture_recall_at_{RECALL_AT}"

_ROUNDING = 1e-5


@dataclass(frozen=True, slots=True)
class Appraisal:
    """What measuring an index gave, for its manifest."""

    figures: dict[str, int | float] = field(default_factory=dict)
    note: str = ""
    instead_of: IndexKind | None = None


UNMEASURED = Appraisal()
"""Of an index that is certain to find the nearest."""


def text_recall(manifest: IndexManifest) -> float | None:
    """Return the share of true answers to words that a published index was measured to find."""
    return manifest.parameters.get(TEXT_RECALL)


def right_answers(scores: NDArray[np.float32], truth: NDArray[np.float32]) -> int:
    """Count the results of one query that score no less than the last of the true ones.

    So where copies score the same, each of them is a right answer.
    """
    return int(np.count_nonzero(scores[: len(truth)] >= truth[-1] - _ROUNDING))


def recall(store: VectorStore, queries: Vectors, truth: NDArray[np.float32]) -> float:
    """Return the share of true answers that a store finds; ``truth`` are their scores."""
    hits = sum(
        right_answers(store.search(query, truth.shape[1]).scores, best)
        for query, best in zip(queries, truth, strict=True)
    )
    return hits / truth.size


def tune(store: VectorStore, queries: Vectors, truth: NDArray[np.float32]) -> float:
    """Raise a store's effort until its recall is enough, and give the recall reached."""
    reached = 0.0
    for effort in store.efforts:
        store.effort = effort
        reached = recall(store, queries, truth)
        if reached >= RECALL_AIM:
            break
    return reached
