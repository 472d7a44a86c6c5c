"""Which pictures belong to which category: the folders are the labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_engine.collection.catalog import Catalog, Embeddings
from search_engine.errors import BadInput, NeedsCategories
from search_engine.evaluation.labelling import FIRST_FOLDERS, Labelling
from search_engine.records import Ids

MOST_CATEGORIES = 1_000
"""As many are asked for: a thousand among a million pictures take minutes."""


@dataclass(frozen=True, slots=True)
class GroundTruth:
    """The pictures of a collection and the categories that are asked for."""

    names: tuple[str, ...]
    """Ordered by name; the largest, where there are more than `MOST_CATEGORIES`."""
    counts: NDArray[np.int64]
    ids: Ids
    """All pictures with a vector that count, ascending."""
    category: NDArray[np.int32]
    """For each picture the place of its category among the names; −1 for none of them."""
    categories: int
    """How many the collection has."""
    labelling: Labelling = FIRST_FOLDERS
    """How folders were read as categories."""

    @property
    def without(self) -> int:
        """Count the pictures that belong to no category that is asked for."""
        return int(np.count_nonzero(self.category < 0))


def read_ground_truth(
    embeddings: Embeddings,
    labelling: Labelling = FIRST_FOLDERS,
    *,
    among: Ids | None = None,
) -> GroundTruth:
    """Read the categories of all pictures that have a vector of the model.

    Args:
        embeddings: The collection and its model.
        labelling: Which folders are the categories.
        among: The only pictures that count, where not all do.

    Raises:
        NeedsCategories: There is no category, or only one and nothing beside it.
        BadInput: No picture lies in as many folders as the level says.
    """
    all_names, known, numbers = embeddings.catalog.statistics.category_numbers(labelling.level)
    ids = embeddings.ids()
    ids = ids[np.isin(ids, known if among is None else np.intersect1d(known, among))]
    of = numbers[np.searchsorted(known, ids)]
    counts = np.bincount(of, minlength=len(all_names))
    named = np.array([bool(name) for name in all_names], dtype=bool) & (counts > 0)
    if not named.any() or counts[named].max() == len(ids):
        raise _nothing_to_measure(embeddings.catalog, labelling.level, only_one=bool(named.any()))
    largest = np.argsort(np.where(named, -counts, 0), kind="stable")[:MOST_CATEGORIES]
    asked = np.sort(largest[named[largest]])
    place = np.full(len(all_names), -1, dtype=np.int32)
    place[asked] = np.arange(len(asked), dtype=np.int32)
    names = tuple(all_names[at] for at in asked.tolist())
    return GroundTruth(names, counts[asked], ids, place[of], int(named.sum()), labelling)


def check_level(catalog: Catalog, level: int) -> None:
    """Make sure that pictures lie in as many folders as a level says.

    Raises:
        BadInput: None does.
    """
    deepest = len(catalog.statistics.folder_levels()) if level > 1 else 1
    if 0 < deepest < level:
        cause = f"No picture lies in a folder at level {level}"
        remedy = f"Take a level from 1 to {deepest}." if deepest > 1 else "Take level 1."
        raise BadInput(cause, place=catalog.folder.name, remedy=remedy)


def _nothing_to_measure(catalog: Catalog, level: int, *, only_one: bool) -> NeedsCategories:
    check_level(catalog, level)
    at = f" at level {level} of its folders" if level > 1 else ""
    has = f"{'only one category' if only_one else 'no categories'}{at}"
    cause = f"The collection has {has}, so there is nothing to measure results by"
    deeper = level < len(catalog.statistics.folder_levels())
    remedy = f"{f'Take the folders at level {level + 1}, or put' if deeper else 'Put'} the pictures"
    remedy += " into folders named after what they show, and index again."
    name = catalog.folder.name
    return NeedsCategories(cause, place=name, remedy=remedy, about=name)
