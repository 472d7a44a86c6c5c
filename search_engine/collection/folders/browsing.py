"""The folders in a folder, and where to begin looking for one's own."""

from __future__ import annotations

import logging
import os
import re
import string
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from search_engine.collection.folders.lying import NoFolder, what_lies_at
from search_engine.collection.folders.spelling import readings
from search_engine.errors import passing_over
from search_engine.records.soundness import has_picture_suffix
from search_engine.settings import is_folder

_LOG = logging.getLogger(__name__)

_MOST_NAMES = 20_000
_MOST_FOLDERS = 500
_SECONDS_TO_COUNT = 0.4
"""As long as pictures in the folders that are listed are counted; on a slow drive none are."""
_USUAL = ("Pictures", "Photos", "Images", "Desktop", "Downloads")
_MOUNTED = ("media/*", "media/*/*", "run/media/*/*", "mnt/*", "Volumes/*")
_SHARES = "run/user/*/gvfs/*"
"""Where a Linux desktop shows the shares of a network; they are no mounts of their own."""
_HIDDEN = 2
"""The mark of a hidden file on Windows."""


@dataclass(frozen=True, slots=True)
class Place:
    """A folder to begin looking in."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Subfolder:
    """A folder in another one."""

    path: Path
    readable: bool
    pictures: int | None
    """Directly in it; None where counting them would have taken too long."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What is in a folder."""

    path: Path
    folders: tuple[Subfolder, ...]
    pictures: int
    """Directly in it."""
    whole: bool
    """Whether all that is in it was looked at."""


def starting_places() -> list[Place]:
    """Return the home folder with the usual ones in it, the drives, and what is mounted."""
    places = []
    with suppress(RuntimeError):  # nobody's home
        home = Path.home()
        places.append(Place("Home", home))
        places += [Place(name, home / name) for name in _USUAL]
    places += [Place(path.name, path) for path in _mounted()]
    places += [Place(str(root), root) for root in _roots()]
    return [place for place in places if is_folder(place.path)]


def _mounted() -> Iterator[Path]:
    top = Path("/")
    with passing_over(_LOG, "mounted folders are not offered", OSError):
        found = (path for pattern in _MOUNTED for path in sorted(top.glob(pattern)))
        yield from (path for path in found if os.path.ismount(path))
        yield from sorted(top.glob(_SHARES))


def _roots() -> list[Path]:
    if os.name != "nt":
        return [Path("/")]
    return [Path(f"{letter}:\\") for letter in string.ascii_uppercase]


def steps_to(folder: Path) -> list[Place]:
    """Return the folders on the way to a folder, the topmost first and itself at last."""
    way = [*reversed(folder.parents), folder]
    return [Place(path.name or str(path), path) for path in way]


def folders_in(folder: Path) -> Listing | NoFolder:
    """Return the folders in a folder without hidden ones, by name, and count its pictures."""
    refused = what_lies_at(folder)
    if refused:
        return refused
    found, pictures, whole = _look(folder)
    until = time.monotonic() + _SECONDS_TO_COUNT
    named = sorted(found, key=_as_read)
    folders = tuple(_subfolder(path, until) for path in named[:_MOST_FOLDERS])
    return Listing(folder, folders, pictures, whole and len(named) <= _MOST_FOLDERS)


def begin_alike(text: str) -> list[Path]:
    """Return the folders that a path which is still being typed may become, by name."""
    try:
        typed = Path(list(readings(text, windows=os.name == "nt"))[-1])
        parent, start = (typed, "") if is_folder(typed) else (typed.parent, typed.name.casefold())
        found, _, _ = _look(parent) if typed.is_absolute() else ([], 0, True)
    except (OSError, ValueError):
        return []
    alike = (path for path in found if path.name.casefold().startswith(start))
    return sorted(alike, key=_as_read)


def _as_read(path: Path) -> list[str | int]:
    """Order names as people do: ``Album 2`` before ``Album 10``."""
    parts = re.split(r"(\d+)", path.name.casefold())
    return [int(part) if number % 2 else part for number, part in enumerate(parts)]


def _subfolder(path: Path, until: float) -> Subfolder:
    if not os.access(path, os.R_OK | os.X_OK):
        return Subfolder(path, readable=False, pictures=None)
    pictures = None
    if time.monotonic() < until:
        with passing_over(_LOG, "the pictures of a folder are not counted", OSError):
            _, counted, whole = _look(path)
            pictures = counted if whole else None
    return Subfolder(path, readable=True, pictures=pictures)


def _look(folder: Path) -> tuple[list[Path], int, bool]:
    """List the folders that are not hidden, count pictures, and tell whether all was looked at."""
    folders, pictures = [], 0
    with os.scandir(folder) as entries:
        for entry in islice(entries, _MOST_NAMES):
            if _leads_to_folder(entry):
                folders += [] if _is_hidden(entry) else [folder / entry.name]
            elif has_picture_suffix(entry.name) and not entry.name.startswith("."):
                pictures += 1
        return folders, pictures, next(entries, None) is None


def _leads_to_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_hidden(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith((".", "$")):
        return True
    try:
        marks = getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0)
    except OSError:
        return False
    return bool(marks & _HIDDEN)
