"""The command ``export``: the vectors of a collection, for another program."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from search_engine.cli.console import printable, say, show
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.exports import Lines
from search_engine.cli.json_answers import show_json
from search_engine.cli.options import chosen
from search_engine.cli.registry import Command
from search_engine.cli.values import path
from search_engine.exchange import VectorExport, VectorFormat, export_vectors
from search_engine.records import counted
from search_engine.search import SearchEngine
from search_engine.settings import Settings

_NAMED = 20


@dataclass(frozen=True, kw_only=True)
class VectorExportOptions:
    """Which collection, how, and where to."""

    name: str | None
    as_: VectorFormat
    to: Path
    json: bool


@dataclass(frozen=True, slots=True)
class VectorExportAnswer:
    """What an export wrote."""

    collection: str
    format: VectorFormat
    folder: str
    model: str
    dimension: int
    pictures: int
    files: tuple[str, ...]
    bytes: int
    left_out: tuple[str, ...]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add = parser.add_argument
    add("name", nargs="?", help="needed when there are several")
    add("--as", dest="as_", type=VectorFormat, choices=list(VectorFormat), required=True,
        metavar="FORMAT", help=f"how they are written: {', '.join(VectorFormat)}")  # fmt: skip
    to = "a folder that is not there yet, or empty; the one above it is there"
    add("--to", type=path, metavar="DIR", required=True, help=to)


def run(options: VectorExportOptions, settings: Settings) -> ExitCode:
    """Write it, whole or not at all."""
    with SearchEngine.open(chosen(options.name, settings), settings) as engine:
        done = export_vectors(engine, options.as_, options.to, Lines())
    if options.json:
        show_json(_answer(done))
    else:
        _show(done)
    return ExitCode.DONE


def _answer(done: VectorExport) -> VectorExportAnswer:
    return VectorExportAnswer(
        done.collection, done.form, str(done.folder), done.model_id, done.dimension,
        done.pictures, done.files, done.bytes, done.left_out,
    )  # fmt: skip


def _show(done: VectorExport) -> None:
    count = counted(done.pictures, "picture is", "pictures are")
    place = printable(str(done.folder))
    show(f"{count} in {place}, with vectors of {done.dimension:,} dimensions of {done.model_id}:")
    for name in done.files:
        show(f"  {printable(name)}")
    for name in done.left_out[:_NAMED]:
        say(f"skipped: {printable(name)} (its file is missing, or has changed)")
    if len(done.left_out) > _NAMED:
        say(f"… and {len(done.left_out) - _NAMED:,} more.")
    if not done.form.keeps_all:
        say(f"note: '{done.form}' has no place for the model: note that it is {done.model_id}.")


COMMAND = Command(
    name="export",
    help="write the vectors of a collection for another program",
    description="Write all pictures of a collection and their vectors so that another program"
    " reads them. Results of a search are handed on by the options of search.",
    add_options=add_options,
    options=VectorExportOptions,
    run=run,
    answer=VectorExportAnswer,
)
