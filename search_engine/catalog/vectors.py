"""The vectors of the pictures, apart for each model that made them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple

import numpy as np

from search_engine.catalog.database import Database, Row, some_at_a_time
from search_engine.catalog.state import State
from search_engine.errors import CollectionDamaged
from search_engine.records import Ids, ModelCard, Vectors

_ROWS_AT_ONCE = 4096


class VectorTable:
    """The tables ``vectors`` and ``models``."""

    def __init__(self, database: Database, state: State) -> None:
        self._database = database
        self._state = state

    def put(self, model: ModelCard, picture_ids: Sequence[int], vectors: Vectors) -> None:
        """Store vectors of shape (n, dimension); what was there for a picture is replaced."""
        if not picture_ids:
            return
        number, revision = self._number(model), self._state.next_revision()
        rows = np.ascontiguousarray(vectors, dtype="<f4")
        self._database.many(
            "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?)",
            [
                (number, picture_id, revision, row.tobytes())
                for picture_id, row in zip(picture_ids, rows, strict=True)
            ],
        )

    def _number(self, model: ModelCard) -> int:
        known = "INSERT OR IGNORE INTO models VALUES (NULL, ?, ?, ?, ?)"
        self._database.rows(known, astuple(model))
        sql = "SELECT number FROM models WHERE fingerprint = ?"
        return self._database.number(sql, (model.fingerprint,))

    def models(self) -> list[ModelCard]:
        """Give the models of which vectors are stored."""
        sql = (
            "SELECT model_id, fingerprint, dimension, notes FROM models"
            " WHERE number IN (SELECT DISTINCT model FROM vectors) ORDER BY number"
        )
        return [ModelCard(*row) for row in self._database.rows(sql)]

    def count(self, model: ModelCard) -> int:
        """Count the vectors of a model."""
        sql = f"SELECT COUNT(*) FROM vectors WHERE {_OF_MODEL}"  # noqa: S608 - our own names
        return self._database.number(sql, (model.fingerprint,))

    def ids(self, model: ModelCard) -> Ids:
        """Give the ids of the pictures with a vector, ascending."""
        sql = f"SELECT picture_id FROM vectors WHERE {_OF_MODEL} ORDER BY picture_id"  # noqa: S608 - our own names
        rows = self._database.rows(sql, (model.fingerprint,))
        return np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))

    def batches(self, model: ModelCard, after_revision: int = -1) -> Iterator[tuple[Ids, Vectors]]:
        """Give ids and vectors, ordered by id, some thousand at a time.

        Only those put after ``after_revision``, which is how an index catches up.
        """
        last = 0
        sql = (
            f"SELECT picture_id, vector FROM vectors WHERE {_OF_MODEL} AND revision > ?"  # noqa: S608 - our own names
            f" AND picture_id > ? ORDER BY picture_id LIMIT {_ROWS_AT_ONCE}"
        )
        while rows := self._database.rows(sql, (model.fingerprint, after_revision, last)):
            last = rows[-1][0]
            yield self._as_arrays(rows, model.dimension)

    def of(self, model: ModelCard, picture_ids: Ids) -> Vectors:
        """Give the vectors of these pictures, in this order; rows of NaN for those without."""
        vectors = np.full((len(picture_ids), model.dimension), np.nan, dtype=np.float32)
        places = {int(picture_id): place for place, picture_id in enumerate(picture_ids)}
        for some in some_at_a_time(list(places)):
            marks = ", ".join("?" * len(some))
            sql = (
                f"SELECT picture_id, vector FROM vectors WHERE {_OF_MODEL}"  # noqa: S608 - our own names
                f" AND picture_id IN ({marks})"
            )
            rows = self._database.rows(sql, (model.fingerprint, *some))
            if rows:
                ids, found = self._as_arrays(rows, model.dimension)
                vectors[[places[int(picture_id)] for picture_id in ids]] = found
        return vectors

    def forget_other_models(self, model: ModelCard) -> None:
        """Delete the vectors of all models but this one."""
        sql = (
            "DELETE FROM vectors WHERE model NOT IN"
            " (SELECT number FROM models WHERE fingerprint = ?)"
        )
        self._database.rows(sql, (model.fingerprint,))

    def _as_arrays(self, rows: list[Row], dimension: int) -> tuple[Ids, Vectors]:
        ids = np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))
        values = np.frombuffer(b"".join(row[1] for row in rows), dtype="<f4")
        if values.size != ids.size * dimension:
            cause = f"The catalog holds vectors that are not of {dimension} dimensions"
            remedy = "Remove the collection and index its folder again."
            raise CollectionDamaged(cause, place=str(self._database.file), remedy=remedy)
        return ids, values.reshape(ids.size, dimension).astype(np.float32, copy=False)


_OF_MODEL = "model = (SELECT number FROM models WHERE fingerprint = ?)"
