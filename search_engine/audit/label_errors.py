"""Pictures whose category their neighbours or words doubt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

import numpy as np
from numpy.typing import NDArray

from search_engine.audit.inventory import NO_CATEGORY, Inventory
from search_engine.audit.neighbours import ContentNeighbours
from search_engine.embedding import Embedder
from search_engine.evaluation import FIRST_FOLDERS, Labelling
from search_engine.records import Ids, PictureRecord, Vectors

MOST_CATEGORIES_FOR_WORDS = 2_000


@dataclass(frozen=True, slots=True)
class Doubt:
    """How much each picture of an inventory is doubted by one signal; arrays in its order."""

    scores: NDArray[np.float32]
    """Higher is more suspicious; NaN where the signal cannot tell."""
    suggestions: NDArray[np.int32]
    """What the signal takes them for instead: places of categories; −1 where it cannot tell."""


class Signal(StrEnum):
    """What doubts a category."""

    COMBINED = "combined"
    NEIGHBOURS = "neighbours"
    WORDS = "words"


CLEAR_VOTES = 0.1
"""Of the neighbours' votes, two of twenty."""
CLEAR_DEVIATIONS = 4.0
"""Standard deviations above the mean, of both signals added up."""
_CLEAR_WORDS = 3.0
"""Standard deviations above the mean."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """How much every picture's category is doubted, in the order of the inventory."""

    neighbours: Doubt
    words: Doubt | None
    """None where no model was asked, or there are too many categories or only one."""
    combined: Doubt

    def of(self, signal: Signal) -> Doubt:
        """Return the doubt of one signal; where there are no words, that of the neighbours."""
        if signal is Signal.COMBINED:
            return self.combined
        return self.words if signal is Signal.WORDS and self.words else self.neighbours

    def limit(self, signal: Signal) -> float:
        """Return the score from which on a label is clearly doubted.

        Of 20 labels that were flipped among the 600 drawings, 19 were beyond each limit, and at
        most 5 of the right ones; of the drawings as they are, 3 to 10.
        """
        doubt = self.of(signal)
        if doubt is self.neighbours:
            return CLEAR_VOTES
        if doubt is self.combined:
            return CLEAR_DEVIATIONS
        known = doubt.scores[np.isfinite(doubt.scores)].astype(np.float64)
        return float(known.mean() + _CLEAR_WORDS * known.std()) if len(known) else 0.0

    def ranked(self, signal: Signal, *, clearly: bool = False) -> Ids:
        """Return the places of all pictures that a signal doubts, most suspicious first.

        With ``clearly`` only those that it doubts as much as its limit says.
        """
        scores = self.of(signal).scores
        doubtful = np.flatnonzero(scores > 0)
        if clearly:
            doubtful = doubtful[scores[doubtful] >= self.limit(signal)]
        order: Ids = doubtful[np.argsort(-scores[doubtful], kind="stable")]
        return order


@dataclass(frozen=True, slots=True)
class Suspect:
    """A picture whose category is doubted, and what speaks against it."""

    record: PictureRecord
    category: str
    """The folder that is doubted: not the first one where another level was asked for."""
    suggested: str
    """The likelier category; empty if none can be named."""
    combined: float
    neighbours: float | None
    words: float | None
    """Scores of the signals; None where one cannot tell."""
    witnesses: tuple[int, ...]
    """Ids of the nearest pictures, those of the suggested category first."""


def suspects_at(
    inventory: Inventory,
    suspicion: Suspicion,
    neighbours: ContentNeighbours,
    signal: Signal,
    places: Ids,
) -> list[Suspect]:
    """Return the pictures at these places of the inventory with all that speaks against them."""
    doubt = suspicion.of(signal)
    records = inventory.embeddings.catalog.pictures.by_id(inventory.picture_ids[places].tolist())
    return [
        Suspect(
            record=records[picture_id],
            category=_named(inventory, int(inventory.labels[place])),
            suggested=_named(inventory, int(doubt.suggestions[place])),
            combined=float(suspicion.combined.scores[place]),
            neighbours=_known(suspicion.neighbours, place),
            words=_known(suspicion.words, place),
            witnesses=_witnesses(inventory, neighbours, place, int(doubt.suggestions[place])),
        )
        for place, picture_id in zip(
            places.tolist(), inventory.picture_ids[places].tolist(), strict=True
        )
        if picture_id in records
    ]


def _named(inventory: Inventory, label: int) -> str:
    return "" if label == NO_CATEGORY else inventory.categories[label]


