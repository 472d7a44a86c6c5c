"""The vectors of the pictures, apart for each model that made them."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple
from functools import partial

import numpy as np
from numpy.typing import NDArray

from search_engine.collection.catalog.database import (
    MOST_NUMBER,
    Database,
    Row,
    some_at_a_time,
    whole_numbers,
)
from search_engine.collection.catalog.sqlite_errors import readable, unreadable
from search_engine.collection.catalog.state import CatalogState
from search_engine.records import Ids, ModelCard, Vectors
from search_engine.records.background import BackgroundVectors

_ROWS_AT_ONCE = 4096
_HEAD = struct.Struct("<16sd?d")
"""Before the vectors of background texts: their digest, the model's scale and bias."""
LENGTH_TOLERANCE = 1e-3
"""How far from one the length of a vector may be, by rounding."""


class VectorTable:
    """The tables ``vectors`` and ``models``."""

    def __init__(self, database: Database, state: CatalogState) -> None:
        self._database = database
        self._state = state

    def put(self, model: ModelCard, picture_ids: Sequence[int], vectors: Sequence[Vectors]) -> None:
        """Store the vectors of pictures; what was there for one is replaced."""
        if not picture_ids:
            return
        with self._database.transaction():
            number, revision = self._number(model), self._state.next_revision()
            self._database.many(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?)",
                [
                    (number, picture_id, revision, vector.astype("<f4").tobytes())
                    for picture_id, vector in zip(picture_ids, vectors, strict=True)
                ],
            )

    def put_again(self, picture_ids: Sequence[int]) -> None:
        """Count the vectors of pictures as changed, for what else lies beside them elsewhere."""
        if not picture_ids:
            return
        with self._database.transaction():
            revision = self._state.next_revision()
            self._database.many(
                "INSERT OR REPLACE INTO vectors SELECT model, picture_id, ?, vector FROM vectors"
                " WHERE picture_id = ?",
                [(revision, picture_id) for picture_id in picture_ids],
            )

    def forget(self, picture_id: int) -> None:
        """Delete what all models made of a picture, whose content is another now."""
        with self._database.transaction():
            self._state.next_revision()
            self._database.rows("DELETE FROM vectors WHERE picture_id = ?", (picture_id,))

    def _number(self, model: ModelCard) -> int:
        known = "INSERT OR IGNORE INTO models VALUES (NULL, ?, ?, ?, ?)"
        self._database.rows(known, astuple(model))
        sql = "SELECT number FROM models WHERE fingerprint = ?"
        return self._database.number(sql, (model.fingerprint,))

    def main_model(self) -> ModelCard | None:
        """Return the model that made most of the vectors; None where there are none."""
        sql = (
            "SELECT model_id, fingerprint, dimension, notes FROM models JOIN"
            " (SELECT model, COUNT(*) AS pictures FROM vectors GROUP BY model) ON model = number"
            " ORDER BY pictures DESC LIMIT 1"
        )
        rows = self._database.rows(sql)
        if rows and tuple(map(type, rows[0])) != (str, str, int, str):
            raise unreadable(self._database.file, "its model cannot be read")
        return ModelCard(*rows[0]) if rows else None

    def remember_model(self, model: ModelCard, signature: str) -> None:
        """Note that a model was loaded, and what its files looked like then."""
        self._state.model = (signature, model)

    def remembered_model(self, model_id: str, signature: str) -> ModelCard | None:
        """Return the model last loaded, if it was this one and its files look the same."""
        saved = self._state.model
        if saved is None or (saved[0], saved[1].model_id) != (signature, model_id):
            return None
        return saved[1]

    def background(self, model: ModelCard) -> BackgroundVectors | None:
        """Return the background texts as this model embedded them here, if it did."""
        saved = self._state.background(model.fingerprint)
        if saved is None or len(saved) < _HEAD.size:
            return None
        with readable(self._database.file, "background texts"):
            digest, scale, has_bias, bias = _HEAD.unpack(saved[: _HEAD.size])
            rows = np.frombuffer(saved[_HEAD.size :], dtype="<f4").reshape(-1, model.dimension)
            vectors = rows.astype(np.float32)
            sound = np.isfinite([scale, bias]).all() and scale >= 0
            kept = BackgroundVectors(
                digest.decode("ascii"), vectors, scale or None, bias if has_bias else None
            )
        return kept if sound and _usable(vectors).all() else None

    def keep_background(self, model: ModelCard, found: BackgroundVectors) -> None:
        """Keep it, so that scores and an index can be measured without the model."""
        head = _HEAD.pack(
            found.digest.encode("ascii"),
            found.scale or 0.0,
            found.bias is not None,
            found.bias or 0.0,
        )
        self._state.keep_background(model.fingerprint, head + found.vectors.astype("<f4").tobytes())

    def count(self, model: ModelCard) -> int:
        """Count the vectors of a model."""
        sql = f"SELECT COUNT(*) FROM vectors WHERE {_OF_MODEL}"  # noqa: S608 - our own names
        return self._database.number(sql, (model.fingerprint,))

    def count_of(self, model_id: str) -> int:
        """Count the pictures with a vector of a model of this id, whatever its weights were."""
        sql = (
            "SELECT COUNT(DISTINCT picture_id) FROM vectors JOIN models ON model = number"
            " WHERE model_id = ?"
        )
        return self._database.number(sql, (model_id,))

    def ids(self, model: ModelCard) -> Ids:
        """Return the ids of the pictures with a vector, ascending."""
        sql = f"SELECT picture_id FROM vectors WHERE {_OF_MODEL} ORDER BY picture_id"  # noqa: S608 - our own names
        return self._database.ids(sql, (model.fingerprint,))

    def batches(self, model: ModelCard, after_revision: int = -1) -> Iterator[tuple[Ids, Vectors]]:
        """Return ids and vectors, some thousand at a time, ordered by id.

        With ``after_revision`` only those put since, oldest first: how an index catches up.
        """
        everything = after_revision < 0
        key, last = ("picture_id", 0) if everything else ("rowid", self._last_row(after_revision))
        # The plus keeps SQLite from looking the model up for every row instead of following rows.
        of_model = _OF_MODEL if everything else f"+{_OF_MODEL}"
        sql = (
            f"SELECT {key}, picture_id, vector FROM vectors WHERE {of_model}"  # noqa: S608 - our own names
            f" AND {key} > ? ORDER BY {key} LIMIT {_ROWS_AT_ONCE}"
        )
        for rows in self._database.pages(sql, (model.fingerprint,), last):
            yield self._as_arrays([row[1:] for row in rows], model.dimension)

    def mean(self, model: ModelCard) -> Vectors:
        """Return the mean of all vectors that are usable, shape (dimension,); it reads all of them.

        Zeros where there are none.
        """
        total, count = np.zeros(model.dimension), 0
        for _, vectors in self.batches(model):
            sound = vectors[_usable(vectors)]
            total += sound.sum(axis=0, dtype=np.float64)
            count += len(sound)
        return (total / max(count, 1)).astype(np.float32)

    def _last_row(self, revision: int) -> int:
        """Return the last row that was put up to a revision; 0 if there is none.

        A vector that is put, or put again, takes a row after all others. So those put since are
        found from the end, instead of by reading through all vectors: 4 GB for a million.
        """
        sql = "SELECT rowid FROM vectors WHERE revision <= ? ORDER BY rowid DESC LIMIT 1"
        rows = self._database.rows(sql, (revision,))
        return int(rows[0][0]) if rows else 0

    def newer(self, model: ModelCard, revision: int) -> Ids:
        """Return the ids, ascending, of pictures whose vectors were put since a revision."""
        if self._state.revision == revision:
            return np.empty(0, dtype=np.int64)
        sql = f"SELECT picture_id FROM vectors WHERE +{_OF_MODEL} AND rowid > ?"  # noqa: S608 - our own names
        return np.unique(self._database.ids(sql, (model.fingerprint, self._last_row(revision))))

    def among(self, model: ModelCard, picture_ids: Ids) -> Ids:
        """Return those of these pictures that a model's vector is stored of, ascending."""
        if len(picture_ids) > _ROWS_AT_ONCE:
            return np.intersect1d(picture_ids, self.ids(model))
        found: list[int] = []
        for some in some_at_a_time(picture_ids.tolist()):
            marks = ", ".join("?" * len(some))
            sql = f"SELECT picture_id FROM vectors WHERE {_OF_MODEL} AND picture_id IN ({marks})"  # noqa: S608 - our own names
            found += self._database.ids(sql, (model.fingerprint, *some)).tolist()
        return np.array(sorted(found), dtype=np.int64)

    def of(self, model: ModelCard, picture_ids: Ids) -> Vectors:
        """Return the vectors of these pictures, in this order; rows of NaN for those without."""
        wanted, places = np.unique(picture_ids, return_inverse=True)
        unique = np.full((len(wanted), model.dimension), np.nan, dtype=np.float32)
        for some in some_at_a_time(wanted.tolist()):
            marks = ", ".join("?" * len(some))
            sql = (
                f"SELECT picture_id, vector FROM vectors WHERE {_OF_MODEL}"  # noqa: S608 - our own names
                f" AND picture_id IN ({marks})"
            )
            rows = self._database.rows(sql, (model.fingerprint, *some))
            if rows:
                ids, found = self._as_arrays(rows, model.dimension)
                unique[np.searchsorted(wanted, ids)] = found
        return unique[places].reshape(len(picture_ids), model.dimension)

    def source(self, model: ModelCard) -> Callable[[Ids], Vectors]:
        """Return the function that gives a model's vectors, as an index needs it."""
        return partial(self.of, model)

    def one(self, model: ModelCard, picture_id: int) -> Vectors | None:
        """Return the vector of one picture, shape (dimension,)."""
        if not 0 < picture_id <= MOST_NUMBER:
            return None
        vector: Vectors = self.of(model, np.array([picture_id], dtype=np.int64))[0]
        return None if np.isnan(vector[0]) else vector

    def of_contents(
        self, model: ModelCard, content_hashes: Sequence[str]
    ) -> dict[str, tuple[int, Vectors]]:
        """Return, by content, a picture whose file has it, and its vector; the oldest of several.

        Contents that no picture with a vector has are left out.
        """
        found: dict[str, tuple[int, Vectors]] = {}
        for some in some_at_a_time(content_hashes):
            marks = ", ".join("?" * len(some))
            sql = (
                "SELECT id, vector, content_hash FROM pictures JOIN vectors ON picture_id = id"  # noqa: S608 - our own names
                f" WHERE {_OF_MODEL} AND content_hash IN ({marks}) ORDER BY id DESC"
            )
            rows = self._database.rows(sql, (model.fingerprint, *some))
            ids, vectors = self._as_arrays(rows, model.dimension)
            for picture_id, vector, row in zip(ids.tolist(), vectors, rows, strict=True):
                found[row[2]] = picture_id, vector
        return found

    def unusable(self, model: ModelCard) -> Ids:
        """Return the ascending ids of vectors that no index takes: wrong size or length, or NaN."""
        found: list[int] = []
        sql = (
            f"SELECT picture_id, vector FROM vectors WHERE {_OF_MODEL}"  # noqa: S608 - our own names
            f" AND picture_id > ? ORDER BY picture_id LIMIT {_ROWS_AT_ONCE}"
        )
        size = 4 * model.dimension
        for rows in self._database.pages(sql, (model.fingerprint,)):
            whole = [row for row in rows if isinstance(row[1], bytes) and len(row[1]) == size]
            ids, vectors = self._as_arrays(whole, model.dimension)
            found += sorted({row[0] for row in rows} - set(ids[_usable(vectors)].tolist()))
        return np.array(found, dtype=np.int64)

    def orphans(self) -> int:
        """Count the vectors of pictures that are not there."""
        return self._database.number(f"SELECT COUNT(*) FROM vectors WHERE {_ORPHANED}")  # noqa: S608 - our own names

    def forget_orphans(self) -> None:
        """Delete the vectors of pictures that are not there."""
        with self._database.transaction():
            self._state.next_revision()
            self._database.rows(f"DELETE FROM vectors WHERE {_ORPHANED}")  # noqa: S608 - our own names

    def forget_other_models(self, model: ModelCard) -> None:
        """Delete the vectors of all models but this one."""
        sql = (
            "DELETE FROM vectors WHERE model NOT IN"
            " (SELECT number FROM models WHERE fingerprint = ?)"
        )
        self._database.rows(sql, (model.fingerprint,))

    def _as_arrays(self, rows: list[Row], dimension: int) -> tuple[Ids, Vectors]:
        ids = whole_numbers(self._database.file, rows)
        size = 4 * dimension
        if not all(type(row[1]) is bytes and len(row[1]) == size for row in rows):
            raise unreadable(
                self._database.file, f"it holds vectors that are not of {dimension} dimensions"
            )
        values = np.frombuffer(b"".join(row[1] for row in rows), dtype="<f4")
        return ids, values.reshape(ids.size, dimension).astype(np.float32, copy=False)


def _usable(vectors: Vectors) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore", over="ignore"):
        usable: NDArray[np.bool_] = np.abs(np.linalg.norm(vectors, axis=1) - 1) <= LENGTH_TOLERANCE
    return usable


_ORPHANED = "picture_id NOT IN (SELECT id FROM pictures)"
_OF_MODEL = "model = (SELECT number FROM models WHERE fingerprint = ?)"
