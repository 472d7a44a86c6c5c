"""``evaluate templates``: which wording finds the categories best."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from search_engine.cli.console import share_done, show, show_table
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.json_answers import show_json
from search_engine.cli.labelling_options import (
    LabellingOptions,
    add_labelling,
    labelling_of,
)
from search_engine.cli.options import (
    add_collection,
    add_k,
    note_odd_names,
    opened,
)
from search_engine.cli.registry import Command
from search_engine.evaluation import (
    Estimate,
    TemplateComparison,
    remarks_on_names,
)
from search_engine.reports import LabellingAnswer, labelling_answer
from search_engine.settings import Settings

_DIGITS = 6


@dataclass(frozen=True, kw_only=True)
class TemplatesOptions(LabellingOptions):
    """How many answers are judged."""

    k: int
    json: bool


@dataclass(frozen=True, slots=True)
class TemplateAnswer:
    """How well one wording finds the categories."""

    template: str
    map: float
    map_interval: tuple[float, float]
    precision_at_k: float
    gain: float
    """Of the mean average precision, over that of the bare names."""
    gain_interval: tuple[float, float]


@dataclass(frozen=True, slots=True)
class TemplatesAnswer:
    """How well each wording finds the categories, the best first."""

    collection: str
    model: str
    k: int
    categories: int
    best: str
    templates: tuple[TemplateAnswer, ...]
    labelling: LabellingAnswer
    remarks: tuple[str, ...]


def add_options(templates: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_collection(templates)
    add_k(templates, 10, "results judged (10)")
    add_labelling(templates)


def run(options: TemplatesOptions, settings: Settings) -> ExitCode:
    """Measure and report."""
    labelling = labelling_of(options)
    with opened(options, settings) as engine:
        note_odd_names(engine, labelling)
        with share_done("Searching in every wording") as progress:
            found = engine.measure.templates(options.k, progress, labelling)
        if options.json:
            show_json(templates_answer(engine.name, engine.manifest.model.model_id, found))
        else:
            _show(engine.name, found)
    return ExitCode.DONE


def templates_answer(collection: str, model: str, found: TemplateComparison) -> TemplatesAnswer:
    """Return the figures of all wordings as they are told."""
    return TemplatesAnswer(
        collection=collection,
        model=model,
        k=found.k,
        categories=found.categories,
        best=found.best.template,
        templates=tuple(
            TemplateAnswer(
                template=one.template,
                map=round(one.mean_average_precision.value, _DIGITS),
                map_interval=_interval(one.mean_average_precision),
                precision_at_k=round(one.precision, _DIGITS),
                gain=round(one.gain.value, _DIGITS),
                gain_interval=_interval(one.gain),
            )
            for one in found.figures
        ),
        labelling=labelling_answer(found.labelled.labelling, found.labelled.names),
        remarks=tuple(remarks_on_names(found.labelled.names, found.labelled.labelling)),
    )


def _interval(figure: Estimate) -> tuple[float, float]:
    return round(figure.low, _DIGITS), round(figure.high, _DIGITS)


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


COMMAND = Command(
    name="evaluate templates",
    help="find the phrasing that finds the categories best",
    description="Search for each category in several phrasings, and in the mean of them, and"
    " measure which finds their pictures best.",
    add_options=add_options,
    options=TemplatesOptions,
    run=run,
    answer=TemplatesAnswer,
)
