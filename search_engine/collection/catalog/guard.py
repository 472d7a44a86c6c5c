"""The files of a catalog, looked at before SQLite touches them.

SQLite writes into them where they lie, and believes what they say of one another: a file with a
second name elsewhere is changed there as well. And a journal that a writer left behind may name
one more file, which tied several databases together; SQLite deletes that file when it has rolled
back, wherever it lies. Ours never name one, but a journal that came along with somebody else's
collection may name any file of the user.
"""

from __future__ import annotations

import os
from pathlib import Path

from search_engine import files
from search_engine.collection.catalog.sqlite_errors import damaged
from search_engine.errors import CollectionDamaged

_JOURNAL = "-journal"
_BESIDE = ("", "-wal", "-shm", _JOURNAL)
_NAMES_ANOTHER = bytes.fromhex("d9d505f920a163d7")
"""The last bytes of a journal that names another file: "The Rollback Journal" of SQLite."""


def refuse_foreign_files(file: Path) -> None:
    """Make sure that SQLite, opening a catalog, writes to and deletes nothing but its own files.

    Raises:
        CollectionDamaged: One of the files has a second name, or the journal names another file.
        OSError: They cannot be looked at.
    """
    for suffix in _BESIDE:
        own = file.with_name(file.name + suffix)
        if os.path.lexists(own) and own.lstat().st_nlink > 1:
            cause = f"'{own.name}' has a second name, under which it would be changed as well"
            remedy = "Copy the folder of the collection, and put the copy in its place."
            raise CollectionDamaged(cause, place=str(own), remedy=remedy)
    if _last_bytes(file.with_name(file.name + _JOURNAL)) == _NAMES_ANOTHER:
        raise damaged(file, "its journal names another file, which would be deleted")


def _last_bytes(journal: Path) -> bytes:
    try:
        with files.open_own(journal) as content:
            size = content.seek(0, os.SEEK_END)
            content.seek(max(0, size - len(_NAMES_ANOTHER)))
            return content.read()
    except FileNotFoundError:
        return b""
