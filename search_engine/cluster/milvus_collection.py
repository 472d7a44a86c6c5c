"""Vectors under picture ids, with what filters need, in one collection of a Milvus.

Only calls are made that Milvus 2.3 and its latest versions understand alike: no iterator, which
misses rows that were just written, and no statistics, which count rows that are gone. A row is
written by an upsert, because a call that got no reply is repeated, and an insert would be there
twice. Whoever writes sees at once what he wrote, all others once a count has returned.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_engine.cluster.expressions import as_text
from search_engine.cluster.milvus_server import READING, WRITING, MilvusServer
from search_engine.records import FilterFacts, Ids, Vectors

MOST_RESULTS = 16_384
"""Milvus gives no more rows for one query."""

_BYTES_AT_ONCE = 2 * 2**20
"""Of vectors in a message; Milvus takes 64 MB, its logs split what is over 5."""
_IDS_AT_ONCE = 10_000
_VECTORS_AT_ONCE = 2_048
_RESULTS_AT_ONCE = 100_000
_LONGEST_TEXT = 4_096
_FIELD, _KEY = "vector", "id"  # older servers call the key of a hit so, whatever it is called


_OWN, _LATEST = "Session", "Strong"
"""What a reply is sure to know: what this process wrote, or all that anybody wrote, for which it
waits up to 0.2 s."""


class MilvusIndex(StrEnum):
    """How Milvus finds the nearest."""

    FLAT = "FLAT"
    HNSW = "HNSW"
    IVF_SQ8 = "IVF_SQ8"


LISTS = 1_024
"""Of an IVF index, in each segment of some 100,000 vectors; Milvus takes fewer for small ones."""
_MADE_WITH: dict[MilvusIndex, dict[str, int]] = {
    MilvusIndex.FLAT: {},
    MilvusIndex.HNSW: {"M": 32, "efConstruction": 200},
    MilvusIndex.IVF_SQ8: {"nlist": LISTS},
}
_EFFORT_IS = {MilvusIndex.HNSW: "ef", MilvusIndex.IVF_SQ8: "nprobe"}


@dataclass(frozen=True, slots=True)
class SearchEffort:
    """How an index of a kind is asked: candidates kept in a graph, lists probed."""

    index: MilvusIndex
    value: int = 0

    def parameters(self, k: int) -> dict[str, int]:
        """Return what a search for ``k`` is given."""
        if self.index is MilvusIndex.HNSW:
            return {"ef": max(self.value, k)}
        return {"nprobe": self.value} if self.index is MilvusIndex.IVF_SQ8 else {}

    @property
    def figures(self) -> dict[str, int | float]:
        """What the index was made with and is asked with, in Milvus's words."""
        own = {_EFFORT_IS[self.index]: self.value} if self.index in _EFFORT_IS else {}
        return {**_MADE_WITH[self.index], **own}


