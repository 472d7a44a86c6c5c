"""The proof: is what was asked for in the collection? Asked where the answer is known.

A category's pictures are taken away and its name is asked for (leave one category out), and words
are asked for that mean nothing. Both have to be told from queries whose pictures are there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from search_engine.calibration.calibrator import CollectionScale
from search_engine.calibration.probability import Sample, Scores, TextQuestion, as_match
from search_engine.calibration.verdict import Presence, presence_of
from search_engine.collection.catalog import Catalog, Embeddings
from search_engine.embedding import Embedder
from search_engine.errors import NeedsCategories
from search_engine.evaluation.ground_truth import check_level
from search_engine.evaluation.labelling import FIRST_FOLDERS, Labelling
from search_engine.evaluation.metrics import auroc, relevant_ranks
from search_engine.evaluation.nonsense import nonsense_queries
from search_engine.evaluation.reliability import Reliability
from search_engine.names import compared
from search_engine.query.phrasing import CATEGORY_TEMPLATE, filled
from search_engine.records import Ids, Progress, Step, Vectors, no_progress

_MOST_PICTURES = 20_000
_MOST_CATEGORIES = 200
_FEWEST_PICTURES = 2
_NONSENSE_WORDS = 64
_SHOWN = 24

Mask: TypeAlias = NDArray[np.bool_]


class Case(StrEnum):
    """Why the answer to a query is known."""

    PRESENT = "present"
    REMOVED = "removed"
    """Its pictures were taken away."""
    NONSENSE = "nonsense"


@dataclass(frozen=True, slots=True)
class AskedQuery:
    """A query with a known answer, and how it was judged."""

    text: str
    case: Case
    category: str | None
    best_match: float
    best_log_odds: float
    """Of the best match: what queries are ranked by."""
    best_cosine: float

    @property
    def presence(self) -> Presence:
        """The verdict on it."""
        return presence_of(self.best_match)


@dataclass(frozen=True, slots=True)
class CategoryProof:
    """A category asked for by its name."""

    names: tuple[str, ...]
    """Of the folders; several if they are the same in words."""
    pictures: int
    ap_match: float
    """Average precision when pictures are ranked by match, mean of both queries."""
    ap_cosine: float
    present: tuple[AskedQuery, ...]
    """The name alone, and in a sentence."""
    removed: tuple[AskedQuery, ...]


@dataclass(frozen=True, slots=True)
class PresenceProof:
    """How well matches tell what is there from what is not, and how far they can be believed."""

    pictures: int
    sampled: bool
    categories: tuple[CategoryProof, ...]
    nonsense: tuple[AskedQuery, ...]
    reliability: Reliability
    """Of all pictures for all categories."""
    reliability_shown: Reliability
    """Of the first 24 results only."""
    left_out: tuple[str, ...]
    """Categories that were not asked for: no words in the name, or too few pictures."""
    labelling: Labelling
    """How folders were read as categories."""
    folders: tuple[str, ...]
    """All categories, those that were left out as well."""

    @property
    def queries(self) -> list[AskedQuery]:
        """All queries, in the order of `Case`."""
        present = [query for category in self.categories for query in category.present]
        removed = [query for category in self.categories for query in category.removed]
        return [*present, *removed, *self.nonsense]

    def auroc_match(self, *absent: Case) -> float:
        """Return the AUROC of the best match, present against ``absent``, or all of them."""
        return self._auroc(absent, lambda query: query.best_log_odds)

    def auroc_cosine(self, *absent: Case) -> float:
        """Return the AUROC of the best cosine, to compare with."""
        return self._auroc(absent, lambda query: query.best_cosine)

    def _auroc(self, absent: Sequence[Case], value: Callable[[AskedQuery], float]) -> float:
        against = absent or (Case.REMOVED, Case.NONSENSE)
        present = [value(q) for q in self.queries if q.case is Case.PRESENT]
        others = [value(q) for q in self.queries if q.case in against]
        return auroc(present, others)

    @property
    def map_match(self) -> float:
        """Mean average precision of the ranking by match."""
        return float(np.mean([category.ap_match for category in self.categories]))

    @property
    def map_cosine(self) -> float:
        """Mean average precision of the ranking by cosine."""
        return float(np.mean([category.ap_cosine for category in self.categories]))

    def share(self, case: Case, presence: Presence) -> float:
        """Return the share of the queries of a case that got a verdict."""
        of_case = [query.presence for query in self.queries if query.case is case]
        return of_case.count(presence) / max(len(of_case), 1)


def prove_presence(
    catalog: Catalog,
    scale: CollectionScale,
    embedder: Embedder,
    progress: Progress = no_progress,
    labelling: Labelling = FIRST_FOLDERS,
) -> PresenceProof:
    """Ask a collection what is and what is not in it, by the names of its categories.

    Raises:
        NeedsCategories: Fewer than two categories have names that are words.
        BadInput: No picture lies in as many folders as the level says.
    """
    names, ids, numbers = catalog.statistics.category_numbers(labelling.level)
    searched = _Searched(Embeddings(catalog, embedder.card), scale, _sample(ids, numbers))
    groups = _groups(names, searched.categories, labelling)
    if len(groups) < 2:  # noqa: PLR2004 - one against the others
        check_level(catalog, labelling.level)
        cause = "There are no two categories whose names are words and that have some pictures"
        remedy = "Sort pictures into folders that are named after what they show."
        place = catalog.folder.name
        raise NeedsCategories(cause, place=place, remedy=remedy, about=place)
    proofs = []
    for words, members in groups.items():
        texts = (words, filled(CATEGORY_TEMPLATE, words))
        right = np.isin(searched.categories, members)
        proofs.append(
            searched.for_category(
                tuple(names[number] for number in members),
                right,
                list(zip(texts, embedder.embed_words(texts), strict=True)),
            )
        )
        progress(Step("Searching with and without pictures", len(proofs), len(groups)))
    nonsense = nonsense_queries(_NONSENSE_WORDS)
    vectors = embedder.embed_words(nonsense)
    known = {number for members in groups.values() for number in members}
    return PresenceProof(
        pictures=len(searched.vectors),
        sampled=len(searched.vectors) < len(ids),
        categories=tuple(proofs),
        nonsense=tuple(map(searched.for_nonsense, nonsense, vectors)),
        reliability=searched.reliability,
        reliability_shown=searched.reliability_shown,
        left_out=tuple(name for number, name in enumerate(names) if number not in known),
        labelling=labelling,
        folders=tuple(name for name in names if name),
    )


def _sample(ids: Ids, numbers: NDArray[np.int32]) -> tuple[Ids, NDArray[np.int32]]:
    if len(ids) <= _MOST_PICTURES:
        return ids, numbers
    drawn = np.sort(np.random.default_rng(0).choice(len(ids), _MOST_PICTURES, replace=False))
    return ids[drawn], numbers[drawn]


def _groups(
    names: Sequence[str], categories: NDArray[np.int32], labelling: Labelling
) -> dict[str, list[int]]:
    """Return the numbers of the categories that can be asked for, by their words, largest first."""
    counts = np.bincount(categories, minlength=len(names))
    groups: dict[str, list[int]] = {}
    for number in np.argsort(-counts, kind="stable").tolist():
        words = compared(labelling.words(names[number]))
        if any(map(str.isalpha, words)) and counts[number] >= _FEWEST_PICTURES:
            groups.setdefault(words, []).append(number)
    return dict(list(groups.items())[:_MOST_CATEGORIES])


class _Searched:
    """The pictures that are searched, and what matches turned out to be worth."""

    def __init__(
        self,
        embeddings: Embeddings,
        scale: CollectionScale,
        pictures: tuple[Ids, NDArray[np.int32]],
    ) -> None:
        ids, categories = pictures
        vectors = embeddings.of(ids)
        there = np.isfinite(vectors[:, 0])
        self.vectors = vectors[there]
        self.categories = categories[there]
        self.reliability = Reliability()
        self.reliability_shown = Reliability()
        self._words = scale.words
        self._all = Sample(self.vectors, scale.calibration.sums_of(ids[there]))

    def for_category(
        self, names: tuple[str, ...], right: Mask, queries: Sequence[tuple[str, Vectors]]
    ) -> CategoryProof:
        """Ask for a category among all pictures, and again without its own."""
        present, removed, by_match, by_cosine = [], [], [], []
        others = self._all.without(right)
        for text, vector in queries:
            query, cosines, log_odds = self._judged(text, Case.PRESENT, names[0], vector, self._all)
            present.append(query)
            removed.append(self._judged(text, Case.REMOVED, names[0], vector, others)[0])
            by_match.append(relevant_ranks(log_odds, right).average_precision)
            by_cosine.append(relevant_ranks(cosines, right).average_precision)
            matches, first = as_match(log_odds), np.argsort(-cosines)[:_SHOWN]
            self.reliability.add(matches, right)
            self.reliability_shown.add(matches[first], right[first])
        return CategoryProof(
            names=names,
            pictures=int(right.sum()),
            ap_match=float(np.mean(by_match)),
            ap_cosine=float(np.mean(by_cosine)),
            present=tuple(present),
            removed=tuple(removed),
        )

    def for_nonsense(self, text: str, vector: Vectors) -> AskedQuery:
        """Ask for something that no picture shows."""
        return self._judged(text, Case.NONSENSE, None, vector, self._all)[0]

    def _judged(
        self, text: str, case: Case, category: str | None, vector: Vectors, among: Sample
    ) -> tuple[AskedQuery, Scores, Scores]:
        """Judge a query by the pictures it searches; give their cosines and log-odds."""
        asked = TextQuestion(vector, (text,))
        log_odds = self._words.log_odds(asked, among.cosines, among.sums, among)
        cosines = among.vectors @ vector
        best = float(log_odds.max())
        query = AskedQuery(
            text, case, category, float(as_match(log_odds.max())), best, float(cosines.max())
        )
        return query, cosines, log_odds
