"""How fast and how complete each kind of index is, at which size: what the policy is made from."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import psutil
from numpy.typing import NDArray

from search_engine.index import VectorStore, load_store, new_store
from search_engine.index.exact_search import search_exactly
from search_engine.index.store import CONCRETE_KINDS
from search_engine.index.tuning import RECALL_AT, right_answers, tune
from search_engine.lab.benchmark.made_up_vectors import BLOCK, MadeUpSpace
from search_engine.records import Ids, IndexKind, Vectors

SIZES = (10_000, 100_000, 1_000_000)
K = 24
_FIRST = 10
_TUNED_WITH = 131
_SHARES = (1.0, 0.2, 0.01)
"""What a filter lets through."""


@dataclass(frozen=True, slots=True)
class Answers:
    """How well one kind of query does."""

    questions: str
    """``text`` or ``picture``."""
    share: float
    """Of the pictures that a filter lets through; 1 without a filter."""
    p50_ms: float
    p95_ms: float
    recall_at_10: float
    recall_at_24: float
    """Shares of the true best ones."""
    short: int
    """Queries with fewer results than there are."""


@dataclass(frozen=True, slots=True)
class SearchFigures:
    """What was measured of one kind at one size; queries take no part in the tuning."""

    kind: IndexKind
    vectors: int
    dimension: int
    parameters: dict[str, int | float]
    build_seconds: float
    """Training, adding and tuning."""
    index_bytes: int
    resident_mb: float
    """By how much loading the index makes a process grow."""
    answers: tuple[Answers, ...]


def measure_search(
    sizes: Sequence[int] = SIZES,
    kinds: Sequence[IndexKind] = CONCRETE_KINDS,
    *,
    dimension: int = 512,
    queries: int = 100,
) -> list[SearchFigures]:
    """Measure kinds of index at several sizes, with made-up pictures."""
    with tempfile.TemporaryDirectory() as folder:
        bench = _Bench(Path(folder), MadeUpSpace(dimension), max(sizes), queries)
        return [figures for size in sizes for figures in bench.measure(size, kinds)]


_CHOSEN = (IndexKind.EXACT, IndexKind.IVF)
"""What the policy chooses from; HNSW takes half an hour to build at a million."""


def measure_search_quickly() -> list[SearchFigures]:
    """Measure all kinds at 10,000 and those that are chosen from at 50,000: under a minute."""
    small = measure_search((10_000,), queries=50)
    return small + measure_search((50_000,), _CHOSEN, queries=50)


def measure_search_fully() -> list[SearchFigures]:
    """Measure all kinds up to 100,000 and those that are chosen from at a million: ten minutes."""
    return measure_search((10_000, 100_000)) + measure_search((1_000_000,), _CHOSEN)


class _Bench:
    def __init__(self, folder: Path, space: MadeUpSpace, most: int, queries: int) -> None:
        self._folder = folder
        self._rows = np.memmap(folder / "rows", np.float32, "w+", shape=(most, space.dimension))
        for number, block in enumerate(space.pictures(most)):
            self._rows[number * BLOCK : number * BLOCK + len(block)] = block
        self._dimension = space.dimension
        texts = space.text_queries(_TUNED_WITH + queries)
        self._tuning = texts[:_TUNED_WITH]
        self._queries = {"text": texts[_TUNED_WITH:], "picture": space.picture_queries(queries)}

    def measure(self, size: int, kinds: Sequence[IndexKind]) -> Iterator[SearchFigures]:
        rng = np.random.default_rng(size)
        filters = {
            share: np.sort(rng.permutation(size)[: round(share * size)]) for share in _SHARES
        }
        truth = {
            (name, share): search_exactly(self._batches(ids), queries, K).scores
            for name, queries in self._queries.items()
            for share, ids in filters.items()
        }
        batches = self._batches(filters[1.0])
        tuning_truth = search_exactly(batches, self._tuning, RECALL_AT).scores
        for kind in kinds:
            began = time.perf_counter()
            store = new_store(kind, self._dimension, self._source)
            store.fill(np.arange(size))
            tune(store, self._tuning, tuning_truth)
            seconds = time.perf_counter() - began
            file = self._saved(store)
            answers = tuple(
                self._ask(store, name, share, filters[share], found)
                for (name, share), found in truth.items()
            )
            yield SearchFigures(
                kind=kind,
                vectors=size,
                dimension=self._dimension,
                parameters=store.parameters,
                build_seconds=seconds,
                index_bytes=file.stat().st_size,
                resident_mb=_resident_mb(file, kind),
                answers=answers,
            )

    def _source(self, picture_ids: Ids) -> Vectors:
        rows: Vectors = np.asarray(self._rows[picture_ids])
        return rows

    def _batches(self, ids: Ids) -> Iterator[tuple[Ids, Vectors]]:
        for start in range(0, len(ids), BLOCK):
            some = ids[start : start + BLOCK]
            yield some, self._source(some)

    def _saved(self, store: VectorStore) -> Path:
        file = self._folder / "index"
        with file.open("wb") as target:
            store.save(target)
        return file

    def _ask(
        self, store: VectorStore, name: str, share: float, ids: Ids, truth: NDArray[np.float32]
    ) -> Answers:
        within = None if share == 1 else ids
        times, hits, short = [], {_FIRST: 0, K: 0}, 0
        for query, best in zip(self._queries[name], truth, strict=True):
            began = time.perf_counter()
            scores = store.search(query, K, within).scores
            times.append(1000 * (time.perf_counter() - began))
            short += len(scores) < min(K, len(ids))
            for k in hits:
                hits[k] += right_answers(scores, best[:k])
        shares = {k: hits[k] / np.isfinite(truth[:, :k]).sum() for k in hits}
        p50, p95 = np.percentile(times, (50, 95))
        return Answers(
            name, share, float(p50), float(p95), float(shares[_FIRST]), float(shares[K]), short
        )


def _resident_mb(file: Path, kind: IndexKind) -> float:
    # In a process of its own, because this one has memory to give away again.
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(_grown_by_loading, file, kind).result()


def _grown_by_loading(file: Path, kind: IndexKind) -> float:
    process = psutil.Process()
    new_store(kind, 1, _no_vectors)  # loads Faiss, which is not to count
    before = process.memory_info().rss
    with file.open("rb") as content:
        store = load_store(content, kind, _no_vectors, str(file))
    grown = process.memory_info().rss - before
    return grown / 1e6 if len(store) else 0.0


def _no_vectors(picture_ids: Ids) -> Vectors:
    return np.empty((len(picture_ids), 1), dtype=np.float32)
