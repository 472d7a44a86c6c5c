"""Files of our own: written whole, private, and never through a link.

=========  =========================================================================================
module     owns
=========  =========================================================================================
arrays     arrays in files of our own
documents  records as JSON files of our own, read back only as what they were
tables     tables as CSV that every spreadsheet opens and none runs
=========  =========================================================================================

A data folder may hold what somebody else put there: a collection copied from a stranger, a backup,
an archive. So nothing that is written, read or deleted here follows a link, waits for a pipe or
reads a device.
"""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import shutil
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from search_engine.errors import CollectionDamaged, passing_over
from search_engine.files import tables

__all__ = [
    "PARTIAL_SUFFIX",
    "NotAFile",
    "keep_private",
    "kind_of",
    "make_folder",
    "open_own",
    "read",
    "refuse_links",
    "remove_if_plain",
    "remove_leftovers",
    "remove_tree",
    "replacing",
    "tables",
    "write",
]

_LOG = logging.getLogger(__name__)

PARTIAL_SUFFIX = ".partial"
_SECONDS_OF_A_WRITER = 3600
_PRIVATE_FOLDER = 0o700
_PRIVATE_FILE = 0o600
_OTHERS = 0o077
_TIGHTENED = ".private"
# Flags that Windows does not have, where making a link takes rights that few have.
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)
_BINARY = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


class NotAFile(OSError):
    """There is a link, a pipe or a device where a file of ours should be."""

    def __init__(self, file: Path, what: str) -> None:
        super().__init__(f"{what} lies where a file should be: {file}")


def make_folder(folder: Path) -> None:
    """Make a folder that only this user may look into, with the folders above it.

    Raises:
        OSError: It cannot be made, or something else, a link for one, lies at its place.
    """
    folder.parent.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
    try:
        folder.mkdir(mode=_PRIVATE_FOLDER)
    except FileExistsError:
        if not stat.S_ISDIR(folder.lstat().st_mode):
            raise NotAFile(folder, kind_of(folder.lstat().st_mode)) from None


@contextmanager
def replacing(file: Path, *, durable: bool = False) -> Iterator[BinaryIO]:
    """Return a new file to write to, which takes the place of ``file`` when all of it is written.

    Whatever lay at the place, a link included, is replaced, not followed. Where writing fails,
    nothing is left behind and ``file`` is as it was.

    Args:
        file: The place; its folder must be a folder, no link to one.
        durable: Have it on the disk, not only in the system's memory, before it takes the place.

    Raises:
        OSError: It cannot be written.
    """
    if not stat.S_ISDIR(file.parent.lstat().st_mode):
        raise NotAFile(file.parent, kind_of(file.parent.lstat().st_mode))
    beside = file.parent / f".{secrets.token_hex(8)}{PARTIAL_SUFFIX}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK | _BINARY
    handle = os.open(beside, flags, _PRIVATE_FILE)
    try:
        with os.fdopen(handle, "wb") as target:
            yield target
            target.flush()
            if durable:
                os.fsync(target.fileno())
        beside.replace(file)
    except BaseException:
        with passing_over(_LOG, "a half-written file stays", OSError):
            beside.unlink()
        raise
    if durable:
        _flush_folder(file.parent)


def write(file: Path, content: bytes, *, durable: bool = False) -> None:
    """Write a file whole, as `replacing` does."""
    with replacing(file, durable=durable) as target:
        target.write(content)


def open_own(file: Path) -> BufferedReader:
    """Open a file of ours for reading.

    Raises:
        FileNotFoundError: It is not there.
        OSError: It cannot be read, or is a link, a pipe, a device or a folder.
    """
    if not _NO_LINK and file.is_symlink():
        raise NotAFile(file, "a link")
    try:
        handle = os.open(file, os.O_RDONLY | _NO_LINK | _NO_WAIT | _BINARY)
    except OSError:
        if file.is_symlink():
            raise NotAFile(file, "a link") from None
        raise
    mode = os.fstat(handle).st_mode
    if not stat.S_ISREG(mode):
        os.close(handle)
        raise NotAFile(file, kind_of(mode))
    return os.fdopen(handle, "rb")


def read(file: Path, most: int) -> bytes:
    """Read a file of ours whole, if it has no more than ``most`` bytes.

    Raises:
        FileNotFoundError: It is not there.
        OSError: It cannot be read, is larger, or is a link, a pipe, a device or a folder.
    """
    with open_own(file) as source:
        content = source.read(most + 1)
    if len(content) > most:
        cause = f"{file} is larger than the {most:,} bytes that it may have"
        raise OSError(cause)
    return content


def remove_tree(folder: Path) -> None:
    """Delete a folder of ours with all that is in it; a link is deleted, not what it leads to.

    Raises:
        OSError: Something in it cannot be deleted.
    """
    if _is_linked(folder):
        folder.unlink()
    else:
        shutil.rmtree(folder)


def remove_if_plain(file: Path) -> bool:
    """Delete a file of ours, or a link in its place; tell whether it is gone now."""
    try:
        if stat.S_ISDIR(file.lstat().st_mode):
            return False
        file.unlink()
    except OSError as error:  # a viewer on Windows may have it open
        _LOG.debug("a file stays: %s", error.strerror)
        return False
    return True


def _is_linked(path: Path) -> bool:
    junction = getattr(path, "is_junction", None)  # of Windows, from Python 3.12 on
    return path.is_symlink() or bool(junction and junction())


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


def keep_private(folder: Path) -> None:
    """Take from other users of the machine what older versions let them see of a folder of ours.

    It is done once: whoever shares the folder again knows why.

    Raises:
        OSError: The folder is a link, or it cannot be noted that this was done.
    """
    with contextlib.suppress(FileNotFoundError):
        mode = folder.lstat().st_mode
        if not stat.S_ISDIR(mode):
            raise NotAFile(folder, kind_of(mode))
        # On Windows these bits say nothing; a profile's folders are private there.
        if os.name == "posix" and mode & _OTHERS and not (folder / _TIGHTENED).exists():
            _tighten(folder)
            write(folder / _TIGHTENED, b"")


def _tighten(folder: Path) -> None:
    with contextlib.suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                _tighten(Path(entry.path))
            elif entry.is_file(follow_symlinks=False):
                _take_from_others(Path(entry.path))
    _take_from_others(folder)


def _take_from_others(path: Path) -> None:
    try:
        path.chmod(path.lstat().st_mode & ~_OTHERS)
    except OSError as error:  # it is not ours, or went away
        _LOG.info("others may still see %s: %s", path, error)


def remove_leftovers(folder: Path, *, at_once: bool = False) -> None:
    """Delete what writers that died left in a folder of ours, but nothing that is being written.

    ``at_once`` takes what is new as well, where it is known that nobody writes.
    """
    with passing_over(_LOG, "left-over files stay", OSError):
        for file in folder.iterdir():
            if file.name.endswith(PARTIAL_SUFFIX):
                try:
                    age = time.time() - file.lstat().st_mtime
                    if at_once or age > _SECONDS_OF_A_WRITER:
                        file.unlink()
                except OSError as error:
                    _LOG.info("a half-written file stays: %s", error)


def _flush_folder(folder: Path) -> None:
    # Windows cannot open a folder, and does not need to.
    with passing_over(_LOG, "a folder is not flushed", OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
