"""A SQLite file: made, opened, migrated, written in transactions, its errors in our words.

What a file says is believed only after it was seen to be one of ours: not empty, with exactly our
tables, and no views or triggers, which would run whatever somebody else wrote into them.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Self, TypeAlias, TypeVar

import numpy as np

from search_engine import files
from search_engine.catalog import write_ahead
from search_engine.catalog.sqlite_errors import (
    damaged,
    is_busy,
    readable,
    translated,
    unreadable,
)
from search_engine.errors import CollectionDamaged, CollectionError
from search_engine.records import Ids

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
_WRITES = {"INSERT", "UPDATE", "DELETE", "REINDE"}


def some_at_a_time(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Cut values into pieces that fit into one statement."""
    for start in range(0, len(values), _VALUES_AT_ONCE):
        yield values[start : start + _VALUES_AT_ONCE]


def whole_numbers(file: Path, rows: Sequence[Row]) -> Ids:
    """Return the first value of each row, which has to be a whole number.

    Raises:
        CollectionDamaged: It is something else.
    """
    if not all(type(row[0]) is int for row in rows):
        raise unreadable(file, "there are other things where numbers should be")
    return np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))


class Database:
    """An open SQLite file that may be used from several threads."""

    def __init__(self, connection: sqlite3.Connection, file: Path) -> None:
        self._connection = connection
        self._lock = threading.RLock()
        self.file = file
        self.after_closing: list[Callable[[], None]] = []
        # Nobody closes it under those who still read from it: the last of them lets go of it.
        self._closing = weakref.finalize(self, _close, connection, self.after_closing)

    @classmethod
    def make(cls, file: Path, migrations: Sequence[str]) -> None:
        """Make a new file of the newest version, which is there whole or not at all.

        Raises:
            CollectionError: It cannot be written.
        """
        beside = file.parent / f".{secrets.token_hex(8)}{files.PARTIAL_SUFFIX}"
        try:
            # SQLite would take the rights that the process gives by default.
            os.close(os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
            with closing(cls(_connection(beside, "mode=rw"), beside)) as database:
                database.rows(f"PRAGMA page_size = {_PAGE_BYTES}")
                database.rows("PRAGMA journal_mode = MEMORY")
                database.migrate(migrations)
            beside.replace(file)
        except OSError as error:
            cause = f"The catalog cannot be made: {error.strerror}"
            remedy = "Is the disk full, or the folder not writable?"
            raise CollectionError(cause, place=str(file.parent), remedy=remedy) from error
        finally:
            with suppress(OSError):
                beside.unlink(missing_ok=True)

    @classmethod
    def open(cls, file: Path, migrations: Sequence[str]) -> Self:
        """Open ``file`` and bring it to the newest version.

        Where nothing can be written, on a full or read-only disk, it is opened for reading.

        Args:
            file: Where it lies.
            migrations: Step n leads from version n to n + 1; statements separated by ``;``.

        Raises:
            CollectionDamaged: The file is empty, no database, not one of ours, of a version after
                the last step, or a log that is not its own lies beside it.
            CollectionError: It cannot be opened.
        """
        _refuse_empty(file)
        let_go = write_ahead.take(file)
        if let_go is None:
            raise _foreign_log(file)
        try:
            database = cls._opened(file)
        except BaseException:
            let_go()
            raise
        database.after_closing.append(let_go)
        try:
            database.check_schema(migrations)
            if database.version < len(migrations):
                database.migrate(migrations)
        except BaseException:
            database.close()
            raise
        return database

    @classmethod
    def _opened(cls, file: Path) -> Self:
        """Open for writing; else for reading: in its place, or where its log can be merged in."""
        try:
            return cls._for_writing(file)
        except CollectionDamaged:
            raise
        except CollectionError:
            log = file.with_name(file.name + write_ahead.LOG_SUFFIX)
            with suppress(CollectionError):
                return cls._for_reading(file, "mode=ro")
            with suppress(CollectionError, OSError):
                if log.exists() and log.stat().st_size:
                    return cls._copied(file, log)
                # As a file that does not change, it needs nothing beside it.
                return cls._for_reading(file, "mode=ro&immutable=1")
            raise

    @classmethod
    def _for_writing(cls, file: Path) -> Self:
        database = cls(_connection(file, "mode=rw"), file)
        try:
            database._use_wal()
            for pragma in ("synchronous = NORMAL", "foreign_keys = ON"):
                database.rows(f"PRAGMA {pragma}")
            database._settle()
        except BaseException:
            database.close()
            raise
        return database

    @classmethod
    def _for_reading(cls, file: Path, how: str) -> Self:
        database = cls(_connection(file, how), file)
        try:
            database._settle()
        except BaseException:
            database.close()
            raise
        return database

    @classmethod
    def _copied(cls, file: Path, log: Path) -> Self:
        """Read a copy, with what its log holds; nobody can write where it lies."""
        folder = Path(tempfile.mkdtemp())
        try:
            for part in (file, log):
                shutil.copyfile(part, folder / part.name)
            connection = _connection(folder / file.name, "mode=rw")
            database = cls(connection, file)
            database._settle()
            database.rows("PRAGMA query_only = ON")
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        weakref.finalize(database, shutil.rmtree, folder, ignore_errors=True)
        return database

    def _settle(self) -> None:
        self.rows(f"PRAGMA cache_size = -{_CACHE_KIB}")
        # What a file says about itself may call nothing but what every SQLite has built in.
        self.rows("PRAGMA trusted_schema = OFF")
        self.rows("SELECT COUNT(*) FROM sqlite_master")

    def check_schema(self, migrations: Sequence[str]) -> None:
        """Make sure that the file holds what our steps make, and nothing else.

        Raises:
            CollectionDamaged: It does not.
        """
        with self._at_one_moment():  # another process may be migrating it
            version, schema = self.version, _schema_of(self._connection)
        if version > len(migrations):
            cause = "This collection was written by a newer version of the program"
            raise CollectionDamaged(cause, place=str(self.file), remedy="Update the program.")
        if not version or schema != _schema_after(tuple(migrations[:version])):
            raise damaged(self.file, "it is not a catalog that this program wrote")

    def migrate(self, migrations: Sequence[str]) -> None:
        """Bring the file to the newest version, all steps or none."""
        with self.transaction():
            version = self.version  # another process may have been faster
            for step in migrations[version:]:
                for statement in step.split(";"):
                    self.rows(statement)
            self.rows(f"PRAGMA user_version = {len(migrations)}")

    @contextmanager
    def _at_one_moment(self) -> Iterator[None]:
        """Read the same state throughout, whatever others write meanwhile."""
        with self._lock, translated(self.file):
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                self._connection.rollback()

    def _use_wal(self) -> None:
        # SQLite does not wait when it is to change the mode of a file that is being written.
        until = time.monotonic() + _SECONDS_TO_WAIT
        while True:
            try:
                self.rows("PRAGMA journal_mode = WAL")
            except CollectionError as error:
                if not is_busy(error.__cause__) or time.monotonic() > until:
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
        """Return a value that changes with every write, ours or another process's."""
        return self.number("PRAGMA data_version"), self._connection.total_changes

    def problem(self) -> str:
        """Look through the whole file for damage; return the first that is found, or nothing."""
        try:
            found = str(self.rows("PRAGMA integrity_check(1)")[0][0])
        except CollectionDamaged as error:
            return error.cause
        return "" if found == "ok" else found

    def sort_again(self) -> None:
        """Make what rows are found by anew from the rows themselves."""
        self.rows("REINDEX")

    def flush(self) -> None:
        """Have all that was committed on the disk itself, so that a power cut takes none of it."""
        self.rows("PRAGMA synchronous = FULL")
        try:
            # Flushing the log with the stamp of this one flushes all that was written before.
            with self.transaction():
                pass
        finally:
            self.rows("PRAGMA synchronous = NORMAL")

    def close(self) -> None:
        """Close the file; the object is of no use afterwards."""
        self._closing()

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
                stamp = int(self.rows("PRAGMA application_id")[0][0])
                self.rows(f"PRAGMA application_id = {write_ahead.next_stamp(stamp)}")
                self.rows("COMMIT")
            except BaseException:
                self._connection.rollback()
                raise

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """Run one statement and give all its rows."""
        with self._writing(sql), translated(self.file):
            return self._connection.execute(sql, values).fetchall()

    def _writing(self, sql: str) -> AbstractContextManager[object]:
        """Hold the connection; what writes is a transaction, so that it is stamped."""
        return self.transaction() if sql.lstrip()[:6] in _WRITES else self._lock

    def number(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Run a statement that gives one whole number."""
        rows = self.rows(sql, values)
        with readable(self.file, "numbers"):
            return int(rows[0][0])

    def ids(self, sql: str, values: Sequence[Any] = ()) -> Ids:
        """Run a statement that gives one whole number a row.

        Raises:
            CollectionDamaged: Something else is among them.
        """
        return whole_numbers(self.file, self.rows(sql, values))

    def insert(self, sql: str, values: Sequence[Any]) -> int:
        """Run an INSERT and give the id of its row."""
        with self.transaction(), translated(self.file):
            return self._connection.execute(sql, values).lastrowid or 0

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for each of ``rows``."""
        with self.transaction(), translated(self.file):
            self._connection.executemany(sql, rows)

    def add_function(self, name: str, function: Callable[..., int], arguments: int) -> None:
        """Make a function of ours known to SQL."""
        self._connection.create_function(name, arguments, function, deterministic=True)


def _connection(file: Path, how: str) -> sqlite3.Connection:
    """Connect to a file that is there; SQLite would make an empty one in the place of none."""
    with translated(file):
        return sqlite3.connect(
            f"{file.absolute().as_uri()}?{how}",
            timeout=_SECONDS_TO_WAIT,
            isolation_level=None,
            check_same_thread=False,
            uri=True,
        )


def _close(connection: sqlite3.Connection, afterwards: list[Callable[[], None]]) -> None:
    connection.close()
    for note in afterwards:
        note()


def _foreign_log(file: Path) -> CollectionDamaged:
    cause = "Beside the catalog lies the log of another state of it, which would be mixed into it"
    remedy = (
        f"Was it put back from a backup? Run: python -m search_engine check {file.parent.name}"
        " --repair. The log is moved aside, and the catalog used as it is."
    )
    return CollectionDamaged(cause, place=str(file), remedy=remedy)


def _refuse_empty(file: Path) -> None:
    """SQLite takes an empty file for a new database, and would answer that there is nothing."""
    if not file.stat().st_size:
        raise damaged(file, "it is empty")


def _schema_of(connection: sqlite3.Connection) -> frozenset[tuple[str, ...]]:
    """List all but what SQLite itself makes; a trigger may have a name like those, too."""
    sql = (
        "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE NOT"
        " ((type, name) = ('table', 'sqlite_sequence')"
        " OR (type = 'index' AND sql IS NULL AND name LIKE 'sqlite\\_autoindex\\_%' ESCAPE '\\'))"
    )
    return frozenset(
        tuple(" ".join(str(value).split()) for value in row) for row in connection.execute(sql)
    )


@lru_cache
def _schema_after(steps: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    with closing(sqlite3.connect(":memory:")) as made:
        for step in steps:
            made.executescript(step)
        return _schema_of(made)
