"""The command ``suspects``: pictures that may be in the wrong category."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from search_engine.audit import (
    Audit,
    NeighbourChoice,
    NeighbourSpace,
    Signal,
    Suspect,
    note_of_file,
    table_of_suspects,
)
from search_engine.cli.console import printable, show
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.exports import Lines, export, refuse_what_is_there
from search_engine.cli.json_answers import show_json
from search_engine.cli.labelling_options import (
    LabellingOptions,
    add_labelling,
    labelling_of,
)
from search_engine.cli.options import (
    add_collection,
    add_export,
    add_limit,
    note_odd_names,
    opened,
)
from search_engine.cli.registry import Command
from search_engine.evaluation import Labelling, remarks_on_names
from search_engine.reports import LabellingAnswer, labelling_answer
from search_engine.search import SearchEngine
from search_engine.settings import Settings

_DIGITS = 6


@dataclass(frozen=True, kw_only=True)
class SuspectsOptions(LabellingOptions):
    """Which doubts are looked for, and what is written of them."""

    signal: Signal
    no_words: bool
    all: bool
    limit: int
    export: Path | None
    json: bool


@dataclass(frozen=True, slots=True)
class SuspectAnswer:
    """A picture that may be in the wrong category."""

    rank: int
    picture_id: int
    path: str
    on_disk: str
    category: str | None
    suggested: str
    combined: float
    neighbours: float | None
    words: float | None
    witnesses: tuple[int, ...]
    """Ids of pictures of the suggested category that are like it."""
    category_name: str | None
    suggested_name: str | None
    """What the file of names calls them; null where it does not, or there is none."""


@dataclass(frozen=True, slots=True)
class NeighboursAnswer:
    """By which vectors neighbours were found, and why."""

    by: NeighbourSpace
    asked: int
    """How many different pictures were left out in turn; 0 where there was nothing to choose."""
    accuracy_plain: float | None
    accuracy_whitened: float | None
    """The shares that their neighbours put into their own category."""


@dataclass(frozen=True, slots=True)
class SuspectsAnswer:
    """The pictures that may be in the wrong category, the most suspicious first."""

    collection: str
    model: str
    signal: Signal
    found: int
    suspects: tuple[SuspectAnswer, ...]
    neighbours_found: NeighboursAnswer
    labelling: LabellingAnswer
    remarks: tuple[str, ...]


def add_options(suspects: argparse.ArgumentParser) -> None:
    """Add the options."""
    add = suspects.add_argument
    add("--signal", type=Signal, choices=list(Signal), default=Signal.COMBINED)
    add("--no-words", action="store_true", help="neighbours alone; needs no model")
    add(
        "--all",
        action="store_true",
        help="also slightly suspicious labels, and those that were reviewed",
    )
    add_limit(suspects, "shown of each list (20)")
    add_export(suspects, "write all of it there")
    add_labelling(suspects)
    add_collection(suspects)


def run(options: SuspectsOptions, settings: Settings) -> ExitCode:
    """Find them; Ctrl-C stops it, and what was measured until then is kept.

    Raises:
        BadInput: The file to export to exists, or cannot be written.
        ModelError: The model is needed and cannot be used.
    """
    labelling = labelling_of(options)
    with opened(options, settings) as engine:
        note_odd_names(engine, labelling)
        refuse_what_is_there(options.export)
        audit = Audit(engine)
        found = audit.suspects(
            options.signal,
            with_words=not options.no_words,
            clearly=not options.all,
            reviewed=options.all,
            labelling=labelling,
            progress=Lines(),
        )
        if options.json:
            show_json(suspects_answer(audit, found, options, labelling))
        else:
            _show(audit, found, options.limit, labelling)
        export(options.export, lambda: table_of_suspects(engine, found, labelling))
    return ExitCode.DONE


def suspects_answer(
    audit: Audit, found: Sequence[Suspect], options: SuspectsOptions, labelling: Labelling
) -> SuspectsAnswer:
    """Return what was found as it is told."""
    engine, names = audit.engine, audit.labelled(labelling.level).categories
    return SuspectsAnswer(
        collection=engine.name,
        model=engine.manifest.model.model_id,
        signal=options.signal,
        found=len(found),
        suspects=tuple(
            _suspect_answer(engine, rank, one, labelling)
            for rank, one in enumerate(found[: options.limit], start=1)
        ),
        neighbours_found=_neighbours_answer(audit.neighbour_choice(labelling.level)),
        labelling=labelling_answer(labelling, names),
        remarks=tuple(remarks_on_names(names, labelling)),
    )


def _suspect_answer(
    engine: SearchEngine, rank: int, one: Suspect, labelling: Labelling
) -> SuspectAnswer:
    return SuspectAnswer(
        rank=rank,
        picture_id=one.record.picture_id,
        path=str(engine.path(one.record)),
        on_disk=note_of_file(engine, one.record),
        category=one.category,
        suggested=one.suggested,
        combined=round(one.combined, _DIGITS),
        neighbours=_rounded(one.neighbours),
        words=_rounded(one.words),
        witnesses=tuple(one.witnesses),
        category_name=labelling.name(one.category),
        suggested_name=labelling.name(one.suggested),
    )


def _neighbours_answer(choice: NeighbourChoice) -> NeighboursAnswer:
    return NeighboursAnswer(
        choice.taken, choice.asked, _rounded(choice.plain), _rounded(choice.whitened)
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)


def _show(audit: Audit, found: Sequence[Suspect], most: int, labelling: Labelling) -> None:
    engine = audit.engine
    show(f"Suspicious labels: {len(found):,} of {len(engine):,}; the most suspicious first")
    show(str(audit.neighbour_choice(labelling.level)))
    for rank, one in enumerate(found[:most], start=1):
        words = "     -" if one.words is None else f"{one.words:6.3f}"
        near = "     -" if one.neighbours is None else f"{one.neighbours:6.2f}"
        path = printable(str(engine.path(one.record)))
        own, other = (printable(labelling.title(name)) for name in (one.category, one.suggested))
        show(f"{rank:>4}  neighbours {near}  words {words}  {path}: {own} → {other}")


COMMAND = Command(
    name="suspects",
    help="find pictures that may be in the wrong category",
    description="Find pictures that may be in the wrong category: their neighbours are in another"
    " one, or the name of another one fits them better. Nothing is moved.",
    add_options=add_options,
    options=SuspectsOptions,
    run=run,
    answer=SuspectsAnswer,
)
