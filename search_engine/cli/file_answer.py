"""A picture's file as several commands tell it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from search_engine.records import PictureRecord
from search_engine.search import SearchEngine


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """A picture's file; the address names it byte for byte, whatever its name is."""

    picture_id: int
    path: str
    uri: str
    printable: bool
    width: int
    height: int
    size_bytes: int


def file_values(engine: SearchEngine, record: PictureRecord) -> dict[str, Any]:
    """Return what a `FileAnswer` says of a picture."""
    path = engine.path(record)
    return {
        "picture_id": record.picture_id,
        "path": str(path),
        "uri": path.as_uri(),
        "printable": str(path).isprintable(),
        "width": record.width,
        "height": record.height,
        "size_bytes": record.size_bytes,
    }
