"""The nearest other contents of every content, found with Faiss and kept on disk."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from search_engine.files.arrays import ArrayCache, real, whole
from search_engine.index.exact_search import search_exactly
from search_engine.index.tuning import RECALL_AT, tune
from search_engine.records import Ids, IndexKind, Progress, Step, Vectors, no_progress

if TYPE_CHECKING:
    from search_engine.index.faiss_store import FaissStore

NEIGHBOURS = 20
EXACT_UP_TO = 50_000
"""Beyond, comparing all with all takes minutes; clusters find 99 of 100 neighbours sooner."""

_ASKED = 128
_BATCH = 2_048


@dataclass(frozen=True, slots=True)
class ContentNeighbours:
    """The nearest other contents of each content, best first."""

    places: NDArray[np.int32]
    """Shape (contents, k): numbers of contents; −1 where there are fewer."""
    cosines: NDArray[np.float32]
    """−inf where there are fewer. Beyond ``EXACT_UP_TO`` those of 8-bit codes, off by 0.0002 on
    average."""
    recall: float
    """The share of true neighbours found, measured on some contents; 1 where that is certain."""

    @property
    def k(self) -> int:
        """How many neighbours were looked for."""
        return int(self.places.shape[1])


@dataclass(frozen=True, slots=True)
class ArrangedVectors:
    """Unit vectors by number, from 0, in an index of their own."""

    store: FaissStore
    source: Callable[[Ids], Vectors]
    recall: float
    """As that of `ContentNeighbours`."""

    def __len__(self) -> int:
        """Count them."""
        return len(self.store)


def arrange(
    count: int, dimension: int, source: Callable[[Ids], Vectors], progress: Progress = no_progress
) -> ArrangedVectors:
    """Arrange ``count`` unit vectors that ``source`` gives by number, to find the nearest."""
    from search_engine.index.faiss_store import FaissStore

    ids = np.arange(count, dtype=np.int64)
    kind = IndexKind.EXACT if count <= EXACT_UP_TO else IndexKind.IVF
    store, recall = FaissStore(kind, dimension, source), 1.0
    progress(Step("Arranging the vectors", 0, count))
    store.fill(ids)
    if not store.exact:
        progress(Step("Measuring how many clusters to look into", 0, count))
        asked = source(np.random.default_rng(0).choice(ids, _ASKED, replace=False))
        parts = (ids[start : start + _BATCH] for start in range(0, count, _BATCH))
        batches = ((part, source(part)) for part in parts)
        recall = tune(store, asked, search_exactly(batches, asked, RECALL_AT).scores)
    return ArrangedVectors(store, source, recall)


def find_neighbours(
    count: int, dimension: int, source: Callable[[Ids], Vectors], progress: Progress = no_progress
) -> ContentNeighbours:
    """Find the nearest of each of ``count`` unit vectors that ``source`` gives by number.

    Memory grows with ``count``, never with its square.
    """
    return neighbours_of(arrange(count, dimension, source, progress), progress=progress)


def neighbours_of(
    arranged: ArrangedVectors, asked: Ids | None = None, progress: Progress = no_progress
) -> ContentNeighbours:
    """Find the nearest others of each, or of some by their numbers, a row for each of these."""
    ids = np.arange(len(arranged), dtype=np.int64) if asked is None else asked
    count, k = len(ids), max(0, min(NEIGHBOURS, len(arranged) - 1))
    places = np.full((count, k), -1, dtype=np.int32)
    cosines = np.full((count, k), -np.inf, dtype=np.float32)
    for start in range(0, count if k else 0, _BATCH):
        progress(Step("Finding the neighbours of every picture", start, count))
        own, part = ids[start : start + _BATCH], slice(start, start + _BATCH)
        found = arranged.store.search_many(arranged.source(own), k + 1)
        others = _without(found.picture_ids, own)
        places[part] = found.picture_ids[others].reshape(len(own), k)
        cosines[part] = found.scores[others].reshape(len(own), k)
    return ContentNeighbours(places, cosines, arranged.recall)


def nearest_across(
    asked: int,
    source: Callable[[Ids], Vectors],
    among: ArrangedVectors,
    progress: Progress = no_progress,
) -> ContentNeighbours:
    """Find the nearest among other vectors of each of ``asked`` that ``source`` gives by number."""
    k = min(NEIGHBOURS, len(among))
    places = np.full((asked, k), -1, dtype=np.int32)
    cosines = np.full((asked, k), -np.inf, dtype=np.float32)
    for start in range(0, asked, _BATCH):
        progress(Step("Finding the nearest pictures across", start, asked))
        own = np.arange(start, min(start + _BATCH, asked), dtype=np.int64)
        found = among.store.search_many(source(own), k)
        places[own], cosines[own] = found.picture_ids, found.scores
    return ContentNeighbours(places, cosines, among.recall)


def _without(found: Ids, own: Ids) -> NDArray[np.bool_]:
    """Mark, in each row, all but the own number, or all but the last where it was not found."""
    others: NDArray[np.bool_] = found != own[:, None]
    others[others.all(axis=1), -1] = False
    return others


def saved_neighbours(
    file: Path, key: str, count: int, find: Callable[[], ContentNeighbours]
) -> ContentNeighbours:
    """Read the neighbours that a file holds for ``count`` contents, or find them and write it."""
    forms = {
        "places": whole("contents", "k", low=-1, high=count - 1),
        "cosines": real("contents", "k", low=-math.inf),
        "recall": real(low=0.0, high=1.0),
    }
    cache = ArrayCache(file, "the list of neighbours", forms)
    saved = cache.read(key, contents=count, k=NEIGHBOURS)
    if saved is not None and len(saved["places"]) == count:
        places, cosines = saved["places"].astype(np.int32), saved["cosines"].astype(np.float32)
        return ContentNeighbours(places, cosines, float(saved["recall"]))
    found = find()
    cache.write(key, places=found.places, cosines=found.cosines, recall=found.recall)
    return found
