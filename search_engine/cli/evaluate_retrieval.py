"""``evaluate retrieval``: each category's name as a query."""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass

import numpy as np

from search_engine.cli.console import printable, say, share_done, show, show_table
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.json_answers import show_json
from search_engine.cli.labelling_options import LabellingOptions, add_labelling, labelling_of
from search_engine.cli.options import add_collection, add_k, opened
from search_engine.cli.registry import Command
from search_engine.evaluation import Estimate, Retrieval, RetrievalOptions
from search_engine.query import CATEGORY_TEMPLATE
from search_engine.records import duration
from search_engine.reports import RetrievalAnswer, retrieval_answer
from search_engine.settings import Settings

_CATEGORIES_SHOWN = 40
_CONFUSIONS_SHOWN = 10


@dataclass(frozen=True, kw_only=True)
class EvaluateRetrievalOptions(LabellingOptions):
    """How categories are asked for, and how answers are counted."""

    k: int
    template: str
    once: bool
    json: bool


def add_options(retrieval: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_collection(retrieval)
    add_k(retrieval, 10, "results that are judged (10)")
    template = f"{{}} is the name ({CATEGORY_TEMPLATE})"
    retrieval.add_argument("--template", default=CATEGORY_TEMPLATE, help=template)
    once = "count copies and near-duplicates once"
    retrieval.add_argument("--once", action="store_true", help=once)
    add_labelling(retrieval)


def run(options: EvaluateRetrievalOptions, settings: Settings) -> ExitCode:
    """Measure and report."""
    wanted = RetrievalOptions(options.template, options.k, options.once, labelling_of(options))
    with opened(options, settings) as engine:
        engine.embedder()  # loading it is no part of the time that measuring takes
        began = time.perf_counter()
        with share_done("Searching for every category") as progress:
            found = engine.measure.retrieval(wanted, progress)
        seconds = time.perf_counter() - began
        if options.json:
            show_json(retrieval_answer(engine.name, engine.manifest.model.model_id, found, seconds))
        else:
            _show(engine.name, found, seconds)
    return ExitCode.DONE


def _figures(found: Retrieval) -> dict[str, Estimate]:
    k = found.options.k
    figures = {
        "map": found.mean_average_precision,
        f"precision_at_{k}": found.precision,
        f"recall_at_{k}": found.recall,
        f"ndcg_at_{k}": found.ndcg,
        "zero_shot_top_1": found.zero_shot.top_1,
        "zero_shot_top_5": found.zero_shot.top_5,
    }
    if found.image_queries:
        figures[f"picture_to_picture_precision_at_{k}"] = found.image_queries.precision
    return figures


def _show(collection: str, found: Retrieval, seconds: float) -> None:
    labelled, options = found.labelled, found.options
    title = labelled.labelling.title
    show(
        f"'{collection}': {len(labelled.names):,} categories as queries"
        f" (“{printable(options.template)}”) over {len(labelled.ids):,} pictures,"
        f" {duration(seconds, tenths=True)}"
    )
    rows = [[name, f"{one.value:.3f}", _ends(one)] for name, one in _figures(found).items()]
    show_table(["figure", "value", "95 % interval"], rows)
    show(f"By chance the mean average precision would be {found.chance:.3f}.")
    show()
    _show_categories(found)
    if found.confusions:
        show()
        show(f"Among the first {options.k} results for one category, pictures of another:")
    for one in found.confusions[:_CONFUSIONS_SHOWN]:
        name = printable(title(one.found)) or "(no category searched for)"
        show(f"  {printable(title(one.asked))} finds {name}: {one.share:.0%}")
    for remark in found.remarks():
        say(f"note: {remark}")


def _show_categories(found: Retrieval) -> None:
    averages = [one.average_precision.value for one in found.categories]
    order = np.argsort(averages, kind="stable")[:_CATEGORIES_SHOWN].tolist()
    k, title = found.options.k, found.labelled.labelling.title
    rows = []
    for place in order:
        one = found.categories[place]
        cells = (one.average_precision.value, one.precision, one.recall, one.ndcg)
        top_1 = found.zero_shot.of_category(place)[0]
        rows.append(
            [
                printable(title(one.name)),
                f"{one.pictures:,}",
                *(f"{c:.3f}" for c in (*cells, top_1)),
            ]
        )
    header = ["category", "pictures", "AP", f"P@{k}", f"R@{k}", f"nDCG@{k}", "zero-shot"]
    show_table(header, rows)
    if len(order) < len(averages):
        show(f"The {len(order)} hardest of {len(averages):,}; all of them with --json.")


def _ends(figure: Estimate) -> str:
    return f"{figure.low:.3f} – {figure.high:.3f}"


COMMAND = Command(
    name="evaluate retrieval",
    help="search for each category by its folder's name: are its pictures on top?",
    description="Search for each category by the name of its folder, over the whole collection, and"
    " measure whether its pictures come first.",
    add_options=add_options,
    options=EvaluateRetrievalOptions,
    run=run,
    answer=RetrievalAnswer,
)
