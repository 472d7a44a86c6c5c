"""The command ``prompt``: search again and again, and see the best picture."""

from __future__ import annotations

import argparse
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from search_engine.calibration import Presence
from search_engine.cli.console import printable, say, show
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.options import CollectionOptions, add_collection, opened
from search_engine.cli.registry import Command
from search_engine.cli.remedies import told
from search_engine.cli.search_answer import SYNTAX, note_negation
from search_engine.errors import BadInput
from search_engine.files import desktop
from search_engine.query import Query
from search_engine.records import Filters, counted
from search_engine.search import SearchEngine, read
from search_engine.settings import Settings


@dataclass(frozen=True, kw_only=True)
class PromptOptions(CollectionOptions):
    """Which collection is asked, and whether pictures are opened."""

    no_open: bool


def add_options(prompt: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_collection(prompt)
    prompt.add_argument("--no-open", action="store_true", help="do not open a picture viewer")


def run(options: PromptOptions, settings: Settings) -> ExitCode:
    """Load the model, then ask."""
    with opened(options, settings) as engine:
        engine.embedder()
        ask_again_and_again(engine, open_pictures=not options.no_open)
    return ExitCode.DONE


def ask_again_and_again(engine: SearchEngine, *, open_pictures: bool) -> None:
    """Run queries until ``exit`` or the end of input."""
    with suppress(ImportError):
        import readline  # noqa: F401 - gives input() a history and editing keys
    pictures = counted(len(engine), "picture", "pictures")
    say(f"{pictures}. What should the picture show? 'exit' or Ctrl-D ends.")
    while (query := _next_query()) is not None:
        try:
            _answer(engine, query, open_pictures=open_pictures)
        except BadInput as error:
            say(told(error))


def _next_query() -> str | None:
    while True:
        try:
            query = input("> ").strip()
        except EOFError:
            say("")
            return None
        if query == "exit":
            return None
        if query:
            return query


def _answer(engine: SearchEngine, query: str, *, open_pictures: bool) -> None:
    asked = Query.parse(query, paths=True)
    found = read(partial(engine.search, asked, filters=Filters(hidden=False)), 1)
    answer = found.answer
    note_negation(answer.query)
    if not found.order:
        say("Nothing found.")
        return
    best = found.order[0]
    path = engine.path(best.record)
    match = "" if best.match is None else f"{best.match:.0f} %  "
    show(f"{match}{printable(str(path))}  ({best.score:.3f})")
    if answer.verdict and answer.verdict.presence is not Presence.CLEAR:
        say(f"{answer.verdict.text.capitalize()}.")
    if open_pictures and not desktop.open_in_viewer(path):
        say("No picture viewer was found here; the path above is the best picture.")


COMMAND = Command(
    name="prompt",
    help="search again and again, and see the best picture",
    description="Search again and again, and see the best picture. Ends on 'exit' or Ctrl-D; "
    f"to search for the word exit, put it in quotes.\n\n{SYNTAX}",
    keeps_line_breaks=True,
    add_options=add_options,
    options=PromptOptions,
    run=run,
)
