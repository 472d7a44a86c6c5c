"""Result cards and saved questions: written, asked again, compared."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from search_engine.cards import (
    Replay,
    ResultCard,
    SavedQuestions,
    card_of,
    load_card,
    replay,
    write_card,
)
from search_engine.cli import documents
from search_engine.cli.console import printable, say, show, show_table
from search_engine.cli.exports import write_new
from search_engine.cli.options import add_collection, path, trust_model_of
from search_engine.records import Filters
from search_engine.search.engine import SearchEngine
from search_engine.search.results import SearchResults
from search_engine.settings import Settings

_SHOWN = 20
_Open = Callable[[str | None], SearchEngine]
"""Opens a named collection, or the only one."""


def add_card_options(search: argparse.ArgumentParser) -> None:
    """Let a search be written down."""
    search.add_argument(
        "--card", type=path, metavar="FILE", help="write question and answers to replay them later"
    )
    search.add_argument(
        "--save", metavar="NAME", help="keep the question with the collection, to check it later"
    )


def add_commands(commands: Any) -> None:  # noqa: ANN401 - argparse has no public name for it
    """Add ``replay`` and ``questions``."""
    again = commands.add_parser(
        "replay",
        help="ask the question of a result card again, and say what is different",
        description="Ask the question of a result card again, and say what is different. Exit code"
        " 6 if anything is.",
    )
    again.add_argument("card", type=path, metavar="CARD", help="a file that search --card wrote")
    saved = commands.add_parser(
        "questions",
        help="the saved questions of a collection: list them, or check all",
        description="List the questions that search --save kept. With --check ask all of them"
        " again, after indexing anew or with another model, and say what is different. Exit code 6"
        " if anything is.",
    )
    saved.add_argument("--check", action="store_true", help="ask all of them again")
    saved.add_argument(
        "--accept", action="store_true", help="with --check: take the answers of today as right"
    )
    saved.add_argument("--forget", metavar="NAME", help="delete one")
    for command in (again, saved):
        add_collection(command, "another one than the card's")
        command.add_argument("--json", action="store_true", help="write JSON, and nothing else")


def keep(
    engine: SearchEngine, answer: SearchResults, arguments: argparse.Namespace, filters: Filters
) -> None:
    """Write the card of an answer, as the options ask for."""
    if not (arguments.card or arguments.save):
        return
    card = card_of(engine, answer, arguments.k, filters)
    if arguments.save:
        saved = SavedQuestions(engine.catalog.folder)
        before = saved.kept_as(arguments.save)
        saved.save(arguments.save, card)
        instead = f", in place of the question that was kept as '{before}'" if before else ""
        say(f"saved as '{before or arguments.save}'{instead}; check it with: questions --check")
    if arguments.card:
        write_new(arguments.card, write_card(card).encode(), "card")


def run_replay(arguments: argparse.Namespace, settings: Settings) -> bool:
    """Ask a card again; False if anything is different."""
    card = load_card(arguments.card)
    name = arguments.collection or card.collection
    if arguments.trust_model:
        trust_model_of(name, settings)
    with SearchEngine.open(name, settings) as engine:
        found = replay(engine, card)
    if arguments.json:
        show(documents.as_json(of_replay(found)))
    else:
        _show_replay(card.question, found)
    return found.is_same


def run_questions(arguments: argparse.Namespace, settings: Settings, name: str) -> bool:
    """List, check or forget saved questions of a collection; False if a check finds changes."""
    with SearchEngine.open(name, settings) as engine:
        saved = SavedQuestions(engine.catalog.folder)
        if arguments.forget:
            saved.forget(arguments.forget)
            say(f"'{arguments.forget}' is forgotten.")
            return True
        if not arguments.check:
            _list({one: saved.read(one) for one in saved.names()}, as_json=arguments.json)
            return True
        found = {one: replay(engine, saved.read(one)) for one in saved.names()}
        if arguments.accept:
            for one, again in found.items():
                saved.save(one, again.now)
    if arguments.json:
        show(documents.as_json({one: of_replay(again) for one, again in found.items()}))
    else:
        for one, again in found.items():
            _show_replay(f"{one} ({again.then.question})", again)
        same = sum(again.is_same for again in found.values())
        show(f"{same} of {len(found)} saved questions have the answers they had.")
    return arguments.accept or all(again.is_same for again in found.values())


def _list(cards: dict[str, ResultCard], *, as_json: bool) -> None:
    if as_json:
        rows = {
            name: {"query": card.question, "k": card.k, "generation": card.generation,
                   "model": card.model_id}
            for name, card in cards.items()
        }  # fmt: skip
        show(documents.as_json(rows))
    elif not cards:
        show("No question is saved. Save one: search WORDS --save NAME")
    else:
        lines = [
            [
                name,
                printable(card.question),
                f"{len(card.results)}",
                printable(card.model_id),
                f"{card.generation}",
            ]
            for name, card in cards.items()
        ]
        show_table(["NAME", "QUESTION", "ANSWERS", "MODEL", "GENERATION"], lines)


def of_replay(found: Replay) -> dict[str, Any]:
    """Return what is different, as the stable JSON."""
    return {
        "query": found.then.question,
        "same": found.is_same,
        "same_model": found.is_same_model,
        "overlap": round(found.overlap, 4),
        "largest_score_change": round(found.largest_score_change, 6),
        "generation": {"then": found.then.generation, "now": found.now.generation},
        "differences": [
            {"change": str(one.change), "path": one.path, "before": one.before, "after": one.after,
             "reason": one.reason}
            for one in found.differences
        ],
    }  # fmt: skip


def _show_replay(name: str, found: Replay) -> None:
    if found.then.collection != found.now.collection:
        then = printable(found.then.collection)
        say(f"note: asked of another collection: {then} → {found.now.collection}")
    if not found.is_same_model:
        then = printable(found.then.model_id)
        say(f"note: another model answers now: {then} → {found.now.model_id}")
    if found.is_same:
        show(f"same       {printable(name)}: {len(found.now.results)} answers")
        return
    changed = f"largest change of a score {found.largest_score_change:.4f}"
    show(
        f"different  {printable(name)}: {found.overlap:.0%} of the answers are the same, {changed}"
    )
    for one in found.differences[:_SHOWN]:
        ranks = f"{one.before or '–'} → {one.after or '–'}"
        reason = f"  ({one.reason})" if one.reason else ""
        show(f"    {one.change:<6} {ranks:>9}  {printable(one.path)}{reason}")
    if len(found.differences) > _SHOWN:
        show(f"    … and {len(found.differences) - _SHOWN:,} more")
