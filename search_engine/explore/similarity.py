"""How alike the pictures of categories are, and which are typical.

Mean cosines come from sums of vectors alone, never from a matrix of all pairs: the mean cosine
between all pictures of two sets is the product of their mean vectors, because the inner product is
linear. So a million pictures cost one pass over their vectors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_engine.collection.catalog import Embeddings
from search_engine.records import Filters, Ids, Vectors

_ROWS_AT_ONCE = 256
_LEAST_LENGTH = 1e-12


@dataclass(frozen=True, slots=True)
class CategorySimilarity:
    """Mean cosine similarities within and between categories."""

    names: tuple[str, ...]
    counts: NDArray[np.int64]
    means: NDArray[np.float64]
    """Shape (categories, dimension): mean vectors, not scaled."""
    cohesion: NDArray[np.float64]
    """Mean cosines between different pictures of one category; NaN for a category of one."""
    nearest_places: Ids
    """Of the other category that is most like each; nothing where there is only one."""
    nearest_cosines: NDArray[np.float32]
    """The mean cosines with it."""

    def between(self, places: Sequence[int]) -> NDArray[np.float64]:
        """Return the mean cosines of some categories as a square; cohesion is on its diagonal."""
        means = self.means[list(places)]
        square: NDArray[np.float64] = means @ means.T
        np.fill_diagonal(square, self.cohesion[list(places)])
        return square

    def centre(self, name: str) -> NDArray[np.float32]:
        """Return the direction of a category's mean as a unit vector, shape (dimension,)."""
        mean = self.means[self.names.index(name)]
        scaled: NDArray[np.float32] = (mean / max(np.linalg.norm(mean), _LEAST_LENGTH)).astype(
            np.float32
        )
        return scaled

    def within(self, name: str) -> float:
        """Return the mean cosine between different pictures of a category."""
        return float(self.cohesion[self.names.index(name)])

    def nearest(self, name: str) -> tuple[str, float] | None:
        """Return the other category that is most like this one, and their mean cosine."""
        if len(self.names) <= 1:
            return None
        place = self.names.index(name)
        return self.names[self.nearest_places[place]], float(self.nearest_cosines[place])


def alike_in_order(square: NDArray[np.floating | np.integer]) -> list[int]:
    """Return the places of a square of similarities so that alike ones are neighbours.

    Average linkage, with its leaves in the order in which neighbours are most alike (Z. Bar-Joseph,
    D. Gifford and T. Jaakkola, Bioinformatics 17, 2001), as SciPy computes it. The diagonal does
    not matter.
    """
    count = len(square)
    if count <= 2:  # noqa: PLR2004 - neighbours whichever way round
        return list(range(count))
    from scipy.cluster.hierarchy import leaves_list, linkage

    pairs = np.triu_indices(count, k=1)
    likeness = np.nan_to_num(np.asarray(square, dtype=np.float64)[pairs])
    tree = linkage(likeness.max() - likeness, "average", optimal_ordering=True)
    order: list[int] = leaves_list(tree).tolist()
    return order


def category_similarity(embeddings: Embeddings) -> CategorySimilarity:
    """Compare all categories of a collection in one pass over the vectors."""
    names, ids, numbers = embeddings.catalog.statistics.category_numbers()
    sums = np.zeros((len(names), embeddings.card.dimension))
    counts = np.zeros(len(names), dtype=np.int64)
    for some, vectors in embeddings.batches():
        places = np.searchsorted(ids, some)
        of = numbers[places]
        _add_by_category(sums, of, vectors)
        counts += np.bincount(of, minlength=len(names))
    means = sums / np.maximum(counts, 1)[:, None]
    squares = np.einsum("ij,ij->i", means, means)
    with np.errstate(invalid="ignore", divide="ignore"):
        # Of the n × n pairs, the n of a picture with itself have cosine one.
        cohesion = (counts * squares - 1) / (counts - 1)
    cohesion = np.where(counts > 1, cohesion, np.nan)
    return CategorySimilarity(tuple(names), counts, means, cohesion, *_nearest(means))


def _add_by_category(sums: NDArray[np.float64], of: NDArray[np.int32], vectors: Vectors) -> None:
    """Add each vector to the sum of its category, shapes (categories, d), (n,) and (n, d)."""
    if not len(of):
        return
    order = np.argsort(of, kind="stable")
    of = of[order]
    starts = np.flatnonzero(np.r_[True, of[1:] != of[:-1]])
    # np.add.at takes 8.3 s for a million vectors of 256 dimensions, this 0.5 s
    sums[of[starts]] += np.add.reduceat(vectors[order], starts, axis=0, dtype=np.float64)


def _nearest(means: NDArray[np.float64]) -> tuple[Ids, NDArray[np.float32]]:
    """Find the other row with the largest inner product for each, some rows at a time.

    The square of 20,000 categories would take 3 GB.
    """
    rows = means.astype(np.float32)
    places, cosines = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.float32)]
    for start in range(0, len(rows) if len(rows) > 1 else 0, _ROWS_AT_ONCE):
        some = rows[start : start + _ROWS_AT_ONCE] @ rows.T
        here = np.arange(len(some))
        some[here, start + here] = -np.inf
        best = some.argmax(axis=1)
        places.append(best)
        cosines.append(some[here, best])
    return np.concatenate(places), np.concatenate(cosines)


def sorted_by_similarity(
    embeddings: Embeddings, name: str, to: NDArray[np.float32]
) -> tuple[Ids, NDArray[np.float32]]:
    """Sort the pictures of a category by their cosine with a unit vector, highest first.

    With the category's own centre, the first are its most typical pictures, the last its least.
    """
    ids = embeddings.catalog.pictures.matching(Filters(categories=frozenset({name})))
    cosines = embeddings.of(ids) @ to
    known = np.isfinite(cosines)
    ids, cosines = ids[known], cosines[known]
    order = np.argsort(-cosines, kind="stable")
    return ids[order], cosines[order]
