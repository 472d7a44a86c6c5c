"""Which vectors tell best by neighbours what a picture is: measured on the collection itself.

Whitened vectors are better on drawings (0.92 of the flipped labels found, by plain ones 0.77) and
worse on photographs of dishes under CLIP (0.88, 0.95), so neither can be taken unseen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from search_engine.audit.inventory import NO_CATEGORY, Inventory
from search_engine.audit.label_votes import share_undoubted
from search_engine.audit.neighbours import NEIGHBOURS
from search_engine.audit.whitening import Whitening
from search_engine.index.exact_search import search_exactly
from search_engine.records import Ids, Progress, Step, Vectors, no_progress

MOST_ASKED = 2_000
"""A random sample of so many stands for a larger collection: the standard error is at most 0.011.
Among 50,000 pictures its plain neighbours take 3 s of one core."""


class NeighbourSpace(StrEnum):
    """By which vectors neighbours are found."""

    PLAIN = "plain"
    WHITENED = "whitened"


@dataclass(frozen=True, slots=True)
class NeighbourChoice:
    """Which vectors were taken, and why: leave-one-out accuracy, that of the neighbours' votes."""

    taken: NeighbourSpace
    asked: int
    """How many contents were left out in turn; 0 where there was nothing to choose between."""
    plain: float | None = None
    whitened: float | None = None
    """None where it was not measured."""

    def __str__(self) -> str:
        """Say in a sentence which were taken and why."""
        if self.plain is None or self.whitened is None:
            return "Neighbours are found by the vectors as they are; there was nothing to compare."
        whitened = self.taken is NeighbourSpace.WHITENED
        own, other = (self.whitened, self.plain) if whitened else (self.plain, self.whitened)
        which, those = ("whitened vectors", "the vectors as they are")[:: 1 if whitened else -1]
        return (
            f"Neighbours are found by {which}: these put {own:.1%} of {self.asked:,} pictures into"
            f" their own category, {those} {other:.1%}."
        )


NOTHING_TO_CHOOSE = NeighbourChoice(NeighbourSpace.PLAIN, 0)
"""Too few pictures to whiten, or none that could be judged."""


def choose_space(
    inventory: Inventory, whitening: Whitening | None, progress: Progress = no_progress
) -> NeighbourChoice:
    """Ask some contents for their neighbours, plain and whitened, and take the more often right.

    Where both are right as often the plain ones are taken, which need not be computed.
    """
    asked = _asked(inventory)
    if whitening is None or not len(asked):
        return NOTHING_TO_CHOOSE
    plain = _accuracy(inventory, asked, None, progress)
    whitened = _accuracy(inventory, asked, whitening, progress)
    taken = NeighbourSpace.WHITENED if whitened > plain else NeighbourSpace.PLAIN
    return NeighbourChoice(taken, len(asked), plain, whitened)


def _asked(inventory: Inventory) -> Ids:
    """Return the contents that are left out in turn: those in company, or a sample of them."""
    labels = inventory.labels[inventory.firsts]
    sizes = np.bincount(labels[labels != NO_CATEGORY], minlength=len(inventory.categories) + 1)
    in_company = np.flatnonzero((labels != NO_CATEGORY) & (sizes[labels] > 1))
    if len(in_company) <= MOST_ASKED:
        return in_company
    return np.sort(np.random.default_rng(0).choice(in_company, MOST_ASKED, replace=False))


def _accuracy(
    inventory: Inventory, asked: Ids, whitening: Whitening | None, progress: Progress
) -> float:
    def seen(vectors: Vectors) -> Vectors:
        return vectors if whitening is None else whitening(vectors)

    def batches() -> Iterator[tuple[Ids, Vectors]]:
        for part, vectors in inventory.batches():
            progress(Step("Comparing plain and whitened neighbours", part.start, count))
            yield np.arange(part.start, part.start + len(vectors)), seen(vectors)

    count = len(inventory.firsts)
    queries = seen(inventory.embeddings.of(inventory.content_ids[asked]))
    k = max(0, min(NEIGHBOURS, count - 1))
    near = search_exactly(batches(), queries, k, left_out=asked).picture_ids
    return share_undoubted(inventory, asked, near)
