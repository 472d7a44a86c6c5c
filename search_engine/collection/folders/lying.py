"""What lies at a path, and what is in the way to it."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from search_engine.errors import BadFolder

_MOST_SHOWN = 200
_ARCHIVES = frozenset(
    ".zip .rar .7z .tar .tgz .gz .bz2 .xz .zst .cbz .iso .dmg".split()
)  # fmt: skip
_TOO_LONG = {errno.ENAMETOOLONG, 206}
"""The second is what Windows calls it."""
_REFUSED = {errno.EACCES, errno.EPERM}


class Wrong(StrEnum):
    """What can be wrong with what is given as a folder."""

    EMPTY = "empty"
    IMPOSSIBLE = "impossible"
    TOO_LONG = "too long"
    SEVERAL = "several"
    ADDRESS = "address"
    FOREIGN = "foreign"
    VARIABLE = "variable"
    NOBODY = "nobody"
    RELATIVE = "relative"
    MISSING = "missing"
    FILE = "file"
    ARCHIVE = "archive"
    INSIDE_FILE = "inside a file"
    DEVICE = "device"
    BROKEN_LINK = "broken link"
    CIRCLE = "circle"
    NO_WAY = "no way to it"
    UNREADABLE = "unreadable"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class NoFolder:
    """Why a text is no folder, and the folder that is likely to be meant."""

    wrong: Wrong
    cause: str
    place: str = ""
    remedy: str = ""
    likely: Path | None = None

    def as_error(self) -> BadFolder:
        """Return it as an error, in whose remedy the likely folder stands."""
        meant = f" Is {self.likely} meant?" if self.likely else ""
        return BadFolder(self.cause, place=shortened(self.place), remedy=f"{self.remedy}{meant}")


def shortened(text: str) -> str:
    """Return the beginning of what somebody pasted, as it can be shown anywhere."""
    shown = text[:_MOST_SHOWN].encode("utf-8", "replace").decode()
    return shown if len(text) <= _MOST_SHOWN else f"{shown}…"


def can_be_a_path(text: str) -> bool:
    """Return whether the system has a way to write this as a path."""
    try:
        return "\0" not in os.fsdecode(os.fsencode(text))
    except UnicodeEncodeError:
        return False


def what_lies_at(path: Path) -> NoFolder | None:
    """Return why a path is no folder to read from; None where it is one."""
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116 - Path.stat is the same; tests replace this one
        if stat.S_ISDIR(mode):
            os.scandir(path).close()
            return None
    except OSError as error:
        return _unreached(path, error)
    except ValueError:
        cause = "No path can be written like this"
        return NoFolder(Wrong.IMPOSSIBLE, cause, str(path), "Write it anew.")
    if stat.S_ISREG(mode):
        return _file(path)
    cause = "That is a device, a pipe or the like, not a folder"
    return NoFolder(Wrong.DEVICE, cause, str(path), "Give a folder of pictures.")


_ALLOW = "Allow it to be read, or give another folder."


def _file(path: Path) -> NoFolder:
    if path.suffix.casefold() in _ARCHIVES:
        cause, remedy = "That is an archive, not a folder", "Unpack it, and give that folder."
        return NoFolder(Wrong.ARCHIVE, cause, str(path), remedy)
    cause, remedy = "That is a file, not a folder", "Give the folder that it lies in."
    return NoFolder(Wrong.FILE, cause, str(path), remedy, path.parent)


def _unreached(path: Path, error: OSError) -> NoFolder:
    if {error.errno, getattr(error, "winerror", None)} & _TOO_LONG:
        return too_long(str(path))
    if error.errno in _REFUSED:
        return _no_way(path)
    if error.errno == errno.ELOOP:
        cause, remedy = "That is a link that leads in a circle", "Give the folder itself."
        return NoFolder(Wrong.CIRCLE, cause, str(path), remedy)
    if error.errno in {errno.ENOENT, errno.ENOTDIR}:
        return _missing(path)
    cause = f"This folder cannot be reached: {error.strerror or type(error).__name__}"
    remedy = "Is its drive or its network connected?"
    return NoFolder(Wrong.UNREACHABLE, cause, str(path), remedy)


def too_long(text: str) -> NoFolder:
    """Say that no path is as long."""
    cause, remedy = "No path can be as long as this", "Check what was typed or pasted."
    return NoFolder(Wrong.TOO_LONG, cause, text, remedy)


def _missing(path: Path) -> NoFolder:
    """Find out why there is nothing: a dead link or a file on the way, or nothing at all."""
    for part in way_to(path):
        mode = _mode(part, os.stat)
        if mode is None:
            if _mode(part, os.lstat) is not None:
                return _dead_link(part)
            break
        if not stat.S_ISDIR(mode):
            cause, remedy = "That is a file, and nothing lies in it", "Give a folder."
            return NoFolder(Wrong.INSIDE_FILE, cause, str(part), remedy, part.parent)
    remedy = "Check how it is written. Was it moved, or is its drive not connected?"
    return NoFolder(Wrong.MISSING, "There is no such folder", str(path), remedy)


def _mode(path: Path, look: Callable[[Path], os.stat_result]) -> int | None:
    try:
        return look(path).st_mode
    except OSError:
        return None


def _dead_link(link: Path) -> NoFolder:
    cause = "That is a link to something that is not there"
    place = f"{link} → {link.readlink()}"
    return NoFolder(Wrong.BROKEN_LINK, cause, place, "Is the drive that it leads to connected?")


def _no_way(path: Path) -> NoFolder:
    """Name the folder on the way that this user may not enter, or which may not be read itself."""
    closed = path
    for part in way_to(path):
        if _mode(part, os.stat) is None:
            break
        closed = part
    if closed == path:
        cause = "This folder may not be read by this user"
        return NoFolder(Wrong.UNREADABLE, cause, str(path), _ALLOW)
    cause = "This user may not look into the folder on the way to it"
    return NoFolder(Wrong.NO_WAY, cause, str(closed), _ALLOW)


def way_to(path: Path) -> Iterator[Path]:
    """Return a path's ancestors, topmost first, and at last itself."""
    yield from reversed(path.parents)
    yield path
