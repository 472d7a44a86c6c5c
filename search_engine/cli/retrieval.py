"""``evaluate retrieval``: each category's name as a question."""

from __future__ import annotations

import argparse
import time
from typing import Any

import numpy as np

from search_engine.cli.console import duration, printable, say, share_done, show, show_table
from search_engine.cli.documents import as_json
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.options import add_collection, add_json, collection_of, positive
from search_engine.evaluation.metrics import Estimate
from search_engine.evaluation.retrieval import Retrieval, RetrievalOptions, measure_retrieval
from search_engine.query.phrasing import CATEGORY_TEMPLATE
from search_engine.search.engine import SearchEngine
from search_engine.settings import Settings

_Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse has no public name for it
_CATEGORIES_SHOWN = 40
_CONFUSIONS_SHOWN = 10
_DIGITS = 6


def add(parts: _Commands[argparse.ArgumentParser]) -> None:
    """Add what can be typed after ``evaluate retrieval``."""
    retrieval = parts.add_parser(
        "retrieval",
        help="ask for each category by its folder's name: are its pictures on top?",
        description="Ask for each category by the name of its folder, over the whole collection, "
        "and measure whether its pictures come first.",
    )
    add_collection(retrieval)
    option = retrieval.add_argument
    option("-k", "--k", type=positive, default=10, help="answers that are judged (10)")
    option("--template", default=CATEGORY_TEMPLATE, help=f"{{}} is the name ({CATEGORY_TEMPLATE})")
    option("--once", action="store_true", help="count copies and near-duplicates once")
    add_json(retrieval)


def run(arguments: argparse.Namespace, settings: Settings) -> ExitCode:
    """Measure and report."""
    options = RetrievalOptions(arguments.template, arguments.k, arguments.once)
    with SearchEngine.open(collection_of(arguments, settings), settings) as engine:
        embedder = engine.embedder()
        began = time.perf_counter()
        with share_done("Asking for every category") as progress:
            found = measure_retrieval(engine.catalog, embedder, options, progress)
        seconds = time.perf_counter() - began
        if arguments.json:
            head = {"collection": engine.name, "model": embedder.card.model_id}
            show(as_json(head | of_retrieval(found) | {"seconds": round(seconds, 3)}))
        else:
            _show(engine.name, found, seconds)
    return ExitCode.DONE


def of_retrieval(found: Retrieval) -> dict[str, Any]:
    """Return all figures as a JSON document."""
    options, labelled = found.options, found.labelled
    figures = _figures(found)
    return {
        "template": options.template,
        "k": options.k,
        "once": options.once,
        "pictures": len(labelled.ids),
        "pictures_without_category": labelled.without,
        "categories_in_all": labelled.categories,
        **{name: round(figure.value, _DIGITS) for name, figure in figures.items()},
        "chance_map": round(found.chance, _DIGITS),
        "intervals": {name: _interval(figure) for name, figure in figures.items()},
        "zero_shot": _of_zero_shot(found),
        "picture_to_picture": _of_image_queries(found),
        "confusions": [
            {
                "asked": one.asked,
                "found": one.found,
                "share": round(one.share, _DIGITS),
                "picture_ids": one.pictures.tolist(),
            }
            for one in found.confusions
        ],
        "categories": [_of_category(found, place) for place in range(len(labelled.names))],
        "remarks": found.remarks(),
    }


def _figures(found: Retrieval) -> dict[str, Estimate]:
    k = found.options.k
    return {
        "map": found.mean_average_precision,
        f"precision_at_{k}": found.macro("precision"),
        f"recall_at_{k}": found.macro("recall"),
        f"ndcg_at_{k}": found.macro("ndcg"),
    }


def _interval(figure: Estimate) -> list[float]:
    return [round(figure.low, _DIGITS), round(figure.high, _DIGITS)]


