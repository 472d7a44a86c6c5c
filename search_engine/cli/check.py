"""The command ``check``: whether a collection is what it says, and mending it."""

from __future__ import annotations

import argparse
from typing import Any

from search_engine.checking import (
    SAMPLED_PICTURES,
    CheckReport,
    Fault,
    check_collection,
    repair_collection,
)
from search_engine.cli import documents
from search_engine.cli.console import StopSignal, counted, printable, progress, say, show
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.options import add_json, add_trust, chosen, trust_model_of, whole
from search_engine.errors import SearchEngineError
from search_engine.settings import Settings


def add(commands: Any) -> None:  # noqa: ANN401 - argparse has no public name for it
    """Add the command to those that can be typed."""
    check = commands.add_parser(
        "check",
        help="look whether a collection is what it says, and mend it",
        description="Look through catalog, index, thumbnails and files of a collection, and embed"
        " some pictures again to see whether their vectors are theirs. Nothing is changed without"
        " --repair. Exit code 0 if all is well, 7 if something is wrong.",
    )
    check.add_argument("name", nargs="?", help="needed when there are several")
    check.add_argument(
        "--repair", action="store_true",
        help="mend what can be mended: index, thumbnails and calibration are made anew, vectors"
        " that are wrong embedded again, and the folder is looked through as index does",
    )  # fmt: skip
    check.add_argument(
        "--sample", type=whole(0), default=SAMPLED_PICTURES, metavar="N",
        help=f"embed so many pictures, drawn at random, again ({SAMPLED_PICTURES}; 0 for none)",
    )  # fmt: skip
    add_trust(check)
    add_json(check)


def run(arguments: argparse.Namespace, settings: Settings) -> ExitCode:
    """Check a collection, mend it if that is asked for, and say what is still wrong."""
    name = chosen(arguments.name, settings)
    if arguments.trust_model:
        trust_model_of(name, settings)
    report = check_collection(name, settings, sample=arguments.sample, told=say)
    repaired = arguments.repair and not report.is_sound
    problem: SearchEngineError | None = None
    if repaired:
        for fault in report.faults:
            say(f"found: {fault.kind}{_how_many(fault)}")
        try:
            with StopSignal().listening() as stop, progress() as listener:
                repair_collection(report, settings, on_progress=listener, cancelled=stop, told=say)
        except SearchEngineError as error:
            problem = error
        report = check_collection(name, settings, sample=arguments.sample)
    if arguments.json:
        show(documents.as_json(_document(report, repaired=repaired)))
    else:
        _show(report, repaired=repaired)
    if problem:
        raise problem
    return ExitCode.DONE if report.is_sound else ExitCode.FAULTY


def _show(report: CheckReport, *, repaired: bool) -> None:
    pictures = counted(report.pictures, "picture", "pictures")
    vectors = counted(report.vectors, "vector", "vectors")
    show(
        f"'{report.collection}': {pictures}, {vectors},"
        f" {report.in_index:,} in the index, {report.thumbnails:,} thumbnails,"
        f" {counted(report.files, 'file', 'files')}, {report.sampled:,} embedded again"
    )
    for note in report.not_checked:
        show(f"note: {note}.")
    for fault in report.faults:
        show(f"{fault.kind}{_how_many(fault)}: {fault.kind.meaning}")
        if fault.detail:
            show(f"    {printable(fault.detail)}")
        for example in fault.examples:
            show(f"    {printable(example)}")
        if fault.count > len(fault.examples) > 0:
            show(f"    … and {fault.count - len(fault.examples):,} more")
    if report.is_sound:
        show("Mended; nothing is wrong any more." if repaired else "Nothing is wrong.")
    elif not repaired and any(fault.kind.is_mendable for fault in report.faults):
        show(f"Mend it: python -m search_engine check {report.collection} --repair")


def _how_many(fault: Fault) -> str:
    return f" ({fault.count:,})" if fault.count > 1 or fault.examples else ""


def _document(report: CheckReport, *, repaired: bool) -> dict[str, Any]:
    return {
        "collection": report.collection,
        "sound": report.is_sound,
        "repaired": repaired,
        "pictures": report.pictures,
        "vectors": report.vectors,
        "in_index": report.in_index,
        "thumbnails": report.thumbnails,
        "files": report.files,
        "sampled": report.sampled,
        "faults": [
            {"fault": str(fault.kind), "count": fault.count, "detail": fault.detail,
             "examples": list(fault.examples)}
            for fault in report.faults
        ],
        "not_checked": list(report.not_checked),
    }  # fmt: skip
