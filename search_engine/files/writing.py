"""A file of our own, written whole and private or not at all."""

from __future__ import annotations

import logging
import os
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from search_engine.errors import passing_over
from search_engine.files.entries import NotAFile, kind_of

_LOG = logging.getLogger(__name__)

PARTIAL_SUFFIX = ".partial"
_SECONDS_OF_A_WRITER = 3600
_PRIVATE_FOLDER = 0o700
_PRIVATE_FILE = 0o600
# Flags that Windows does not have, where making a link takes rights that few have.
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_BINARY = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


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
