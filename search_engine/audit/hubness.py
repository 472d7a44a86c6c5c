"""Which pictures queries find too often, and which never."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_engine.audit.inventory import Inventory
from search_engine.audit.neighbours import ContentNeighbours
from search_engine.index.store import Neighbours
from search_engine.query.phrasing import category_queries
from search_engine.records import Ids, Progress, Step, Vectors, no_progress

HUBNESS_K = 10
_HUB_DEVIATIONS = 2


@dataclass(frozen=True, slots=True)
class Hubness:
    """How often each picture is among the first k answers."""

    counts: NDArray[np.int64]
    """N_k of each picture of the inventory."""
    queries: int
    """How many were run."""
    k: int

    @property
    def skewness(self) -> float:
        """The third standardised moment of N_k; near 0 without hubs, above 1 with strong ones."""
        spread = self.counts.std() if len(self.counts) else 0.0
        if not spread:
            return 0.0
        return float((((self.counts - self.counts.mean()) / spread) ** 3).mean())

    @property
    def hubs(self) -> NDArray[np.bool_]:
        """Which pictures come up more often than two standard deviations above the mean."""
        limit = self.counts.mean() + _HUB_DEVIATIONS * self.counts.std() if len(self.counts) else 0
        above: NDArray[np.bool_] = self.counts > limit
        return above

    @property
    def unreached(self) -> int:
        """How many pictures no query finds."""
        return int(np.count_nonzero(self.counts == 0))

    @property
    def by_chance(self) -> float:
        """How many would be unreached if answers were drawn at random."""
        count = len(self.counts)
        return float(count * (1 - min(self.k, count) / count) ** self.queries) if count else 0.0


def hubness_of_queries(
    inventory: Inventory,
    queries: Vectors,
    search: Callable[[Vectors, int], Neighbours],
    k: int = HUBNESS_K,
    progress: Progress = no_progress,
) -> Hubness:
    """Run every query, shape (n, dimension), and count how often each picture is found.

    M. Radovanović, A. Nanopoulos and M. Ivanović, "Hubs in Space: Popular Nearest Neighbors in
    High-Dimensional Data", JMLR 11, 2010.
    """
    results: list[Ids] = []
    for done, query in enumerate(queries):
        progress(Step("Running many queries", done, len(queries)))
        results.append(search(query, k).picture_ids)
    ids = np.concatenate([np.empty(0, dtype=np.int64), *results])
    ids = ids[np.isin(ids, inventory.picture_ids)]
    places = np.searchsorted(inventory.picture_ids, ids)
    return Hubness(np.bincount(places, minlength=len(inventory)), len(queries), k)


def hubness_of_pictures(inventory: Inventory, neighbours: ContentNeighbours) -> Hubness:
    """Count how often each picture's content is among the k nearest of another content."""
    k = min(HUBNESS_K, neighbours.k)
    nearest = neighbours.places[:, :k].ravel()
    counts = np.bincount(nearest[nearest >= 0], minlength=len(inventory.firsts))
    return Hubness(counts[inventory.contents], len(inventory.firsts), k)


def typical_queries(captions: Sequence[str], categories: Sequence[str]) -> list[str]:
    """Return the queries that stand for what people search: captions, and names of categories."""
    return list(dict.fromkeys([*captions, *category_queries(categories)]))
