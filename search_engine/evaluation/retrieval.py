"""Each category's name as a query over the whole collection: are its pictures on top?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_engine.collection.catalog import Catalog, Embeddings
from search_engine.embedding import Embedder
from search_engine.evaluation import metrics
from search_engine.evaluation.category_names import remarks_on_names
from search_engine.evaluation.distinct import CountedOnce
from search_engine.evaluation.ground_truth import GroundTruth, read_ground_truth
from search_engine.evaluation.image_queries import ImageQueryPrecision, measure_image_queries
from search_engine.evaluation.labelling import FIRST_FOLDERS, Labelling
from search_engine.evaluation.metrics import Estimate
from search_engine.evaluation.streaming import score_all
from search_engine.evaluation.zero_shot import ZeroShot, best_fitting, classify
from search_engine.explore.score_distribution import top_places
from search_engine.query.phrasing import CATEGORY_TEMPLATE
from search_engine.records import Ids, Progress, Vectors, counted, part_of

_MOST_CONFUSIONS = 200
_NO_BETTER_THAN_CHANCE = (
    "The mean average precision is no better than by chance: the names of the folders do not say"
    " what the pictures show, or the model does not know it."
)


@dataclass(frozen=True, slots=True)
class RetrievalOptions:
    """What is measured, and how."""

    template: str = CATEGORY_TEMPLATE
    k: int = 10
    once: bool = False
    """Count copies and near-duplicates once, as `distinct` says."""
    labelling: Labelling = FIRST_FOLDERS
    """Which folders are the categories, and what they are asked for by."""


@dataclass(frozen=True, slots=True)
class CategoryRetrieval:
    """What the query for a category finds."""

    name: str
    """Of its folder."""
    query: str
    pictures: int
    """How many are right, as they are counted."""
    average_precision: Estimate
    precision: float
    """Of the first k answers, the share that is right."""
    recall: float
    """Of all right pictures, the share among the first k answers."""
    ndcg: float
    chance: float
    """The average precision to expect of a random order."""
    answers: Ids
    """The first k."""


@dataclass(frozen=True, slots=True)
class Confusion:
    """Pictures of one category among the results of the query for another."""

    asked: str
    found: str
    """Empty for pictures without a category that is asked for."""
    share: float
    """Of the first k answers."""
    pictures: Ids


@dataclass(frozen=True, slots=True)
class Retrieval:
    """How well the names of categories find their pictures."""

    options: RetrievalOptions
    labelled: GroundTruth
    categories: tuple[CategoryRetrieval, ...]
    """In the order of their names."""
    confusions: tuple[Confusion, ...]
    """Largest share first, then by name."""
    zero_shot: ZeroShot
    image_queries: ImageQueryPrecision | None

    def macro(self, figure: Callable[[CategoryRetrieval], float]) -> Estimate:
        """Average a figure over the categories, each of which counts the same."""
        return metrics.mean(np.array([figure(category) for category in self.categories]))

    @property
    def precision(self) -> Estimate:
        """The mean precision@k."""
        return self.macro(lambda category: category.precision)

    @property
    def recall(self) -> Estimate:
        """The mean recall@k."""
        return self.macro(lambda category: category.recall)

    @property
    def ndcg(self) -> Estimate:
        """The mean nDCG@k."""
        return self.macro(lambda category: category.ndcg)

    @property
    def mean_average_precision(self) -> Estimate:
        """The mean over the categories, which are drawn again for the interval."""
        return self.macro(lambda category: category.average_precision.value)

    @property
    def chance(self) -> float:
        """The mean average precision to expect of random orders."""
        return float(np.mean([one.chance for one in self.categories]))

    def remarks(self) -> list[str]:
        """Say in sentences what limits these figures."""
        odd = remarks_on_names(self.labelled.names, self.labelled.labelling)
        return [*odd, *self._remarks_on_counts()]

    def _remarks_on_counts(self) -> Iterator[str]:
        labelled, k = self.labelled, self.options.k
        if len(labelled.names) < labelled.categories:
            yield (
                f"Only the {len(labelled.names):,} largest of {labelled.categories:,} categories"
                " are searched for."
            )
        if labelled.categories == 1:
            yield "There is only one category, so nearly every result is right by chance."
        if labelled.without:
            yield (
                f"{counted(labelled.without, 'picture belongs', 'pictures belong')} to no category"
                " that is searched for: ranked with the others, and never right."
            )
        if few := int(np.count_nonzero(labelled.counts < k)):
            yield (
                f"{counted(few, 'category has', 'categories have')} fewer than {k} pictures, which"
                f" keeps precision@{k} below 1."
            )
        if single := int(np.count_nonzero(labelled.counts == 1)):
            yield (
                f"{counted(single, 'category has', 'categories have')} a single picture: average"
                " precision rests on one rank there."
            )
        if labelled.categories > 1 and self.mean_average_precision.value <= self.chance:
            yield _NO_BETTER_THAN_CHANCE


def measure_retrieval(
    catalog: Catalog, embedder: Embedder, options: RetrievalOptions, progress: Progress
) -> Retrieval:
    """Ask for every category and see which pictures come.

    Raises:
        NeedsCategories: There are too few categories.
        BadInput: The template has no place for a name, k is no number of answers, or no picture
            lies so many folders deep.
    """
    metrics.check_k(options.k)
    embeddings = Embeddings(catalog, embedder.card)
    labelled = read_ground_truth(embeddings, options.labelling)
    texts = options.labelling.queries(labelled.names, options.template)
    queries = embedder.embed_words(texts)
    found = rankings(embeddings, labelled, queries, options, part_of(progress, 0, 0.6))
    categories = tuple(
        _category(labelled, place, text, ranked, options.k)
        for place, (text, ranked) in enumerate(zip(texts, found, strict=True))
    )
    return Retrieval(
        options,
        labelled,
        categories,
        _confusions(labelled, categories),
        classify(embeddings, labelled, queries, part_of(progress, 0.6, 0.8)),
        measure_image_queries(
            embeddings, labelled, options.k, part_of(progress, 0.8, 1.0),
            once=options.once,
        ),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ranked:
    """All pictures in the order of their scores for a query, as far as it matters."""

    ranks: metrics.RelevantRanks
    first: NDArray[np.int64]
    """Places of the first k."""
    counted: int
    """How many pictures were ranked."""


def rankings(
    embeddings: Embeddings, labelled: GroundTruth, queries: Vectors,
    options: RetrievalOptions, progress: Progress,
) -> Iterator[Ranked]:  # fmt: skip
    """Rank all pictures for each category's query; equal scores are ranked by id.

    Queries have shape (n × categories, dimension): all categories in one wording, then in the
    next.
    """
    once = CountedOnce.of(embeddings, labelled.ids) if options.once else None
    some = score_all(embeddings, labelled.ids, queries, progress)
    for number, scores in some:
        right = labelled.category == number % len(labelled.names)
        if once is None:
            first = top_places(scores, options.k)
            yield Ranked(metrics.relevant_ranks(scores, right), first, len(scores))
            continue
        kept = np.flatnonzero(once.counts(scores, right, options.k))
        first = kept[top_places(scores[kept], options.k)]
        yield Ranked(metrics.relevant_ranks(scores[kept], right[kept]), first, len(kept))


def _category(
    labelled: GroundTruth, place: int, text: str, ranked: Ranked, k: int
) -> CategoryRetrieval:
    hits = labelled.category[ranked.first] == place
    right = len(ranked.ranks.right)
    return CategoryRetrieval(
        name=labelled.names[place],
        query=text,
        pictures=right,
        average_precision=metrics.estimate_average_precision(ranked.ranks),
        precision=float(hits.sum() / k),
        recall=float(hits.sum() / max(right, 1)),
        ndcg=metrics.ndcg(np.r_[hits, np.zeros(k - len(hits), dtype=bool)], right),
        chance=metrics.chance_of(ranked.counted, right),
        answers=labelled.ids[ranked.first],
    )


def _confusions(
    labelled: GroundTruth, categories: tuple[CategoryRetrieval, ...]
) -> tuple[Confusion, ...]:
    found = []
    for place, asked in enumerate(categories):
        of = labelled.category[np.searchsorted(labelled.ids, asked.answers)]
        for other in np.unique(of[of != place]).tolist():
            pictures = asked.answers[of == other]
            name = labelled.names[other] if other >= 0 else ""
            share = len(pictures) / len(asked.answers)
            found.append(Confusion(asked.name, name, share, pictures))
    found.sort(key=lambda one: (-one.share, one.asked, one.found))
    return tuple(found[:_MOST_CONFUSIONS])


def pictures_mistaken_for(
    catalog: Catalog, embedder: Embedder, measured: Retrieval, own: int, other: int
) -> Ids:
    """Return the pictures of a category whom the name of another fits best, surest first.

    Categories are given by their places among those that were asked for.
    """
    queries = embedder.embed_words([one.query for one in measured.categories])
    pictures = measured.labelled.ids[measured.labelled.category == own]
    return best_fitting(Embeddings(catalog, embedder.card), queries, pictures, other)[0]
