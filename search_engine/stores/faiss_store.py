"""Stores on Faiss. The only file that imports it.

Faiss knows a vector by its *slot*, the order in which it came; the store keeps the picture id of
each slot. A slot whose picture went stays, marked as dead and never searched, because graphs cannot
lose a node; when a quarter of the slots is dead, the store is made anew from the living.
"""

from __future__ import annotations

import os
from typing import Any, BinaryIO, Self, TypeAlias

import faiss
import numpy as np
from numpy.typing import NDArray

from search_engine.errors import BadVectors, CollectionDamaged
from search_engine.records import AllScores, Ids, IndexKind, Neighbours, Vectors
from search_engine.stores.base import VectorSource, best

FaissObject: TypeAlias = Any  # Faiss is not typed

_DEAD = -1
_DEAD_SHARE = 0.25
_LENGTH_TOLERANCE = 1e-3
_SCANNED_AT_ONCE = 8192

_HNSW = {"M": 32, "efConstruction": 200, "efSearch": 256}
"""At efSearch 16 one in seven answers to words is lost, although picture queries look perfect."""

_IVF_FROM = 1_000
"""Below this many vectors there is nothing to cluster, and an exact scan is faster anyway."""
_IVF_RETRAIN = 4
"""Clusters are found anew when there are this many times the vectors they were found with."""
_IVF_POINTS_PER_LIST = 39  # fewer, and Faiss warns that clusters will be poor
_CANDIDATES_PER_ANSWER = 3
_SPARE_CANDIDATES = 48


