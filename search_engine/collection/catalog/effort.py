"""How much SQLite may do for one statement: what a sound file of that size can need.

A file may come from anybody. Its pages lead to one another, and where they do so in circles, or to
one page by a thousand ways, a walk through a table of a megabyte has no end. Nothing of that is
against the form of the file, so that only counting helps: by instructions of SQLite, not by time,
so that a slow disk is never taken for damage. And a cell may be of a gigabyte.

A bare ``COUNT(*)`` of a table is one single instruction, and so must not be asked for.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from search_engine.collection.catalog.write_ahead import LOG_SUFFIX
from search_engine.errors import passing_over

_LOG = logging.getLogger(__name__)

_COUNTED_EVERY = 100_000
"""Instructions; about a millisecond."""
_LEAST = 1_000_000
_FOR_EACH_BYTE = 1
"""The hungriest statement of ours, all that is odd in `odd_rows`, needs 0.11 for each byte."""
_LONGEST = 2**24
"""Bytes of a cell; captions as vectors are the largest that we keep, 3 MB with 4,096 dimensions."""
_SHARE_OF_A_LINE = 64
"""All ids on one line, as `pictures.listed` puts them, take less than this part of a file."""
_MOST_OF_SQLITE = 10**9
_BLOCK = 512
_PACKED = 8
"""How much a file system may pack what is in a file; more is a hole."""


class Effort:
    """Counts what statements do on one connection, and ends those that do too much."""

    def __init__(self, connection: sqlite3.Connection, file: Path) -> None:
        self._connection = connection
        self._files = (file, file.with_name(file.name + LOG_SUFFIX))
        self._done = 0
        self._stored = 0
        self.longest = _LONGEST
        """Bytes that a cell may have."""
        self.follow_size()
        connection.set_progress_handler(self._is_too_much, _COUNTED_EVERY)

    def begin(self) -> None:
        """Count for a new statement."""
        self._done = 0

    @contextmanager
    def uncounted(self) -> Iterator[None]:
        """Count nothing for one statement that is run for many rows, each of which it looks up."""
        self._connection.set_progress_handler(None, 0)
        try:
            yield
        finally:
            self._connection.set_progress_handler(self._is_too_much, _COUNTED_EVERY)

    def follow_size(self) -> None:
        """Set how long a cell may be; it follows a file that grows."""
        self._stored = max(self._stored, sum(map(_stored_bytes, self._files)))
        self.longest = min(max(_LONGEST, self._stored // _SHARE_OF_A_LINE), _MOST_OF_SQLITE)
        self._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, self.longest)

    @property
    def is_spent(self) -> bool:
        """Whether the statement did more than a sound file can need."""
        return self._done > _LEAST + _FOR_EACH_BYTE * self._stored

    def _is_too_much(self) -> bool:
        self._done += _COUNTED_EVERY
        if self.is_spent:  # unless it has grown
            self.follow_size()
        return self.is_spent


def _stored_bytes(file: Path) -> int:
    """Return how many bytes of a file are stored, without its holes."""
    with passing_over(_LOG, "the size of a catalog is not known", OSError):
        facts = os.stat(file)  # noqa: PTH116 - it is also done in the middle of statements
        blocks = getattr(facts, "st_blocks", 0)  # neither Windows nor every server tells
        return min(facts.st_size, blocks * _BLOCK * _PACKED) if blocks else facts.st_size
    return 0
