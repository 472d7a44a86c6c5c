"""What SQLite says is wrong, in our words; only real damage is called damage."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from search_engine.errors import CollectionClosed, CollectionDamaged, CollectionError, Way

RESTORE = (
    "Put its file back from a backup, if there is one; else remove the collection and index its"
    " folder again. The pictures themselves are not concerned."
)
"""What to do about damage of the one thing that cannot be made again."""


TOO_LONG = "a cell of it is larger than any that this program writes"


@contextmanager
def translated(file: Path) -> Iterator[None]:
    """Raise what goes wrong with a file of SQLite as an error of ours."""
    try:
        yield
    except sqlite3.Error as error:
        raise _unusable(file, error) from error
    except UnicodeDecodeError as error:  # in the message of an error that names what is damaged
        raise damaged(file, "its schema cannot be read") from error


def is_busy(error: BaseException | None) -> bool:
    """Return whether another connection was writing just then."""
    return isinstance(error, sqlite3.Error) and _code(error) in _BUSY


def is_interrupted(error: BaseException | None) -> bool:
    """Return whether a statement was ended from outside."""
    return isinstance(error, sqlite3.Error) and _code(error) == sqlite3.SQLITE_INTERRUPT


def _code(error: sqlite3.Error) -> int:
    """Return SQLite's own primary code; what Python's module itself objects to has none."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_REASONS = {
    sqlite3.SQLITE_FULL: ("the disk is full", "Make room on it."),
    sqlite3.SQLITE_READONLY: (
        "it may only be read",
        "Searching works; what changes the collection needs a folder that can be written.",
    ),
    sqlite3.SQLITE_BUSY: (
        "another program is writing to it",
        "Wait until a build or a backup of it has finished, then try again.",
    ),
    sqlite3.SQLITE_IOERR: (
        "the disk does not read or write it",
        "Is its drive connected, full, or failing?",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "the system does not open it",
        "May this user read and write the folder, and is its drive connected?",
    ),
    sqlite3.SQLITE_PERM: ("the system does not let us", "May this user read and write the folder?"),
    sqlite3.SQLITE_NOMEM: ("there is not enough memory", "Close other programs."),
}
_REASONS[sqlite3.SQLITE_LOCKED] = _REASONS[sqlite3.SQLITE_BUSY]


def _unusable(file: Path, error: sqlite3.Error) -> CollectionError:
    code = _code(error)
    if code in _DAMAGE:
        return damaged(file, str(error))
    if code == sqlite3.SQLITE_TOOBIG:
        return damaged(file, TOO_LONG)
    if code == sqlite3.SQLITE_CONSTRAINT:  # we write nothing that contradicts what we wrote
        return unreadable(file, f"rows in it contradict what is written now: {error}")
    if "Could not decode" in str(error):
        return unreadable(file, "there are texts in it that are none")
    if "closed database" in str(error):
        cause = "The catalog was closed while it was being used"
        return CollectionClosed(cause, place=str(file), remedy="Open the collection again.")
    reason, remedy = _REASONS.get(code, (str(error), "Try again; if it stays, please report it."))
    cause = f"The catalog cannot be used: {reason}"
    return CollectionError(cause, place=str(file), remedy=remedy)


@contextmanager
def readable(file: Path, what: str) -> Iterator[None]:
    """Raise it as damage when values of a catalog are not what we write there."""
    try:
        yield
    except _UNREADABLE as error:
        raise unreadable(file, f"its {what} cannot be read") from error


_UNREADABLE = (
    ValueError, TypeError, KeyError, IndexError, OverflowError, RecursionError, AttributeError,
)  # fmt: skip


def unreadable(file: Path, reason: str) -> CollectionDamaged:
    """Return the error for rows that we never write; they can be taken out."""
    return CollectionDamaged(
        f"The catalog is damaged: {reason}", place=str(file),
        remedy="Repair the collection. Only the pictures that are concerned are embedded again.",
        way=Way.REPAIR, about=file.parent.name,
    )  # fmt: skip


def damaged(file: Path, reason: str) -> CollectionDamaged:
    """Return the error for a file that cannot be used any more."""
    return CollectionDamaged(f"The catalog is damaged: {reason}", place=str(file), remedy=RESTORE)
