"""The command ``questions``: the saved queries of a collection, listed and checked."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass

from search_engine.cards import Replay, ResultCard, SavedQueries, replay
from search_engine.cli.console import printable, say, show, show_table
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.json_answers import show_json
from search_engine.cli.options import CollectionOptions, add_collection, opened
from search_engine.cli.registry import Command
from search_engine.cli.replay import OTHER_COLLECTION, ReplayAnswer, replay_answer, show_replay
from search_engine.evaluation import CheckedPrecision
from search_engine.settings import Settings


@dataclass(frozen=True, kw_only=True)
class SavedQueriesOptions(CollectionOptions):
    """What is to be done with the saved queries."""

    check: bool
    accept: bool
    forget: str | None
    json: bool


@dataclass(frozen=True, slots=True)
class SavedQueryAnswer:
    """A saved query."""

    query: str
    k: int
    generation: int
    """Of the index that it was last answered by."""
    model: str
    precision: CheckedPrecision | None
    """What a person found of it, of whoever ran ``precision`` and kept it."""


def add_options(saved: argparse.ArgumentParser) -> None:
    """Add the options."""
    add = saved.add_argument
    add("--check", action="store_true", help="run all of them again")
    accept = "with --check: accept the results of today"
    add("--accept", action="store_true", help=accept)
    add("--forget", metavar="NAME", help="delete one")
    add_collection(saved, OTHER_COLLECTION)


def run(options: SavedQueriesOptions, settings: Settings) -> ExitCode:
    """List, check or forget saved queries."""
    with opened(options, settings) as engine:
        saved = SavedQueries(engine.catalog.folder)
        if options.forget:
            saved.forget(options.forget)
            say(f"'{options.forget}' is forgotten.")
            return ExitCode.DONE
        cards = {name: saved.read(name) for name in saved.names()}
        if not options.check:
            _tell_saved(cards, as_json=options.json)
            return ExitCode.DONE
        replays = {name: replay(engine, card) for name, card in cards.items()}
        if options.accept:
            for name, again in replays.items():
                saved.save(name, again.now)
    if options.json:
        show_json({name: replay_answer(again) for name, again in replays.items()})
    else:
        _show_checked(replays)
    same = options.accept or all(again.is_same for again in replays.values())
    return ExitCode.DONE if same else ExitCode.DIFFERENT


def _tell_saved(cards: Mapping[str, ResultCard], *, as_json: bool) -> None:
    if as_json:
        show_json(
            {
                name: SavedQueryAnswer(
                    card.readable_query, card.k, card.generation, card.model_id, card.precision
                )
                for name, card in cards.items()
            }
        )
    elif not cards:
        show("No query is saved. Save one: search WORDS --save NAME")
    else:
        lines = [
            [
                name,
                printable(card.readable_query),
                f"{len(card.results)}",
                printable(card.model_id),
                f"{card.generation}",
                card.precision.text if card.precision else "–",
            ]
            for name, card in cards.items()
        ]
        show_table(["NAME", "QUERY", "ANSWERS", "MODEL", "GENERATION", "PRECISION"], lines)


def _show_checked(replays: Mapping[str, Replay]) -> None:
    for name, again in replays.items():
        show_replay(f"{name} ({again.then.readable_query})", again)
    same = sum(again.is_same for again in replays.values())
    show(f"{same} of {len(replays)} saved queries have the same results as before.")


COMMAND = Command(
    name="questions",
    help="the saved queries of a collection: list them, or check all",
    description="List the queries that search --save kept. With --check run all of them again,"
    " after indexing anew or with another model, and say what is different. Exit code 6 if anything"
    " is.",
    add_options=add_options,
    options=SavedQueriesOptions,
    run=run,
    answer=dict[str, SavedQueryAnswer] | dict[str, ReplayAnswer],
)
