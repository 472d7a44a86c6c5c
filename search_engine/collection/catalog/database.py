"""A SQLite file: made, opened, migrated, written in transactions, its errors in our words.

What a file says is believed only after it was seen to be one of ours: not empty, with exactly our
tables, and no views or triggers, which would run whatever somebody else wrote into them.
"""

from __future__ import annotations

import sqlite3
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import numpy as np

from search_engine.collection.catalog import write_ahead
from search_engine.collection.catalog.effort import Effort
from search_engine.collection.catalog.schema import schema_after, schema_of, statements, teach
from search_engine.collection.catalog.sqlite_errors import (
    TOO_LONG,
    damaged,
    is_busy,
    is_interrupted,
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
SECONDS_TO_WAIT = 30
"""Until another connection has written what it writes."""
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
        self._effort = Effort(connection, file)
        self._lock = threading.RLock()
        self.file = file
        self.after_closing: list[Callable[[], None]] = []
        # Nobody closes it under those who still read from it: the last of them lets go of it.
        self._closing = weakref.finalize(self, _close, connection, self.after_closing)

    def settle(self) -> None:
        """Set what holds for every connection.

        Raises:
            CollectionError: The file cannot be read.
        """
        self.rows(f"PRAGMA cache_size = -{_CACHE_KIB}")
        # What a file says about itself may call nothing but what every SQLite has built in.
        self.rows("PRAGMA trusted_schema = OFF")
        self.rows("SELECT 1 FROM sqlite_master LIMIT 1")

    def check_schema(self, migrations: Sequence[str]) -> None:
        """Make sure that the file holds what our steps make, and nothing else.

        Raises:
            CollectionDamaged: It does not.
        """
        with self._at_one_moment():  # another process may be migrating it
            version, schema = self.version, schema_of(self._connection)
        if version > len(migrations):
            cause = "This collection was written by a newer version of the program"
            raise CollectionDamaged(cause, place=str(self.file), remedy="Update the program.")
        if not version or schema != schema_after(tuple(migrations[:version])):
            raise damaged(self.file, "it is not a catalog that this program wrote")
        if ("table", "collection") in {entry[:2] for entry in schema}:
            self._refuse_long_values()

    def _refuse_long_values(self) -> None:
        """To look a key of this table up, SQLite reads whole rows, however long a value is."""
        longest = self.rows("SELECT MAX(length(value)) FROM collection")[0][0] or 0
        if longest > self._effort.longest:
            raise damaged(self.file, TOO_LONG)

    def migrate(self, migrations: Sequence[str]) -> None:
        """Bring the file to the newest version, all steps or none."""
        teach(self._connection)
        with self.transaction():
            version = self.version  # another process may have been faster
            for step in migrations[version:]:
                for statement in statements(step):
                    self.rows(statement)
            self.rows(f"PRAGMA user_version = {len(migrations)}")

    @contextmanager
    def _at_one_moment(self) -> Iterator[None]:
        """Read the same state throughout, whatever others write meanwhile."""
        with self._lock, self._limited():
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                self._connection.rollback()

    def use_log(self) -> None:
        """Write into a log beside the file, so that reading goes on meanwhile."""
        # SQLite does not wait when it is to change the mode of a file that is being written.
        until = time.monotonic() + SECONDS_TO_WAIT
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
            self._effort.follow_size()
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
        with self._writing(sql), self._limited():
            return self._connection.execute(sql, values).fetchall()

    def pages(self, sql: str, values: Sequence[Any], last: int = 0) -> Iterator[list[Row]]:
        """Run a statement again and again, each time after the first value of its last row.

        Args:
            sql: It begins after its last parameter, is ordered by that, and ends at some rows.
            values: Of its other parameters.
            last: After which number it begins.

        Raises:
            CollectionDamaged: The numbers do not grow, so that it would never end.
        """
        while rows := self.rows(sql, (*values, last)):
            before, last = last, rows[-1][0]
            if type(last) is not int or last <= before:
                raise unreadable(self.file, "its rows are not in order")
            yield rows

    @contextmanager
    def _limited(self) -> Iterator[None]:
        """Translate errors, and end what a sound file can never need.

        Raises:
            CollectionDamaged: It was ended.
            KeyboardInterrupt: The user stopped it; SQLite itself would swallow that.
        """
        self._effort.begin()
        with translated(self.file):
            try:
                yield
            except sqlite3.OperationalError as error:
                if is_interrupted(error) and self._effort.is_spent:
                    raise damaged(self.file, "its pages lead in circles") from error
                if is_interrupted(error):
                    raise KeyboardInterrupt from error
                raise

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
        with self.transaction(), self._limited():
            return self._connection.execute(sql, values).lastrowid or 0

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for each of ``rows``."""
        with self.transaction(), self._effort.uncounted(), translated(self.file):
            self._connection.executemany(sql, rows)

    def add_function(self, name: str, function: Callable[..., int], arguments: int) -> None:
        """Make a function of ours known to SQL."""
        self._connection.create_function(name, arguments, function, deterministic=True)


def _close(connection: sqlite3.Connection, afterwards: list[Callable[[], None]]) -> None:
    connection.close()
    for note in afterwards:
        note()
