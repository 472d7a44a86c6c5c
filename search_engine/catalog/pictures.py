"""The pictures of a collection and what is known about them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import numpy as np

from search_engine.catalog.database import Database, Row, some_at_a_time
from search_engine.catalog.state import State
from search_engine.records import (
    Filters,
    Ids,
    Orientation,
    PictureFacts,
    PictureFile,
    PictureRecord,
)

_COLUMNS = (
    "id, path, category, size_bytes, modified_ns, content_hash, width, height, taken_at, camera"
)
_SELECT = f"SELECT {_COLUMNS} FROM pictures"  # noqa: S608 - our own names
DATE = (
    "COALESCE(taken_at,"
    " strftime('%Y-%m-%dT%H:%M:%S', modified_ns / 1000000000, 'unixepoch', 'localtime'))"
)
"""When a picture was taken or, where the file does not say, when the file was last changed."""
_ORIENTATIONS = {
    Orientation.LANDSCAPE: "width > height",
    Orientation.PORTRAIT: "width < height",
    Orientation.SQUARE: "width = height",
}
_ROWS_AT_ONCE = 10_000


class Pictures:
    """The table ``pictures``."""

    def __init__(self, database: Database, state: State) -> None:
        self._database = database
        self._state = state
        database.add_function("path_matches", _path_matches, 2)

    def __len__(self) -> int:
        """Count the pictures."""
        return self._database.number("SELECT COUNT(*) FROM pictures")

    def __iter__(self) -> Iterator[PictureRecord]:
        """Give all pictures, ordered by id."""
        last = 0
        page = f"{_SELECT} WHERE id > ? ORDER BY id LIMIT {_ROWS_AT_ONCE}"
        while rows := self._database.rows(page, (last,)):
            yield from map(_record, rows)
            last = rows[-1][0]

    def by_id(self, picture_ids: Iterable[int]) -> dict[int, PictureRecord]:
        """Give the pictures with these ids; ids that are gone are left out."""
        found: dict[int, PictureRecord] = {}
        for some in some_at_a_time([int(picture_id) for picture_id in picture_ids]):
            marks = ", ".join("?" * len(some))
            rows = self._database.rows(f"{_SELECT} WHERE id IN ({marks})", some)
            found |= {row[0]: _record(row) for row in rows}
        return found

    def at_path(self, path: str) -> PictureRecord | None:
        """Give the picture at a relative path."""
        rows = self._database.rows(f"{_SELECT} WHERE path = ?", (os.fsencode(path),))
        return _record(rows[0]) if rows else None

    def ids_with_content(self, content_hash: str) -> list[int]:
        """Give the ids of all pictures whose files have this content."""
        sql = "SELECT id FROM pictures WHERE content_hash = ?"
        return [row[0] for row in self._database.rows(sql, (content_hash,))]

    def matching(self, filters: Filters) -> Ids:
        """Give the ids, ascending, that pass every filter but the one on the score."""
        where, values = _where(filters)
        sql = f"SELECT id FROM pictures WHERE {where} ORDER BY id"  # noqa: S608 - our own names
        rows = self._database.rows(sql, values)
        return np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))

    def some(self, filters: Filters, count: int, skip: int = 0) -> list[PictureRecord]:
        """Give pictures that pass every filter but the one on the score, ordered by id."""
        where, values = _where(filters)
        sql = f"{_SELECT} WHERE {where} ORDER BY id LIMIT ? OFFSET ?"
        return [_record(row) for row in self._database.rows(sql, (*values, count, skip))]

    def count(self, filters: Filters) -> int:
        """Count the pictures that pass every filter but the one on the score."""
        where, values = _where(filters)
        sql = f"SELECT COUNT(*) FROM pictures WHERE {where}"  # noqa: S608 - our own names
        return self._database.number(sql, values)

    def categories(self) -> dict[str | None, int]:
        """Count the pictures of each category, ordered by name."""
        sql = "SELECT category, COUNT(*) FROM pictures GROUP BY category ORDER BY category"
        return {name and os.fsdecode(name): count for name, count in self._database.rows(sql)}

    def spread(self, count: int) -> list[PictureRecord]:
        """Give some pictures, taking turns among the categories."""
        turn = "ROW_NUMBER() OVER (PARTITION BY category ORDER BY content_hash)"
        ids = f"SELECT id FROM (SELECT id, content_hash, {turn} AS turn FROM pictures)"  # noqa: S608 - our own names
        rows = self._database.rows(f"{ids} ORDER BY turn, content_hash LIMIT ?", (count,))
        return list(self.by_id(row[0] for row in rows).values())

    def content_hashes(self) -> set[str]:
        """Give the content hashes of all pictures."""
        return {row[0] for row in self._database.rows("SELECT content_hash FROM pictures")}

    def add(self, file: PictureFile, facts: PictureFacts) -> int:
        """Add a picture and give its id."""
        sql = f"INSERT INTO pictures ({_COLUMNS}) VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - our own names
        return self._database.insert(sql, _values(file, facts))

    def change(self, picture_id: int, file: PictureFile, facts: PictureFacts) -> None:
        """Say what a picture's file holds now."""
        assignments = ", ".join(f"{column} = ?" for column in _COLUMNS.split(", ")[1:])
        sql = f"UPDATE pictures SET {assignments} WHERE id = ?"  # noqa: S608 - our own names
        self._database.rows(sql, (*_values(file, facts), picture_id))

    def relocate(self, moves: Sequence[tuple[PictureRecord, PictureFile]]) -> None:
        """Say where pictures are now; all else about them stays."""
        # Paths are unique, and a picture may move to where another one still is.
        leave = "UPDATE pictures SET path = NULL WHERE id = ?"
        arrive = (
            "UPDATE pictures SET path = ?, category = ?, size_bytes = ?, modified_ns = ?"
            " WHERE id = ?"
        )
        with self._database.transaction():
            self._database.many(leave, [(record.picture_id,) for record, _ in moves])
            arrivals = [(*_place(file), record.picture_id) for record, file in moves]
            self._database.many(arrive, arrivals)

    def remove(self, picture_ids: Sequence[int]) -> None:
        """Forget pictures and their vectors."""
        if picture_ids:
            with self._database.transaction():
                self._state.next_revision()
                rows = [(picture_id,) for picture_id in picture_ids]
                self._database.many("DELETE FROM pictures WHERE id = ?", rows)


