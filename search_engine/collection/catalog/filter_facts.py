"""What filters ask of pictures, for a store that lies elsewhere and filters there."""

from __future__ import annotations

import os

from search_engine.collection.catalog.conditions import DATE
from search_engine.collection.catalog.database import Database, some_at_a_time
from search_engine.collection.catalog.pictures import Pictures
from search_engine.collection.catalog.sqlite_errors import readable
from search_engine.records import FilterFacts, Filters, Ids


class FactsForFilters:
    """Reads them from the table ``pictures``."""

    def __init__(self, database: Database, pictures: Pictures) -> None:
        self._database = database
        self._pictures = pictures

    def passing(self, filters: Filters, picture_ids: Ids) -> set[int]:
        """Return those of these pictures that pass all but the filters on score and match."""
        passes, values = self._pictures.condition(filters)
        found: set[int] = set()
        for some in some_at_a_time(picture_ids.tolist()):
            marks = ", ".join("?" * len(some))
            sql = f"SELECT id FROM pictures WHERE ({passes}) AND id IN ({marks})"  # noqa: S608 - our own names
            found.update(self._database.ids(sql, (*values, *some)).tolist())
        return found

    def of(self, picture_ids: Ids) -> list[FilterFacts]:
        """Return the facts of these pictures, in this order; empty ones of those that are gone."""
        found: dict[int, FilterFacts] = {}
        for some in some_at_a_time(picture_ids.tolist()):
            marks = ", ".join("?" * len(some))
            sql = (
                f"SELECT id, category, {DATE}, path, width, height, size_bytes FROM pictures"  # noqa: S608 - our own names
                f" WHERE id IN ({marks})"
            )
            with readable(self._database.file, "pictures"):
                for picture_id, category, date, path, *sizes in self._database.rows(sql, some):
                    names = (
                        os.fsdecode(category or b""),
                        str(date or ""),
                        os.fsdecode(path or b""),
                    )
                    found[picture_id] = FilterFacts(*names, *map(int, sizes))
        return [found.get(picture_id, FilterFacts()) for picture_id in picture_ids.tolist()]
