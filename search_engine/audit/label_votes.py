"""The votes of a picture's neighbours on its category."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from search_engine.audit.inventory import NO_CATEGORY, Inventory
from search_engine.audit.label_errors import Doubt
from search_engine.audit.neighbours import ContentNeighbours
from search_engine.records import Ids

_ROWS_AT_ONCE = 2_048
_FEWEST_VOTERS, _CONTENTS_PER_VOTER = 3, 4
"""A small collection has fewer votes, or everybody would be everybody's neighbour."""


def neighbour_doubt(inventory: Inventory, neighbours: ContentNeighbours) -> Doubt:
    """Compare the votes for a picture's own category with those for the best other one.

    The score is the share of the neighbours in the most frequent other category less the share in
    its own, −1 to 1; where its own has fewer pictures than there are votes, less the share of
    those that there are. A picture is no witness about itself, and nor are copies of it, because
    neighbours are other contents, each with one vote: D. L. Wilson, "Asymptotic Properties of
    Nearest Neighbor Rules Using Edited Data", IEEE SMC 1972. NaN for the only one of a category.
    """
    count = len(inventory)
    scores = np.full(count, np.nan, dtype=np.float32)
    suggestions = np.full(count, NO_CATEGORY, dtype=np.int32)
    label_of_content = inventory.labels[inventory.firsts]
    voters = _voters(inventory, neighbours.k)
    others_of_own = _others_of_own(inventory, label_of_content)
    for start in range(0, count, _ROWS_AT_ONCE):
        part = slice(start, start + _ROWS_AT_ONCE)
        votes = _votes(label_of_content, neighbours.places[inventory.contents[part], :voters])
        scores[part], suggestions[part] = _margins(
            inventory.labels[part], votes, others_of_own[part]
        )
    return Doubt(scores, suggestions)


def share_undoubted(inventory: Inventory, contents: Ids, neighbours: Ids) -> float:
    """Return the share of some contents whose own category has no fewer votes than any other.

    That is the leave-one-out accuracy of the neighbours, as `neighbour_doubt` counts their votes.

    Args:
        inventory: The pictures.
        contents: Some of their contents, shape (n,).
        neighbours: The nearest other contents of each, best first, shape (n, k); −1 for none.
    """
    label_of_content = inventory.labels[inventory.firsts]
    voters = _voters(inventory, neighbours.shape[1])
    others_of_own = _others_of_own(inventory, label_of_content)[inventory.firsts[contents]]
    votes = _votes(label_of_content, neighbours[:, :voters])
    margins, _ = _margins(label_of_content[contents], votes, others_of_own)
    return float(np.mean(margins <= 0))


def _voters(inventory: Inventory, known: int) -> int:
    """Return how many of the known neighbours have a vote."""
    return min(known, max(_FEWEST_VOTERS, len(inventory.firsts) // _CONTENTS_PER_VOTER))


def _votes(
    label_of_content: NDArray[np.int32], neighbours: NDArray[np.integer]
) -> NDArray[np.int32]:
    votes: NDArray[np.int32] = np.where(
        neighbours >= 0, label_of_content[neighbours], NO_CATEGORY
    ).astype(np.int32)
    return votes


def _others_of_own(inventory: Inventory, label_of_content: NDArray[np.int32]) -> NDArray[np.int64]:
    """Count, for each picture, the other contents of its category."""
    known = label_of_content[label_of_content != NO_CATEGORY]
    sizes = np.bincount(known, minlength=len(inventory.categories) + 1)
    others: NDArray[np.int64] = np.maximum(sizes[inventory.labels] - 1, 0)
    return others


def _margins(
    own: NDArray[np.int32], votes: NDArray[np.int32], others_of_own: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Return margins and best other labels; votes have shape (n, k), the rest shape (n,)."""
    if not votes.shape[1]:
        return np.full(len(own), np.nan, np.float32), np.full(len(own), NO_CATEGORY, np.int32)
    counted = votes != NO_CATEGORY
    total = counted.sum(axis=1)
    # How many vote as each voter does; the nearest of the most frequent comes first.
    alike = (votes[:, :, None] == votes[:, None, :]).sum(axis=2)
    alike = np.where(counted & (votes != own[:, None]), alike, 0)
    rows, best = np.arange(len(own)), alike.argmax(axis=1)
    most = alike[rows, best] / np.maximum(total, 1)
    possible = np.minimum(total, others_of_own)
    for_own = (votes == own[:, None]).sum(axis=1) / np.maximum(possible, 1)
    tells = (possible > 0) & (own != NO_CATEGORY)
    margins = np.where(tells, most - np.minimum(for_own, 1), np.nan)
    suggested = np.where(tells & (most > 0), votes[rows, best], NO_CATEGORY)
    return margins.astype(np.float32), suggested.astype(np.int32)
