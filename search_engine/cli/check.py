"""The command ``check``: whether a collection is what it says, and mending it."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from search_engine.checking import (
    SAMPLED_PICTURES,
    CheckReport,
    Fault,
    check_collection,
    repair_collection,
)
from search_engine.cli.console import StopSignal, printable, progress, say, show
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.json_answers import show_json
from search_engine.cli.options import add_name, add_trust, chosen, trust_model_of
from search_engine.cli.registry import Command
from search_engine.cli.values import whole
from search_engine.errors import SearchEngineError
from search_engine.records import Step, counted
from search_engine.settings import Settings


@dataclass(frozen=True, kw_only=True)
class CheckOptions:
    """Which collection is checked, how thoroughly, and whether it is mended."""

    name: str | None
    repair: bool
    sample: int
    trust_model: bool
    json: bool


@dataclass(frozen=True, slots=True)
class FaultAnswer:
    """Something that is wrong with a collection."""

    fault: str
    count: int
    detail: str
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckAnswer:
    """What a check looked at and found."""

    collection: str
    sound: bool
    repaired: bool
    pictures: int
    vectors: int
    in_index: int
    thumbnails: int
    files: int
    sampled: int
    faults: tuple[FaultAnswer, ...]
    not_checked: tuple[str, ...]


def add_options(check: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_name(check)
    repair = (
        "mend what can be mended: index, thumbnails and calibration are made anew, vectors that are"
        " wrong embedded again, and the folder is looked through as index does"
    )
    check.add_argument("--repair", action="store_true", help=repair)
    sample = f"embed so many pictures, drawn at random, again ({SAMPLED_PICTURES}; 0 for none)"
    check.add_argument(
        "--sample", type=whole(0), default=SAMPLED_PICTURES, metavar="N", help=sample
    )
    add_trust(check)


def _tell(step: Step) -> None:
    """Say what is being looked at."""
    say(step.stage)


def run(options: CheckOptions, settings: Settings) -> ExitCode:
    """Check a collection, mend it if that is asked for, and say what is still wrong."""
    name = chosen(options.name, settings)
    if options.trust_model:
        trust_model_of(name, settings)
    report = check_collection(name, settings, sample=options.sample, progress=_tell)
    repaired = options.repair and not report.is_sound
    problem: SearchEngineError | None = None
    if repaired:
        for fault in report.faults:
            say(f"found: {fault.kind}{_how_many(fault)}")
        try:
            with StopSignal().listening() as stop, progress() as listener:
                repair_collection(
                    report, settings, on_progress=listener, cancelled=stop, progress=_tell
                )
        except SearchEngineError as error:
            problem = error
        report = check_collection(name, settings, sample=options.sample)
    if options.json:
        show_json(check_answer(report, repaired=repaired))
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


def check_answer(report: CheckReport, *, repaired: bool) -> CheckAnswer:
    """Return what a check found as it is told."""
    return CheckAnswer(
        collection=report.collection,
        sound=report.is_sound,
        repaired=repaired,
        pictures=report.pictures,
        vectors=report.vectors,
        in_index=report.in_index,
        thumbnails=report.thumbnails,
        files=report.files,
        sampled=report.sampled,
        faults=tuple(
            FaultAnswer(str(one.kind), one.count, one.detail, tuple(one.examples))
            for one in report.faults
        ),
        not_checked=tuple(report.not_checked),
    )


COMMAND = Command(
    name="check",
    help="look whether a collection is what it says, and mend it",
    description="Look through catalog, index, thumbnails and files of a collection, and embed some"
    " pictures again to see whether their vectors are theirs. Nothing is changed without --repair."
    " Exit code 0 if all is well, 7 if something is wrong.",
    add_options=add_options,
    options=CheckOptions,
    run=run,
    answer=CheckAnswer,
)
