"""How alike the pictures of categories are, and which are typical.

Mean cosines come from sums of vectors alone, never from a matrix of all pairs: the mean cosine
between all pictures of two sets is the product of their mean vectors, because the inner product is
linear. So a million pictures cost one pass over their vectors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_engine.catalog import Catalog
from search_engine.records import Filters, Ids, ModelCard

_LEAST_LENGTH = 1e-12


@dataclass(frozen=True, slots=True)
class CategorySimilarity:
    """Mean cosine similarities within and between categories."""

    names: tuple[str, ...]
    counts: NDArray[np.int64]
    means: NDArray[np.float64]
    """Shape (categories, dimension): mean vectors, not scaled."""
    matrix: NDArray[np.float64]
    """Shape (categories, categories). The diagonal leaves each picture's pair with itself out; it
    is NaN for a category of one picture."""

    def centre(self, name: str) -> NDArray[np.float32]:
        """Give the direction of a category's mean as a unit vector, shape (dimension,)."""
        mean = self.means[self.names.index(name)]
        scaled: NDArray[np.float32] = (mean / max(np.linalg.norm(mean), _LEAST_LENGTH)).astype(
            np.float32
        )
        return scaled

    def within(self, name: str) -> float:
        """Give the mean cosine between different pictures of a category."""
        place = self.names.index(name)
        return float(self.matrix[place, place])

    def nearest(self, name: str) -> tuple[str, float] | None:
        """Give the other category that is most like this one, and their mean cosine."""
        place = self.names.index(name)
        others = np.where(np.arange(len(self.names)) == place, -np.inf, self.matrix[place])
        best = int(np.argmax(others))
        return (self.names[best], float(others[best])) if len(self.names) > 1 else None


def category_similarity(catalog: Catalog, model: ModelCard) -> CategorySimilarity:
    """Compare all categories of a collection in one pass over the vectors."""
    names, ids, numbers = catalog.statistics.category_numbers()
    sums = np.zeros((len(names), model.dimension))
    counts = np.zeros(len(names), dtype=np.int64)
    for some, vectors in catalog.vectors.batches(model):
        places = np.searchsorted(ids, some)
        of = numbers[places]
        np.add.at(sums, of, vectors)
        counts += np.bincount(of, minlength=len(names))
    means = sums / np.maximum(counts, 1)[:, None]
    matrix = means @ means.T
    squares = np.einsum("ij,ij->i", means, means)
    with np.errstate(invalid="ignore", divide="ignore"):
        # Of the n × n pairs, the n of a picture with itself have cosine one.
        diagonal = (counts * squares - 1) / (counts - 1)
    np.fill_diagonal(matrix, np.where(counts > 1, diagonal, np.nan))
    return CategorySimilarity(tuple(names), counts, means, matrix)


def by_likeness(
    catalog: Catalog, model: ModelCard, name: str, to: NDArray[np.float32]
) -> tuple[Ids, NDArray[np.float32]]:
    """Sort the pictures of a category by their cosine with a unit vector, highest first.

    With the category's own centre, the first are its most typical pictures, the last its least.
    """
    ids = catalog.pictures.matching(Filters(categories=frozenset({name})))
    cosines = catalog.vectors.of(model, ids) @ to
    known = np.isfinite(cosines)
    ids, cosines = ids[known], cosines[known]
    order = np.argsort(-cosines, kind="stable")
    return ids[order], cosines[order]
