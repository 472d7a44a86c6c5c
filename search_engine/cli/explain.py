"""The command ``explain``: why a picture scores what it scores."""

from __future__ import annotations

import argparse
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from search_engine.cli.console import printable, say, show, show_table
from search_engine.cli.exports import refuse_what_is_there, write_new
from search_engine.cli.options import add_collection, path, positive
from search_engine.collection.decoding import Refusal, decode
from search_engine.errors import BadInput
from search_engine.explain.explanation import Explanation
from search_engine.explain.heat_map import HeatMap, HeatMethod, compute_heat_map
from search_engine.explain.heat_painting import paint_heat
from search_engine.explain.negation import Negation, negation_in
from search_engine.query import Query
from search_engine.search.engine import SearchEngine

if TYPE_CHECKING:
    from PIL import Image

_Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse has no public name for it


def add_explain(commands: _Commands[argparse.ArgumentParser]) -> None:
    """Add the command to those that can be typed."""
    explain = commands.add_parser(
        "explain",
        help="tell why a picture scores what it scores",
        description="Tell what each term and each word of a question gives to a picture's score,"
        " which part of the picture answers it, and what the model saw of it.",
    )
    add = explain.add_argument
    add("words", nargs="+", metavar="QUESTION")
    add("--picture", type=positive, required=True, metavar="ID", help="the picture to explain")
    add_collection(explain)
    add("--heat-map", type=path, metavar="FILE", help="write a heat map over the picture, as PNG")
    add(
        "--method",
        type=HeatMethod,
        choices=list(HeatMethod),
        help="of the heat map: what each patch shows (the default), or hiding places and showing"
        " them alone, which works with every model and takes longer",
    )
    add("--json", action="store_true", help="write JSON, and nothing else, to stdout")


def explain(engine: SearchEngine, arguments: argparse.Namespace) -> dict[str, Any]:
    """Explain a picture, write its heat map if one is wanted, and give all of it as a document."""
    refuse_what_is_there(arguments.heat_map)
    found = engine.explain(Query.parse(" ".join(arguments.words), paths=True), arguments.picture)
    heat = None
    if arguments.heat_map or arguments.method:
        image, size = _image(engine, found), (found.record.width, found.record.height)
        question = engine.encode(found.query).vector
        method = arguments.method or HeatMethod.PATCHES
        heat = compute_heat_map(engine.embedder(), image, question, method, size)
        if arguments.heat_map:
            _write(paint_heat(image, heat), arguments.heat_map)
    note_negation(found.query)
    if found.crop.cuts_much:
        say(f"note: the model saw only the middle; {found.crop.cut_percent:.0f} % was cut away.")
    if not arguments.json:
        _show(engine, found, heat)
    return _document(engine, found, heat)


def note_negation(query: Query) -> None:
    """Say on standard error that a question has a word the model does not understand as a no."""
    found = negation_in(query)
    if found:
        say(
            f"note: the model does not understand “{printable(found.word)}” as a no; ask"
            f" {printable(str(found.suggestion))} instead, or put the words in quotes."
        )


def _image(engine: SearchEngine, found: Explanation) -> Image.Image:
    try:
        return decode(engine.content(found.record)).image
    except Refusal as refusal:
        file = engine.path(found.record)
        cause = f"The picture cannot be looked at again: {refusal.cause}"
        remedy = "Bring the collection up to date with the command index."
        raise BadInput(cause, place=str(file), remedy=remedy) from refusal


def _write(image: Image.Image, file: Path) -> None:
    target = io.BytesIO()
    image.save(target, "PNG")
    write_new(file, target.getvalue(), "heat map")
    say(f"The heat map was written to {printable(str(file))}")


def _show(engine: SearchEngine, found: Explanation, heat: HeatMap | None) -> None:
    about = "exact" if found.exact else "by 8-bit codes"
    path = printable(str(engine.path(found.record)))
    show(f"{printable(str(found.query))}: picture {found.record.picture_id}, {path}")
    show(
        f"Score {found.score:.4f}, rank {found.rank} of {len(engine):,} ({about}); the collection"
        f" scores {found.mean_score:.4f} on average"
    )
    show()
    rows = [
        [printable(str(one.term.subject)), f"{one.term.weight:+g}", f"{one.cosine:.4f}",
         f"{one.mean_cosine:.4f}", f"{one.contribution:+.4f}"]
        for one in found.terms
    ]  # fmt: skip
    show_table(["TERM", "WEIGHT", "COSINE", "ON AVERAGE", "CONTRIBUTION"], rows)
    show()
    if found.words:
        header = [
            "WITHOUT", "SCORE", "ON AVERAGE", "DIFFERENCE", "RANK", "MEAN DIFFERENCE OF THE BEST",
        ]  # fmt: skip
        rows = [
            [printable(one.word), f"{one.score_without:.4f}", f"{one.mean_score_without:.4f}",
             f"{one.difference:+.4f}",
             f"{one.rank_without}", f"{one.mean_difference:+.4f}"]
            for one in found.words
        ]  # fmt: skip
        show_table(header, rows)
        show()
    left, top, right, bottom = found.crop.box
    show(
        f"The model saw {left:.0f}, {top:.0f} to {right:.0f}, {bottom:.0f} of"
        f" {found.record.width} × {found.record.height} pixels; {found.crop.cut_percent:.1f} % was"
        " cut away."
    )
    if heat:
        show("What answers most ({}) is at {:.0f}, {:.0f}.".format(heat.method, *heat.peak))


def _document(engine: SearchEngine, found: Explanation, heat: HeatMap | None) -> dict[str, Any]:
    return {
        "query": str(found.query),
        "collection": engine.name,
        "picture_id": found.record.picture_id,
        "path": str(engine.path(found.record)),
        "score": round(found.score, 6),
        "mean_score": round(found.mean_score, 6),
        "rank": found.rank,
        "exact": found.exact,
        "terms": [
            {
                "term": str(one.term.subject),
                "weight": one.term.weight,
                "cosine": round(one.cosine, 7),
                "mean_cosine": round(one.mean_cosine, 7),
                "contribution": round(one.contribution, 7),
            }
            for one in found.terms
        ],
        "words": [
            {
                "word": one.word,
                "term": one.term,
                "score_without": round(one.score_without, 6),
                "mean_score_without": round(one.mean_score_without, 6),
                "difference": round(one.difference, 6),
                "rank_without": one.rank_without,
                "mean_difference": round(one.mean_difference, 6),
            }
            for one in found.words
        ],
        "crop": {
            "box": [round(edge, 2) for edge in found.crop.box],
            "cut_percent": round(found.crop.cut_percent, 2),
        },
        "negation": _of_negation(found.negation),
        "heat_map": _of_heat_map(heat),
    }


def _of_negation(found: Negation | None) -> dict[str, str] | None:
    return {"word": found.word, "suggestion": str(found.suggestion)} if found else None


def _of_heat_map(found: HeatMap | None) -> dict[str, Any] | None:
    if found is None:
        return None
    x, y = found.peak
    return {
        "method": str(found.method),
        "peak": {"x": round(x, 1), "y": round(y, 1)},
        "grid": [[round(float(value), 4) for value in row] for row in found.grid],
    }
