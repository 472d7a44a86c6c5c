"""Each picture to the category whose name fits it best: zero-shot classification.

A. Radford et al., "Learning Transferable Visual Models From Natural Language Supervision", ICML
2021, section 3.1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_engine.collection.catalog import Embeddings
from search_engine.evaluation.ground_truth import GroundTruth
from search_engine.evaluation.metrics import Estimate, share
from search_engine.evaluation.streaming import known_batches
from search_engine.records import Ids, Progress, Step, Vectors

TOP = 5
MOST_MISTAKES = 1_000


@dataclass(frozen=True, slots=True)
class ZeroShot:
    """How often the name of its own category fits a picture best."""

    matrix: NDArray[np.int64]
    """Pictures of the category of the row whose best name is that of the column."""
    among_top: NDArray[np.int64]
    """Of each category's pictures, those whose own name is among the best five."""

    @property
    def pictures(self) -> int:
        """How many were classified: those of the categories asked for."""
        return int(self.matrix.sum())

    @property
    def top_1(self) -> Estimate:
        """The share of pictures whose own category fits best."""
        return share(int(np.trace(self.matrix)), self.pictures)

    @property
    def top_5(self) -> Estimate:
        """The share of pictures whose own category is among the best five."""
        return share(int(self.among_top.sum()), self.pictures)

    def mistakes(self) -> list[tuple[int, int, int]]:
        """Return own category, category taken instead and count of pictures, most pictures first.

        At most `MOST_MISTAKES`; equal counts are in the order of the categories.
        """
        wrong = self.matrix - np.diag(np.diag(self.matrix))
        order = np.argsort(-wrong, axis=None, kind="stable")
        places = order[: min(MOST_MISTAKES, np.count_nonzero(wrong))]
        own, other = np.unravel_index(places, wrong.shape)
        return list(zip(own.tolist(), other.tolist(), wrong[own, other].tolist(), strict=True))

    def of_category(self, place: int) -> tuple[float, float]:
        """Return both shares for the pictures of a category."""
        pictures = max(int(self.matrix[place].sum()), 1)
        right = self.matrix[place, place] / pictures
        return float(right), float(self.among_top[place] / pictures)


def best_fitting(
    embeddings: Embeddings, queries: Vectors, pictures: Ids, taken_for: int
) -> tuple[Ids, NDArray[np.float32]]:
    """Return those of the pictures whose best query is this one, and their cosines with it.

    Highest first; queries have shape (categories, dimension).
    """
    scores = embeddings.of(pictures) @ queries.T
    taken = scores.argmax(axis=1) == taken_for
    ids, cosines = pictures[taken], scores[taken, taken_for]
    order = np.argsort(-cosines, kind="stable")
    return ids[order], cosines[order]


def classify(
    embeddings: Embeddings,
    labelled: GroundTruth,
    queries: Vectors,
    progress: Progress,
) -> ZeroShot:
    """Compare every picture with every category's query, shape (categories, dimension).

    Equal scores go to the category that comes first.
    """
    count = len(labelled.names)
    matrix = np.zeros((count, count), dtype=np.int64)
    among_top = np.zeros(count, dtype=np.int64)
    for places, vectors in known_batches(embeddings, labelled.ids):
        category = labelled.category[places]
        own, scores = category[category >= 0], vectors[category >= 0] @ queries.T
        np.add.at(matrix, (own, scores.argmax(axis=1)), 1)
        own_score = scores[np.arange(len(own)), own][:, None]
        ahead = (scores > own_score).sum(axis=1)
        ahead += ((scores == own_score) & (np.arange(count) < own[:, None])).sum(axis=1)
        among_top += np.bincount(own[ahead < TOP], minlength=count)
        progress(Step("Comparing pictures with names", int(places[-1]) + 1, len(labelled.ids)))
    return ZeroShot(matrix, among_top)
