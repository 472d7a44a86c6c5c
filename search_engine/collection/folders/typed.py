"""A text that a person typed or pasted, to the folder that it means."""

from __future__ import annotations

import os
from pathlib import Path

from search_engine.collection.folders import instead, likely, spelling
from search_engine.collection.folders.lying import (
    NoFolder,
    Wrong,
    can_be_a_path,
    too_long,
    what_lies_at,
)
from search_engine.names import as_on_disk
from search_engine.settings import is_folder

_LONGEST = 32_768
"""Windows' longest path; elsewhere they are shorter."""


def typed_folder(
    text: str, *, beside: Path | None = None, windows: bool = os.name == "nt"
) -> Path | NoFolder:
    """Return the folder that a text means, or what is wrong with it.

    Quotes, ``file://`` with its escapes, a home folder as ``~`` or as a variable, and blanks and
    unseen signs around are ways to write a path, and are read. What would be a guess, like other
    capitals, is not taken but named as likely. Nothing that is typed raises an error.

    Args:
        text: What was typed or pasted.
        beside: Where a relative path begins; None where none is accepted, as in a browser, whose
            person is in no folder.
        windows: Whether paths are written as Windows writes them.
    """
    if len(text) > _LONGEST:
        return too_long(text)
    try:
        return _typed(text, beside, windows=windows)
    except (OSError, ValueError, RuntimeError) as error:  # a folder that went away, ours as well
        cause = f"This folder cannot be looked at: {getattr(error, 'strerror', None) or 'odd path'}"
        return NoFolder(Wrong.UNREACHABLE, cause, text, "Is its drive or its network connected?")


def _typed(text: str, beside: Path | None, *, windows: bool) -> Path | NoFolder:
    if spelling.is_empty(text):
        return NoFolder(Wrong.EMPTY, "No folder is given", "", "Give the path of a folder.")
    refused: NoFolder | None = None
    reading, there = "", ""
    for reading in spelling.readings(text, windows=windows):
        path = _path(reading, beside)
        if path is None:
            continue
        if is_folder(path):
            refused = what_lies_at(path)
            if refused is None:
                return path
        there = there or (reading if os.path.lexists(path) else "")
    return refused or _wrong(there or reading, beside, windows=windows)


def _path(reading: str, beside: Path | None) -> Path | None:
    """Return the path to look at, as the disk spells it; None where there is none to look at."""
    if not reading or not can_be_a_path(reading):
        return None
    path = Path(reading)
    if path.is_absolute():
        return as_on_disk(path)
    is_home = reading.startswith("~") and reading.split("/", 1)[0] == "~"
    return None if beside is None or is_home else as_on_disk(beside / path)


def _wrong(reading: str, beside: Path | None, *, windows: bool) -> NoFolder:
    path = _path(reading, beside)
    if path and os.path.lexists(path):
        return _nearly(path)
    wrong = instead.of_a_path(reading, windows=windows)
    if wrong:
        return wrong
    if path is None:
        cause, remedy = "This does not say where the folder is", f"Write it in full, from {_TOP}."
        meant = likely.first_folder(iter([f"~/{reading}", reading]))
        return NoFolder(Wrong.RELATIVE, cause, reading, remedy, meant)
    return _nearly(path)


def _nearly(path: Path) -> NoFolder:
    """Say what is in the way to a path, with the folder that may be meant."""
    path = path.absolute()
    found = what_lies_at(path)
    if found is None:  # it has just come
        return NoFolder(Wrong.MISSING, "There was no such folder", str(path), "Try it once more.")
    if found.wrong is not Wrong.MISSING:
        return found
    meant = likely.near(path)
    return NoFolder(found.wrong, found.cause, found.place, found.remedy, meant)


_TOP = "C:\\" if os.name == "nt" else "/"
