"""The command ``compare-models``: one folder, indexed with two models."""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass

from search_engine.cli.console import printable, say, share_done, show, show_table
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.json_answers import show_json
from search_engine.cli.options import CollectionOptions, add_k, add_trust, opened
from search_engine.cli.registry import Command
from search_engine.evaluation import (
    Estimate,
    ModelComparison,
    PairedEstimate,
    QueryFigures,
    compare_models,
)
from search_engine.query import CATEGORY_TEMPLATE
from search_engine.records import duration
from search_engine.search import SearchEngine
from search_engine.settings import Settings

_CATEGORIES_SHOWN = 20
_DIGITS = 6


@dataclass(frozen=True, kw_only=True)
class CompareModelsOptions:
    """Which collections are compared, and how."""

    first: str
    second: str
    template: str
    k: int
    trust_model: bool
    json: bool

    def of(self, name: str) -> CollectionOptions:
        """Return what opens one of the two."""
        return CollectionOptions(collection=name, trust_model=self.trust_model)


@dataclass(frozen=True, slots=True)
class ComparedModelAnswer:
    """One of the two collections, and the model that it was indexed with."""

    collection: str
    model: str
    dimension: int


@dataclass(frozen=True, slots=True)
class PairedAnswer:
    """A figure of both models, each with the ends of its 95 % interval."""

    first: float
    first_interval: tuple[float, float]
    second: float
    second_interval: tuple[float, float]
    difference: float
    """The second less the first."""
    difference_interval: tuple[float, float]


@dataclass(frozen=True, slots=True)
class ComparedFiguresAnswer:
    """The figures, averaged over the categories."""

    map: PairedAnswer
    first_right: PairedAnswer
    precision_at_k: PairedAnswer
    recall_at_k: PairedAnswer
    ndcg_at_k: PairedAnswer


@dataclass(frozen=True, slots=True)
class QueryFiguresAnswer:
    """How one model answers the query for a category."""

    average_precision: float
    first_right: bool
    precision_at_k: float
    recall_at_k: float
    ndcg_at_k: float


@dataclass(frozen=True, slots=True)
class ComparedCategoryAnswer:
    """A category, and how both models answer the query for it."""

    category: str
    query: str
    pictures: int
    first: QueryFiguresAnswer
    second: QueryFiguresAnswer


@dataclass(frozen=True, slots=True)
class ModelComparisonAnswer:
    """How well two models find the categories of the same pictures."""

    first: ComparedModelAnswer
    second: ComparedModelAnswer
    template: str
    k: int
    pictures: int
    only_in_first: int
    only_in_second: int
    figures: ComparedFiguresAnswer
    categories: tuple[ComparedCategoryAnswer, ...]
    remarks: tuple[str, ...]
    seconds: float


def add_options(compare: argparse.ArgumentParser) -> None:
    """Add the options."""
    compare.add_argument("first", metavar="A", help="a collection")
    compare.add_argument("second", metavar="B", help="one of the same folder, with another model")
    add_k(compare, 10, "results that are judged (10)")
    template = f"{{}} is the name of a category ({CATEGORY_TEMPLATE})"
    compare.add_argument("--template", default=CATEGORY_TEMPLATE, help=template)
    add_trust(compare)


def run(options: CompareModelsOptions, settings: Settings) -> ExitCode:
    """Measure both and report."""
    first, second = options.of(options.first), options.of(options.second)
    with opened(first, settings) as one, opened(second, settings) as other:
        a, b = ((engine.catalog, engine.embedder()) for engine in (one, other))
        began = time.perf_counter()
        with share_done("Searching for every category with both models") as progress:
            found = compare_models(a, b, progress, options.template, options.k)
        seconds = time.perf_counter() - began
        if options.json:
            show_json(comparison_answer(one, other, found, seconds))
        else:
            _show(one, other, found, seconds)
    return ExitCode.DONE


