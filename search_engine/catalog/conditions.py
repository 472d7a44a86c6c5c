"""Filters as conditions of SQL."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from fnmatch import translate
from functools import lru_cache

from search_engine.catalog.database import MOST_NUMBER
from search_engine.errors import BadInput
from search_engine.records import Filters, Orientation

LOCAL_TIME = "strftime('%Y-%m-%dT%H:%M:%S', {} / 1000000000, 'unixepoch', 'localtime')"
"""Writes a moment in nanoseconds as clocks here show it."""
DATE = f"COALESCE(taken_at, {LOCAL_TIME.format('modified_ns')})"
"""When a picture was taken or, where the file does not say, when the file was last changed."""
_ORIENTATIONS = {
    Orientation.LANDSCAPE: "width > height",
    Orientation.PORTRAIT: "width < height",
    Orientation.SQUARE: "width = height",
}
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d(:\d\d(:\d\d)?)?)?)?)?")
_JANUARY = "0000-01-01T00:00:00"
_DAY = 86_400 * 10**9
_LONGEST = {4: 366 * _DAY, 7: 31 * _DAY}
"""How long a year and a month may be; all else that a date can say lies within a day."""
LONGEST_PATTERN = 4096
"""No system has longer paths, and to read a pattern takes as long as to try it on many paths."""
MOST_CATEGORIES = 30_000
"""SQLite takes 32,766 values in a statement."""


def where(filters: Filters) -> tuple[str, list[object]]:
    """Translate all filters but the one on the score to a condition with its values.

    Raises:
        BadInput: The pattern is too long, or there are too many categories.
    """
    conditions = _conditions(filters)
    text = " AND ".join(condition for condition, _ in conditions) or "1"
    return text, [value for _, values in conditions for value in values]


def _conditions(filters: Filters) -> list[tuple[str, list[object]]]:
    found: list[tuple[str, list[object]]] = []
    if filters.categories is not None:
        found.append(_within(filters.categories))
    for condition, value in (
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
            # No number in a catalog is larger, and SQLite takes none.
            found.append((condition, [max(-MOST_NUMBER, min(value, MOST_NUMBER))]))
    if filters.orientation is not None:
        found.append((_ORIENTATIONS[filters.orientation], []))
    if filters.dated_from is not None:
        found.append(_since(filters.dated_from))
    if filters.dated_to is not None:
        found.append(_until(filters.dated_to))
    if filters.path is not None:
        if len(filters.path) > LONGEST_PATTERN:
            cause = f"The pattern for paths has {len(filters.path):,} characters"
            raise BadInput(cause, remedy=f"Take one of {LONGEST_PATTERN:,} at most.")
        found.append(("path_matches(path, ?)", [_as_stored(filters.path)]))
    return found


def _within(categories: frozenset[str]) -> tuple[str, list[object]]:
    if len(categories) > MOST_CATEGORIES:
        cause = f"{len(categories):,} categories are too many to choose from"
        raise BadInput(cause, remedy=f"Name {MOST_CATEGORIES:,} at most.")
    names: list[object] = [_as_stored(name) for name in sorted(categories) if name]
    condition = f"category IN ({', '.join('?' * len(names))})"
    return f"({condition} OR category IS NULL)" if "" in categories else condition, names


def _since(date: str) -> tuple[str, list[object]]:
    changed, start = f"{LOCAL_TIME.format('modified_ns')} >= ?", _moment(date)
    if start is not None:
        possible, certain = start - _DAY, start + _DAY
        changed = f"modified_ns >= {certain} OR (modified_ns >= {possible} AND {changed})"
    return f"(CASE WHEN taken_at IS NULL THEN {changed} ELSE taken_at >= ? END)", [date, date]


def _until(date: str) -> tuple[str, list[object]]:
    """Compare only as much as was asked for: all of May lies within 2024-05."""
    beginning, start = f"substr({{}}, 1, {len(date)}) <= ?", _moment(date)
    changed = beginning.format(LOCAL_TIME.format("modified_ns"))
    if start is not None:
        possible, certain = start + _LONGEST.get(len(date), _DAY) + _DAY, start - _DAY
        changed = f"modified_ns < {certain} OR (modified_ns < {possible} AND {changed})"
    taken = beginning.format("taken_at")
    return f"(CASE WHEN taken_at IS NULL THEN {changed} ELSE {taken} END)", [date, date]


def _moment(date: str) -> int | None:
    """Give the nanoseconds since 1970 at which a date begins in Greenwich, None if it is none.

    No clock is a day away from Greenwich, so only files about a day round it have to be asked for
    the time that clocks here showed: it costs a microsecond each.
    """
    if not _DATE.fullmatch(date):
        return None
    try:
        moment = datetime.fromisoformat(date + _JANUARY[len(date) :]).replace(tzinfo=UTC)
    except ValueError:
        return None
    return int(moment.timestamp()) * 10**9


def _as_stored(name: str) -> bytes:
    """Write a name as the catalog holds it; what no file can be called is found nowhere."""
    try:
        return os.fsencode(name)
    except UnicodeEncodeError:
        return name.encode("utf-8", "surrogatepass")


@lru_cache
def _matcher(pattern: bytes) -> Callable[[str], object]:
    """Translate ``*`` and ``?``; text without them may stand anywhere in the path.

    `fnmatch` makes one star of many, and of the text between two stars a group that is found once
    and for all, so that no pattern tries a path in more ways than it has letters.
    """
    text = os.fsdecode(pattern).casefold()
    if not set("*?") & set(text):
        return lambda path: text in path
    return re.compile(translate(text.replace("[", "[[]"))).match


def path_matches(path: bytes, pattern: bytes) -> bool:
    """Compare as people do, without regard to case, which SQL knows of ASCII letters only."""
    return bool(_matcher(pattern)(os.fsdecode(path).casefold()))
