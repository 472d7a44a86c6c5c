"""The points of the map whose pictures are there and not hidden, with their categories."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pages.ui.frame import feedback, resources
from search_engine import SearchEngine
from search_engine.records import Ids

_MOST_NAMED = 100_000
"""A table of more points does without the paths: each costs a look into the catalog."""


@dataclass(frozen=True)
class MapPoints:
    """What the map shows; all arrays are of one length."""

    ids: Ids
    """Ascending."""
    points: NDArray[np.float32]
    """Shape (n, 2), each coordinate from 0 to 1."""
    places: Ids
    """Where the thumbnail of each is on the sheet."""
    numbers: NDArray[np.int32]
    """The place of each category among the names."""
    names: list[str]
    """Of the categories; the empty one stands for none."""

    def __len__(self) -> int:
        return len(self.ids)

    def has_categories(self) -> bool:
        """Return whether any picture lies in a folder."""
        return any(self.names)

    def of(self, known: Ids, values: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the values of the points, told those of some ids, ascending; NaN for others."""
        found = np.full(len(self), np.nan)
        if len(known):
            at = np.minimum(np.searchsorted(known, self.ids), len(known) - 1)
            is_known = known[at] == self.ids
            found[is_known] = values[at[is_known]]
        return found

    def table(self, engine: SearchEngine) -> pd.DataFrame:
        """List all points."""
        names = [feedback.category_name(name) for name in self.names]
        table = pd.DataFrame(
            {
                "picture_id": self.ids,
                "x": self.points[:, 0],
                "y": self.points[:, 1],
                "category": [names[number] for number in self.numbers.tolist()],
            }
        )
        if len(self) <= _MOST_NAMED:
            records = engine.records(self.ids.tolist())
            paths = (records[one].path if one in records else "" for one in self.ids.tolist())
            table["path"] = [feedback.readable(path) for path in paths]
        return table


@resources.cached_by_collection(entries=4, by_tags=True)
def points_of(engine: SearchEngine) -> MapPoints:
    """Return the points of a collection's map."""
    drawn = resources.map_of(engine)
    names, known, numbers = resources.category_numbers(engine)
    there = np.isin(drawn.picture_ids, known)
    there &= ~np.isin(drawn.picture_ids, engine.catalog.tags.hidden_ids())
    ids = drawn.picture_ids[there]
    of = numbers[np.searchsorted(known, ids)]
    return MapPoints(ids, drawn.points[there], np.flatnonzero(there), of, names)
