"""The bytes of a picture's file, read without ever waiting for a pipe or a device."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, TypeAlias

from search_engine.collection.decoding.refusal import Refusal
from search_engine.files import kind_of
from search_engine.records import SkipReason

MAX_BYTES = 512 * 1024 * 1024
_AT_ONCE = 2**20

OnPiece: TypeAlias = Callable[[memoryview], object]
"""Told of each piece of a file as soon as it is read."""

# Links are followed: the folder is the user's own. The flags are those that the system has.
_FLAGS = os.O_RDONLY
for _name in ("O_NONBLOCK", "O_CLOEXEC", "O_BINARY", "O_NOCTTY"):
    _FLAGS |= getattr(os, _name, 0)


def read_content(path: Path, on_piece: OnPiece | None = None) -> bytes:
    """Read a file whole; where ``on_piece`` is given, a few megabytes at a time.

    Raises:
        Refusal: It is empty, too large, gone, a pipe or a device, or the system does not let us
            read it.
    """
    try:
        _refuse_all_but_files(path.stat())  # opening some devices sets them going
        with os.fdopen(os.open(path, _FLAGS), "rb") as file:
            facts = os.fstat(file.fileno())
            _refuse_all_but_files(facts)
            content = _read(file, facts.st_size, on_piece or _nothing)
    except OSError as error:
        raise _refusal_by_system(error) from error
    if not content:
        raise Refusal(SkipReason.EMPTY)
    return content


def _refuse_all_but_files(facts: os.stat_result) -> None:
    if stat.S_ISDIR(facts.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(facts.st_mode):
        raise Refusal(SkipReason.NOT_A_FILE, kind_of(facts.st_mode))


def _read(file: BinaryIO, size: int, on_piece: OnPiece) -> bytes:
    if size > MAX_BYTES:
        raise _too_many_bytes(size)
    content = io.BytesIO()
    # It may grow, or lie about its size, as the files below /proc do.
    while piece := file.read(_AT_ONCE if content.tell() else min(size + 1, _AT_ONCE)):
        on_piece(memoryview(piece))
        content.write(piece)
        if content.tell() > MAX_BYTES:
            raise _too_many_bytes(content.tell())
    return content.getvalue()


def _nothing(_piece: memoryview) -> None:
    """Take no notice."""


def read_hashed(path: Path, on_piece: OnPiece) -> tuple[bytes, str]:
    """Read a file whole, and give its `content_hash` too, which is made while it is read.

    Raises:
        Refusal: As `read_content` does.
    """
    digest = hashlib.sha256()

    def taken(piece: memoryview) -> None:
        digest.update(piece)
        on_piece(piece)

    return read_content(path, taken), digest.hexdigest()


def _too_many_bytes(size: int) -> Refusal:
    limits = f"{size // 2**20:,} MiB, more than the {MAX_BYTES // 2**20} we read"
    return Refusal(SkipReason.TOO_MANY_BYTES, limits)


def _refusal_by_system(error: OSError) -> Refusal:
    if isinstance(error, PermissionError):
        return Refusal(SkipReason.NO_PERMISSION)
    if isinstance(error, FileNotFoundError) or error.errno == errno.ENOTDIR:
        return Refusal(SkipReason.VANISHED)
    return Refusal(SkipReason.UNREADABLE, error.strerror or str(error))


def content_hash(content: bytes) -> str:
    """Return the SHA-256 of a file's bytes, hexadecimal."""
    return hashlib.sha256(content).hexdigest()
