"""The SQLite catalog of a collection: the one truth from which all else can be made again.

=============  =====================================================================================
module         owns
=============  =====================================================================================
opening        the SQLite file made, or opened as far as its disk lets us
database       the open file: migration, transactions
effort         how much a statement may do
write_ahead    whether the log beside it is its own
sqlite_errors  what SQLite says is wrong, in our words
guard          its files, looked at before SQLite touches them
schema         the tables
state          what the collection was made with, and its revision
pictures       the pictures and their facts
conditions     filters as conditions of SQL
filter_facts   what filters ask of pictures, for a store that lies elsewhere
statistics     counts and sums over them
timeline       all of them in an order, without a query
tags           their tags, and which of them are hidden
tag_names      what a tag may be called
vector_table   their vectors and the models that made them
embeddings     a catalog as one model sees it
skipped        the files that were left out, and why
odd_rows       rows that this program never writes
in_hand        the files that are being read, should the process die of one
builds_table   the history of builds
=============  =====================================================================================

Every write is one transaction. The *revision* counts the writes that add, change or remove vectors,
and each has a *token* of its own, drawn at random: what is derived, an index for one, remembers
which revision of which catalog it was made of, and is made anew where this catalog never was in
that state. Paths are stored as the bytes that the system uses, so that names which are not UTF-8
survive.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Self

from search_engine import files
from search_engine.collection.catalog import odd_rows, write_ahead
from search_engine.collection.catalog.builds_table import Build, Builds
from search_engine.collection.catalog.database import Database
from search_engine.collection.catalog.embeddings import Embeddings
from search_engine.collection.catalog.filter_facts import FactsForFilters
from search_engine.collection.catalog.guard import refuse_foreign_files
from search_engine.collection.catalog.in_hand import Reading
from search_engine.collection.catalog.opening import make_database, open_database
from search_engine.collection.catalog.pictures import Pictures
from search_engine.collection.catalog.schema import MIGRATIONS
from search_engine.collection.catalog.skipped import Skipped
from search_engine.collection.catalog.sqlite_errors import damaged
from search_engine.collection.catalog.state import CatalogState
from search_engine.collection.catalog.statistics import (
    CategoryFacts,
    FolderLevel,
    Measure,
    Statistics,
)
from search_engine.collection.catalog.tags import Tags
from search_engine.collection.catalog.timeline import UNDATED, ListOrder, Timeline
from search_engine.collection.catalog.vector_table import VectorTable
from search_engine.errors import CollectionError, CollectionMissing
from search_engine.records import CatalogVersion, CollectionSettings
from search_engine.records.findings import Findings

__all__ = [
    "CATALOG_FILE",
    "UNDATED",
    "Build",
    "Catalog",
    "CategoryFacts",
    "Embeddings",
    "FolderLevel",
    "ListOrder",
    "Measure",
]

CATALOG_FILE = "catalog.sqlite"
_FOLDERS = ("thumbnails", "screen", "questions")
"""What else lies in a collection's folder; whoever opens a catalog relies on no link in there."""


