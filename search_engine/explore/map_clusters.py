"""Groups of points on the map, named by the words that stand out in them.

The groups are those of HDBSCAN (R. Campello, D. Moulavi and J. Sander, PAKDD 2013) on the points,
as scikit-learn finds them. A word stands out in a group by how far the mean cosine of the group's
pictures with it lies above that of all others, in standard deviations within the two (Cohen's d):
words differ in how high they score anywhere, and only the difference says something about a group.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_engine.explore.map_cells import Points
from search_engine.records import Vectors

_SHARE = 100
_FEWEST = 5
"""Pictures of a group: a hundredth of all, but so many."""
_STANDS_OUT = 2.0
"""Standard deviations. Of the sample gallery's 21 groups, in many of which only the ground is
alike, 11 then have a name, and 8 of these say what at least half of the group shows."""
_NEARLY = 0.7
"""A word that is part of a phrase, and stands out nearly as much, says it better: it is general."""
_MOST_OF_IT = 0.6
"""The share of a group that a category must have to name it, where no word does."""
_LEAST_SPREAD = 1e-6


@dataclass(frozen=True, slots=True)
class MapCluster:
    """A group of points with its name."""

    name: str
    x: float
    y: float
    """In the middle of it: the median point."""
    pictures: int


def find_clusters(points: Points) -> NDArray[np.int64]:
    """Return the number of each point's group, from 0; −1 for points between groups."""
    fewest = max(_FEWEST, len(points) // _SHARE)
    if len(points) < 2 * fewest:
        return np.full(len(points), -1)
    from sklearn.cluster import HDBSCAN

    found: NDArray[np.int64] = HDBSCAN(
        min_cluster_size=fewest, cluster_selection_method="leaf", copy=True
    ).fit_predict(points.astype(np.float64))
    return found


def name_clusters(
    points: Points,
    vectors: Vectors,
    words: Sequence[str],
    word_vectors: Vectors,
    categories: Sequence[str],
) -> list[MapCluster]:
    """Find the groups of a map and name each, largest first; those without a name are left out.

    Args:
        points: Shape (n, 2).
        vectors: Of the same pictures, of length one, shape (n, dimension).
        words: What a group may be called.
        word_vectors: Of the words, of length one, shape (words, dimension).
        categories: Of each picture; one names a group in which no word stands out and that is
            mostly of it. Empty for none.
    """
    of = find_clusters(points)
    standing = _standing(vectors, word_vectors, of)
    named = []
    for number in range(int(of.max(initial=-1)) + 1):
        members = np.flatnonzero(of == number)
        name = _word(words, standing[number]) or _category(
            [categories[at] for at in members.tolist()]
        )
        if name:
            x, y = np.median(points[members], axis=0).tolist()
            named.append(MapCluster(name, x, y, len(members)))
    return sorted(named, key=lambda one: -one.pictures)


def _standing(vectors: Vectors, word_vectors: Vectors, of: NDArray[np.int64]) -> Vectors:
    """Return how far each word stands out in each group, shape (groups, words)."""
    cosines = vectors @ word_vectors.T
    groups = []
    for number in range(int(of.max(initial=-1)) + 1):
        inside, others = cosines[of == number], cosines[of != number]
        spread = len(inside) * inside.var(axis=0) + len(others) * others.var(axis=0)
        within = np.maximum(np.sqrt(spread / len(cosines)), _LEAST_SPREAD)
        apart = inside.mean(axis=0) - others.mean(axis=0) if len(others) else np.zeros(len(within))
        groups.append(apart / within)
    return np.array(groups, dtype=np.float32).reshape(len(groups), len(word_vectors))


def _word(words: Sequence[str], standing: Vectors) -> str:
    if not len(words):
        return ""
    best = int(standing.argmax())
    if standing[best] < _STANDS_OUT:
        return ""
    said = set(words[best].split())
    parts = [at for at, word in enumerate(words) if word in said and at != best]
    general = max(parts, key=lambda at: float(standing[at]), default=best)
    return words[general if standing[general] >= _NEARLY * standing[best] else best]


def _category(categories: Sequence[str]) -> str:
    names, counts = np.unique(np.array(categories, dtype=object).astype(str), return_counts=True)
    best = int(counts.argmax())
    return str(names[best]) if counts[best] >= _MOST_OF_IT * len(categories) else ""
