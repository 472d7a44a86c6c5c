"""Which wording finds the categories of a collection best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from search_engine.collection.catalog import Catalog, Embeddings
from search_engine.embedding import Embedder, mean_direction
from search_engine.evaluation import metrics
from search_engine.evaluation.ground_truth import GroundTruth, read_ground_truth
from search_engine.evaluation.labelling import FIRST_FOLDERS, Labelling
from search_engine.evaluation.metrics import Estimate
from search_engine.evaluation.retrieval import RetrievalOptions, rankings
from search_engine.query.phrasing import CATEGORY_TEMPLATE, PLACE, WORDINGS, filled
from search_engine.records import Progress, Vectors

AVERAGE_WORDING = "average"
"""Names the mean of all `WORDINGS`, which searches use when they ask in several wordings."""


@dataclass(frozen=True, slots=True)
class TemplateFigures:
    """How well the categories are found in one wording."""

    template: str
    mean_average_precision: Estimate
    precision: float
    """Precision@k, averaged over the categories."""
    gain: Estimate
    """What it adds to the mean average precision of the bare words. An interval that does not hold
    0 tells a difference from chance: the same categories are drawn for both."""


@dataclass(frozen=True, slots=True)
class TemplateComparison:
    """All wordings, best first; equal ones in the order of `WORDINGS`."""

    k: int
    labelled: GroundTruth
    figures: tuple[TemplateFigures, ...]

    @property
    def categories(self) -> int:
        """How many were asked for."""
        return len(self.labelled.names)

    @property
    def best(self) -> TemplateFigures:
        """The one with the highest mean average precision."""
        return self.figures[0]


def compare_templates(
    catalog: Catalog,
    embedder: Embedder,
    k: int,
    progress: Progress,
    labelling: Labelling = FIRST_FOLDERS,
) -> TemplateComparison:
    """Ask for every category in every wording, and in the mean of them.

    Raises:
        NeedsCategories: There are too few categories.
        BadInput: k is no number of answers, or no picture lies so many folders deep.
    """
    metrics.check_k(k)
    embeddings = Embeddings(catalog, embedder.card)
    labelled = read_ground_truth(embeddings, labelling)
    words = [labelling.words(name) for name in labelled.names]
    asked = {
        template: embedder.embed_words([filled(template, one) for one in words])
        for template in (*WORDINGS, CATEGORY_TEMPLATE)
    }
    asked[AVERAGE_WORDING] = _averages([asked[template] for template in WORDINGS])
    options = RetrievalOptions(k=k)
    precisions, averages = [], []
    queries = np.concatenate(list(asked.values()))
    found = rankings(embeddings, labelled, queries, options, progress)
    for number, ranked in enumerate(found):
        hits = labelled.category[ranked.first] == number % len(words)
        precisions.append(float(hits.sum() / k))
        averages.append(ranked.ranks.average_precision)
    by_template = np.array(averages).reshape(len(asked), len(words))
    bare = by_template[list(asked).index(PLACE)]
    first = np.array(precisions).reshape(by_template.shape).mean(axis=1)
    figures = [
        TemplateFigures(template, metrics.mean(own), float(precision), metrics.mean(own - bare))
        for template, own, precision in zip(asked, by_template, first, strict=True)
    ]
    figures.sort(key=lambda one: -one.mean_average_precision.value)
    return TemplateComparison(k, labelled, tuple(figures))


def _averages(wordings: list[Vectors]) -> Vectors:
    return np.stack([mean_direction(np.stack(rows)) for rows in zip(*wordings, strict=True)])
