"""The command ``wording``: how far an answer depends on how the question is worded."""

from __future__ import annotations

import argparse
from typing import Any

from search_engine.cli.console import printable, show, show_table
from search_engine.cli.documents import as_json
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.options import add_collection, add_json, collection_of, positive
from search_engine.evaluation.wording import (
    FRAGILE_BELOW,
    STABLE_FROM,
    WordingCheck,
    check_wording,
)
from search_engine.query import Query
from search_engine.records import PictureRecord
from search_engine.search.engine import SearchEngine
from search_engine.settings import Settings

_Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse has no public name for it
_UNSTABLE_SHOWN = 12
_DIGITS = 6


def add(commands: _Commands[argparse.ArgumentParser]) -> None:
    """Add what can be typed after ``wording``."""
    wording = commands.add_parser(
        "wording",
        help="tell how far an answer depends on how the question is worded",
        description="Ask a question in several wordings and tell how far the answers agree.",
    )
    wording.add_argument("words", nargs="+", metavar="QUESTION")
    add_collection(wording)
    wording.add_argument("-k", "--k", type=positive, default=10, help="first answers looked at")
    add_json(wording)


def run(arguments: argparse.Namespace, settings: Settings) -> ExitCode:
    """Check and report."""
    with SearchEngine.open(collection_of(arguments, settings), settings) as engine:

        def rank(query: Query, k: int) -> list[int]:
            return [one.record.picture_id for one in engine.search(query, k).results]

        found = check_wording(Query.parse(" ".join(arguments.words), paths=True), rank, arguments.k)
        wanted = [*found.always, *(one.picture_id for one in found.unstable)]
        records = engine.catalog.pictures.by_id(wanted)
        if arguments.json:
            head = {"collection": engine.name, "model": engine.manifest.model.model_id}
            show(as_json(head | of_wording(found, records)))
        else:
            _show(found, records)
    return ExitCode.DONE


def of_wording(found: WordingCheck, records: dict[int, PictureRecord]) -> dict[str, Any]:
    """Return a check as a JSON document; paths are relative to the collection's folder."""
    return {
        "query": str(found.question),
        "k": found.k,
        "verdict": str(found.stability),
        "agreement": round(found.agreement, _DIGITS),
        "stable_from": STABLE_FROM,
        "fragile_below": FRAGILE_BELOW,
        "wordings": [
            {
                "template": one.template,
                "query": one.question,
                "overlap": round(one.overlap, _DIGITS),
                f"shared_at_{found.k}": one.shared,
                "mean_overlap_with_others": round(one.others, _DIGITS),
            }
            for one in (*found.wordings, found.average)
        ],
        "always": [_named(picture_id, records) for picture_id in found.always],
        "come_and_go": [
            _named(one.picture_id, records) | {"wordings": one.within, "ranks": list(one.ranks)}
            for one in found.unstable
        ],
    }


def _named(picture_id: int, records: dict[int, PictureRecord]) -> dict[str, Any]:
    record = records.get(picture_id)
    return {"picture_id": picture_id, "path": record.path if record else None}


def _show(found: WordingCheck, records: dict[int, PictureRecord]) -> None:
    asked = printable(str(found.question))
    show(
        f"{asked}: {found.stability}, mean rank-biased overlap {found.agreement:.2f}"
        f" ({STABLE_FROM:g} or more is stable, less than {FRAGILE_BELOW:g} fragile)"
    )
    rows = [
        [one.template, f"{one.overlap:.2f}", f"{one.shared}", f"{one.others:.2f}"]
        for one in (*found.wordings, found.average)
    ]
    header = ["wording", "overlap with bare words", f"shared of {found.k}", "with the others"]
    show_table(header, rows)
    show()
    show(f"{len(found.always)} pictures are among the first {found.k} in every wording;")
    show(f"{len(found.unstable)} come and go:")
    for one in found.unstable[:_UNSTABLE_SHOWN]:
        record = records.get(one.picture_id)
        path = printable(record.path) if record else f"picture {one.picture_id}"
        show(f"  {path}  in {one.within} of {len(found.wordings)}")
    if len(found.unstable) > _UNSTABLE_SHOWN:
        show(f"  … and {len(found.unstable) - _UNSTABLE_SHOWN} more: --json")
