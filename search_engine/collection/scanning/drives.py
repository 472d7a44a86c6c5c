"""Which drive a folder is on, by numbers that stay the same as far as the system's do.

A drive with a name of its own, which Linux lists, goes by it. Others go by the system's number and
the id of the file system, which two sticks at one place do not share. A folder that is mounted at
another place as well is told from what lies beneath it by which part of the drive it shows.
"""

from __future__ import annotations

import logging
import os
import re
from hashlib import blake2b
from pathlib import Path

_LOG = logging.getLogger(__name__)

ROOTS_DEVICE = 1
"""The drive that a collection's root is at home on."""
OLD_FOLDER = 2
"""Where those pictures were that did not come along when the root moved: on no drive of now."""
_RESERVED = 16
_MOUNTS = Path("/proc/self/mountinfo")
_NAMES = Path("/dev/disk/by-uuid")


class Drives:
    """Numbers the drives of the folders at and below a root."""

    def __init__(self, root: Path) -> None:
        self._root = str(root)
        self._shown = dict(_mounts())
        below = f"{self._root.rstrip('/')}/"
        self._below = sorted((place for place in self._shown if place.startswith(below)), key=len)
        at = [place for place in self._shown if below.startswith(f"{place.rstrip('/')}/")]
        self._at = max(at, key=len, default="")
        self._names = _names()
        self._known: dict[tuple[int, str], int] = {}

    def of(self, number: int, folder: str) -> int:
        """Return the drive of a folder, whose number for the system is given, one that stays."""
        part = self._shown.get(self._mount(folder), "")
        known = self._known.get((number, part))
        if known is None:
            name = self._names.get(number) or f"{number} {_file_system(folder)}"
            digest = blake2b(f"{name} {part}".encode("utf-8", "surrogateescape"), digest_size=7)
            known = self._known[number, part] = int.from_bytes(digest.digest()) + _RESERVED
        return known

    def _mount(self, folder: str) -> str:
        within = [place for place in self._below if f"{folder}/".startswith(f"{place}/")]
        return within[-1] if within else self._at


def mount_lines() -> list[str]:
    """Read what is mounted; nothing where the system does not tell.

    The format: https://docs.kernel.org/filesystems/proc.html, 3.5.
    """
    try:
        return os.fsdecode(_MOUNTS.read_bytes()).splitlines()
    except OSError as error:
        _LOG.debug("what is mounted cannot be seen: %s", error)
        return []


def _mounts() -> list[tuple[str, str]]:
    """Return the place of each mount, and which part of its drive is shown there."""
    words = [line.split(" ", 5) for line in mount_lines()]
    return [(_unescaped(place), _unescaped(part)) for _, _, _, part, place, *_ in words]


def _unescaped(word: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), word)


def _names() -> dict[int, str]:
    """Return the names of drives by their numbers."""
    try:
        return {os.stat(entry).st_rdev: entry.name for entry in os.scandir(_NAMES)}  # noqa: PTH116
    except OSError as error:
        _LOG.debug("the names of drives cannot be seen: %s", error)
        return {}


def _file_system(folder: str) -> int:
    """Return the id of a file system; 0 if unknown."""
    try:
        return os.statvfs(folder).f_fsid
    except (AttributeError, OSError) as error:  # Windows has no such call
        _LOG.debug("the file system of a folder is not known: %s", error)
        return 0
