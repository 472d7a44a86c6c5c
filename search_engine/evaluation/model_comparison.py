"""Two models asked for the same categories of the same pictures: which finds them better?

Both answer the same queries, so the difference is taken for each category, and categories are drawn
again for its interval: the paired bootstrap over queries of T. Sakai, "Evaluating Evaluation
Metrics Based on the Bootstrap", SIGIR 2006, section 3.1. Categories that are hard for both count
for neither, which makes the interval much narrower than the two apart would let one think.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from search_engine.collection.catalog import Catalog, Embeddings
from search_engine.embedding import Embedder
from search_engine.errors import BadInput
from search_engine.evaluation import metrics
from search_engine.evaluation.category_names import remarks_on_names
from search_engine.evaluation.ground_truth import GroundTruth, read_ground_truth
from search_engine.evaluation.metrics import Estimate
from search_engine.evaluation.retrieval import Ranked, RetrievalOptions, rankings
from search_engine.query.phrasing import CATEGORY_TEMPLATE, category_queries
from search_engine.records import Ids, Progress, part_of

_LEAST_SHARED = 0.5
"""Of the smaller collection; with less in common they are not of the same folder."""
_FEW_CATEGORIES = 10


@dataclass(frozen=True, slots=True)
class QueryFigures:
    """How one model answers the query for a category."""

    average_precision: float
    first_right: float
    """1 if the first answer is right, else 0; what papers on retrieval call R@1."""
    precision: float
    """Of the first k answers, the share that is right."""
    recall: float
    """Of all right pictures, the share among the first k answers."""
    ndcg: float


Figure = Callable[[QueryFigures], float]


@dataclass(frozen=True, slots=True)
class PairedEstimate:
    """A figure of both models, averaged over the categories."""

    first: Estimate
    second: Estimate
    difference: Estimate
    """The second less the first; an interval without 0 tells it from chance."""


@dataclass(frozen=True, slots=True)
class ComparedCategory:
    """A category, and how both models answer the query for it."""

    name: str
    query: str
    pictures: int
    first: QueryFigures
    second: QueryFigures

    def difference(self, figure: Figure) -> float:
        """Return what the second has more."""
        return figure(self.second) - figure(self.first)


@dataclass(frozen=True, slots=True)
class SharedPictures:
    """The pictures that two collections have in common, by path and content."""

    first: Ids
    """Their ids in the first, ascending."""
    second: Ids
    only_first: int = 0
    only_second: int = 0

    def __len__(self) -> int:
        """Count them."""
        return len(self.first)


@dataclass(frozen=True, slots=True)
class ModelComparison:
    """How well two models find the categories of the pictures that both have embedded."""

    template: str
    k: int
    shared: SharedPictures
    categories: tuple[ComparedCategory, ...]
    """In the order of their names."""

    def figure(self, figure: Figure) -> PairedEstimate:
        """Average a figure over the categories, each of which counts the same."""
        pairs = [(figure(one.first), figure(one.second)) for one in self.categories]
        first, second = np.array(pairs).T
        return PairedEstimate(
            metrics.mean(first), metrics.mean(second), metrics.mean(second - first)
        )

    @property
    def mean_average_precision(self) -> PairedEstimate:
        """The mean average precision, by which the better one is told."""
        return self.figure(lambda one: one.average_precision)

    def remarks(self) -> list[str]:
        """Say in sentences what limits these figures."""
        names = [one.name for one in self.categories]
        return [*remarks_on_names(names), *self._remarks_on_counts()]

    def _remarks_on_counts(self) -> Iterator[str]:
        shared = self.shared
        if shared.only_first or shared.only_second:
            yield (
                f"Only the {len(shared):,} pictures that both have are compared;"
                f" {shared.only_first:,} are in the first alone, {shared.only_second:,} in the"
                " second alone."
            )
        if len(self.categories) < _FEW_CATEGORIES:
            yield f"Intervals of only {len(self.categories)} categories are rough."


def compare_models(
    first: tuple[Catalog, Embedder],
    second: tuple[Catalog, Embedder],
    progress: Progress,
    template: str = CATEGORY_TEMPLATE,
    k: int = 10,
) -> ModelComparison:
    """Ask two models for every category of the pictures that both have embedded.

    Args:
        first: A collection, and the model that it was indexed with.
        second: Another collection of the same folder, and its model.
        progress: Is told how far this is.
        template: What is asked for; ``{}`` is the name of the category.
        k: How many answers are judged.

    Raises:
        NeedsCategories: There are too few categories.
        BadInput: The models are the same, or the folders are not; the template has no place for a
            name, or k is no number of answers.
    """
    metrics.check_k(k)
    sides = [Embeddings(catalog, embedder.card) for catalog, embedder in (first, second)]
    shared = shared_pictures(*sides)
    options = RetrievalOptions(template, k)
    answered = []
    for at, (side, ids, (_, embedder)) in enumerate(
        zip(sides, (shared.first, shared.second), (first, second), strict=True)
    ):
        labelled = read_ground_truth(side, among=ids)
        queries = embedder.embed_words(category_queries(labelled.names, template))
        some = rankings(side, labelled, queries, options, part_of(progress, at / 2, at / 2 + 0.5))
        answered.append([_figures(labelled, place, ranked, k) for place, ranked in enumerate(some)])
    texts = category_queries(labelled.names, template)
    counts = labelled.counts.tolist()
    categories = zip(labelled.names, texts, counts, *answered, strict=True)
    return ModelComparison(template, k, shared, tuple(ComparedCategory(*one) for one in categories))


def shared_pictures(first: Embeddings, second: Embeddings) -> SharedPictures:
    """Find the pictures that two collections have in common.

    Raises:
        BadInput: The models are the same, or so little is common that the folders are not.
    """
    if first.card.fingerprint == second.card.fingerprint:
        cause = f"Both collections were indexed with the same model, '{first.card.model_id}'"
        remedy = "Index the folder under another name with another model, and compare with that."
        raise BadInput(cause, remedy=remedy)
    (ids, keys), (other_ids, other_keys) = _known(first), _known(second)
    _, here, there = np.intersect1d(keys, other_keys, return_indices=True)
    if not len(here) or len(here) < _LEAST_SHARED * min(len(ids), len(other_ids)):
        cause = (
            f"The collections are not of the same folder: of {len(ids):,} and"
            f" {len(other_ids):,} pictures {len(here):,} are the same"
        )
        remedy = "Index one folder with both models, or update both collections."
        places = " and ".join(f"'{side.catalog.folder.name}'" for side in (first, second))
        raise BadInput(cause, place=places, remedy=remedy)
    return SharedPictures(
        np.sort(ids[here]),
        np.sort(other_ids[there]),
        len(ids) - len(here),
        len(other_ids) - len(there),
    )


def _known(side: Embeddings) -> tuple[Ids, Ids]:
    """Return the ids of a model's pictures, and a number for the path and content of each."""
    embedded = side.ids()
    found = [
        (record.picture_id, hash((record.path, record.content_hash)))
        for record in side.catalog.pictures
    ]
    ids, keys = np.array(found, dtype=np.int64).reshape(-1, 2).T
    has_vector = np.isin(ids, embedded)
    return ids[has_vector], keys[has_vector]


def _figures(labelled: GroundTruth, place: int, ranked: Ranked, k: int) -> QueryFigures:
    hits = labelled.category[ranked.first] == place
    right = len(ranked.ranks.right)
    return QueryFigures(
        average_precision=ranked.ranks.average_precision,
        first_right=float(hits[:1].sum()),
        precision=float(hits.sum() / k),
        recall=float(hits.sum() / max(right, 1)),
        ndcg=metrics.ndcg(np.r_[hits, np.zeros(k - len(hits), dtype=bool)], right),
    )