def _show(one: SearchEngine, other: SearchEngine, found: ModelComparison, seconds: float) -> None:
    for letter, engine in (("A", one), ("B", other)):
        show(f"{letter}: '{engine.name}', {printable(engine.manifest.model.model_id)}")
    show(
        f"{len(found.categories):,} categories as queries (“{printable(found.template)}”) over"
        f" {len(found.shared):,} pictures, {duration(seconds, tenths=True)}"
    )
    k = found.k
    figures = {
        "map": found.mean_average_precision,
        "first_right": found.figure(lambda query: query.first_right),
        f"precision_at_{k}": found.figure(lambda query: query.precision),
        f"recall_at_{k}": found.figure(lambda query: query.recall),
        f"ndcg_at_{k}": found.figure(lambda query: query.ndcg),
    }
    rows = [
        [name, f"{of.first.value:.3f}", f"{of.second.value:.3f}", f"{of.difference.value:+.3f}",
         f"{of.difference.low:+.3f} to {of.difference.high:+.3f}"]
        for name, of in figures.items()
    ]  # fmt: skip
    show_table(["figure", "A", "B", "B − A", "95 % interval"], rows)
    show(_verdict(one, other, found.mean_average_precision.difference))
    show()
    _show_categories(found)
    for remark in found.remarks():
        say(f"note: {remark}")


def _verdict(one: SearchEngine, other: SearchEngine, difference: Estimate) -> str:
    if difference.low <= 0 <= difference.high:
        return "The difference of the mean average precision may be chance: its interval holds 0."
    better = other if difference.value > 0 else one
    return f"'{better.name}' finds these categories better: the interval does not hold 0."


def _show_categories(found: ModelComparison) -> None:
    def gained(one: QueryFigures) -> float:
        return one.average_precision

    furthest = sorted(found.categories, key=lambda one: -abs(one.difference(gained)))
    rows = [
        [printable(one.name), f"{one.pictures:,}", f"{one.first.average_precision:.3f}",
         f"{one.second.average_precision:.3f}", f"{one.difference(gained):+.3f}"]
        for one in furthest[:_CATEGORIES_SHOWN]
    ]  # fmt: skip
    show_table(["category", "pictures", "AP of A", "AP of B", "B − A"], rows)
    if len(rows) < len(furthest):
        show(f"Of {len(furthest):,} these {len(rows)} differ most; all of them with --json.")


def comparison_answer(
    one: SearchEngine, other: SearchEngine, found: ModelComparison, seconds: float
) -> ModelComparisonAnswer:
    """Return a comparison as it is told."""
    return ModelComparisonAnswer(
        first=_model_answer(one),
        second=_model_answer(other),
        template=found.template,
        k=found.k,
        pictures=len(found.shared),
        only_in_first=found.shared.only_first,
        only_in_second=found.shared.only_second,
        figures=ComparedFiguresAnswer(
            map=_paired(found.mean_average_precision),
            first_right=_paired(found.figure(lambda query: query.first_right)),
            precision_at_k=_paired(found.figure(lambda query: query.precision)),
            recall_at_k=_paired(found.figure(lambda query: query.recall)),
            ndcg_at_k=_paired(found.figure(lambda query: query.ndcg)),
        ),
        categories=tuple(
            ComparedCategoryAnswer(
                category=category.name,
                query=category.query,
                pictures=category.pictures,
                first=_query_answer(category.first),
                second=_query_answer(category.second),
            )
            for category in found.categories
        ),
        remarks=tuple(found.remarks()),
        seconds=round(seconds, 1),
    )


def _model_answer(engine: SearchEngine) -> ComparedModelAnswer:
    model = engine.manifest.model
    return ComparedModelAnswer(engine.name, model.model_id, model.dimension)


def _paired(found: PairedEstimate) -> PairedAnswer:
    return PairedAnswer(
        *(_rounded(found.first.value), _interval(found.first)),
        *(_rounded(found.second.value), _interval(found.second)),
        *(_rounded(found.difference.value), _interval(found.difference)),
    )


def _query_answer(found: QueryFigures) -> QueryFiguresAnswer:
    return QueryFiguresAnswer(
        average_precision=_rounded(found.average_precision),
        first_right=bool(found.first_right),
        precision_at_k=_rounded(found.precision),
        recall_at_k=_rounded(found.recall),
        ndcg_at_k=_rounded(found.ndcg),
    )


def _interval(figure: Estimate) -> tuple[float, float]:
    return _rounded(figure.low), _rounded(figure.high)


def _rounded(value: float) -> float:
    return round(value, _DIGITS)


COMMAND = Command(
    name="compare-models",
    help="compare two models on one folder, indexed with each of them",
    description="Search two collections of the same folder, indexed with different models, for each"
    " category by the name of its folder, and tell which model finds the pictures better.",
    add_options=add_options,
    options=CompareModelsOptions,
    run=run,
    answer=ModelComparisonAnswer,
)
