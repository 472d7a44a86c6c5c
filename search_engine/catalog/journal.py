"""The journal that a writer of SQLite left behind, looked at before SQLite rolls it back.

At its end a journal may name a second file, which tied several databases together; SQLite deletes
that file when it has rolled back, wherever it lies. Ours never name one, but a journal that came
along with somebody else's collection may name any file of the user.
"""

from __future__ import annotations

import os
from pathlib import Path

from search_engine import files
from search_engine.catalog.sqlite_errors import damaged

JOURNAL_SUFFIX = "-journal"
_MAGIC = bytes.fromhex("d9d505f920a163d7")
"""The last bytes of a journal that names another file, see "The Rollback Journal" of SQLite."""


def refuse_foreign_journal(file: Path) -> None:
    """Make sure that the journal beside a file of SQLite, if any, names no other file.

    Raises:
        CollectionDamaged: It does, and was not written by this program.
        OSError: It cannot be read.
    """
    try:
        with files.open_own(file.with_name(file.name + JOURNAL_SUFFIX)) as journal:
            size = journal.seek(0, os.SEEK_END)
            journal.seek(max(0, size - len(_MAGIC)))
            last = journal.read()
    except FileNotFoundError:
        return
    if last == _MAGIC:
        raise damaged(file, "its journal names another file, which would be deleted")
