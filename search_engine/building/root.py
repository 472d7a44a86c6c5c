"""The folder of the pictures, which must stay the same one while it is read."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from pathlib import Path

from search_engine.building.pipeline import TaskResult
from search_engine.collection.joined_folders import where_it_lies
from search_engine.collection.scanning import Scan, identity_of
from search_engine.errors import BadFolder
from search_engine.records import SkippedFile, SkipReason

_MOST_FAILURES = 32
"""Files one after the other that a device could not read, before all others are given up."""
_DEVICE_FAILED = frozenset(
    os.strerror(code)
    for code in (errno.EIO, errno.ENXIO, errno.ENODEV, errno.ESTALE, errno.ENOTCONN)
)
_OUT_OF_REACH = frozenset([SkipReason.VANISHED, SkipReason.UNREADABLE])


def refuse_if_all_kept_out(root: Path, found: Scan) -> None:
    """Tell a folder whose pictures are all kept out by the rules from one that lost them.

    Raises:
        BadFolder: The rules let nothing in.
    """
    if found.files or not found.effects.keep_back:
        return
    cause = f"No picture of the folder gets past its rules: {found.effects.told()}"
    remedy = "Change what is included or excluded. What was indexed before is kept."
    raise BadFolder(cause, place=where_it_lies(root), remedy=remedy)


class Root:
    """Tells a file that was deleted from a drive that was unplugged."""

    def __init__(self, path: Path, identity: tuple[int, int] | None) -> None:
        self._path = path
        self._identity = identity
        self._failures = 0

    def make_sure(self) -> None:
        """Make sure that the folder is there, and is the one that was scanned.

        Raises:
            BadFolder: It is gone, or another one has taken its place.
        """
        if self._identity and identity_of(self._path) != self._identity:
            cause = "The folder of the pictures went away while it was read"
            raise self._gone(cause)

    def make_sure_after(self, batch: Sequence[TaskResult]) -> None:
        """Make sure of it if files of a batch could not be reached.

        Raises:
            BadFolder: It is gone, or its device fails with one file after the other.
        """
        skips = [result.skip for result in batch]
        if any(skip and skip.reason in _OUT_OF_REACH for skip in skips):
            self.make_sure()
        for skip in skips:
            self._failures = self._failures + 1 if skip and _failed(skip) else 0
            if skip and self._failures >= _MOST_FAILURES:
                cause = f"The folder of the pictures fails to be read: {skip.detail}"
                raise self._gone(cause)

    def _gone(self, cause: str) -> BadFolder:
        remedy = (
            "What was embedded before is kept, the index stays as it was. Is its drive connected?"
        )
        return BadFolder(cause, place=where_it_lies(self._path), remedy=remedy)


def _failed(skip: SkippedFile) -> bool:
    return skip.reason is SkipReason.UNREADABLE and skip.detail in _DEVICE_FAILED
