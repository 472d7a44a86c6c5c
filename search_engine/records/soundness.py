"""What may be said of a picture, and what only a broken or hostile catalog says.

A catalog may come from anybody. The path of a picture that it names is joined to a folder, shown,
opened, and packed into what people pass on.
"""

from __future__ import annotations

import os

from search_engine.records.picture_records import PictureRecord

PICTURE_SUFFIXES = frozenset(
    ".jpg .jpeg .jpe .jfif .png .apng .webp .gif .bmp .dib .tif .tiff"
    " .jp2 .j2k .jpx .jpf .jpc .j2c .pbm .pgm .ppm .pnm .avif .heic .heif .hif".split()
)
"""Endings of the names of files that may be pictures, in small letters."""


def is_sound(record: PictureRecord) -> bool:
    """Return whether this can be a picture that a scan found."""
    return (
        has_sound_size(record.width, record.height)
        and has_picture_suffix(record.path)
        and not leads_outside(record.path)
    )


def has_sound_size(width: int, height: int) -> bool:
    """Return whether a picture can be so large; 0 × 0 says that nobody knows."""
    return min(width, height) > 0 or width == height == 0


def has_picture_suffix(name: str) -> bool:
    """Return whether a file is named like a picture."""
    _, dot, suffix = name.rpartition(".")
    return f"{dot}{suffix.lower()}" in PICTURE_SUFFIXES


def leads_outside(path: str, *, windows: bool = os.name == "nt") -> bool:
    """Return whether a path is none below a folder, as a scan gives it: relative and with ``/``."""
    if "\0" in path or any(part in {"", ".", ".."} for part in path.split("/")):
        return True
    return windows and any(sign in path for sign in "\\:")
