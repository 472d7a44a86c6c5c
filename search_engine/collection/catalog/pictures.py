"""The pictures of a collection and what is known about them."""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from search_engine.collection import joined_folders
from search_engine.collection.catalog.conditions import path_fits, where
from search_engine.collection.catalog.database import MOST_NUMBER, Database, Row, some_at_a_time
from search_engine.collection.catalog.odd_rows import LARGEST_ID, LONGEST_HASH
from search_engine.collection.catalog.sqlite_errors import readable, unreadable
from search_engine.collection.catalog.state import CatalogState
from search_engine.collection.dating import by_name
from search_engine.records import (
    Filters,
    Ids,
    PictureFacts,
    PictureFile,
    PictureRecord,
)
from search_engine.records.soundness import has_sound_size, is_sound

_COLUMNS = (
    "id, path, category, size_bytes, modified_ns, content_hash, width, height, taken_at, camera,"
    " changed_ns, dated_by, remark, reader, device"
)
_SELECT = f"SELECT {_COLUMNS} FROM pictures"  # noqa: S608 - our own names
_COUNT_CATEGORIES = """
    WITH RECURSIVE names(name) AS (
        SELECT MIN(category) FROM pictures
        UNION ALL
        SELECT (SELECT MIN(category) FROM pictures WHERE category > name)
        FROM names WHERE name IS NOT NULL
    )
    SELECT COUNT(name) FROM names
"""
"""Goes from one name to the next; COUNT(DISTINCT) looks at all pictures, 23 ms for a million."""
_NO_NUMBERS = re.compile(r"[^0-9,-]")
_ROWS_AT_ONCE = 10_000
_LISTS_KEPT = 4  # 8 MB each for a million pictures


class Stamp(NamedTuple):
    """By what a file is known again without being opened; 0 where something is not known."""

    size_bytes: int
    modified_ns: int
    changed_ns: int
    device: int


