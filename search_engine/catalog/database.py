"""A SQLite file: opened, migrated, written in transactions, its errors in our words."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self, TypeAlias, TypeVar

from search_engine.errors import CollectionDamaged, CollectionError

Row: TypeAlias = tuple[Any, ...]
T = TypeVar("T")

MOST_NUMBER = 2**63 - 1
"""The largest whole number that SQLite holds, and so the largest id."""
_SECONDS_TO_WAIT = 30
_PAGE_BYTES = 16_384
"""A vector of 512 dimensions takes a whole page of SQLite's usual 4,096 bytes, half of it empty."""

_CACHE_KIB = 65_536
"""Holds the inner pages of a million pictures, so that a vector costs one read instead of six."""
_VALUES_AT_ONCE = 500  # SQLite's oldest builds take 999 in one statement


def some_at_a_time(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Cut values into pieces that fit into one statement."""
    for start in range(0, len(values), _VALUES_AT_ONCE):
        yield values[start : start + _VALUES_AT_ONCE]


class Database:
    """An open SQLite file that may be used from several threads."""

    def __init__(self, connection: sqlite3.Connection, file: Path) -> None:
        self._connection = connection
        self._lock = threading.RLock()
        self.file = file

    @classmethod
    def open(cls, file: Path, migrations: Sequence[str]) -> Self:
        """Open or make ``file`` and bring it to the newest version.

        Args:
            file: Where it lies.
            migrations: Step n leads from version n to n + 1; statements separated by ``;``.

        Raises:
            CollectionDamaged: The file is no database, or of a version after the last step.
            CollectionError: It cannot be opened or written.
        """
        try:
            connection = sqlite3.connect(
                file, timeout=_SECONDS_TO_WAIT, isolation_level=None, check_same_thread=False
            )
        except sqlite3.Error as error:
            raise _unusable(file, error) from error
        database = cls(connection, file)
        try:
            database._migrate(migrations)
        except BaseException:
            connection.close()
            raise
        return database

    def _migrate(self, migrations: Sequence[str]) -> None:
        self.rows(f"PRAGMA page_size = {_PAGE_BYTES}")  # of a new file; another keeps its own
        self._use_wal()
        for pragma in ("synchronous = NORMAL", "foreign_keys = ON", f"cache_size = -{_CACHE_KIB}"):
            self.rows(f"PRAGMA {pragma}")
        if self.version == len(migrations):
            return
        with self.transaction():
            version = self.version  # another process may have been faster
            if version > len(migrations):
                cause = "This collection was written by a newer version of the program"
                raise CollectionDamaged(cause, place=str(self.file), remedy="Update the program.")
            for step in migrations[version:]:
                for statement in step.split(";"):
                    self.rows(statement)
            self.rows(f"PRAGMA user_version = {len(migrations)}")

    def _use_wal(self) -> None:
        # SQLite does not wait when it is to change the mode of a file that is being written.
        until = time.monotonic() + _SECONDS_TO_WAIT
        while True:
            try:
                self.rows("PRAGMA journal_mode = WAL")
            except CollectionError as error:
                if isinstance(error, CollectionDamaged) or time.monotonic() > until:
                    raise
                time.sleep(0.05)
            else:
                return

    @property
    def version(self) -> int:
        """How many migration steps the file has seen."""
        return int(self.rows("PRAGMA user_version")[0][0])

    @property
    def changes(self) -> tuple[int, int]:
        """Give what is another after every change, whoever made it."""
        return self.number("PRAGMA data_version"), self._connection.total_changes

    def close(self) -> None:
        """Close the file; the object is of no use afterwards."""
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make all writes inside come true together, or none; one inside another is part of it."""
        with self._lock:
            if self._connection.in_transaction:
                yield
                return
            self.rows("BEGIN IMMEDIATE")
            try:
                yield
                self.rows("COMMIT")
            except BaseException:
                self._connection.rollback()
                raise

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """Run one statement and give all its rows."""
        with self._lock, _translated(self.file):
            return self._connection.execute(sql, values).fetchall()

    def number(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Run a statement that gives one whole number."""
        return int(self.rows(sql, values)[0][0])

    def insert(self, sql: str, values: Sequence[Any]) -> int:
        """Run an INSERT and give the id of its row."""
        with self._lock, _translated(self.file):
            return self._connection.execute(sql, values).lastrowid or 0

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for each of ``rows``."""
        with self._lock, _translated(self.file):
            self._connection.executemany(sql, rows)

    def add_function(self, name: str, function: Callable[..., int], arguments: int) -> None:
        """Make a function of ours known to SQL."""
        self._connection.create_function(name, arguments, function, deterministic=True)


@contextmanager
def _translated(file: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise _unusable(file, error) from error


def _unusable(file: Path, error: sqlite3.Error) -> CollectionError:
    if isinstance(error, sqlite3.OperationalError) and "no such" not in str(error):
        cause = f"The catalog cannot be read or written: {error}"
        remedy = "Is the disk full, or the folder not writable?"
        return CollectionError(cause, place=str(file), remedy=remedy)
    cause = f"The catalog is damaged: {error}"
    remedy = "Remove the collection and index its folder again."
    return CollectionDamaged(cause, place=str(file), remedy=remedy)
