"""The command ``import``: vectors that another program made, as a collection."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from search_engine.cli.console import printable, progress, say, show
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.json_answers import show_json
from search_engine.cli.registry import Command
from search_engine.cli.values import path
from search_engine.exchange import ImportReport, VectorFormat, VectorImport, import_vectors
from search_engine.records import IndexKind, counted
from search_engine.settings import MINI_MODEL, Settings


@dataclass(frozen=True, kw_only=True)
class ImportOptions:
    """Which vectors, and what becomes of them."""

    folder: Path
    as_: VectorFormat
    name: str
    model: str
    root: Path | None
    kind: IndexKind
    json: bool


@dataclass(frozen=True, slots=True)
class ImportAnswer:
    """What an import did."""

    collection: str
    folder: str
    """Where pictures were looked for."""
    model: str
    dimension: int
    pictures: int
    with_file: int
    missing: int
    unreadable: int
    scaled: int
    compared: int
    cosine: float | None
    seconds: float


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add = parser.add_argument
    add("folder", type=path, metavar="DIR")
    forms = "how they lie there"
    add("--as", dest="as_", type=VectorFormat, choices=list(VectorFormat), required=True,
        metavar="FORMAT", help=f"{forms}: {', '.join(VectorFormat)}")  # fmt: skip
    add("--name", required=True, help="of the collection that they become")
    model = f"the model that made them: an id, a folder, or '{MINI_MODEL}'; some pictures are"
    add("--model", required=True, help=f"{model} embedded again to see whether that is so")
    root = "where the pictures are, if they are not in DIR; nothing outside of it is read"
    add("--root", type=path, metavar="DIR", help=root)
    kind = "of index (default: exact as long as that is fast)"
    add("--kind", type=IndexKind, choices=list(IndexKind), default=IndexKind.AUTO, help=kind)


def run(options: ImportOptions, settings: Settings) -> ExitCode:
    """Make the collection; stopped or refused, nothing of it is left behind."""
    order = VectorImport(
        options.folder, options.as_, options.name, options.model, options.root, options.kind
    )
    with progress() as listener:
        report = import_vectors(order, settings, on_progress=listener)
    if options.json:
        show_json(_answer(report))
    else:
        _show(report, rooted=options.root is not None)
    return ExitCode.DONE


def _answer(report: ImportReport) -> ImportAnswer:
    model = report.manifest.model
    cosine = None if report.cosine is None else round(report.cosine, 4)
    return ImportAnswer(
        report.collection, str(report.root), model.model_id, model.dimension, report.pictures,
        report.with_file, report.missing, report.unreadable, report.scaled, report.compared,
        cosine, round(report.seconds, 2),
    )  # fmt: skip


def _show(report: ImportReport, *, rooted: bool) -> None:
    count = counted(report.pictures, "picture is", "pictures are")
    show(f"{count} in '{report.collection}' now, with their vectors.")
    if report.cosine is not None:
        again = counted(report.compared, "picture", "pictures")
        show(f"{again} embedded again: median cosine {report.cosine:.3f}.")
    else:
        say("note: no picture is there, so nobody saw whether the vectors are of this model.")
    if report.scaled:
        vectors = counted(report.scaled, "vector was", "vectors were")
        say(f"note: {vectors} not of length one, and became so.")
    if report.missing:
        missing = counted(report.missing, "picture has", "pictures have")
        say(f"note: {missing} no file in {printable(str(report.root))}: found, but not shown.")
        if not rooted:
            say("note: say where the pictures are by --root DIR.")
    if report.unreadable:
        lost = counted(report.unreadable, "file", "files")
        say(f"note: {lost} cannot be read: info {report.collection} --skipped says why.")


COMMAND = Command(
    name="import",
    help="make a collection of vectors that another program made",
    description="Make a collection of pictures and vectors that another program made: nothing is"
    " embedded for it, and pictures need not be there. Paths are taken below DIR, or below --root."
    " The files are only read.",
    add_options=add_options,
    options=ImportOptions,
    run=run,
    answer=ImportAnswer,
)