class Pictures:
    """The table ``pictures``."""

    def __init__(self, database: Database, state: CatalogState) -> None:
        self._database = database
        self._state = state
        self._matching = lru_cache(_LISTS_KEPT)(self._listed)
        database.add_function("path_fits", path_fits, 3)

    def __len__(self) -> int:
        """Count the pictures."""
        return self._database.number("SELECT COUNT(id) FROM pictures")

    def __iter__(self) -> Iterator[PictureRecord]:
        """Return all pictures, ordered by id, those that are not sound included."""
        page = f"{_SELECT} WHERE id > ? ORDER BY id LIMIT {_ROWS_AT_ONCE}"
        for rows in self._database.pages(page, ()):
            yield from map(self._record, rows)

    def by_id(self, picture_ids: Iterable[int]) -> dict[int, PictureRecord]:
        """Return the pictures with these ids; what is gone, or not sound, is left out."""
        found: dict[int, PictureRecord] = {}
        possible = (int(picture_id) for picture_id in picture_ids)
        for some in some_at_a_time([one for one in possible if 0 < one <= MOST_NUMBER]):
            marks = ", ".join("?" * len(some))
            rows = self._database.rows(f"{_SELECT} WHERE id IN ({marks})", some)
            found |= {record.picture_id: record for record in self._sound(rows)}
        return found

    def ids_with_content(self, content_hash: str) -> list[int]:
        """Return the ids of all pictures whose files have this content."""
        sql = "SELECT id FROM pictures WHERE content_hash = ?"
        return [row[0] for row in self._database.rows(sql, (content_hash,))]

    def copies(self) -> tuple[Ids, Ids]:
        """Return the pictures whose content others have too, and a number for each content."""
        sql = f"SELECT {listed('id')} FROM pictures GROUP BY content_hash HAVING COUNT(*) > 1"  # noqa: S608 - our own names
        groups = [as_numbers(line, self._database.file) for (line,) in self._database.rows(sql)]
        numbers = np.repeat(np.arange(len(groups)), [len(ids) for ids in groups])
        return np.concatenate([np.empty(0, dtype=np.int64), *groups]), numbers

    def matching(self, filters: Filters) -> Ids:
        """Return the ids, ascending, that pass every filter but those on score and match.

        A filter serves more than one query: of a million pictures, a fifth takes 0.2 s to list.
        """
        return self._matching(filters.of_pictures, self._database.changes)

    def _listed(self, filters: Filters, _changes: tuple[int, int]) -> Ids:
        passes, values = self.condition(filters)
        sql = f"SELECT {listed('id')} FROM pictures WHERE {passes}"  # noqa: S608 - our own names
        ids = np.sort(as_numbers(self._database.rows(sql, values)[0][0], self._database.file))
        ids.flags.writeable = False
        return ids

    def some(self, filters: Filters, count: int, skip: int = 0) -> list[PictureRecord]:
        """Return sound pictures that pass all but the filters on score and match, ordered by id."""
        passes, values = self.condition(filters)
        sql = f"{_SELECT} WHERE {passes} ORDER BY id LIMIT ? OFFSET ?"
        return list(self._sound(self._database.rows(sql, (*values, count, skip))))

    def count(self, filters: Filters) -> int:
        """Count the pictures that pass every filter but those on score and match."""
        passes, values = self.condition(filters)
        sql = f"SELECT COUNT(*) FROM pictures WHERE {passes}"  # noqa: S608 - our own names
        return self._database.number(sql, values)

    def condition(self, filters: Filters) -> tuple[str, list[object]]:
        """Translate every filter but those on score and match to SQL with its values."""
        settings = self._state.settings if filters.paths else None
        if settings is None:
            return where(filters)
        inside = ((one, joined_folders.path_in_joined(settings.root, one)) for one in filters.paths)
        paths = tuple(f"/{here}" if here else one for one, here in inside)
        return where(replace(filters, path=paths), str(settings.root))

    def categories(self) -> dict[str | None, int]:
        """Count the pictures of each category, ordered by name."""
        sql = "SELECT category, COUNT(*) FROM pictures GROUP BY category ORDER BY category"
        with readable(self._database.file, "categories"):
            return {name and os.fsdecode(name): count for name, count in self._database.rows(sql)}

    def count_categories(self) -> int:
        """Count the categories, which leaves out the pictures without one."""
        return self._database.number(_COUNT_CATEGORIES)

    def spread(self, count: int) -> list[PictureRecord]:
        """Return some pictures from all over, taking turns among the categories."""
        counts = _some_of(self.categories(), count)
        taken = _in_turns(list(counts.values()), count)
        chosen: list[tuple[int, int]] = []
        for (name, pictures), some in zip(counts.items(), taken, strict=True):
            ids = self.matching(Filters(categories=frozenset({name or ""})))
            places = [(2 * turn + 1) * pictures // (2 * some) for turn in range(some)]
            chosen += [(turn, int(ids[at])) for turn, at in enumerate(places) if at < len(ids)]
        ids_in_turn = [picture_id for _, picture_id in sorted(chosen, key=lambda pair: pair[0])]
        found = self.by_id(ids_in_turn)
        return [found[picture_id] for picture_id in ids_in_turn if picture_id in found]

    def stamps(self) -> dict[str, Stamp]:
        """Return what every picture's file is known by, by path."""
        sql = "SELECT path, size_bytes, modified_ns, changed_ns, device FROM pictures"
        with readable(self._database.file, "paths"):
            return {os.fsdecode(path): Stamp(*rest) for path, *rest in self._database.rows(sql)}

    def content_hashes(self) -> set[str]:
        """Return the content hashes of all pictures."""
        return {row[0] for row in self._database.rows("SELECT content_hash FROM pictures")}

    def remarked(self) -> int:
        """Count the pictures that were read with a remark."""
        count = self._database.rows("SELECT COUNT(*) FROM pictures WHERE remark IS NOT NULL")
        return int(count[0][0])

    def remarks(self, most: int = -1) -> list[PictureRecord]:
        """Return the pictures that were read with a remark, so many at most, ordered by path."""
        rows = self._database.rows(
            f"{_SELECT} WHERE remark IS NOT NULL ORDER BY path LIMIT ?", (most,)
        )
        return list(self._sound(rows))

    def add(self, file: PictureFile, facts: PictureFacts) -> int:
        """Add a picture and give its id."""
        sql = f"INSERT INTO pictures ({_COLUMNS}) VALUES (NULL{', ?' * _COLUMNS.count(',')})"  # noqa: S608 - our own names
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
            "UPDATE pictures SET path = ?, category = ?, size_bytes = ?, modified_ns = ?,"
            " changed_ns = ?, device = ?, taken_at = ?, dated_by = ? WHERE id = ?"
        )
        with self._database.transaction():
            self._database.many(leave, [(record.picture_id,) for record, _ in moves])
            self._database.many(arrive, [_arrival(record, file) for record, file in moves])

    def note_seen(self, seen: Sequence[tuple[PictureRecord, PictureFile]]) -> None:
        """Note when unchanged files changed last, and on which drive they are."""
        sql = "UPDATE pictures SET changed_ns = ?, device = ? WHERE id = ?"
        rows = [
            (file.changed_ns or record.changed_ns, file.device or record.device, record.picture_id)
            for record, file in seen
        ]
        self._database.many(sql, rows)

    def _sound(self, rows: Iterable[Row]) -> Iterator[PictureRecord]:
        """Return the pictures that may be shown and opened, whose paths lead nowhere else."""
        return (record for record in map(self._record, rows) if is_sound(record))

    def _record(self, row: Row) -> PictureRecord:
        if not _is_sound(row):
            what = f"what it says of picture #{row[0]} cannot be read"
            raise unreadable(self._database.file, what)
        picture_id, path, category, *rest = row
        place = os.fsdecode(path), category and os.fsdecode(category)
        return PictureRecord(picture_id, *place, *rest)

    def mend_categories(self, picture_ids: Sequence[int]) -> None:
        """Take the category of pictures from their path."""
        rows = [
            (_place(PictureFile(record.path, 0, 0))[1], picture_id)
            for picture_id, record in self.by_id(picture_ids).items()
        ]
        self._database.many("UPDATE pictures SET category = ? WHERE id = ?", rows)

    def distrust(self, picture_ids: Sequence[int]) -> None:
        """Have the files of pictures looked at again by the next build, whatever their time."""
        rows = [(picture_id,) for picture_id in picture_ids]
        self._database.many("UPDATE pictures SET modified_ns = -1 WHERE id = ?", rows)

    def remove(self, picture_ids: Sequence[int]) -> None:
        """Forget pictures and their vectors."""
        if picture_ids:
            with self._database.transaction():
                self._state.next_revision()
                rows = [(picture_id,) for picture_id in picture_ids]
                self._database.many("DELETE FROM pictures WHERE id = ?", rows)


