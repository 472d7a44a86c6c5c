"""The commands that find wrong labels and odd pictures: suspects, outliers."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import Any

from search_engine.audit.audit import Audit
from search_engine.audit.label_errors import Signal, Suspect
from search_engine.audit.lists import note_of_file, table_of_suspects, table_of_unusual
from search_engine.audit.unusual import Oddity, UnusualLimits, UnusualPictures, find_unusual
from search_engine.cli.console import printable, say, show
from search_engine.cli.exports import Lines, export, refuse_what_is_there
from search_engine.cli.odd_limits import add_limits, limits_of
from search_engine.cli.options import add_collection, add_json, path, positive
from search_engine.errors import ModelError
from search_engine.search.engine import SearchEngine


def add_commands(commands: Any) -> None:  # noqa: ANN401 - argparse has no public name for it
    """Add the two commands."""
    suspects = commands.add_parser(
        "suspects",
        help="find pictures that may be in the wrong category",
        description="Find pictures that may be in the wrong category: their neighbours are in"
        " another one, or the name of another one fits them better. Nothing is moved.",
    )
    suspects.add_argument("--signal", type=Signal, choices=list(Signal), default=Signal.COMBINED)
    suspects.add_argument(
        "--no-words", action="store_true", help="neighbours alone; needs no model"
    )
    suspects.add_argument(
        "--all", action="store_true", help="also slight doubts, and labels that were reviewed"
    )
    outliers = commands.add_parser(
        "outliers",
        help="find pictures that are unlike the others, never found, blurred, dark, …",
        description="Find pictures that are unlike the others, found too often or never, blurred,"
        " dark, bright, tiny or oddly shaped.",
    )
    add_limits(outliers)
    for parser in (suspects, outliers):
        parser.add_argument("--limit", type=positive, default=20, help="shown of each list (20)")
        parser.add_argument("--export", type=path, metavar="FILE", help="write all of it there")
        add_collection(parser)
        add_json(parser)


def run(engine: SearchEngine, arguments: argparse.Namespace) -> None:
    """Run the command; Ctrl-C stops it, and what was measured until then is kept.

    Raises:
        BadInput: The file to export to exists, or cannot be written.
        ModelError: The model is needed and cannot be used.
    """
    refuse_what_is_there(arguments.export)
    _RUNS[arguments.command](engine, arguments)


def _run_suspects(engine: SearchEngine, arguments: argparse.Namespace) -> None:
    found = Audit(engine).suspects(
        arguments.signal, with_words=not arguments.no_words, clearly=not arguments.all,
        reviewed=arguments.all, progress=Lines(),
    )  # fmt: skip
    shown = found[: arguments.limit]
    if arguments.json:
        show(json.dumps(_of_suspects(engine, found, shown, arguments.signal), indent=2))
    else:
        _show_suspects(engine, found, shown)
    export(arguments.export, lambda: table_of_suspects(engine, found))


def _run_outliers(engine: SearchEngine, arguments: argparse.Namespace) -> None:
    rankings = _rankings(Audit(engine), arguments.what, limits_of(arguments))
    if arguments.json:
        document = {
            "collection": engine.name,
            "pictures": len(engine),
            "rankings": [_of_ranking(engine, one, arguments.limit) for one in rankings],
        }
        show(json.dumps(document, indent=2))
    else:
        for ranking in rankings:
            _show_ranking(engine, ranking, arguments.limit)
    export(arguments.export, lambda: table_of_unusual(engine, rankings))


def _rankings(
    audit: Audit, wanted: Sequence[Oddity] | None, limits: UnusualLimits
) -> list[UnusualPictures]:
    """Return what was asked for; what nobody named is left out where the model is not to be had."""
    progress, rankings = Lines(), []
    for oddity in wanted or Oddity:
        try:
            rankings.append(find_unusual(audit, oddity, limits, progress))
        except ModelError as error:
            if wanted:
                raise
            say(f"note: '{oddity}' is left out: {error}")
    return rankings


def _show_suspects(
    engine: SearchEngine, found: Sequence[Suspect], shown: Sequence[Suspect]
) -> None:
    show(f"{len(found):,} of {len(engine):,} labels are suspicious; the most suspicious first")
    for rank, one in enumerate(shown, start=1):
        words = "     -" if one.words is None else f"{one.words:6.3f}"
        near = "     -" if one.neighbours is None else f"{one.neighbours:6.2f}"
        path = printable(str(engine.path(one.record)))
        show(f"{rank:>4}  neighbours {near}  words {words}  {path} → {printable(one.suggested)}")


def _show_ranking(engine: SearchEngine, ranking: UnusualPictures, most: int) -> None:
    show(f"{ranking.oddity}: {len(ranking.picture_ids):,} pictures, by {ranking.measure}")
    if ranking.note:
        show(f"  {ranking.note}")
    head = ranking.head(most)
    records = engine.catalog.pictures.by_id(head.picture_ids.tolist())
    for picture_id, value in zip(head.picture_ids.tolist(), head.values.tolist(), strict=True):
        if picture_id in records:
            show(f"  {value:>9.4g}  {printable(str(engine.path(records[picture_id])))}")
    show()


def _of_suspects(
    engine: SearchEngine, found: Sequence[Suspect], shown: Sequence[Suspect], signal: Signal
) -> dict[str, Any]:
    return {
        "collection": engine.name,
        "model": engine.manifest.model.model_id,
        "signal": signal,
        "found": len(found),
        "suspects": [
            {
                "rank": rank,
                "picture_id": one.record.picture_id,
                "path": str(engine.path(one.record)),
                "on_disk": note_of_file(engine, one.record),
                "category": one.record.category,
                "suggested": one.suggested,
                "combined": round(one.combined, 6),
                "neighbours": None if one.neighbours is None else round(one.neighbours, 6),
                "words": None if one.words is None else round(one.words, 6),
                "witnesses": list(one.witnesses),
            }
            for rank, one in enumerate(shown, start=1)
        ],
    }


def _of_ranking(engine: SearchEngine, ranking: UnusualPictures, most: int) -> dict[str, Any]:
    head = ranking.head(most)
    records = engine.catalog.pictures.by_id(head.picture_ids.tolist())
    listed = zip(head.picture_ids.tolist(), head.values.tolist(), strict=True)
    return {
        "what": ranking.oddity,
        "measure": ranking.measure,
        "note": ranking.note,
        "found": len(ranking.picture_ids),
        "pictures": [
            {
                "rank": rank,
                "picture_id": picture_id,
                "path": str(engine.path(records[picture_id])),
                "on_disk": note_of_file(engine, records[picture_id]),
                "category": records[picture_id].category,
                "value": round(value, 6),
            }
            for rank, (picture_id, value) in enumerate(listed, start=1)
            if picture_id in records
        ],
    }


_RUNS = {"suspects": _run_suspects, "outliers": _run_outliers}
