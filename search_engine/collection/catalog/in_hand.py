"""The files that are being read: what is still here when a build begins, the last one died of."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable

from search_engine.collection.catalog.database import Database
from search_engine.records import PictureFile


class Reading:
    """The table ``reading``; a row says how often the process will have died, should it die now."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, files: Iterable[PictureFile]) -> None:
        """Note files before they are read."""
        self._note(files, 1)

    def begin_again(self, file: PictureFile) -> None:
        """Note that a file is read which an earlier build died with."""
        self._note([file], 2)

    def survived(self, file: PictureFile) -> None:
        """Note that such a file was read, but not stored yet."""
        self._note([file], 1)

    def _note(self, files: Iterable[PictureFile], deaths: int) -> None:
        rows = [(os.fsencode(f.path), f.size_bytes, f.modified_ns, deaths) for f in files]
        with self._database.transaction():
            self._database.many("INSERT OR REPLACE INTO reading VALUES (?, ?, ?, ?)", rows)

    def end(self, files: Iterable[PictureFile]) -> None:
        """Forget files, which were stored or will not be."""
        rows = [(os.fsencode(file.path),) for file in files]
        with self._database.transaction():
            self._database.many("DELETE FROM reading WHERE path = ?", rows)

    def only(self, files: Collection[PictureFile]) -> None:
        """Forget all files but these."""
        self.end([file for file in self.deaths() if file not in files])

    def deaths(self) -> dict[PictureFile, int]:
        """Return how often the process died while it was reading each of the files."""
        rows = self._database.rows("SELECT path, size_bytes, modified_ns, deaths FROM reading")
        return {PictureFile(os.fsdecode(path), *stamp): deaths for path, *stamp, deaths in rows}
