"""Filters as expressions of Milvus, with the meaning that they have as conditions of SQL."""

from __future__ import annotations

import json

from search_engine.names import one_spelling
from search_engine.records import Filters, Orientation

_MOST_CATEGORIES = 1_000
"""Milvus reads an expression letter by letter; of more, the catalog lists the pictures."""
_LARGEST = 2**62
_ORIENTATIONS = {
    Orientation.LANDSCAPE: "width > height",
    Orientation.PORTRAIT: "width < height",
    Orientation.SQUARE: "width == height and width > 0",
}
_NOBODY = "id < 0"
_LONGEST_TEXT = 4_096
_AFTER_ALL_OF_A_DATE = "~"
"""Comes after whatever may follow in a date: all of May lies within 2024-05."""


def expression_of(filters: Filters) -> str | None:
    """Return which rows filters let through, but for those on score and match.

    None where that cannot be said there: of paths, of tags and of hidden pictures only the catalog
    knows. Hidden pictures that are to be left out are no part of it.
    """
    categories = filters.categories
    if filters.path is not None or filters.tags is not None or filters.hidden:
        return None
    if categories is not None and len(categories) > _MOST_CATEGORIES:
        return None
    return " and ".join(f"({one})" for one in _conditions(filters))


def as_text(name: str) -> str:
    """Write a name as Milvus can hold it: in Unicode, in no more than 4,096 bytes."""
    content = name.encode("utf-8", "backslashreplace")
    return content[:_LONGEST_TEXT].decode("utf-8", "ignore")


def _conditions(filters: Filters) -> list[str]:
    found = [
        condition.format(max(-_LARGEST, min(value, _LARGEST)))
        for condition, value in (
            ("width >= {}", filters.min_width),
            ("width >= 1 and width <= {}", filters.max_width),
            ("height >= {}", filters.min_height),
            ("height >= 1 and height <= {}", filters.max_height),
            ("size_bytes >= {}", filters.min_bytes),
            ("size_bytes >= 1 and size_bytes <= {}", filters.max_bytes),
            ("pixels >= {}", filters.min_pixels),
            ("pixels >= 1 and pixels <= {}", filters.max_pixels),
        )
        if value is not None
    ]
    if filters.categories is not None:
        found.append(_within(filters.categories))
    if filters.orientation is not None:
        found.append(_ORIENTATIONS[filters.orientation])
    if filters.dated_from is not None:
        found.append(f'date != "" and date >= {_quoted(filters.dated_from)}')
    if filters.dated_to is not None:
        last = _quoted(filters.dated_to + _AFTER_ALL_OF_A_DATE)
        found.append(f'date != "" and date <= {last}')
    return found


def _within(categories: frozenset[str]) -> str:
    names = sorted({as_text(one_spelling(name)) for name in categories})
    return f"category in [{', '.join(map(_quoted, names))}]" if names else _NOBODY


def _quoted(text: str) -> str:
    return json.dumps(as_text(text), ensure_ascii=False)
