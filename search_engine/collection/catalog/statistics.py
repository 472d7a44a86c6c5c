"""Counts and sums over the pictures, made by SQL or on arrays, never on a list of all pictures."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from search_engine.collection.catalog.conditions import DATE, FILE_DATE, LOCAL_TIME
from search_engine.collection.catalog.database import Database
from search_engine.collection.catalog.pictures import as_numbers, listed
from search_engine.collection.catalog.sqlite_errors import readable, unreadable
from search_engine.names import one_spelling
from search_engine.records import Ids, folder_at


class Measure(StrEnum):
    """What of a picture's file is counted in steps."""

    FILE_SIZE = "file size"
    RESOLUTION = "resolution"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class CategoryFacts:
    """A category in sum."""

    name: str
    """Empty for the pictures that lie in the folder itself."""
    pictures: int
    size_bytes: int
    mean_pixels: float
    """Of width × height."""
    first_date: str
    last_date: str
    """ISO 8601; empty where no picture has a date."""


@dataclass(frozen=True, slots=True)
class FolderLevel:
    """The folders that lie so many below the root."""

    level: int
    """1 is the first below it."""
    names: tuple[str, ...]
    """Each once, wherever it lies, ordered."""
    pictures: int
    """How many lie in or below them."""


_FIRST, _LAST = LOCAL_TIME.format("first_changed"), LOCAL_TIME.format("last_changed")
_CATEGORIES = f"""
    SELECT category, pictures, size, pixels,
        COALESCE(MIN(COALESCE(first_taken, {_FIRST}), COALESCE({_FIRST}, first_taken)), ''),
        COALESCE(MAX(COALESCE(last_taken, {_LAST}), COALESCE({_LAST}, last_taken)), '')
    FROM (
        SELECT category, COUNT(*) AS pictures, SUM(size_bytes) AS size,
            COALESCE(AVG(NULLIF(width * height, 0)), 0.0) AS pixels,
            MIN(taken_at) AS first_taken, MAX(taken_at) AS last_taken,
            MIN(CASE WHEN taken_at IS NULL THEN {FILE_DATE} END) AS first_changed,
            MAX(CASE WHEN taken_at IS NULL THEN {FILE_DATE} END) AS last_changed
        FROM pictures GROUP BY category
    )
    ORDER BY category
"""  # noqa: S608 - our own names
"""What clocks showed costs a microsecond a file, so it is asked only of the first and the last."""

_SECONDS = (
    f"CASE WHEN taken_at IS NULL THEN {FILE_DATE} / 1000000000"
    " ELSE CAST(strftime('%s', taken_at) AS INTEGER) END"
)
_NO_DATE = -(2**62)
_ROWS_AT_ONCE = 10_000

_SUMS = {(int, int, float, str, str)}

_MEASURES = {
    Measure.FILE_SIZE: "NULLIF(size_bytes, 0)",
    Measure.RESOLUTION: "NULLIF(width * height, 0)",
}
"""What is not known of a picture that came as a vector alone is counted nowhere."""