def _record(row: Row) -> PictureRecord:
    picture_id, path, category, *rest = row
    return PictureRecord(picture_id, os.fsdecode(path), category and os.fsdecode(category), *rest)


def _place(file: PictureFile) -> Row:
    category = None if file.category is None else os.fsencode(file.category)
    return os.fsencode(file.path), category, file.size_bytes, file.modified_ns


def _values(file: PictureFile, facts: PictureFacts) -> Row:
    known = (facts.content_hash, facts.width, facts.height, facts.taken_at, facts.camera)
    return *_place(file), *known


def _where(filters: Filters) -> tuple[str, list[object]]:
    conditions = _conditions(filters)
    text = " AND ".join(condition for condition, _ in conditions) or "1"
    return text, [value for _, values in conditions for value in values]


def _conditions(filters: Filters) -> list[tuple[str, list[object]]]:
    """Translate filters to SQL conditions with their values."""
    found: list[tuple[str, list[object]]] = []
    if filters.categories is not None:
        marks = ", ".join("?" * len(filters.categories))
        names: list[object] = [os.fsencode(name) for name in sorted(filters.categories)]
        found.append((f"COALESCE(category, x'') IN ({marks})", names))
    if filters.path is not None:
        found.append(("path_matches(path, ?)", [os.fsencode(filters.path)]))
    if filters.dated_to is not None:
        end = filters.dated_to
        # Only as much of the date as was asked for: all of May lies within 2024-05.
        found.append((f"substr({DATE}, 1, {len(end)}) <= ?", [end]))
    if filters.orientation is not None:
        found.append((_ORIENTATIONS[filters.orientation], []))
    for condition, value in (
        (f"{DATE} >= ?", filters.dated_from),
        ("width >= ?", filters.min_width),
        ("width <= ?", filters.max_width),
        ("height >= ?", filters.min_height),
        ("height <= ?", filters.max_height),
        ("size_bytes >= ?", filters.min_bytes),
        ("size_bytes <= ?", filters.max_bytes),
        ("width * height >= ?", filters.min_pixels),
        ("width * height <= ?", filters.max_pixels),
    ):
        if value is not None:
            found.append((condition, [value]))
    return found


@lru_cache
def _regex(pattern: bytes) -> re.Pattern[str]:
    """Translate ``*`` and ``?``; text without them may stand anywhere in the path."""
    text = os.fsdecode(pattern).casefold()
    if not set("*?") & set(text):
        text = f"*{text}*"
    parts = (".*" if c == "*" else "." if c == "?" else re.escape(c) for c in text)
    return re.compile("".join(parts), re.DOTALL)


def _path_matches(path: bytes, pattern: bytes) -> bool:
    """Compare as people do, without regard to case, which SQL knows of ASCII letters only."""
    return _regex(pattern).fullmatch(os.fsdecode(path).casefold()) is not None
