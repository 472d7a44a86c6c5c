"""Whether a root is the one that is known: on its drive, or moved to another with its pictures.

Another stick may be connected where the root was, or nothing, with a forgotten picture in the empty
place. So a root on another drive is taken for the known one only with half of its pictures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from search_engine.collection.scanning.drives import ROOTS_DEVICE
from search_engine.collection.scanning.sieve import Sieve
from search_engine.collection.scanning.walking import Scan
from search_engine.records import PictureFile, ScanRules

_LARGELY = 0.5


class _Known(Protocol):
    @property
    def size_bytes(self) -> int: ...
    @property
    def device(self) -> int: ...


def at_home(found: Scan, home: int, known: Mapping[str, _Known], rules: ScanRules) -> Scan:
    """Return a scan whose folders say whether they are on the drive that the root was on.

    Args:
        found: What was found.
        home: The drive that the root was on; 0 where that is not known, which says nothing.
        known: The pictures, by path.
        rules: Of the collection.
    """
    if home in {0, found.drive} or _holds(found.files, known, Sieve(rules, Path(found.root_name))):
        return found
    files = tuple(replace(file, device=_off(file.device, found)) for file in found.files)
    folders = {path: _off(device, found) for path, device in found.folders.items()}
    return replace(found, files=files, folders=folders)


def _off(device: int, found: Scan) -> int:
    return found.drive if device == ROOTS_DEVICE else device


def _holds(files: tuple[PictureFile, ...], known: Mapping[str, _Known], sieve: Sieve) -> bool:
    """Return whether most of the pictures of the root's own drive are among the files."""
    own = {
        path: one.size_bytes
        for path, one in known.items()
        if one.device in {0, ROOTS_DEVICE} and sieve.takes(path)
    }
    there = sum(own.get(file.path) == file.size_bytes for file in files)
    return there >= _LARGELY * len(own)
