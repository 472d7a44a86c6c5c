"""The SQLite catalog of a collection: the one truth from which all else can be made again.

===========  ====================================================================
module       owns
===========  ====================================================================
database     the SQLite file: opening, migration, transactions, errors
schema       the tables
state        what the collection was made with, and its revision
pictures     the pictures and their facts
conditions   filters as conditions of SQL
statistics   counts and sums over them
vectors      their vectors and the models that made them
skipped      the files that were left out, and why
reading      the files that are being read, should the process die of one
builds       the history of builds
===========  ====================================================================

Every write is one transaction. The *revision* counts the writes that add, change or remove vectors;
an index remembers the revision it was made from. Paths are stored as the bytes that the system
uses, so that names which are not UTF-8 survive.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Self

from search_engine.catalog.builds import Build, Builds
from search_engine.catalog.database import Database
from search_engine.catalog.pictures import Pictures
from search_engine.catalog.reading import Reading
from search_engine.catalog.schema import MIGRATIONS
from search_engine.catalog.skipped import Skipped
from search_engine.catalog.state import State
from search_engine.catalog.statistics import CategoryFacts, Measure, Statistics
from search_engine.catalog.vectors import VectorTable
from search_engine.errors import CollectionMissing
from search_engine.records import CollectionSettings

__all__ = ["CATALOG_FILE", "Build", "Catalog", "CategoryFacts", "Measure"]

CATALOG_FILE = "catalog.sqlite"


class Catalog(AbstractContextManager["Catalog"]):
    """A collection's catalog, open for reading and writing, from several threads if need be."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._state = State(database)
        self.pictures = Pictures(database, self._state)
        self.statistics = Statistics(database)
        self.vectors = VectorTable(database, self._state)
        self.skipped = Skipped(database)
        self.reading = Reading(database)
        self.builds = Builds(database)

    @classmethod
    def create(cls, folder: Path) -> Self:
        """Open the catalog in ``folder``; make both where there are none."""
        folder.mkdir(parents=True, exist_ok=True)
        return cls(Database.open(folder / CATALOG_FILE, MIGRATIONS))

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the catalog in ``folder``.

        Raises:
            CollectionMissing: There is none.
            CollectionDamaged: It is broken, or was written by a newer version.
        """
        if not (folder / CATALOG_FILE).is_file():
            cause = f"There is no collection '{folder.name}'"
            remedy = "The command list shows those there are, the command index makes one."
            raise CollectionMissing(cause, place=str(folder.parent), remedy=remedy)
        return cls.create(folder)

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
    def revision(self) -> int:
        """How often vectors came, changed or went."""
        return self._state.revision

    def transaction(self) -> AbstractContextManager[None]:
        """Make all writes inside come true together, or none of them."""
        return self._database.transaction()

    def close(self) -> None:
        """Close the file; the object is of no use afterwards."""
        self._database.close()

    def __exit__(self, *_: object) -> None:
        self.close()
