"""What the disk says, at this moment, of files that somebody is about to act on.

A catalog says what was there when it was made. Before a file is listed to be removed, the disk is
asked: is it a file of its own, or a link; which names are names of one file; does it still hold
what it held; do links lead to it?
"""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from search_engine.collection.decoding import content_hash, read_content
from search_engine.collection.joined_folders import folders_of, is_joined
from search_engine.errors import SearchEngineError
from search_engine.records import PictureRecord

_LOG = logging.getLogger(__name__)

FileNumber: TypeAlias = tuple[int, ...]
"""The same for all names of one file, links included: by whatever way they lead to it.

The device is no part of it, because a folder that is mounted twice may have two; the times are,
to the nanosecond, because the numbers of files repeat from device to device.
"""


class FileState(StrEnum):
    """What lies at a path."""

    FILE = "file"
    LINK = "link"
    GONE = "gone"
    """Nothing, or something that is no file."""
    UNREADABLE = "cannot be looked at"


@dataclass(frozen=True, slots=True)
class OnDisk:
    """What lies at a path."""

    state: FileState
    number: FileNumber = ()
    """Of the file, or of the one that a link leads to; empty where there is none."""
    names: int = 0
    """How many names the file has; they may lie anywhere on its disk."""
    size_bytes: int = 0


def look(path: Path) -> OnDisk:
    """Look at a path without opening anything."""
    try:
        facts = path.lstat()
        state = FileState.LINK if stat.S_ISLNK(facts.st_mode) else FileState.FILE
        if state is FileState.LINK:
            facts = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return OnDisk(FileState.GONE)
    except OSError as error:
        _LOG.info("a file cannot be looked at: %s", type(error).__name__)
        return OnDisk(FileState.UNREADABLE)
    if not stat.S_ISREG(facts.st_mode):
        return OnDisk(FileState.GONE)
    return OnDisk(state, _number(facts), facts.st_nlink, facts.st_size)


def _number(facts: os.stat_result) -> FileNumber:
    return facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns


def holds_what_it_held(path: Path, record: PictureRecord) -> bool:
    """Read a file, and tell whether it has the content that the catalog knows."""
    try:
        return content_hash(read_content(path)) == record.content_hash
    except (OSError, SearchEngineError) as error:
        _LOG.info("a file cannot be read again: %s", type(error).__name__)
        return False


def led_to(root: Path, paths: Iterable[str]) -> frozenset[FileNumber]:
    """Return the files that links below a folder lead to.

    All that is in the folder is looked through, hidden or not. Linked folders are, where one of the
    ``paths``, relative to ``root``, leads through them.
    """
    ways = {parent for path in paths for parent in _folders_above(path)}
    found: set[FileNumber] = set()
    pending = [*folders_of(root)] if is_joined(root) else [""]
    while pending:
        folder = pending.pop()
        try:
            with os.scandir(root / folder) as entries:
                for entry in entries:
                    path = f"{folder}/{entry.name}" if folder else entry.name
                    if entry.is_dir(follow_symlinks=False) or (entry.is_symlink() and path in ways):
                        pending.append(path)
                    elif entry.is_symlink():
                        found.add(look(Path(entry.path)).number)
        except OSError as error:
            _LOG.info("links in a folder are not known: %s", type(error).__name__)
    return frozenset(found - {()})


def _folders_above(path: str) -> Iterable[str]:
    parts = path.split("/")[:-1]
    return ("/".join(parts[:count]) for count in range(1, len(parts) + 1))
