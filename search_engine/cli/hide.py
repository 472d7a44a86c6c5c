"""The command ``hide``: pictures that a search leaves out."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from search_engine.cli.console import show
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.json_answers import show_json
from search_engine.cli.options import chosen
from search_engine.cli.picture_ids import (
    TypedId,
    add_ids,
    as_tuple,
    named_ids,
    pictures_that_pass,
    show_pictures,
)
from search_engine.cli.registry import Command
from search_engine.collection import Library
from search_engine.errors import BadInput
from search_engine.records import Filters, counted
from search_engine.search import HideAnswer
from search_engine.settings import Settings


@dataclass(frozen=True, kw_only=True)
class HideOptions:
    """Which pictures, and whether they are hidden or shown again."""

    ids: list[TypedId]
    collection: str | None
    undo: bool
    list: bool
    json: bool


def add_options(hide: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_ids(hide)
    hide.add_argument("--collection", metavar="NAME", help="needed when there are several")
    instead = hide.add_mutually_exclusive_group()
    instead.add_argument("--undo", action="store_true", help="let these be found again")
    instead.add_argument("--list", action="store_true", help="list all hidden pictures")


def run(options: HideOptions, settings: Settings) -> ExitCode:
    """Do what is asked for, and tell it.

    Raises:
        BadInput: No pictures are named, or one is not in the collection.
    """
    if bool(options.ids) == options.list:
        cause = "All hidden pictures are listed" if options.list else "No picture is named"
        remedy = "Give ids, - to read them from standard input, or --list alone."
        raise BadInput(cause, remedy=remedy)
    with Library(settings).open_catalog(chosen(options.collection, settings)) as catalog:
        do = catalog.tags.show if options.undo else catalog.tags.hide
        changed = as_tuple(do(named_ids(catalog, options.ids))) if options.ids else ()
        pictures = pictures_that_pass(catalog, Filters(hidden=True)) if options.list else ()
        answer = HideAnswer(catalog.folder.name, changed, catalog.tags.hidden(), pictures)
    if options.json:
        show_json(answer)
    else:
        _show(answer, options)
    return ExitCode.DONE


def _show(answer: HideAnswer, options: HideOptions) -> None:
    show_pictures(answer.pictures)
    count = counted(len(answer.changed), "picture", "pictures")
    verb = "is" if len(answer.changed) == 1 else "are"
    done = f"{count} {verb} {'found again' if options.undo else 'hidden now'}; "
    show(f"{'' if options.list else done}{answer.hidden:,} hidden in all.")


COMMAND = Command(
    name="hide",
    help="leave pictures out of what is found, or undo that",
    description="Leave pictures out of what search, prompt and demo find. They stay in the"
    " collection, and search --hidden finds them as well.",
    add_options=add_options,
    options=HideOptions,
    run=run,
    answer=HideAnswer,
)
