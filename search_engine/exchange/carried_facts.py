"""What is told of a picture in a row of a table: written, and believed only as far as it can be."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from search_engine.collection.dating import DatedBy, from_text
from search_engine.errors import BadInput
from search_engine.exchange.vector_set import CarriedPicture

FACTS = (
    "category", "tags", "hidden", "width", "height", "size_bytes", "modified_ns", "sha256",
    "taken_at", "dated_by", "camera",
)  # fmt: skip
"""The columns of what is known, in their order."""
PATHS = ("path", "image_path", "file_path", "filepath", "file_name", "filename", "image", "file")
"""What a column of paths may be called; the first that is there is taken."""
_HASH = re.compile(r"[0-9a-f]{64}")
_LARGEST = {"width": 2**31 - 1, "height": 2**31 - 1, "size_bytes": 2**53, "modified_ns": 2**63 - 1}
_LONGEST = 200
_TRUE = {"true", "1", "yes"}


def as_row(picture: CarriedPicture, category: str | None) -> dict[str, Any]:
    """Return what is known of a picture by column; ``category`` is the folder of its path."""
    tags = [label for label in picture.labels if label != category]
    return {
        "category": category,
        "tags": tags,
        "hidden": picture.hidden,
        "width": picture.width,
        "height": picture.height,
        "size_bytes": picture.size_bytes,
        "modified_ns": picture.modified_ns,
        "sha256": picture.content_hash,
        "taken_at": picture.taken_at,
        "dated_by": picture.dated_by,
        "camera": picture.camera,
    }


def from_row(path: str, row: Mapping[str, Any], number: int, place: str) -> CarriedPicture:
    """Return the picture of a row; what is not told there is empty.

    Args:
        path: Of the picture.
        row: What is told of it, by column; columns of other names are passed over.
        number: Of the row, from 1, for errors.
        place: The file, for errors.

    Raises:
        BadInput: A number is none, or cannot be right.
    """
    numbers = {name: _number(row.get(name), name, number, place) for name in _LARGEST}
    known = {str(one) for one in DatedBy}
    taken_at = from_text(row.get("taken_at"))
    content = str(row.get("sha256") or "")
    if not numbers["width"] or not numbers["height"]:
        numbers |= {"width": 0, "height": 0}
    return CarriedPicture(
        path=path,
        labels=_labels(row),
        hidden=str(row.get("hidden") or "").lower() in _TRUE,
        content_hash=content if _HASH.fullmatch(content) else "",
        taken_at=taken_at,
        dated_by=(_text(row, "dated_by") if _text(row, "dated_by") in known else None)
        if taken_at
        else None,
        camera=_text(row, "camera"),
        **numbers,
    )


def _labels(row: Mapping[str, Any]) -> tuple[str, ...]:
    tags = row.get("tags") or []
    found = [row.get("category"), *(tags if isinstance(tags, list) else [tags])]
    return tuple(dict.fromkeys(str(label) for label in found if label not in (None, "")))


def _text(row: Mapping[str, Any], name: str) -> str | None:
    text = str(row.get(name) or "").replace("\0", " ")[:_LONGEST].strip()
    return text.encode("utf-8", "replace").decode() or None


def _number(value: object, name: str, row: int, place: str) -> int:
    if value in (None, "") or (isinstance(value, float) and math.isnan(value)):
        return 0
    try:
        number = int(value) if isinstance(value, int | float) else int(str(value))
    except (ValueError, OverflowError):
        number = -1
    if not 0 <= number <= _LARGEST[name]:
        cause = f"Row {row:,} says '{str(value)[:20]}' for {name}"
        raise BadInput(cause, place=place, remedy="Write a whole number, or nothing.")
    return number
