"""How much effort a search takes: as little as finds enough of the true answers.

Recall is measured with questions in words wherever there are any, because pictures as questions
say nothing about it: an index that finds 98 % of their neighbours may lose half of the answers to
words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from search_engine.records import Ids, IndexKind, IndexManifest, Vectors
from search_engine.stores.base import VectorStore

RECALL_FLOOR = 0.98
"""An index that finds less of the true ten best is not published."""

RECALL_AIM = 0.985
"""Effort is raised up to here, because it is chosen by the very questions that measure it."""

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
    """Give the share of true answers to words that a published index was measured to find."""
    return manifest.parameters.get(TEXT_RECALL)


def least_scores(
    batches: Iterable[tuple[Ids, Vectors]], questions: Vectors, k: int = RECALL_AT
) -> NDArray[np.float32]:
    """Give the score of the true ``k``-th answer of each question, by comparing with everything.

    A picture that scores as much is a right answer, also where copies of it score the same.
    """
    top = np.full((len(questions), k), -np.inf, dtype=np.float32)
    for _, vectors in batches:
        both = np.concatenate([top, questions @ vectors.T], axis=1)
        top = np.partition(both, both.shape[1] - k, axis=1)[:, -k:]
    least: NDArray[np.float32] = top.min(axis=1)
    return least


def recall(store: VectorStore, questions: Vectors, least: NDArray[np.float32]) -> float:
    """Give the share of true answers that a store finds; ``least`` comes from `least_scores`."""
    hits = sum(
        np.count_nonzero(store.search(question, RECALL_AT).scores >= score - _ROUNDING)
        for question, score in zip(questions, least, strict=True)
    )
    return hits / (RECALL_AT * len(questions))


def tune(store: VectorStore, questions: Vectors, least: NDArray[np.float32]) -> float:
    """Raise a store's effort until its recall is enough, and give the recall reached."""
    reached = 0.0
    for effort in store.efforts:
        store.effort = effort
        reached = recall(store, questions, least)
        if reached >= RECALL_AIM:
            break
    return reached