def _of_zero_shot(found: Retrieval) -> dict[str, Any]:
    names, zero_shot = found.labelled.names, found.zero_shot
    return {
        "pictures": zero_shot.pictures,
        "top_1": round(zero_shot.top_1.value, _DIGITS),
        "top_5": round(zero_shot.top_5.value, _DIGITS),
        "intervals": {
            "top_1": _interval(zero_shot.top_1),
            "top_5": _interval(zero_shot.top_5),
        },
        "mistakes": [
            {"category": names[own], "taken_for": names[other], "pictures": count}
            for own, other, count in zero_shot.mistakes()
        ],
    }


def _of_image_queries(found: Retrieval) -> dict[str, Any] | None:
    one = found.image_queries
    if one is None:
        return None
    return {
        f"precision_at_{found.options.k}": round(one.precision.value, _DIGITS),
        "interval": _interval(one.precision),
        "chance": round(one.chance, _DIGITS),
        "questions": one.questions,
    }


def _of_category(found: Retrieval, place: int) -> dict[str, Any]:
    one, k = found.categories[place], found.options.k
    top_1, top_5 = found.zero_shot.of_category(place)
    return {
        "category": one.name,
        "question": one.question,
        "pictures": one.pictures,
        "average_precision": round(one.average_precision.value, _DIGITS),
        "average_precision_interval": _interval(one.average_precision),
        "chance_average_precision": round(one.chance, _DIGITS),
        f"precision_at_{k}": round(one.precision, _DIGITS),
        f"recall_at_{k}": round(one.recall, _DIGITS),
        f"ndcg_at_{k}": round(one.ndcg, _DIGITS),
        "zero_shot_top_1": round(top_1, _DIGITS),
        "zero_shot_top_5": round(top_5, _DIGITS),
    }


def _show(collection: str, found: Retrieval, seconds: float) -> None:
    labelled, options = found.labelled, found.options
    show(
        f"'{collection}': {len(labelled.names):,} categories as questions"
        f" (“{printable(options.template)}”) over {len(labelled.ids):,} pictures,"
        f" {duration(seconds)}"
    )
    figures = _figures(found) | {
        "zero_shot_top_1": found.zero_shot.top_1,
        "zero_shot_top_5": found.zero_shot.top_5,
    }
    if found.image_queries:
        figures[f"picture_to_picture_precision_at_{options.k}"] = found.image_queries.precision
    rows = [[name, f"{one.value:.3f}", _ends(one)] for name, one in figures.items()]
    show_table(["figure", "value", "95 % interval"], rows)
    show(f"By chance the mean average precision would be {found.chance:.3f}.")
    show()
    _show_categories(found)
    if found.confusions:
        show()
        show(f"Among the first {options.k} answers for one category, pictures of another:")
    for one in found.confusions[:_CONFUSIONS_SHOWN]:
        name = printable(one.found) or "(no category asked for)"
        show(f"  {printable(one.asked)} finds {name}: {one.share:.0%}")
    for remark in found.remarks():
        say(f"note: {remark}")


def _show_categories(found: Retrieval) -> None:
    averages = [one.average_precision.value for one in found.categories]
    order = np.argsort(averages, kind="stable")[:_CATEGORIES_SHOWN].tolist()
    k = found.options.k
    rows = []
    for place in order:
        one = found.categories[place]
        cells = (one.average_precision.value, one.precision, one.recall, one.ndcg)
        top_1 = found.zero_shot.of_category(place)[0]
        rows.append(
            [printable(one.name), f"{one.pictures:,}", *(f"{c:.3f}" for c in (*cells, top_1))]
        )
    header = ["category", "pictures", "AP", f"P@{k}", f"R@{k}", f"nDCG@{k}", "zero-shot"]
    show_table(header, rows)
    if len(order) < len(averages):
        show(f"The {len(order)} hardest of {len(averages):,}; all of them with --json.")


def _ends(figure: Estimate) -> str:
    return f"{figure.low:.3f} – {figure.high:.3f}"