class MilvusCollection:
    """A collection of a Milvus, by its name; nothing is called before it is used."""

    def __init__(self, server: MilvusServer, name: str) -> None:
        self.server = server
        self.name = name
        self._is_ready = False

    def create(self, dimension: int, index: MilvusIndex) -> None:
        """Make it, empty; what has its name is dropped."""
        from pymilvus import DataType, MilvusClient

        self.drop()
        schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field(_KEY, DataType.INT64, is_primary=True)
        schema.add_field(_FIELD, DataType.FLOAT_VECTOR, dim=dimension)
        for name in ("category", "date", "path"):
            schema.add_field(name, DataType.VARCHAR, max_length=_LONGEST_TEXT)
        for name in ("width", "height", "pixels", "size_bytes"):
            schema.add_field(name, DataType.INT64)
        indexes = MilvusClient.prepare_index_params()
        indexes.add_index(
            _FIELD, index_type=index.value, metric_type="IP", params=_MADE_WITH[index]
        )
        self._call("create_collection", WRITING, schema=schema)
        self._call("create_index", WRITING, index_params=indexes)
        self._load(WRITING)

    def _load(self, patience: Sequence[float]) -> None:
        replicas = self.server.address.replicas
        more = {"replica_number": replicas} if replicas > 1 else {}
        self._call("load_collection", patience, **more)
        self._is_ready = True

    def exists(self) -> bool:
        """Return whether it is there."""
        return bool(self._call("has_collection"))

    def drop(self) -> None:
        """Delete it, if it is there."""
        self._is_ready = False
        if self.exists():
            self._call("drop_collection", WRITING)

    def put(self, picture_ids: Ids, vectors: Vectors, facts: Sequence[FilterFacts]) -> None:
        """Write vectors with their facts; those of ids that are here are replaced."""
        rows = [
            {_KEY: picture_id, _FIELD: vector} | _payload(known)
            for picture_id, vector, known in zip(
                picture_ids.tolist(), vectors.astype(np.float32), facts, strict=True
            )
        ]
        size = max(16, _BYTES_AT_ONCE // (4 * max(vectors.shape[1], 1)))
        for start in range(0, len(rows), size):
            self._call("upsert", WRITING, data=rows[start : start + size])

    def delete(self, picture_ids: Ids) -> None:
        """Delete rows; ids that are not here change nothing."""
        for some in _parts(picture_ids, _IDS_AT_ONCE):
            self._call("delete", WRITING, ids=some.tolist())

    def count(self, expression: str = "") -> int:
        """Count the rows that an expression lets through, or all.

        Once it has, all that was written before is seen by everybody.
        """
        (found,) = self._query(expression, ["count(*)"], _LATEST)
        return int(found["count(*)"])

    def ids(self, expression: str = "") -> Ids:
        """Return the ids, ascending, that an expression lets through, or all."""
        also = f" and ({expression})" if expression else ""
        pages: list[Ids] = []
        last = -1  # ids of pictures begin at one
        while True:
            # With a limit Milvus gives the lowest ids first.
            rows = self._query(f"{_KEY} > {last}{also}", [_KEY], _LATEST, limit=MOST_RESULTS)
            pages.append(np.array(sorted(int(row[_KEY]) for row in rows), dtype=np.int64))
            if len(rows) < MOST_RESULTS:
                return np.concatenate(pages)
            last = int(pages[-1][-1])

    def among(self, picture_ids: Ids) -> Ids:
        """Return those of these ids that are here, ascending."""
        found = [
            int(row[_KEY])
            for some in _parts(np.unique(picture_ids), _IDS_AT_ONCE)
            for row in self._query(_one_of(some), [_KEY])
        ]
        return np.array(sorted(found), dtype=np.int64)

    def vectors(self, picture_ids: Ids, dimension: int) -> tuple[Ids, Vectors]:
        """Return the ids of these that are here, ascending, and their vectors."""
        ids, rows = [], []
        for some in _parts(np.unique(picture_ids), _VECTORS_AT_ONCE):
            for row in self._query(_one_of(some), [_KEY, _FIELD]):
                ids.append(int(row[_KEY]))
                rows.append(np.asarray(row[_FIELD], dtype=np.float32))
        order = np.argsort(ids)
        found = np.array(rows, dtype=np.float32).reshape(-1, dimension)
        return np.array(ids, dtype=np.int64)[order], found[order]

    def nearest(
        self, queries: Vectors, k: int, effort: SearchEffort, expression: str = ""
    ) -> list[tuple[Ids, NDArray[np.float32]]]:
        """Return ids and scores of the nearest of each query, best first.

        Args:
            queries: Shape (n, dimension).
            k: How many, `MOST_RESULTS` at most; there may be fewer.
            effort: How the index is asked.
            expression: Which rows may be found; empty for all.
        """
        found = []
        for some in _parts(queries, max(1, _RESULTS_AT_ONCE // k)):
            answers = self._read(
                "search",
                data=list(some),
                anns_field=_FIELD,
                limit=k,
                filter=expression,
                search_params={"metric_type": "IP", "params": effort.parameters(k)},
                consistency_level=_OWN,
            )
            found += [_hits(answer) for answer in answers]
        return found

    def _query(self, expression: str, fields: list[str], seen: str = _OWN, **more: int) -> Any:  # noqa: ANN401 - Milvus is not typed
        return self._read(
            "query",
            filter=expression,
            output_fields=fields,
            consistency_level=seen,
            **more,
        )

    def _read(self, name: str, **wanted: object) -> Any:  # noqa: ANN401 - Milvus is not typed
        if not self._is_ready:
            self._load(READING)
        return self._call(name, **wanted)

    def _call(self, name: str, *patience: Sequence[float], **wanted: object) -> Any:  # noqa: ANN401 - Milvus is not typed
        return self.server.call(name, *patience, collection_name=self.name, **wanted)


def expressions_of(picture_ids: Ids) -> Iterator[str]:
    """Return expressions, each of which lets some of these ids through."""
    return (_one_of(some) for some in _parts(picture_ids, _IDS_AT_ONCE))


def _one_of(picture_ids: Ids) -> str:
    return f"{_KEY} in {json.dumps(picture_ids.tolist())}"


def _payload(facts: FilterFacts) -> dict[str, str | int]:
    return {
        "category": as_text(facts.category),
        "date": facts.date,
        "path": as_text(facts.path),
        "width": facts.width,
        "height": facts.height,
        "pixels": facts.width * facts.height,
        "size_bytes": facts.size_bytes,
    }


def _hits(answer: Any) -> tuple[Ids, NDArray[np.float32]]:  # noqa: ANN401 - Milvus is not typed
    ids = np.array([hit[_KEY] for hit in answer], dtype=np.int64)
    return ids, np.array([hit["distance"] for hit in answer], dtype=np.float32)


def _parts(rows: NDArray[Any], size: int) -> Iterator[NDArray[Any]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
