"""Copies and near-duplicates counted once, so that a picture stored thrice is not three answers.

In the ranking of a query a picture is passed over

* if its file has the same content as another one's: of these one is kept, one that is right if
  there is any;
* if it is among the first ten times k and has a cosine of `NEAR_DUPLICATE` or more with a picture
  kept above it. Further down this would cost more than it tells.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_engine.collection.catalog import Embeddings
from search_engine.explore.score_distribution import top_places
from search_engine.records import Ids, Vectors

NEAR_DUPLICATE = 0.99
"""The same picture compressed again has 0.997 with the bundled model, a similar one 0.97."""
NEAR_DUPLICATES_WITHIN = 10
"""Times k."""


@dataclass(frozen=True, slots=True)
class CountedOnce:
    """Tells which pictures of a ranking count."""

    embeddings: Embeddings
    ids: Ids
    places: NDArray[np.int64]
    """In the ids, of the pictures that have copies."""
    groups: NDArray[np.int64]
    """A number for each content."""

    @classmethod
    def of(cls, embeddings: Embeddings, ids: Ids) -> CountedOnce:
        """Find the copies among these pictures, whose ids ascend."""
        copies, groups = embeddings.catalog.pictures.copies()
        here = np.isin(copies, ids)
        return cls(embeddings, ids, np.searchsorted(ids, copies[here]), groups[here])

    def counts(
        self, scores: NDArray[np.float32], right: NDArray[np.bool_], k: int
    ) -> NDArray[np.bool_]:
        """Return for every picture whether it counts in a ranking."""
        kept = np.ones(len(scores), dtype=bool)
        order = np.lexsort((self.places, ~right[self.places], self.groups))
        again = order[1:][np.diff(self.groups[order]) == 0]
        kept[self.places[again]] = False
        first = top_places(np.where(kept, scores, -np.inf), k * NEAR_DUPLICATES_WITHIN)
        first = first[kept[first]]
        kept[first[repeated(self.embeddings.of(self.ids[first]))]] = False
        return kept


def repeated(vectors: Vectors) -> NDArray[np.bool_]:
    """Return which rows, best first, are near to one above them that is not itself repeated."""
    near = np.tril(vectors @ vectors.T >= NEAR_DUPLICATE, k=-1)
    found = np.zeros(len(vectors), dtype=bool)
    for row in np.flatnonzero(near.any(axis=1)):
        found[row] = bool((near[row] & ~found).any())
    return found
