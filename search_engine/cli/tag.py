"""The command ``tag``: pictures tagged in words of the user's own."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from search_engine.cli.console import printable, show, show_table
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
from search_engine.collection import Catalog, Library
from search_engine.errors import BadInput
from search_engine.query import chosen_tags
from search_engine.records import Filters, counted
from search_engine.search import PlacedPicture, TagAnswer
from search_engine.settings import Settings


@dataclass(frozen=True, kw_only=True)
class TagOptions:
    """Which tag, and what is done with it."""

    tag: str | None
    ids: list[TypedId]
    collection: str | None
    remove: bool
    rename: str | None
    list: bool
    json: bool


def add_options(tag: argparse.ArgumentParser) -> None:
    """Add the options."""
    tag.add_argument("tag", nargs="?", metavar="TAG")
    add_ids(tag)
    tag.add_argument("--collection", metavar="NAME", help="needed when there are several")
    instead = tag.add_mutually_exclusive_group()
    instead.add_argument("--remove", action="store_true", help="take the tag from the pictures")
    rename = "give the tag another name; where there is such a tag, they become one"
    instead.add_argument("--rename", metavar="NEW", help=rename)
    instead.add_argument("--list", action="store_true", help="list all tags")


def run(options: TagOptions, settings: Settings) -> ExitCode:
    """Do what is asked for, and tell it."""
    with Library(settings).open_catalog(chosen(options.collection, settings)) as catalog:
        answer, text = _done(catalog, options)
        if options.json:
            show_json(answer)
        else:
            _show(answer, text, with_tags=options.list)
    return ExitCode.DONE


def _done(catalog: Catalog, options: TagOptions) -> tuple[TagAnswer, str]:
    """Return the answer, and what is said of it."""
    _refuse_contradictions(options)
    tag = options.tag or ""
    if options.list:
        return _answer(catalog), ""
    if options.rename is not None:
        done = catalog.tags.rename(tag, options.rename)
        text = f"'{tag}' is called '{options.rename.strip()}' now, on {_count(done.changed.size)}"
        both = f"; {_count(done.merged.size)} had both" if len(done.merged) else ""
        return _answer(catalog, as_tuple(done.changed), as_tuple(done.merged)), text + both
    if not options.ids:
        wanted = Filters(tags=chosen_tags(catalog, [tag]))
        pictures = pictures_that_pass(catalog, wanted)
        return _answer(catalog, pictures=pictures), ""
    ids = named_ids(catalog, options.ids)
    do = catalog.tags.remove if options.remove else catalog.tags.add
    changed, others = as_tuple(do(ids, tag)), "had it already"
    said = f"tagged '{tag.strip()}' now"
    if options.remove:
        said, others = f"no longer tagged '{tag.strip()}'", "did not have it"
    rest = len(set(ids)) - len(changed)
    text = f"{_count(len(changed))} {'is' if len(changed) == 1 else 'are'} {said}"
    return _answer(catalog, changed), f"{text}; {rest:,} {others}" if rest else text


def _refuse_contradictions(options: TagOptions) -> None:
    cause, remedy = "", "See --help."
    if options.list and (options.tag or options.ids):
        cause, remedy = "--list lists all tags", "Name no tag, or give no --list."
    elif not (options.list or options.tag):
        cause, remedy = "No tag is named", "Name one, or list all with --list."
    elif options.rename is not None and options.ids:
        cause, remedy = "A tag is renamed for all its pictures", "Give no ids."
    elif options.remove and not options.ids:
        cause, remedy = "No picture is named", "Give ids, or - to read them from standard input."
    if cause:
        raise BadInput(cause, remedy=remedy)


def _answer(
    catalog: Catalog,
    changed: tuple[int, ...] = (),
    merged: tuple[int, ...] = (),
    pictures: tuple[PlacedPicture, ...] = (),
) -> TagAnswer:
    return TagAnswer(catalog.folder.name, changed, merged, catalog.tags.counts(), pictures)


def _show(answer: TagAnswer, text: str, *, with_tags: bool) -> None:
    if with_tags and answer.tags:
        rows = [[printable(name), f"{count:,}"] for name, count in answer.tags.items()]
        show_table(["TAG", "PICTURES"], rows)
    elif with_tags:
        show("There are no tags yet. Make one: python -m search_engine tag TAG ID…")
    elif text:
        show(f"{printable(text)}.")
    show_pictures(answer.pictures)


def _count(count: int) -> str:
    return counted(count, "picture", "pictures")


COMMAND = Command(
    name="tag",
    help="tag pictures in your own words; rename, remove and list tags",
    description="Tag pictures in your own words, to find them by with search --tag. With ids, tag"
    " these; without, list the pictures that have the tag. Tags are kept in the collection;"
    " pictures are not touched.",
    epilog="From a search: search fish --matches --json | jq .results[].picture_id | … tag fish -",
    add_options=add_options,
    options=TagOptions,
    run=run,
    answer=TagAnswer,
)
