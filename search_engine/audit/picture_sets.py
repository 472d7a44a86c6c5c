"""A set of pictures that is compared with another: a collection, or a first folder of one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from search_engine.audit.audit import Audit
from search_engine.audit.evidence import ThumbnailLooks
from search_engine.audit.inventory import Inventory
from search_engine.audit.on_disk import FileState, look
from search_engine.errors import BadInput
from search_engine.query import chosen_categories
from search_engine.records import Filters, Ids, Progress, Step, Vectors, folder_at, no_progress
from search_engine.search.engine import SearchEngine

_RECORDS_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class SetCounts:
    """What a set of pictures consists of."""

    pictures: int
    contents: int
    """Pictures of the same bytes counted once."""
    missing: int
    """Pictures whose file is not there now, or cannot be reached."""
    skipped: int
    """Files that could not be read when they were indexed, and are compared with nothing."""
    not_embedded: int
    """Pictures that the index does not have yet, compared with nothing either."""


class PictureSet:
    """The pictures of a collection, or of one of its first folders, as they are in its audit."""

    def __init__(self, audit: Audit, categories: frozenset[str] | None = None) -> None:
        self.audit = audit
        self.categories = categories

    @classmethod
    def of(cls, audit: Audit, folder: str | None = None) -> PictureSet:
        """Take the pictures of a collection, or of the first folder that is meant by a name.

        Raises:
            BadInput: There is no such folder, or no picture in it.
        """
        categories = None
        if folder is not None:
            choice = chosen_categories(audit.engine.catalog, [folder])
            choice.refuse_unknown(audit.engine.name)
            categories = choice.known
        found = cls(audit, categories)
        if not len(found.picture_ids):
            cause = "There are no pictures to compare"
            raise BadInput(cause, place=found.name, remedy="Choose another collection or folder.")
        return found

    @property
    def engine(self) -> SearchEngine:
        """The collection."""
        return self.audit.engine

    @property
    def name(self) -> str:
        """As it is typed: the collection, or ``collection/folder``."""
        folders = sorted(self.categories or ())
        return " + ".join(f"{self.engine.name}/{one}" for one in folders) or self.engine.name

    @property
    def inventory(self) -> Inventory:
        """The pictures of the whole collection."""
        return self.audit.inventory

    @cached_property
    def _places(self) -> Ids:
        if self.categories is None:
            return np.arange(len(self.inventory), dtype=np.int64)
        among = self.engine.catalog.pictures.matching(self._filters)
        return np.flatnonzero(np.isin(self.inventory.picture_ids, among))

    @property
    def _filters(self) -> Filters:
        return Filters(categories=self.categories)

    @property
    def picture_ids(self) -> Ids:
        """The pictures, ids ascending."""
        ids: Ids = self.inventory.picture_ids[self._places]
        return ids

    @cached_property
    def _contents(self) -> tuple[Ids, Ids]:
        """The numbers of its contents in the inventory, and of each picture's among these."""
        numbers, of_each = np.unique(self.inventory.contents[self._places], return_inverse=True)
        return numbers, of_each

    @property
    def contents(self) -> Ids:
        """The number of each picture's content, which counts the contents of this set alone."""
        return self._contents[1]

    @cached_property
    def hashes(self) -> NDArray[np.bytes_]:
        """The content hash of each content."""
        hashes: NDArray[np.bytes_] = self.inventory.hashes[self._contents[0]]
        return hashes

    def __len__(self) -> int:
        """Count the contents."""
        return len(self._contents[0])

    @property
    def first_pictures(self) -> Ids:
        """The id of the first picture of each content."""
        _, first = np.unique(self.contents, return_index=True)
        ids: Ids = self.picture_ids[first]
        return ids

    def vectors(self, contents: Ids) -> Vectors:
        """Return the vectors of some contents, shape (n, dimension)."""
        ids = self.inventory.content_ids[self._contents[0][contents]]
        return self.engine.embeddings.of(ids)

    def looks(self, progress: Progress = no_progress) -> ThumbnailLooks:
        """Return what the thumbnail of each content looks like."""
        statistics = self.audit.image_statistics(progress)[self._contents[0]]
        return ThumbnailLooks(self.hashes, statistics, self.engine.catalog.folder)

    def pictures_of(self, contents: Ids) -> Ids:
        """Return the ids of all pictures of some contents, ascending."""
        ids: Ids = self.picture_ids[np.isin(self.contents, contents)]
        return ids

    def count(self, progress: Progress = no_progress) -> SetCounts:
        """Count what there is of it, and which files are on the disk now."""
        catalog, ids = self.engine.catalog, self.picture_ids
        missing = 0
        for start in range(0, len(ids), _RECORDS_AT_ONCE):
            progress(Step(f"Looking for the files of {self.name}", start, len(ids)))
            records = self.engine.records(ids[start : start + _RECORDS_AT_ONCE].tolist())
            missing += sum(not self._is_there(record.path) for record in records.values())
        skipped = sum(self._has(one.path) for one in catalog.skipped)
        there = catalog.pictures.count(self._filters)
        return SetCounts(len(ids), len(self), missing, skipped, max(0, there - len(ids)))

    def _is_there(self, path: str) -> bool:
        state = look(self.engine.collection.root / path).state
        return state in {FileState.FILE, FileState.LINK}

    def _has(self, path: str) -> bool:
        return self.categories is None or (folder_at(path, 1) or "") in self.categories


def refuse_overlap(first: PictureSet, second: PictureSet) -> None:
    """Refuse two sets of which one is in the other.

    Raises:
        BadInput: They are of one collection, and not two folders of it.
    """
    of_one = first.engine.catalog.folder == second.engine.catalog.folder
    ones, others = first.categories, second.categories
    if of_one and (ones is None or others is None or ones & others):
        cause = "What is compared has to be two things, and neither in the other"
        remedy = "Choose two collections, or two folders of one."
        raise BadInput(cause, place=f"{first.name} and {second.name}", remedy=remedy)
