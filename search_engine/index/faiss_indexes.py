"""Indexes of Faiss: how each kind is made, asked and turned up."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from typing import Any, BinaryIO, TypeAlias

import faiss
import numpy as np
from numpy.typing import NDArray

from search_engine.records import Ids, IndexKind, Vectors

FaissIndex: TypeAlias = Any  # Faiss is not typed
Selector: TypeAlias = Any

APPROXIMATE_FROM = 1_000
"""Below this many vectors an exact scan is faster than anything, and certain."""

POINTS_PER_LIST = 39
"""Training vectors of a cluster; fewer, and Faiss warns that clusters will be poor."""

_HNSW_LINKS = 32
_HNSW_BUILD_EFFORT = 200
_HNSW_EFFORTS = (64, 96, 128, 192, 256, 384, 512, 768, 1024)
_HNSW_UNMEASURED = 256
"""At efSearch 16 one in seven answers to words is lost, although picture queries look perfect."""

_IVF_LEAST_SHARE = 64
_UNREACHABLE = -2.0


def flat(dimension: int) -> FaissIndex:
    """Make an index that compares with everything."""
    return faiss.IndexFlatIP(dimension)


def is_flat(index: FaissIndex) -> bool:
    """Return whether a search compares with all original vectors."""
    return isinstance(index, faiss.IndexFlat)


def is_quantised(index: FaissIndex) -> bool:
    """Return whether an index holds 8-bit codes instead of the original vectors."""
    return isinstance(index, faiss.IndexIVF)


def approximate(kind: IndexKind, dimension: int, count: int, sample: Sampler) -> FaissIndex:
    """Make an empty index of an approximate kind, fit for ``count`` vectors."""
    use_threads()
    if kind is IndexKind.HNSW:
        index = faiss.IndexHNSWFlat(dimension, _HNSW_LINKS, faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction = _HNSW_BUILD_EFFORT
        index.hnsw.efSearch = _HNSW_UNMEASURED
        return index
    lists = lists_for(count)
    index = faiss.index_factory(dimension, f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
    index.train(sample(min(count, lists * POINTS_PER_LIST)))
    # Words lie far from all pictures, so their answers are in many lists.
    index.nprobe = min(lists, max(32, lists // 4))
    return index


Sampler: TypeAlias = Callable[[int], Vectors]
"""Gives so many of the vectors, drawn at random."""


def lists_for(count: int) -> int:
    """Return into how many clusters so many vectors go."""
    return max(1, min(4 * round(math.sqrt(count)), count // POINTS_PER_LIST))


def needs_other_lists(index: FaissIndex, count: int) -> bool:
    """Return whether there are four times the vectors that the clusters were made for."""
    return is_quantised(index) and lists_for(count) >= 2 * int(index.nlist)


def parameters(index: FaissIndex) -> dict[str, int | float]:
    """Return what an index is tuned to, in Faiss's words."""
    if is_quantised(index):
        return {"nlist": index.nlist, "nprobe": index.nprobe}
    if isinstance(index, faiss.IndexHNSW):
        built = {"M": _HNSW_LINKS, "efConstruction": index.hnsw.efConstruction}
        return built | {"efSearch": index.hnsw.efSearch}
    return {}


def efforts(index: FaissIndex) -> tuple[int, ...]:
    """Return the efforts that a search may take, ascending; none where there is no choice."""
    if isinstance(index, faiss.IndexHNSW):
        return _HNSW_EFFORTS
    if not is_quantised(index):
        return ()
    steps = [index.nlist]
    while steps[-1] > max(1, index.nlist / _IVF_LEAST_SHARE):
        steps.append(max(1, min(steps[-1] - 1, round(steps[-1] / 2**0.25))))
    return tuple(reversed(steps))


def effort(index: FaissIndex) -> int:
    """Return the effort of a search: lists probed, or candidates kept while walking the graph."""
    return int(index.nprobe if is_quantised(index) else index.hnsw.efSearch)


def set_effort(index: FaissIndex, value: int) -> None:
    """Set the effort of every search from now on."""
    if is_quantised(index):
        index.nprobe = value
    else:
        index.hnsw.efSearch = value


