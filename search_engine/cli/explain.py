"""The command ``explain``: why a picture scores what it scores."""

from __future__ import annotations

import argparse
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from search_engine.cli.console import printable, say, show, show_table
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.exports import refuse_what_is_there, write_new
from search_engine.cli.json_answers import show_json
from search_engine.cli.options import CollectionOptions, add_collection, add_query, opened
from search_engine.cli.registry import Command
from search_engine.cli.search_answer import note_negation
from search_engine.cli.values import path, positive
from search_engine.collection import Refusal
from search_engine.errors import BadInput
from search_engine.explain import (
    PATCHES_UNREAD,
    Explanation,
    HeatMap,
    HeatMethod,
    WordEffect,
    hardly_used,
    paint_heat,
)
from search_engine.query import Query
from search_engine.search import (
    ExplainAnswer,
    PartMatch,
    SearchEngine,
    explain_answer,
    part_matches,
)
from search_engine.settings import Settings

if TYPE_CHECKING:
    from PIL import Image


@dataclass(frozen=True, kw_only=True)
class ExplainOptions(CollectionOptions):
    """Which picture is explained, for which query, and how."""

    words: list[str]
    picture: int
    heat_map: Path | None
    method: HeatMethod | None
    json: bool


def add_options(explain: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_query(explain)
    add = explain.add_argument
    add("--picture", type=positive, required=True, metavar="ID", help="the picture to explain")
    add_collection(explain)
    add("--heat-map", type=path, metavar="FILE", help="write a heat map over the picture, as PNG")
    add(
        "--method",
        type=HeatMethod,
        choices=list(HeatMethod),
        help="of the heat map: what each patch shows, or hiding places and showing them alone,"
        " which works with every model and takes longer; unless said, the first that it can",
    )


def run(options: ExplainOptions, settings: Settings) -> ExitCode:
    """Explain a picture, and write its heat map if one is wanted."""
    with opened(options, settings) as engine:
        refuse_what_is_there(options.heat_map)
        found = engine.explain(Query.parse(" ".join(options.words), paths=True), options.picture)
        heat = _heat_map(engine, found, options)
        parts = part_matches(engine, found.query, options.picture)
        note_negation(found.query)
        if found.crop.cuts_much:
            say(
                f"note: the model saw only the middle; {found.crop.cut_percent:.0f} % was cut away."
            )
        if options.json:
            show_json(explain_answer(found, engine.name, engine.path, heat, parts))
        else:
            _show(engine, found, heat, parts)
    return ExitCode.DONE


def _heat_map(engine: SearchEngine, found: Explanation, options: ExplainOptions) -> HeatMap | None:
    if not (options.heat_map or options.method):
        return None
    try:
        heat = engine.heat_map(found.query, found.record, options.method)
    except Refusal as refusal:
        file = engine.path(found.record)
        cause = f"The picture cannot be looked at again: {refusal.cause}"
        remedy = "Update the collection with the command index."
        raise BadInput(cause, place=str(file), remedy=remedy) from refusal
    if options.method is None and heat.method is HeatMethod.REGIONS:
        cause = f"{PATCHES_UNREAD[0].lower()}{PATCHES_UNREAD[1:]}"
        say(f"note: {cause}; the heat map is made by regions.")
    if options.heat_map:
        _write(paint_heat(engine.image(found.record), heat), options.heat_map)
    return heat


def _write(image: Image.Image, file: Path) -> None:
    target = io.BytesIO()
    image.save(target, "PNG")
    write_new(file, target.getvalue(), "heat map")
    say(f"The heat map was written to {printable(str(file))}")


def _show(
    engine: SearchEngine,
    found: Explanation,
    heat: HeatMap | None,
    parts: Sequence[PartMatch],
) -> None:
    about = "exact" if found.exact else "by 8-bit codes"
    path = printable(str(engine.path(found.record)))
    show(f"{printable(str(found.query))}: picture {found.record.picture_id}, {path}")
    show(
        f"Score {found.score:.4f}, rank {found.rank} of {len(engine):,} ({about}); the collection"
        f" scores {found.mean_score:.4f} on average"
    )
    if parts:
        asked = ", ".join(f"{printable(one.text)} {one.match:.0f} %" for one in parts)
        show(f"Each part by itself: {asked}")
    show()
    rows = [
        [printable(str(one.term.subject)), f"{one.term.weight:+g}", f"{one.cosine:.4f}",
         f"{one.mean_cosine:.4f}", f"{one.contribution:+.4f}"]
        for one in found.terms
    ]  # fmt: skip
    show_table(["TERM", "WEIGHT", "COSINE", "ON AVERAGE", "CONTRIBUTION"], rows)
    show()
    _show_words(found.words)
    if found.record.width:
        left, top, right, bottom = found.crop.box
        show(
            f"The model saw {left:.0f}, {top:.0f} to {right:.0f}, {bottom:.0f} of"
            f" {found.record.width} × {found.record.height} pixels; {found.crop.cut_percent:.1f} %"
            " was cut away."
        )
    if heat:
        show("The strongest spot ({}) is at {:.0f}, {:.0f}.".format(heat.method, *heat.peak))


def _show_words(words: Sequence[WordEffect]) -> None:
    header = ["WITHOUT", "SCORE", "ON AVERAGE", "DIFFERENCE", "RANK", "MEAN DIFFERENCE OF THE BEST"]
    rows = [
        [printable(one.word), f"{one.score_without:.4f}", f"{one.mean_score_without:.4f}",
         f"{one.difference:+.4f}",
         f"{one.rank_without}", f"{one.mean_difference:+.4f}"]
        for one in words if not one.hardly_used
    ]  # fmt: skip
    if rows:
        show_table(header, rows)
    if unused := hardly_used(words):
        show(f"The model hardly uses {printable(unused)}: pictures score alike without.")
    if words:
        show()


COMMAND = Command(
    name="explain",
    help="tell why a picture scores what it scores",
    description="Tell what each term and each word of a query gives to a picture's score, which"
    " part of the picture supports it most, and what the model saw of it.",
    add_options=add_options,
    options=ExplainOptions,
    run=run,
    answer=ExplainAnswer,
)
