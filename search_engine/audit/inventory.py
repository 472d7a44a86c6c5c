"""The pictures of a collection as arrays, copies under one content."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from search_engine.collection.catalog import Embeddings
from search_engine.evaluation import check_level
from search_engine.records import CatalogVersion, Ids, PictureRecord, Vectors
from search_engine.records.soundness import is_sound

NO_CATEGORY = -1

_FIELDS = np.dtype(
    [("id", "i8"), ("hash", "S64"), ("label", "i4"), ("width", "i4"), ("height", "i4"),
     ("size", "i8")]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Inventory:
    """All pictures with a vector. A *content* is what files with the same bytes share."""

    embeddings: Embeddings
    version: CatalogVersion
    """Of the catalog, when it was looked at."""
    picture_ids: Ids
    """Ascending."""
    contents: Ids
    """The number of each picture's content."""
    firsts: Ids
    """The place, among the pictures, of the first of each content."""
    hashes: NDArray[np.bytes_]
    """SHA-256 of each content, hexadecimal."""
    categories: tuple[str, ...]
    labels: NDArray[np.int32]
    """The place of each picture's category; −1 for those without one."""
    widths: NDArray[np.int32]
    heights: NDArray[np.int32]
    sizes: NDArray[np.int64]
    """Bytes."""

    def __len__(self) -> int:
        """Count the pictures."""
        return len(self.picture_ids)

    @property
    def content_ids(self) -> Ids:
        """The id of the first picture of each content."""
        ids: Ids = self.picture_ids[self.firsts]
        return ids

    def pictures_of(self, contents: Ids) -> Ids:
        """Return the places of all pictures of these contents."""
        return np.flatnonzero(np.isin(self.contents, contents))

    def labelled(self, level: int) -> Inventory:
        """Return the same pictures with the folders at a level for categories; 1 is the first.

        Raises:
            BadInput: No picture lies in so many folders.
        """
        if level == 1:
            return self
        catalog = self.embeddings.catalog
        check_level(catalog, level)
        names, ids, numbers = catalog.statistics.category_numbers(level)
        places = np.minimum(np.searchsorted(ids, self.picture_ids), len(ids) - 1)
        known = ids[places] == self.picture_ids
        without = names[:1] == [""]
        labels = np.where(known, numbers[places] - int(without), NO_CATEGORY).astype(np.int32)
        return replace(self, categories=tuple(names[without:]), labels=labels)

    def batches(self, size: int = 4096) -> Iterator[tuple[slice, Vectors]]:
        """Yield the contents' vectors in order, shape (some, dimension), with their places."""
        ids = self.content_ids
        for start in range(0, len(ids), size):
            yield slice(start, start + size), self.embeddings.of(ids[start : start + size])


def take_inventory(embeddings: Embeddings) -> Inventory:
    """Look through a catalog once; a million pictures take some seconds."""
    catalog = embeddings.catalog
    version = catalog.version
    numbers: dict[str, int] = {}
    rows = np.fromiter(
        (_row(record, numbers) for record in catalog.pictures if is_sound(record)), dtype=_FIELDS
    )
    rows = rows[np.isin(rows["id"], embeddings.ids())]
    _, first, number = np.unique(rows["hash"], return_index=True, return_inverse=True)
    order = np.argsort(first)  # contents are numbered as their first pictures are
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return Inventory(
        embeddings=embeddings,
        version=version,
        picture_ids=rows["id"].copy(),
        contents=place[number],
        firsts=first[order],
        hashes=rows["hash"][first[order]],
        categories=tuple(numbers),
        labels=rows["label"].copy(),
        widths=rows["width"].copy(),
        heights=rows["height"].copy(),
        sizes=rows["size"].copy(),
    )


def _row(record: PictureRecord, numbers: dict[str, int]) -> tuple[int, bytes, int, int, int, int]:
    label = NO_CATEGORY
    if record.category is not None:
        label = numbers.setdefault(record.category, len(numbers))
    return (
        record.picture_id, record.content_hash.encode(), label, record.width, record.height,
        record.size_bytes,
    )  # fmt: skip
