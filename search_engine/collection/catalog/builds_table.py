"""The history of the builds of a collection."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Literal, TypeAlias

from search_engine.collection.catalog.database import Database
from search_engine.collection.catalog.odd_rows import LARGEST_ID
from search_engine.collection.catalog.sqlite_errors import unreadable
from search_engine.records.builds import BuildReport

BuildState: TypeAlias = Literal["running", "done", "cancelled", "failed", "interrupted"]
_FEWEST_FOR_A_RATE = 20
_COUNTS = "added, changed, moved, removed, unchanged, skipped, seconds"


@dataclass(frozen=True, slots=True)
class Build:
    """One line of the history."""

    build_id: int
    process: int
    """Id of the process that ran it."""
    state: BuildState
    """``interrupted`` is one that ended without a word, killed or by a power cut."""
    started_at: str
    finished_at: str | None
    model_id: str
    added: int
    changed: int
    moved: int
    removed: int
    unchanged: int
    skipped: int
    seconds: float


class Builds:
    """The table ``builds``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self, model_id: str) -> int:
        """Note that a build begins; the caller holds the lock, so others that run have died."""
        last = (
            "SELECT MAX(COALESCE((SELECT MAX(id) FROM builds), 0),"
            " COALESCE((SELECT MAX(seq) FROM sqlite_sequence), 0))"
        )
        if self._database.number(last) > LARGEST_ID:  # SQLite would call it a full disk
            raise unreadable(self._database.file, "its history of builds cannot go on")
        died = "UPDATE builds SET state = 'interrupted' WHERE state = 'running'"
        self._database.rows(died)
        sql = "INSERT INTO builds (process, state, model_id) VALUES (?, 'running', ?)"
        return self._database.insert(sql, (os.getpid(), model_id))

    def finish(self, build_id: int, state: BuildState, report: BuildReport | None = None) -> None:
        """Note how a build ended."""
        r = report or BuildReport("")
        counts = (r.added, r.changed, r.moved, r.removed, r.unchanged, len(r.skipped), r.seconds)
        sql = (
            f"UPDATE builds SET ({_COUNTS}) = (?, ?, ?, ?, ?, ?, ?), state = ?,"  # noqa: S608 - our own names
            " finished_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now') WHERE id = ?"
        )
        self._database.rows(sql, (*counts, state, build_id))

    def rate(self, model_id: str) -> float | None:
        """Return the pictures a second of a model's last finished build, None without one."""
        sql = (
            "SELECT (added + changed) / seconds FROM builds WHERE state = 'done' AND model_id = ?"
            " AND seconds > 0 AND added + changed >= ? ORDER BY id DESC LIMIT 1"
        )
        rows = self._database.rows(sql, (model_id, _FEWEST_FOR_A_RATE))
        return rows[0][0] if rows else None

    def has_finished(self) -> bool:
        """Return whether a build ever came to its end, so that there has been an index."""
        return bool(self._database.rows("SELECT 1 FROM builds WHERE state = 'done' LIMIT 1"))

    def none_has_finished(self) -> bool:
        """Return whether builds began and none of them came to its end yet."""
        sql = "SELECT COUNT(*) > 0 AND SUM(state = 'done') = 0 FROM builds"
        return bool(self._database.number(sql))

    def done_since(self, moment: float) -> bool:
        """Return whether a build that began after a moment, in seconds since 1970, has ended."""
        began = "CAST(strftime('%s', started_at) AS REAL)"
        sql = f"SELECT 1 FROM builds WHERE state = 'done' AND {began} >= ? LIMIT 1"  # noqa: S608 - our own names
        return bool(self._database.rows(sql, (moment,)))

    def ended(self) -> int:
        """Return the id of the last build that is over, 0 without one.

        Another one than before means that the catalog may say something else than before.
        """
        sql = "SELECT COALESCE(MAX(id), 0) FROM builds WHERE state != 'running'"
        return self._database.number(sql)

    def latest(self, count: int = 1) -> list[Build]:
        """Return the last builds, newest first."""
        sql = (
            f"SELECT id, process, state, started_at, finished_at, model_id, {_COUNTS}"  # noqa: S608 - our own names
            " FROM builds ORDER BY id DESC LIMIT ?"
        )
        rows = self._database.rows(sql, (count,))
        if not all(tuple(map(type, row)) in _SHAPES for row in rows):
            raise unreadable(self._database.file, "its history of builds cannot be read")
        return [Build(*row) for row in rows]


_START, _END = (int, int, str, str), (str, *(int,) * 6, float)
_SHAPES = {(*_START, kind, *_END) for kind in (str, type(None))}
