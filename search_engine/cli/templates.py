"""``evaluate templates``: which wording finds the categories best."""

from __future__ import annotations

import argparse
from typing import Any

from search_engine.cli.console import share_done, show, show_table
from search_engine.cli.documents import as_json
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.options import (
    add_collection,
    add_json,
    collection_of,
    note_odd_names,
    positive,
)
from search_engine.evaluation.templates import TemplateComparison, compare_templates
from search_engine.search.engine import SearchEngine
from search_engine.settings import Settings

_Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse has no public name for it
_DIGITS = 6


def add(parts: _Commands[argparse.ArgumentParser]) -> None:
    """Add what can be typed after ``evaluate templates``."""
    templates = parts.add_parser(
        "templates",
        help="find the wording that finds the categories best",
        description="Ask for each category in several wordings, and in the mean of them, and "
        "measure which finds their pictures best.",
    )
    add_collection(templates)
    templates.add_argument("-k", "--k", type=positive, default=10, help="answers judged (10)")
    add_json(templates)


def run(arguments: argparse.Namespace, settings: Settings) -> ExitCode:
    """Measure and report."""
    with SearchEngine.open(collection_of(arguments, settings), settings) as engine:
        note_odd_names(engine)
        embedder = engine.embedder()
        with share_done("Asking in every wording") as progress:
            found = compare_templates(engine.catalog, embedder, arguments.k, progress)
        if arguments.json:
            head = {"collection": engine.name, "model": embedder.card.model_id}
            show(as_json(head | of_templates(found)))
        else:
            _show(engine.name, found)
    return ExitCode.DONE


def of_templates(found: TemplateComparison) -> dict[str, Any]:
    """Return the figures of all wordings as a JSON document, best first."""
    return {
        "k": found.k,
        "categories": found.categories,
        "best": found.best.template,
        "templates": [
            {
                "template": one.template,
                "map": round(one.mean_average_precision.value, _DIGITS),
                "map_interval": [
                    round(one.mean_average_precision.low, _DIGITS),
                    round(one.mean_average_precision.high, _DIGITS),
                ],
                f"precision_at_{found.k}": round(one.precision, _DIGITS),
                "gain": round(one.gain.value, _DIGITS),
                "gain_interval": [round(one.gain.low, _DIGITS), round(one.gain.high, _DIGITS)],
            }
            for one in found.figures
        ],
    }


def _show(collection: str, found: TemplateComparison) -> None:
    show(f"'{collection}': {found.categories:,} categories, best wording first")
    rows = [
        [
            one.template,
            f"{one.mean_average_precision.value:.4f}",
            f"{one.precision:.4f}",
            f"{one.gain.value:+.4f}",
            f"{one.gain.low:+.4f} – {one.gain.high:+.4f}",
        ]
        for one in found.figures
    ]
    header = ["wording", "mAP", f"P@{found.k}", "against bare words", "95 % interval"]
    show_table(header, rows)
