"""The command ``suspects``: pictures that may be in the wrong category."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from search_engine.audit import Audit, Signal, Suspect, note_of_file, table_of_suspects
from search_engine.cli.console import printable, show
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.exports import Lines, export, refuse_what_is_there
from search_engine.cli.json_answers import show_json
from search_engine.cli.options import (
    CollectionOptions,
    add_collection,
    add_export,
    add_limit,
    note_odd_names,
    opened,
)
from search_engine.cli.registry import Command
from search_engine.search import SearchEngine
from search_engine.settings import Settings


@dataclass(frozen=True, kw_only=True)
class SuspectsOptions(CollectionOptions):
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


@dataclass(frozen=True, slots=True)
class SuspectsAnswer:
    """The pictures that may be in the wrong category, the most suspicious first."""

    collection: str
    model: str
    signal: Signal
    found: int
    suspects: tuple[SuspectAnswer, ...]


def add_options(suspects: argparse.ArgumentParser) -> None:
    """Add the options."""
    add = suspects.add_argument
    add("--signal", type=Signal, choices=list(Signal), default=Signal.COMBINED)
    add("--no-words", action="store_true", help="neighbours alone; needs no model")
    add("--all", action="store_true", help="also slight doubts, and labels that were reviewed")
    add_limit(suspects, "shown of each list (20)")
    add_export(suspects, "write all of it there")
    add_collection(suspects)


def run(options: SuspectsOptions, settings: Settings) -> ExitCode:
    """Find them; Ctrl-C stops it, and what was measured until then is kept.

    Raises:
        BadInput: The file to export to exists, or cannot be written.
        ModelError: The model is needed and cannot be used.
    """
    with opened(options, settings) as engine:
        note_odd_names(engine)
        refuse_what_is_there(options.export)
        found = Audit(engine).suspects(
            options.signal,
            with_words=not options.no_words,
            clearly=not options.all,
            reviewed=options.all,
            progress=Lines(),
        )
        if options.json:
            show_json(suspects_answer(engine, found, options))
        else:
            _show(engine, found, options.limit)
        export(options.export, lambda: table_of_suspects(engine, found))
    return ExitCode.DONE


def suspects_answer(
    engine: SearchEngine, found: Sequence[Suspect], options: SuspectsOptions
) -> SuspectsAnswer:
    """Return what was found as it is told."""
    return SuspectsAnswer(
        collection=engine.name,
        model=engine.manifest.model.model_id,
        signal=options.signal,
        found=len(found),
        suspects=tuple(
            SuspectAnswer(
                rank=rank,
                picture_id=one.record.picture_id,
                path=str(engine.path(one.record)),
                on_disk=note_of_file(engine, one.record),
                category=one.record.category,
                suggested=one.suggested,
                combined=round(one.combined, 6),
                neighbours=None if one.neighbours is None else round(one.neighbours, 6),
                words=None if one.words is None else round(one.words, 6),
                witnesses=tuple(one.witnesses),
            )
            for rank, one in enumerate(found[: options.limit], start=1)
        ),
    )


def _show(engine: SearchEngine, found: Sequence[Suspect], most: int) -> None:
    show(f"{len(found):,} of {len(engine):,} labels are suspicious; the most suspicious first")
    for rank, one in enumerate(found[:most], start=1):
        words = "     -" if one.words is None else f"{one.words:6.3f}"
        near = "     -" if one.neighbours is None else f"{one.neighbours:6.2f}"
        path = printable(str(engine.path(one.record)))
        show(f"{rank:>4}  neighbours {near}  words {words}  {path} → {printable(one.suggested)}")


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