class Catalog(AbstractContextManager["Catalog"]):
    """A collection's catalog, open for reading and writing, from several threads if need be."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._state = CatalogState(database)
        self.pictures = Pictures(database, self._state)
        self.tags = Tags(database, self._state)
        self.filter_facts = FactsForFilters(database, self.pictures)
        self.statistics = Statistics(database)
        self.timeline = Timeline(database, self.pictures)
        self.vectors = VectorTable(database, self._state)
        self.skipped = Skipped(database)
        self.reading = Reading(database)
        self.builds = Builds(database)

    @classmethod
    def create(cls, folder: Path) -> Self:
        """Open the catalog in ``folder``; make both where there are none.

        Raises:
            CollectionDamaged: There is one, and it is empty, broken or not ours.
            CollectionError: It cannot be made or opened.
        """
        if not os.path.lexists(folder / CATALOG_FILE):
            with _translated(folder):
                files.make_folder(folder)
            make_database(folder / CATALOG_FILE, MIGRATIONS)
        return cls.open(folder)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the catalog in ``folder``, for reading only where nothing can be written.

        Raises:
            CollectionMissing: There is none.
            CollectionDamaged: It is empty, broken, not ours, or was written by a newer version.
            CollectionError: It cannot be opened.
        """
        with _translated(folder):
            files.refuse_links(folder, *_FOLDERS)
            if not os.path.lexists(folder / CATALOG_FILE):
                cause = f"There is no collection '{folder.name}'"
                remedy = "Take one that is there, or index a folder of pictures under this name."
                raise CollectionMissing(cause, place=str(folder.parent), remedy=remedy)
            if not (folder / CATALOG_FILE).is_file():
                raise damaged(folder / CATALOG_FILE, "it is no file")
            refuse_foreign_files(folder / CATALOG_FILE)
            return cls(open_database(folder / CATALOG_FILE, MIGRATIONS))

    @staticmethod
    def has_foreign_log(folder: Path) -> bool:
        """Return whether a log lies beside the catalog that is not its own, as after a restore."""
        return write_ahead.has_foreign_log(folder / CATALOG_FILE)

    @staticmethod
    def set_log_aside(folder: Path) -> None:
        """Move the log that lies beside a catalog aside, so that the catalog is used as it is.

        Raises:
            CollectionError: It cannot be moved.
        """
        with _translated(folder):
            write_ahead.set_log_aside(folder / CATALOG_FILE)

    @property
    def folder(self) -> Path:
        """The folder of the collection; its name is the collection's."""
        return self._database.file.parent

    @property
    def settings(self) -> CollectionSettings | None:
        """What the collection was made with; None before the first build."""
        return self._state.settings

    @settings.setter
    def settings(self, settings: CollectionSettings) -> None:
        self._state.settings = settings

    @property
    def findings(self) -> Findings:
        """What the last build found in the folder beside pictures."""
        return self._state.findings

    @findings.setter
    def findings(self, findings: Findings) -> None:
        self._state.findings = findings

    @property
    def home(self) -> int:
        """The drive that the root is at home on; 0 where that is not known."""
        return self._state.home

    @home.setter
    def home(self, drive: int) -> None:
        self._state.home = drive

    @property
    def expected(self) -> int:
        """How many pictures the last build went for, known ones included; 0 where none has."""
        return self._state.expected

    @expected.setter
    def expected(self, count: int) -> None:
        self._state.expected = count

    @property
    def revision(self) -> int:
        """How often vectors came, changed or went."""
        return self._state.revision

    @property
    def version(self) -> CatalogVersion:
        """Which state of which catalog this is: the key of all that is derived from it."""
        return self._state.version

    def has_been(self, version: CatalogVersion) -> bool:
        """Return whether something that was made of ``version`` can be brought up to date here."""
        return self._state.has_been(version)

    def flush(self) -> None:
        """Have all that was written on the disk, so that a power cut takes none of it."""
        self._database.flush()

    def problem(self) -> str:
        """Look through the whole file for damage; return the first that is found, or nothing."""
        return self._database.problem()

    def sort_again(self) -> None:
        """Make what rows are found by anew, where it contradicts the rows.

        Raises:
            CollectionError: Two rows say the same of what can be so of one only.
        """
        self._database.sort_again()

    def unreadable(self) -> list[str]:
        """Say what is in it that this program never writes, though the file itself is whole."""
        rows = odd_rows.unreadable_rows(self._database)
        found = [f"{count:,} in the table {table}" for table, count in rows.items()]
        return found + [problem for problem in (self._state.problem(),) if problem]

    def remove_unreadable(self) -> None:
        """Take out what this program never writes; a build makes it again, but for tags."""
        odd_rows.remove_unreadable_rows(self._database)
        self._state.mend()

    def transaction(self) -> AbstractContextManager[None]:
        """Make all writes inside come true together, or none of them."""
        return self._database.transaction()

    def close(self) -> None:
        """Close the file; the object is of no use afterwards."""
        self._database.close()

    def __exit__(self, *_: object) -> None:
        self.close()


@contextmanager
def _translated(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        cause = f"The folder of the collection cannot be used: {error.strerror or error}"
        remedy = "May this user read and write it, and is its drive connected and not full?"
        raise CollectionError(cause, place=str(folder), remedy=remedy) from error
