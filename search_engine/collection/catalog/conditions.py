"""Filters as conditions of SQL."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime

from search_engine.collection.catalog.database import MOST_NUMBER
from search_engine.collection.catalog.tag_names import wanted_tags
from search_engine.errors import BadInput
from search_engine.names import one_spelling
from search_engine.records import Filters, Orientation, patterns

LOCAL_TIME = "strftime('%Y-%m-%dT%H:%M:%S', {} / 1000000000, 'unixepoch', 'localtime')"
"""Writes a moment in nanoseconds as clocks here show it."""
_HAS_FILE_DATE = "(size_bytes > 0 OR modified_ns != 0)"
FILE_DATE = f"(CASE WHEN {_HAS_FILE_DATE} THEN modified_ns END)"
"""When a picture's file was last changed; NULL for one that came as a vector, without a date."""
DATE = f"COALESCE(taken_at, {LOCAL_TIME.format(FILE_DATE)})"
"""When a picture was taken or, where the file does not say, when the file was last changed."""
_ORIENTATIONS = {
    Orientation.LANDSCAPE: "width > height",
    Orientation.PORTRAIT: "width < height",
    Orientation.SQUARE: "width = height AND width > 0",
}
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d(:\d\d(:\d\d)?)?)?)?)?")
_JANUARY = "0000-01-01T00:00:00"
_DAY = 86_400 * 10**9
_LONGEST = {4: 366 * _DAY, 7: 31 * _DAY}
"""How long a year and a month may be; all else that a date can say lies within a day."""
_TAGGED = (
    "id IN (SELECT picture_id FROM tagged WHERE tag IN"
    " (SELECT number FROM tags WHERE tag_fits(CAST(name AS BLOB), ?)))"
)
_HIDDEN = "id IN (SELECT picture_id FROM hidden)"
MOST_PATTERNS = 100
"""Each is tried on each path that fitted none before it."""
MOST_CATEGORIES = 30_000
"""SQLite takes 32,766 values in a statement."""


def where(filters: Filters, root: str = "") -> tuple[str, list[object]]:
    """Translate all filters but those on score and match to a condition with its values.

    ``root`` is the collection's folder, which a pattern for paths may begin with.

    Raises:
        BadInput: A pattern is too long, or there are too many patterns or categories.
    """
    conditions = _conditions(filters, root)
    text = " AND ".join(condition for condition, _ in conditions) or "1"
    return text, [value for _, values in conditions for value in values]


def _conditions(filters: Filters, root: str) -> list[tuple[str, list[object]]]:
    found: list[tuple[str, list[object]]] = []
    if filters.categories is not None:
        found.append(_within(filters.categories))
    for condition, value in (
        ("width >= ?", filters.min_width),
        ("width BETWEEN 1 AND ?", filters.max_width),
        ("height >= ?", filters.min_height),
        ("height BETWEEN 1 AND ?", filters.max_height),
        ("size_bytes >= ?", filters.min_bytes),
        ("size_bytes BETWEEN 1 AND ?", filters.max_bytes),
        ("width * height >= ?", filters.min_pixels),
        ("width * height BETWEEN 1 AND ?", filters.max_pixels),
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
    if filters.tags is not None:
        found.append((_TAGGED, [wanted_tags(filters.tags)]))
    if filters.hidden is not None:
        found.append((_HIDDEN if filters.hidden else f"NOT {_HIDDEN}", []))
    if filters.path is not None:
        found.append(_fitting(filters.paths, root))
    return found


def _fitting(paths: tuple[str, ...], root: str) -> tuple[str, list[object]]:
    if len(paths) > MOST_PATTERNS:
        cause = f"{len(paths):,} patterns for paths are too many"
        raise BadInput(cause, remedy=f"Give {MOST_PATTERNS} at most.")
    for pattern in paths:
        patterns.check(pattern)
    condition = " OR ".join(["path_fits(path, ?, ?)"] * len(paths)) or "0"
    return f"({condition})", [_as_stored(text) for pattern in paths for text in (pattern, root)]


def _within(categories: frozenset[str]) -> tuple[str, list[object]]:
    if len(categories) > MOST_CATEGORIES:
        cause = f"{len(categories):,} categories are too many to choose from"
        raise BadInput(cause, remedy=f"Name {MOST_CATEGORIES:,} at most.")
    spelled = sorted({one_spelling(name) for name in categories if name})
    names: list[object] = [_as_stored(name) for name in spelled]
    condition = f"category IN ({', '.join('?' * len(names))})"
    return f"({condition} OR category IS NULL)" if "" in categories else condition, names


def _since(date: str) -> tuple[str, list[object]]:
    changed, start = f"{LOCAL_TIME.format('modified_ns')} >= ?", _moment(date)
    if start is not None:
        possible, certain = start - _DAY, start + _DAY
        changed = f"modified_ns >= {certain} OR (modified_ns >= {possible} AND {changed})"
    changed = f"{_HAS_FILE_DATE} AND ({changed})"
    return f"(CASE WHEN taken_at IS NULL THEN {changed} ELSE taken_at >= ? END)", [date, date]


def _until(date: str) -> tuple[str, list[object]]:
    """Compare only as much as was asked for: all of May lies within 2024-05."""
    beginning, start = f"substr({{}}, 1, {len(date)}) <= ?", _moment(date)
    changed = beginning.format(LOCAL_TIME.format("modified_ns"))
    if start is not None:
        possible, certain = start + _LONGEST.get(len(date), _DAY) + _DAY, start - _DAY
        changed = f"modified_ns < {certain} OR (modified_ns < {possible} AND {changed})"
    taken = beginning.format("taken_at")
    changed = f"{_HAS_FILE_DATE} AND ({changed})"
    return f"(CASE WHEN taken_at IS NULL THEN {changed} ELSE {taken} END)", [date, date]


def _moment(date: str) -> int | None:
    """Return the nanoseconds since 1970 at which a date begins in Greenwich, None if it is none.

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


def path_fits(path: bytes, pattern: bytes, root: bytes) -> bool:
    """Return whether a path of the catalog fits a pattern; ``root`` is the collection's folder."""
    return patterns.fits(os.fsdecode(path), os.fsdecode(pattern), os.fsdecode(root))