def listed(column: str) -> str:
    """Write the SQL that puts a column's whole numbers on one line, which `as_numbers` reads.

    A row for each of a million ids takes 330 ms and 100 MB, the line 70 ms and 7 MB.
    """
    return f"group_concat({column})"


def as_numbers(line: str | None, file: Path) -> Ids:
    """Read the whole numbers that `listed` put on a line; no line is none of them.

    Raises:
        CollectionDamaged: Something else stands among them.
    """
    text = line or ""
    if _NO_NUMBERS.search(text):
        raise unreadable(file, "there are other things where numbers should be")
    return np.fromstring(text, dtype=np.int64, sep=",")


def _some_of(counts: dict[str | None, int], most: int) -> dict[str | None, int]:
    """Leave out evenly what is too many."""
    names = list(counts)
    if len(names) <= most:
        return counts
    return {names[at]: counts[names[at]] for at in np.linspace(0, len(names) - 1, most, dtype=int)}


def _in_turns(there: Sequence[int], wanted: int) -> list[int]:
    """Return how many to take of each when all take turns until they are empty."""
    taken = [0] * len(there)
    while wanted > 0 and (open_ones := [at for at, n in enumerate(there) if taken[at] < n]):
        for at in open_ones[:wanted]:
            taken[at] += 1
        wanted -= len(open_ones)
    return taken


_TYPES = (int, bytes, bytes, int, int, str, int, int, str, str, int, str, str, int, int)
_MAY_BE_NONE = {2, 8, 9, 11, 12}


def _is_sound(row: Row) -> bool:
    if tuple(map(type, row)) not in _SHAPES or not 0 < row[0] <= LARGEST_ID:
        return False
    content_hash, width, height = row[5:8]
    has_hash = 0 < len(content_hash) <= LONGEST_HASH and "\0" not in content_hash
    return has_hash and has_sound_size(width, height)


_SHAPES = frozenset(
    itertools.product(
        *((kind, type(None)) if place in _MAY_BE_NONE else (kind,)
          for place, kind in enumerate(_TYPES))
    )
)  # fmt: skip
"""The types of a row, as SQLite gives them back for what we wrote; it keeps others as they are."""


def _place(file: PictureFile) -> Row:
    category = None if file.category is None else os.fsencode(file.category)
    return os.fsencode(file.path), category, file.size_bytes, file.modified_ns


def _arrival(record: PictureRecord, file: PictureFile) -> Row:
    dates = by_name(file.path, record.taken_at, record.dated_by)
    return *_place(file), file.changed_ns, file.device, *dates, record.picture_id


def _values(file: PictureFile, facts: PictureFacts) -> Row:
    known = (facts.content_hash, facts.width, facts.height, facts.taken_at, facts.camera)
    odd = (facts.dated_by, facts.remark, facts.reader)
    return *_place(file), *known, file.changed_ns, *odd, file.device
