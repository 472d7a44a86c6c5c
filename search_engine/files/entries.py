"""What an entry of a folder is, and what it may be where only files of our own belong."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable
from pathlib import Path

from search_engine.errors import CollectionDamaged


class NotAFile(OSError):
    """There is a link, a pipe or a device where a file of ours should be."""

    def __init__(self, file: Path, what: str) -> None:
        super().__init__(f"{what} lies where a file should be: {file}")


def kind_of(mode: int) -> str:
    """Name what an entry of a folder is, by its mode."""
    kinds = (
        (stat.S_ISLNK, "a link"),
        (stat.S_ISDIR, "a folder"),
        (stat.S_ISFIFO, "a pipe"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISREG, "a file"),
    )
    return next((name for is_kind, name in kinds if is_kind(mode)), "a device")


def refuse_links(folder: Path, *below: str) -> None:
    """Make sure that a folder of ours holds files and folders only, no links, pipes or devices.

    Args:
        folder: The folder; it may be missing.
        below: Names of folders in it that are looked into as well.

    Raises:
        CollectionDamaged: It is a link, or holds something else.
    """
    for place in (folder, *(folder / name for name in below)):
        with contextlib.suppress(FileNotFoundError):
            _refuse(place, folder, stat.S_ISDIR)
            with os.scandir(place) as entries:
                for entry in entries:
                    with contextlib.suppress(FileNotFoundError):  # another process removed it
                        _refuse(Path(entry.path), folder, _is_plain)


def _refuse(path: Path, folder: Path, may_be: Callable[[int], bool]) -> None:
    mode = path.lstat().st_mode
    if not may_be(mode):
        cause = (
            f"The collection '{folder.name}' is not used: {kind_of(mode)} lies where its own files"
        )
        cause += " should be, and could lead to files of yours"
        remedy = "Remove it, or replace it by what it leads to, if you trust who made it."
        raise CollectionDamaged(cause, place=str(path), remedy=remedy)


def _is_plain(mode: int) -> bool:
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode)