def nearest(
    index: FaissIndex,
    query: Vectors,
    k: int,
    bits: NDArray[np.uint8] | None,
    *,
    all_lists: bool = False,
) -> tuple[Ids, NDArray[np.float32]]:
    """Return slots and scores of the nearest that an index finds, perhaps fewer than ``k``.

    Args:
        index: Any index.
        query: Shape (1, dimension).
        k: How many.
        bits: One bit a slot; only these are found.
        all_lists: Compare with every code of clusters, however many lists are probed usually.
    """
    _use_one_thread()
    selector = None if bits is None else faiss.IDSelectorBitmap(bits)
    scores, slots = index.search(query, k, params=_how(index, selector, all_lists=all_lists))
    hit = slots[0] >= 0
    return slots[0][hit], scores[0][hit]


def nearest_of_many(
    index: FaissIndex, queries: Vectors, k: int, bits: NDArray[np.uint8] | None
) -> tuple[Ids, NDArray[np.float32]]:
    """Return slots and scores of each query's nearest, shapes (n, k); −1 where there is none."""
    use_threads()
    selector = None if bits is None else faiss.IDSelectorBitmap(bits)
    scores, slots = index.search(queries, k, params=_how(index, selector, all_lists=False))
    return slots, scores


def _how(index: FaissIndex, selector: Selector, *, all_lists: bool) -> FaissIndex:
    if is_quantised(index):
        lists = index.nlist if all_lists else index.nprobe
        return faiss.SearchParametersIVF(sel=selector, nprobe=lists)
    if isinstance(index, faiss.IndexHNSW):
        return faiss.SearchParametersHNSW(sel=selector, efSearch=index.hnsw.efSearch)
    return faiss.SearchParameters(sel=selector)


def with_all_vectors(index: FaissIndex) -> FaissIndex:
    """Return the flat index inside an index: that of a graph's nodes, or itself."""
    return faiss.downcast_index(index.storage) if isinstance(index, faiss.IndexHNSW) else index


def scores_by_slot(index: FaissIndex, queries: Vectors) -> NDArray[np.float32]:
    """Compare queries, shape (n, dimension), with everything, as exactly as it is held.

    Returns:
        Shape (slots, n); NaN for slots that hold nothing.
    """
    use_threads()
    inner = with_all_vectors(index)
    if is_flat(inner):
        rows = faiss.rev_swig_ptr(inner.get_xb(), inner.ntotal * inner.d)
        product: NDArray[np.float32] = rows.reshape(-1, inner.d) @ queries.T
        return product
    every = faiss.SearchParametersIVF(nprobe=index.nlist)
    scores = np.full((index.ntotal, len(queries)), np.nan, dtype=np.float32)
    for place in range(len(queries)):  # eight at once took longer than eight one by one
        _, found, slots = index.range_search(queries[place : place + 1], _UNREACHABLE, params=every)
        scores[slots, place] = found
    return scores


def vectors_at(index: FaissIndex, slots: Ids) -> Vectors:
    """Return the vectors of slots as an index holds them, shape (n, dimension)."""
    inner = with_all_vectors(index)
    if is_quantised(inner):
        inner.make_direct_map()  # once; it is not made again where there is one
    found: Vectors = inner.reconstruct_batch(np.ascontiguousarray(slots))
    return found


def write(index: FaissIndex, file: BinaryIO) -> None:
    """Write an index where a file stands."""
    faiss.write_index(index, faiss.PyCallbackIOWriter(file.write))


def read(file: BinaryIO) -> FaissIndex:
    """Read an index from where a file stands.

    Raises:
        RuntimeError: There is none.
    """
    return faiss.read_index(faiss.PyCallbackIOReader(file.read))


def use_threads() -> None:
    """Use all cores, as a build may."""
    faiss.omp_set_num_threads(os.cpu_count() or 1)  # of the calling thread alone: say it each time


def _use_one_thread() -> None:
    # Waiting for a busy second core costs a query more than it gives.
    faiss.omp_set_num_threads(1)
