"""A catalog's file made, or opened as far as its disk lets us.

What lies there is believed only after it was seen to be one of ours; SQLite itself asks nothing.
"""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import sqlite3
import tempfile
import weakref
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from search_engine import files
from search_engine.collection.catalog import write_ahead
from search_engine.collection.catalog.database import SECONDS_TO_WAIT, Database
from search_engine.collection.catalog.sqlite_errors import damaged, translated
from search_engine.errors import CollectionDamaged, CollectionError, Way, passing_over

_LOG = logging.getLogger(__name__)

_PAGE_BYTES = 16_384
"""A vector of 512 dimensions takes a whole page of SQLite's usual 4,096 bytes, half of it empty."""


def make_database(file: Path, migrations: Sequence[str]) -> None:
    """Make a new file of the newest version, which is there whole or not at all.

    Raises:
        CollectionError: It cannot be written.
    """
    beside = file.parent / f".{secrets.token_hex(8)}{files.PARTIAL_SUFFIX}"
    try:
        # SQLite would take the rights that the process gives by default.
        os.close(os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        with closing(Database(_connected(beside, "mode=rw"), beside)) as database:
            database.rows(f"PRAGMA page_size = {_PAGE_BYTES}")
            database.rows("PRAGMA journal_mode = MEMORY")
            database.migrate(migrations)
        beside.replace(file)
    except OSError as error:
        cause = f"The catalog cannot be made: {error.strerror}"
        remedy = "Is the disk full, or the folder not writable?"
        raise CollectionError(cause, place=str(file.parent), remedy=remedy) from error
    finally:
        with passing_over(_LOG, "a half-made catalog stays", OSError):
            beside.unlink(missing_ok=True)


def open_database(file: Path, migrations: Sequence[str]) -> Database:
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
        database = _opened(file)
    except BaseException:
        let_go()
        raise
    database.after_closing.append(let_go)
    try:
        database.check_schema(migrations)
        if database.version < len(migrations):
            _bring_along(database, migrations)
    except BaseException:
        database.close()
        raise
    return database


def _bring_along(database: Database, migrations: Sequence[str]) -> None:
    """Migrate it; where nothing can be written it cannot even be searched."""
    try:
        database.migrate(migrations)
    except CollectionDamaged:
        raise
    except CollectionError as error:
        cause = f"The collection is of an older version and cannot be brought along. {error.cause}"
        remedy = "Open it once where it can be written; nothing is embedded again."
        raise CollectionError(cause, place=str(database.file), remedy=remedy) from error


def _opened(file: Path) -> Database:
    """Open for writing; else for reading: in its place, or where its log can be merged in."""
    try:
        return _for_writing(file)
    except CollectionDamaged:
        raise
    except CollectionError as error:
        _LOG.info("the catalog is opened for reading only: %s", error)
        log = file.with_name(file.name + write_ahead.LOG_SUFFIX)
        with passing_over(_LOG, "it is not read in its place", CollectionError):
            return _for_reading(file, "mode=ro")
        with passing_over(_LOG, "it is not read as it is either", CollectionError, OSError):
            if log.exists() and log.stat().st_size:
                return _copied(file, log)
            # As a file that does not change, it needs nothing beside it.
            return _for_reading(file, "mode=ro&immutable=1")
        raise


def _for_writing(file: Path) -> Database:
    database = Database(_connected(file, "mode=rw"), file)
    try:
        database.use_log()
        for pragma in ("synchronous = NORMAL", "foreign_keys = ON"):
            database.rows(f"PRAGMA {pragma}")
        database.settle()
    except BaseException:
        database.close()
        raise
    return database


def _for_reading(file: Path, how: str) -> Database:
    database = Database(_connected(file, how), file)
    try:
        database.settle()
    except BaseException:
        database.close()
        raise
    return database


def _copied(file: Path, log: Path) -> Database:
    """Read a copy, with what its log holds; nobody can write where it lies."""
    folder = Path(tempfile.mkdtemp())
    try:
        for part in (file, log):
            shutil.copyfile(part, folder / part.name)
        connection = _connected(folder / file.name, "mode=rw")
        database = Database(connection, file)
        database.settle()
        database.rows("PRAGMA query_only = ON")
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    weakref.finalize(database, shutil.rmtree, folder, ignore_errors=True)
    return database


def _connected(file: Path, how: str) -> sqlite3.Connection:
    """Connect to a file that is there; SQLite would make an empty one in the place of none."""
    with translated(file):
        return sqlite3.connect(
            f"{file.absolute().as_uri()}?{how}",
            timeout=SECONDS_TO_WAIT,
            isolation_level=None,
            check_same_thread=False,
            uri=True,
        )


def _foreign_log(file: Path) -> CollectionDamaged:
    cause = "Beside the catalog lies the log of another state of it, which would be mixed into it"
    remedy = (
        "Was it put back from a backup? Repair the collection: the log is moved aside, and the"
        " catalog used as it is."
    )
    name = file.parent.name
    return CollectionDamaged(cause, place=str(file), remedy=remedy, way=Way.REPAIR, about=name)


def _refuse_empty(file: Path) -> None:
    """SQLite takes an empty file for a new database, and would answer that there is nothing."""
    if not file.stat().st_size:
        raise damaged(file, "it is empty")