class Statistics:
    """What the table ``pictures`` says in sum."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._numbers = lru_cache(1)(self._numbered)

    def categories(self) -> list[CategoryFacts]:
        """Sum up each category, ordered by name."""
        rows = self._database.rows(_CATEGORIES)
        if any(tuple(map(type, row))[1:] not in _SUMS for row in rows):
            raise unreadable(self._database.file, "what it says of the pictures cannot be read")
        with readable(self._database.file, "categories"):
            return [CategoryFacts(os.fsdecode(name or b""), *facts) for name, *facts in rows]

    def extremes(self, measure: Measure) -> tuple[int, int] | None:
        """Return the smallest and the largest value of a measure; None without pictures."""
        value = _MEASURES[measure]
        sql = f"SELECT MIN({value}), MAX({value}) FROM pictures"  # noqa: S608 - our own names
        low, high = self._database.rows(sql)[0]
        if type(low) is not type(high) or type(low) not in {int, type(None)}:
            raise unreadable(self._database.file, f"the {measure} of a picture cannot be read")
        return None if low is None else (low, high)

    def counts_between(self, measure: Measure, edges: Sequence[int]) -> list[int]:
        """Count the pictures from each edge up to, not including, the next."""
        sql = f"SELECT {listed(_MEASURES[measure])} FROM pictures"  # noqa: S608 - our own names
        values = np.sort(as_numbers(self._database.rows(sql)[0][0], self._database.file))
        counts: list[int] = np.diff(np.searchsorted(values, np.asarray(edges))).tolist()
        return counts

    def dates(self, digits: int) -> dict[str, int]:
        """Count the pictures by the first so many characters of their date, in order of time."""
        sql = (
            f"SELECT substr({DATE}, 1, ?) AS day, COUNT(*) FROM pictures WHERE day IS NOT NULL"  # noqa: S608 - our own names
            " GROUP BY day ORDER BY day"
        )
        counts: dict[str, int] = dict(self._database.rows(sql, (digits,)))
        if not all(type(day) is str for day in counts):
            raise unreadable(self._database.file, "the date of a picture cannot be read")
        return counts

    def seconds(self) -> tuple[Ids, NDArray[np.float64]]:
        """Return all ids, ascending, and when each picture was taken or its file last changed.

        In seconds since 1970; NaN for a date that is none. A date of a camera counts as one of
        Greenwich, so two of them may lie some hours off.
        """
        value = f"COALESCE({_SECONDS}, {_NO_DATE})"
        sql = f"SELECT {listed('id')}, {listed(value)} FROM pictures"  # noqa: S608 - our own names
        ids, seconds = (
            as_numbers(line, self._database.file) for line in self._database.rows(sql)[0]
        )
        order = np.argsort(ids)
        return ids[order], np.where(seconds == _NO_DATE, np.nan, seconds)[order]

    def category_numbers(self, level: int = 1) -> tuple[list[str], Ids, NDArray[np.int32]]:
        """Return the categories' names, all ids ascending, and the number of each id's category.

        Ordered by name; the empty one, for pictures without a category, comes first.

        Args:
            level: Which folder of a picture's path is its category, 1 the first below the root.
        """
        return self._numbers(level, self._database.changes)

    def _numbered(
        self, level: int, _changes: tuple[int, int]
    ) -> tuple[list[str], Ids, NDArray[np.int32]]:
        if level > 1:
            return self._numbers_at(level)
        sql = f"SELECT category, {listed('id')} FROM pictures GROUP BY category ORDER BY category"  # noqa: S608 - our own names
        rows = self._database.rows(sql)
        of_each = [as_numbers(line, self._database.file) for _, line in rows]
        sizes = [len(ids) for ids in of_each]
        ids = np.concatenate([np.empty(0, dtype=np.int64), *of_each])
        numbers = np.repeat(np.arange(len(rows), dtype=np.int32), sizes)
        order = np.argsort(ids)
        with readable(self._database.file, "categories"):
            names = [os.fsdecode(name or b"") for name, _ in rows]
        return names, ids[order], numbers[order]

    def _numbers_at(self, level: int) -> tuple[list[str], Ids, NDArray[np.int32]]:
        found: dict[str, int] = {}
        ids, numbers = [], []
        for picture_id, path in self._paths():
            ids.append(picture_id)
            numbers.append(found.setdefault(folder_at(path, level) or "", len(found)))
        names = sorted(found, key=os.fsencode)
        place = np.empty(len(found), dtype=np.int32)
        place[[found[name] for name in names]] = np.arange(len(found), dtype=np.int32)
        return names, np.array(ids, dtype=np.int64), place[np.array(numbers, dtype=np.int64)]

    def folder_levels(self) -> list[FolderLevel]:
        """Return the folders by how far below the root they lie, as deep as any picture does."""
        names: list[set[str]] = []
        pictures: list[int] = []
        for _, path in self._paths():
            for at, folder in enumerate(path.split("/")[:-1]):
                if at == len(names):
                    names.append(set())
                    pictures.append(0)
                names[at].add(folder)
                pictures[at] += 1
        return [
            FolderLevel(level, _spelled_once(folders), count)
            for level, (folders, count) in enumerate(zip(names, pictures, strict=True), start=1)
        ]

    def _paths(self) -> Iterator[tuple[int, str]]:
        """Yield all ids, ascending, with their paths; a million take a second."""
        page = f"SELECT id, path FROM pictures WHERE id > ? ORDER BY id LIMIT {_ROWS_AT_ONCE}"  # noqa: S608 - our own number
        with readable(self._database.file, "paths"):
            for rows in self._database.pages(page, ()):
                yield from ((picture_id, os.fsdecode(path)) for picture_id, path in rows)


def _spelled_once(names: set[str]) -> tuple[str, ...]:
    return tuple(sorted({one_spelling(name) for name in names}, key=os.fsencode))
