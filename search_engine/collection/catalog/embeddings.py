"""A catalog as one model sees it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from search_engine.records import Ids, ModelCard, Vectors

if TYPE_CHECKING:
    from search_engine.collection.catalog import Catalog


@dataclass(frozen=True, slots=True)
class Embeddings:
    """A catalog and one of the models whose vectors it holds; vectors are of length one."""

    catalog: Catalog
    card: ModelCard

    def ids(self) -> Ids:
        """Return the ids of all pictures that have a vector, ascending."""
        return self.catalog.vectors.ids(self.card)

    def of(self, picture_ids: Ids) -> Vectors:
        """Return the vectors of pictures, shape (n, dimension), in their order; NaN for none."""
        return self.catalog.vectors.of(self.card, picture_ids)

    def one(self, picture_id: int) -> Vectors | None:
        """Return the vector of a picture, shape (dimension,); None if it has none."""
        return self.catalog.vectors.one(self.card, picture_id)

    def batches(self) -> Iterator[tuple[Ids, Vectors]]:
        """Yield all ids with their vectors, some thousand at a time, ids ascending."""
        return self.catalog.vectors.batches(self.card)

    def mean(self) -> Vectors:
        """Return the mean of all vectors, shape (dimension,), not of length one."""
        return self.catalog.vectors.mean(self.card)