class FaissStore:
    """A `VectorStore` of any kind."""

    def __init__(self, kind: IndexKind, dimension: int, source: VectorSource) -> None:
        self.kind = kind
        self.dimension = dimension
        self._source = source
        self._index: FaissObject = faiss.IndexFlatIP(dimension)
        self._slots: Ids = np.empty(0, dtype=np.int64)
        self._trained_with = 0
        if kind is IndexKind.HNSW:
            self._index = _hnsw(dimension)

    @classmethod
    def load(cls, file: BinaryIO, kind: IndexKind, source: VectorSource, place: str) -> Self:
        """Read what `save` wrote.

        Raises:
            CollectionDamaged: The file is not one that `save` wrote for this kind.
        """
        try:
            index = faiss.read_index(faiss.PyCallbackIOReader(file.read))
            slots = np.load(file, allow_pickle=False)
        except (RuntimeError, ValueError, EOFError) as error:
            cause = "The index file cannot be read"
            remedy = "Build the index again; no picture has to be embedded again for it."
            raise CollectionDamaged(cause, place=place, remedy=remedy) from error
        store = cls(kind, index.d, source)
        store._index, store._slots = index, slots
        if isinstance(index, faiss.IndexIVF):
            store._trained_with = index.nlist * _IVF_POINTS_PER_LIST
            index.nprobe = _nprobe(index.nlist)
        return store

    def save(self, file: BinaryIO) -> None:
        """Write a file of Faiss, followed by the picture ids of the slots as a NumPy file."""
        faiss.write_index(self._index, faiss.PyCallbackIOWriter(file.write))
        np.save(file, self._slots, allow_pickle=False)

    @property
    def exact(self) -> bool:
        """Whether an unfiltered search is certain to find the nearest vectors."""
        return isinstance(self._index, faiss.IndexFlat)

    @property
    def parameters(self) -> dict[str, int | float]:
        """What the kind was tuned to, in Faiss's words."""
        if isinstance(self._index, faiss.IndexIVF):
            return {"nlist": self._index.nlist, "nprobe": self._index.nprobe}
        return dict(_HNSW) if self.kind is IndexKind.HNSW else {}

    def __len__(self) -> int:
        """Count the vectors."""
        return int(np.count_nonzero(self._slots != _DEAD))

    def ids(self) -> Ids:
        """Give the ids of all vectors, ascending."""
        return np.sort(self._slots[self._slots != _DEAD])

    def add(self, picture_ids: Ids, vectors: Vectors) -> None:
        """Add vectors of shape (n, dimension); those of ids that are already here are replaced.

        Raises:
            BadVectors: A vector is NaN, infinite, not of length one or of another dimension.
        """
        rows = self._checked(vectors)
        picture_ids, rows = _last_of_each(np.asarray(picture_ids, dtype=np.int64), rows)
        self.remove(picture_ids)
        _use_threads(os.cpu_count() or 1)
        self._index.add(rows)
        self._slots = np.concatenate([self._slots, picture_ids])
        if self._should_be_made_anew():
            self._make_anew()

    def remove(self, picture_ids: Ids) -> int:
        """Remove the vectors of these ids and count those that were here."""
        gone = np.isin(self._slots, picture_ids) & (self._slots != _DEAD)
        self._slots = np.where(gone, _DEAD, self._slots)
        if np.count_nonzero(self._slots == _DEAD) > _DEAD_SHARE * len(self._slots):
            self._make_anew()
        return int(np.count_nonzero(gone))

    def search(self, vector: Vectors, k: int, within: Ids | None = None) -> Neighbours:
        """Find the ``k`` nearest of a unit vector, or all if there are fewer; best first.

        ``within`` restricts the search to these ids, and makes it exact under every kind.
        """
        query = self._checked(vector.reshape(1, -1))
        living = len(self)
        if within is not None:
            return self._search_within(query, k, within)
        k = min(k, living)
        found = self._nearest(query, k)
        # A graph with unreachable nodes or too few probed lists would silently answer short.
        return found if len(found.picture_ids) >= k else self._scan(query, k, self.ids())

    def score_all(self, vector: Vectors) -> AllScores:
        """Compare a unit vector with the original vector of every picture."""
        query = self._checked(vector.reshape(1, -1))[0]
        rows = self._rows_in_memory()
        if rows is None:
            ids = self.ids()
            return AllScores(ids, self._scores_from_source(query, ids))
        living = np.flatnonzero(self._slots != _DEAD)
        order = living[np.argsort(self._slots[living], kind="stable")]
        return AllScores(self._slots[order], (rows @ query)[order])

    def _rows_in_memory(self) -> Vectors | None:
        """Give the original vectors by slot, where the index itself holds them."""
        index = self._index
        if isinstance(index, faiss.IndexHNSW):
            index = faiss.downcast_index(index.storage)
        if not isinstance(index, faiss.IndexFlat):
            return None
        flat: Vectors = faiss.rev_swig_ptr(index.get_xb(), index.ntotal * self.dimension)
        return flat.reshape(-1, self.dimension)

    def _scores_from_source(self, query: Vectors, ids: Ids) -> NDArray[np.float32]:
        scores = np.empty(len(ids), dtype=np.float32)
        for start in range(0, len(ids), _SCANNED_AT_ONCE):
            part = slice(start, start + _SCANNED_AT_ONCE)
            scores[part] = self._source(ids[part]) @ query
        return scores

    def _search_within(self, query: Vectors, k: int, within: Ids) -> Neighbours:
        slots = np.flatnonzero(np.isin(self._slots, within) & (self._slots != _DEAD))
        if not self.exact:
            return self._scan(query, k, self._slots[slots])
        return self._ask_faiss(query, min(k, len(slots)), slots)

    def _nearest(self, query: Vectors, k: int) -> Neighbours:
        living = None
        if (self._slots == _DEAD).any():
            living = np.flatnonzero(self._slots != _DEAD)
        if not isinstance(self._index, faiss.IndexIVF):
            return self._ask_faiss(query, k, living)
        # Scores of a quantised index are rough: they choose candidates, the originals rank them.
        wanted = min(_CANDIDATES_PER_ANSWER * k + _SPARE_CANDIDATES, len(self))
        candidates = self._ask_faiss(query, wanted, living).picture_ids
        return self._scan(query, k, candidates)

    def _ask_faiss(self, query: Vectors, k: int, slots: Ids | None) -> Neighbours:
        if k == 0:
            return best(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32), 0)
        _use_threads(1)  # waiting for a busy second core costs a query more than it gives
        selector = None if slots is None else _selector(slots, len(self._slots))
        scores, found = self._index.search(query, k, params=self._search_parameters(selector))
        hit = found[0] >= 0
        return best(self._slots[found[0][hit]], scores[0][hit], k)

    def _search_parameters(self, selector: FaissObject) -> FaissObject:
        if isinstance(self._index, faiss.IndexIVF):
            return faiss.SearchParametersIVF(sel=selector, nprobe=self._index.nprobe)
        if self.kind is IndexKind.HNSW:
            return faiss.SearchParametersHNSW(sel=selector, efSearch=_HNSW["efSearch"])
        return faiss.SearchParameters(sel=selector)

    def _scan(self, query: Vectors, k: int, picture_ids: Ids) -> Neighbours:
        """Compare with the original vectors of these pictures, all of them."""
        ids = np.empty(0, dtype=np.int64)
        scores = np.empty(0, dtype=np.float32)
        for start in range(0, len(picture_ids), _SCANNED_AT_ONCE):
            some = picture_ids[start : start + _SCANNED_AT_ONCE]
            these = self._source(some) @ query[0]
            known = np.isfinite(these)  # a picture may have gone since this index was made
            ids, scores = np.concatenate([ids, some[known]]), np.concatenate([scores, these[known]])
            kept = best(ids, scores, k)
            ids, scores = kept.picture_ids, kept.scores
        return Neighbours(ids, scores)

    def _checked(self, vectors: Vectors) -> Vectors:
        rows = np.ascontiguousarray(vectors, dtype=np.float32)
        cause = ""
        if rows.ndim != 2 or rows.shape[1] != self.dimension:  # noqa: PLR2004 - rows and columns
            cause = (
                f"Vectors of shape {rows.shape} do not fit an index of {self.dimension} dimensions"
            )
        elif not np.isfinite(rows).all():
            cause = "A vector holds NaN or infinity, and would never be found"
        elif (np.abs(np.linalg.norm(rows, axis=1) - 1) > _LENGTH_TOLERANCE).any():
            cause = "A vector is not of length one, and its score would not be a cosine"
        if cause:
            raise BadVectors(cause, remedy="Was another model used?")
        return rows

    def _should_be_made_anew(self) -> bool:
        if self.kind is not IndexKind.IVF:
            return False
        return len(self) >= max(_IVF_FROM, _IVF_RETRAIN * self._trained_with)

    def _make_anew(self) -> None:
        _use_threads(os.cpu_count() or 1)
        ids = self.ids()
        vectors = self._source(ids) if not self.exact else self._flat_rows(ids)
        self._index = self._made_of(vectors)
        self._index.add(vectors)
        self._slots = ids

    def _made_of(self, vectors: Vectors) -> FaissObject:
        if self.kind is IndexKind.HNSW:
            return _hnsw(self.dimension)
        if self.kind is IndexKind.EXACT or len(vectors) < _IVF_FROM:
            return faiss.IndexFlatIP(self.dimension)
        self._trained_with = len(vectors)
        return _ivf(vectors)

    def _flat_rows(self, ids: Ids) -> Vectors:
        order = np.argsort(self._slots)
        slots = order[np.searchsorted(self._slots, ids, sorter=order)]
        rows: Vectors = self._index.reconstruct_batch(slots)
        return rows


