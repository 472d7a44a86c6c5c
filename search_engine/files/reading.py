"""A file of our own, opened only if it is one."""

from __future__ import annotations

import os
import stat
from io import BufferedReader
from pathlib import Path

from search_engine.files.entries import NotAFile, kind_of

# Flags that Windows does not have, where making a link takes rights that few have.
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)
_BINARY = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


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