def _known(doubt: Doubt | None, place: int) -> float | None:
    score = float("nan") if doubt is None else float(doubt.scores[place])
    return score if np.isfinite(score) else None


def _witnesses(
    inventory: Inventory, neighbours: ContentNeighbours, place: int, suggested: int
) -> tuple[int, ...]:
    near = neighbours.places[inventory.contents[place]]
    pictures = inventory.firsts[near[near >= 0]]
    order = np.argsort(inventory.labels[pictures] != suggested, kind="stable")
    return tuple(inventory.picture_ids[pictures[order]].tolist())


def word_doubt(
    inventory: Inventory, embedder: Embedder, labelling: Labelling = FIRST_FOLDERS
) -> Doubt | None:
    """Compare how well a category's own name fits a picture with the best other name.

    The score is the cosine with the best other name less that with its own, after what every name
    scores on average was taken away, because some names fit all pictures better than others do.
    Zero-shot classification as in A. Radford et al., "Learning Transferable Visual Models From
    Natural Language Supervision", ICML 2021, turned to the question of C. G. Northcutt, L. Jiang
    and I. Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels", JAIR 2021.
    """
    if not 1 < len(inventory.categories) <= MOST_CATEGORIES_FOR_WORDS:
        return None
    names = embedder.embed_words(labelling.queries(inventory.categories))
    usual = _mean_fit(inventory, names)
    scores = np.empty(len(inventory), dtype=np.float32)
    suggestions = np.empty(len(inventory), dtype=np.int32)
    by_content = np.argsort(inventory.contents, kind="stable")
    contents = inventory.contents[by_content]
    for part, vectors in inventory.batches():
        fits = (vectors @ names.T - usual).astype(np.float32)
        low, high = np.searchsorted(contents, (part.start, part.start + len(fits)))
        pictures = by_content[low:high]
        rows, own = inventory.contents[pictures] - part.start, inventory.labels[pictures]
        other, fit = _TopTwo.of(fits).best_but(rows, own)
        scores[pictures], suggestions[pictures] = fit - fits[rows, own], other
    unlabelled = inventory.labels == NO_CATEGORY
    scores[unlabelled], suggestions[unlabelled] = np.nan, NO_CATEGORY
    return Doubt(scores, suggestions)


def _mean_fit(inventory: Inventory, names: Vectors) -> NDArray[np.float64]:
    """Return what each name scores on average with all contents."""
    total = np.zeros(len(names))
    for _, vectors in inventory.batches():
        total += (vectors @ names.T).sum(axis=0)
    return total / max(len(inventory.firsts), 1)


@dataclass(frozen=True, slots=True)
class _TopTwo:
    """The two categories that fit some contents best; both arrays have shape (contents, 2)."""

    categories: NDArray[np.int64]
    fits: NDArray[np.float32]

    @classmethod
    def of(cls, fits: NDArray[np.float32]) -> Self:
        """Pick them from how well each category fits, shape (contents, categories)."""
        categories = np.argsort(-fits, axis=1)[:, :2]
        return cls(categories, np.take_along_axis(fits, categories, axis=1))

    def best_but(
        self, rows: Ids, labels: NDArray[np.int32]
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the category, other than the label, that fits each of these rows best."""
        column = (self.categories[rows, 0] == labels).astype(np.int64)
        return self.categories[rows, column], self.fits[rows, column]


def combined(neighbours: Doubt, words: Doubt | None) -> Doubt:
    """Add up both signals, each in units of its own standard deviation above its own mean.

    Where only one can tell, that one counts. The suggestion is that of the signal that is further
    above its mean.
    """
    if words is None:
        return neighbours
    one, two = _standardised(neighbours.scores), _standardised(words.scores)
    both = np.where(np.isnan(one), two, np.where(np.isnan(two), one, one + two))
    doubted = np.fmax(neighbours.scores, words.scores) > 0  # by at least one of them
    by_neighbours = ~(one < two) & (neighbours.suggestions != NO_CATEGORY)
    suggested = np.where(by_neighbours, neighbours.suggestions, words.suggestions)
    return Doubt(np.where(doubted, both, -np.inf).astype(np.float32), suggested)


def _standardised(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    known = scores[np.isfinite(scores)].astype(np.float64)
    spread = known.std() if len(known) else 0.0
    if not spread:
        return np.zeros_like(scores)
    standardised: NDArray[np.float32] = ((scores - known.mean()) / spread).astype(np.float32)
    return standardised
