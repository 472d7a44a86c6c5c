"""Counts and sums over the pictures, made by SQL so that no list of all pictures is built."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from search_engine.catalog.database import Database
from search_engine.catalog.pictures import DATE
from search_engine.records import Ids


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
    """ISO 8601."""


_MEASURES = {Measure.FILE_SIZE: "size_bytes", Measure.RESOLUTION: "width * height"}


class Statistics:
    """What the table ``pictures`` says in sum."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def categories(self) -> list[CategoryFacts]:
        """Sum up each category, ordered by name."""
        sql = (
            f"SELECT category, COUNT(*), SUM(size_bytes), AVG(width * height), MIN({DATE}),"  # noqa: S608 - our own names
            f" MAX({DATE}) FROM pictures GROUP BY category ORDER BY category"
        )
        return [
            CategoryFacts(os.fsdecode(name or b""), *facts)
            for name, *facts in self._database.rows(sql)
        ]

    def extremes(self, measure: Measure) -> tuple[int, int] | None:
        """Give the smallest and the largest value of a measure; None without pictures."""
        value = _MEASURES[measure]
        sql = f"SELECT MIN({value}), MAX({value}) FROM pictures"  # noqa: S608 - our own names
        low, high = self._database.rows(sql)[0]
        return None if low is None else (low, high)

    def counts_between(self, measure: Measure, edges: Sequence[int]) -> list[int]:
        """Count the pictures from each edge up to, not including, the next."""
        value = _MEASURES[measure]
        bins = ", ".join(
            f"COALESCE(SUM({value} >= {low:d} AND {value} < {high:d}), 0)"
            for low, high in pairwise(edges)
        )
        return list(self._database.rows(f"SELECT {bins} FROM pictures")[0])  # noqa: S608 - whole numbers

    def dates(self, digits: int) -> dict[str, int]:
        """Count the pictures by the first so many characters of their date, in order of time."""
        sql = (
            f"SELECT substr({DATE}, 1, ?) AS day, COUNT(*) FROM pictures GROUP BY day ORDER BY day"  # noqa: S608 - our own names
        )
        return dict(self._database.rows(sql, (digits,)))

    def category_numbers(self) -> tuple[list[str], Ids, NDArray[np.int32]]:
        """Give the categories' names, all ids ascending, and the number of each id's category."""
        names = [facts.name for facts in self.categories()]
        number = {os.fsencode(name): place for place, name in enumerate(names)}
        rows = self._database.rows("SELECT id, COALESCE(category, x'') FROM pictures ORDER BY id")
        ids = np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))
        numbers = np.fromiter((number[row[1]] for row in rows), dtype=np.int32, count=len(rows))
        return names, ids, numbers
