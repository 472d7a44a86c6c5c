"""The files that were left out of a collection, and why."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence

from search_engine.collection.catalog.database import Database, Row
from search_engine.collection.catalog.sqlite_errors import unreadable
from search_engine.records import SkippedFile, SkipReason

_COLUMNS = "path, reason, detail, size_bytes, modified_ns, changed_ns, reader"


class Skipped:
    """The table ``skipped``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __len__(self) -> int:
        """Count the skipped files."""
        return self._database.number("SELECT COUNT(path) FROM skipped")

    def __iter__(self) -> Iterator[SkippedFile]:
        """Return all skipped files, ordered by path."""
        yield from self._files("ORDER BY path")

    def some(self, count: int) -> list[SkippedFile]:
        """Return the first so many of the skipped files, ordered by path."""
        return self._files("ORDER BY path LIMIT ?", (count,))

    def put(self, files: Iterable[SkippedFile]) -> None:
        """Note files; what was noted of them before is replaced."""
        self._database.many(
            f"INSERT OR REPLACE INTO skipped ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - our own names
            [
                (
                    os.fsencode(f.path),
                    f.reason,
                    f.detail,
                    f.size_bytes,
                    f.modified_ns,
                    f.changed_ns,
                    f.reader,
                )
                for f in files
            ],
        )

    def _files(self, which: str, values: Sequence[object] = ()) -> list[SkippedFile]:
        sql = f"SELECT {_COLUMNS} FROM skipped {which}"  # noqa: S608 - our own words
        rows = self._database.rows(sql, values)
        if not all(map(_is_sound, rows)):
            what = "its list of files that were skipped cannot be read"
            raise unreadable(self._database.file, what)
        return [_skipped(row) for row in rows]

    def forget(self, paths: Iterable[str]) -> None:
        """Take files off the list."""
        rows = [(os.fsencode(path),) for path in paths]
        self._database.many("DELETE FROM skipped WHERE path = ?", rows)


def _is_sound(row: Row) -> bool:
    return tuple(map(type, row)) == (bytes, str, str, int, int, int, int) and row[1] in _REASONS


def _skipped(row: Row) -> SkippedFile:
    path, reason, *rest = row
    return SkippedFile(os.fsdecode(path), SkipReason(reason), *rest)


_REASONS = frozenset(map(str, SkipReason))