def _use_threads(count: int) -> None:
    faiss.omp_set_num_threads(count)  # of the calling thread alone, so it is said every time


def _hnsw(dimension: int) -> FaissObject:
    index = faiss.IndexHNSWFlat(dimension, _HNSW["M"], faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction = _HNSW["efConstruction"]
    return index


def _ivf(vectors: Vectors) -> FaissObject:
    count, dimension = vectors.shape
    lists = max(1, min(4 * round(count**0.5), count // _IVF_POINTS_PER_LIST))
    index = faiss.index_factory(dimension, f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
    index.train(vectors)
    index.nprobe = _nprobe(lists)
    return index


def _nprobe(lists: int) -> int:
    """Probe many lists: words lie far from all pictures, so their answers are in many lists."""
    return min(lists, max(32, lists // 4))


def _selector(slots: Ids, count: int) -> FaissObject:
    chosen = np.zeros(count, dtype=np.uint8)
    chosen[slots] = 1
    return faiss.IDSelectorBitmap(np.packbits(chosen, bitorder="little"))


def _last_of_each(picture_ids: Ids, rows: NDArray[np.float32]) -> tuple[Ids, NDArray[np.float32]]:
    """Keep the last vector of an id that is given several times."""
    _, from_end = np.unique(picture_ids[::-1], return_index=True)
    kept = np.sort(len(picture_ids) - 1 - from_end)
    return picture_ids[kept], np.ascontiguousarray(rows[kept])
