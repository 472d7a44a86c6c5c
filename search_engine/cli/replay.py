"""The command ``replay``: the query of a result card run again."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from search_engine.cards import Change, Replay, load_card, replay
from search_engine.cli.console import printable, say, show
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.json_answers import show_json
from search_engine.cli.options import CollectionOptions, add_collection, trust_model_of
from search_engine.cli.registry import Command
from search_engine.cli.values import path
from search_engine.evaluation import CheckedPrecision
from search_engine.records import counted
from search_engine.search import SearchEngine
from search_engine.settings import Settings

_SHOWN = 20
OTHER_COLLECTION = "another one than the card's"


@dataclass(frozen=True, kw_only=True)
class ReplayOptions(CollectionOptions):
    """Which card is run again, and of which collection."""

    card: Path
    json: bool


@dataclass(frozen=True, slots=True)
class GenerationsAnswer:
    """The generations of the index."""

    then: int
    now: int


@dataclass(frozen=True, slots=True)
class DifferenceAnswer:
    """A picture whose place is another one now."""

    change: Change
    path: str
    before: int | None
    after: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class ReplayAnswer:
    """What is different when a query is run again."""

    query: str
    same: bool
    same_model: bool
    overlap: float
    largest_score_change: float
    generation: GenerationsAnswer
    differences: tuple[DifferenceAnswer, ...]
    precision: CheckedPrecision | None
    """What a person found then, if the card has it."""


def add_options(again: argparse.ArgumentParser) -> None:
    """Add the options."""
    again.add_argument("card", type=path, metavar="CARD", help="a file that search --card wrote")
    add_collection(again, OTHER_COLLECTION)


def run(options: ReplayOptions, settings: Settings) -> ExitCode:
    """Ask the card again."""
    card = load_card(options.card)
    name = options.collection or card.collection
    if options.trust_model:
        trust_model_of(name, settings)
    with SearchEngine.open(name, settings) as engine:
        found = replay(engine, card)
    if options.json:
        show_json(replay_answer(found))
    else:
        show_replay(card.readable_query, found)
    return ExitCode.DONE if found.is_same else ExitCode.DIFFERENT


def replay_answer(found: Replay) -> ReplayAnswer:
    """Return what is different as it is told."""
    return ReplayAnswer(
        query=found.then.readable_query,
        same=found.is_same,
        same_model=found.is_same_model,
        overlap=round(found.overlap, 4),
        largest_score_change=round(found.largest_score_change, 6),
        generation=GenerationsAnswer(found.then.generation, found.now.generation),
        differences=tuple(
            DifferenceAnswer(one.change, one.path, one.before, one.after, one.reason)
            for one in found.differences
        ),
        precision=found.then.precision,
    )


def show_replay(name: str, found: Replay) -> None:
    """Say what is different."""
    if found.then.collection != found.now.collection:
        then = printable(found.then.collection)
        say(f"note: run on another collection: {then} → {found.now.collection}")
    if not found.is_same_model:
        then = printable(found.then.model_id)
        say(f"note: another model searches now: {then} → {found.now.model_id}")
    if found.then.precision:
        say(f"note: {printable(name)} was checked: {found.then.precision.text}")
    if found.is_same:
        show(
            f"same       {printable(name)}: {counted(len(found.now.results), 'result', 'results')}"
        )
        return
    changed = f"largest change of a score {found.largest_score_change:.4f}"
    show(
        f"different  {printable(name)}: {found.overlap:.0%} of the results are the same, {changed}"
    )
    for one in found.differences[:_SHOWN]:
        ranks = f"{one.before or '–'} → {one.after or '–'}"
        reason = f"  ({one.reason})" if one.reason else ""
        show(f"    {one.change:<6} {ranks:>9}  {printable(one.path)}{reason}")
    if len(found.differences) > _SHOWN:
        show(f"    … and {len(found.differences) - _SHOWN:,} more")


COMMAND = Command(
    name="replay",
    help="run the query of a result card again, and say what is different",
    description="Run the query of a result card again, and say what is different. Exit code 6"
    " if anything is.",
    add_options=add_options,
    options=ReplayOptions,
    run=run,
    answer=ReplayAnswer,
)
