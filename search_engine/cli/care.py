"""The care of a collection and its folder: what is out of reach or not read, and other names."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from search_engine.building.changes import Changes, changes_since_build
from search_engine.building.moved_folders import moved_from, plan_move
from search_engine.checking.picture_files import look_at_files
from search_engine.cli.console import counted, printable, say, shortened, show
from search_engine.collection.library import Library
from search_engine.errors import BadFolder, BadInput, CollectionMissing
from search_engine.jobs.control import Jobs
from search_engine.names import compared
from search_engine.records import CollectionSettings, SearchResult
from search_engine.records.builds import BuildOrder, BuildReport
from search_engine.records.findings import AwayPlace, Findings
from search_engine.search.engine import SearchEngine
from search_engine.settings import Settings, is_folder

_PLACES_SHOWN = 20
_KINDS_SHOWN = 12


def add_options(index: argparse.ArgumentParser) -> None:
    """Let a build be asked for more than its usual work."""
    add = index.add_argument
    add(
        "--verify", action="store_true",
        help="read every file again, also where size and times say that nothing changed",
    )  # fmt: skip
    add(
        "--forget",
        action="store_true",
        help="forget the pictures of all places that are out of reach; without it they are kept",
    )
    add(
        "--forget-place", action="append", default=[], metavar="PLACE",
        help="the same for one of these places, as index and info name it (repeat)",
    )  # fmt: skip

    add(
        "--move", metavar="NAME",
        help="this is the folder of that collection, moved or copied: take it over as it is",
    )  # fmt: skip


def refuse_moved(arguments: argparse.Namespace, settings: Settings) -> None:
    """Stop before a folder is embedded that is a known one in another place.

    Raises:
        BadFolder: It is, and the command does not say what is wanted.
    """
    moved = None if arguments.name else moved_from(arguments.folder, settings)
    if moved is None:
        return
    what = "copied" if moved.is_copy else "moved"
    here = f"{moved.share:.0%} of its {counted(moved.pictures, 'picture is', 'pictures are')} here"
    cause = f"This is the folder of '{moved.name}', {what} from {moved.root}: {here}"
    remedy = (
        f"Take it over, with nothing embedded again: --move {moved.name}. Or make another"
        " collection of it: --name and a name of its own."
    )
    raise BadFolder(cause, place=str(arguments.folder), remedy=remedy)


def moved(arguments: argparse.Namespace, settings: Settings) -> tuple[str, CollectionSettings]:
    """Settle a build that takes a collection over to another folder.

    Raises:
        BadInput: More than that is asked for, or none of its pictures is in the folder.
        CollectionError: There is no such collection.
    """
    others = ("name", "model", "kind", "include", "exclude", "no_include", "no_exclude")
    if arguments.hidden is not None or any(getattr(arguments, name) for name in others):
        cause = "A collection is taken over as it is"
        raise BadInput(cause, remedy="Give --move alone; change the rest by another index.")
    return plan_move(arguments.move, arguments.folder, settings)


def order_of(arguments: argparse.Namespace, name: str, settings: Settings) -> BuildOrder:
    """Read what a build is asked for beside its usual work.

    Raises:
        BadInput: A place that is to be forgotten is not out of reach.
    """
    typed = arguments.forget_place
    places = _places_meant(typed, name, settings) if typed else ()
    return BuildOrder(arguments.verify, ("",) if arguments.forget else places)


def _places_meant(typed: Sequence[str], name: str, settings: Settings) -> tuple[str, ...]:
    """Return the places out of reach that a person names, in whatever spelling."""
    known: set[str] = set()
    root = ""
    with suppress(CollectionMissing), Library(settings).open_catalog(name) as catalog:
        changes = changes_since_build(name, settings) or Changes()
        known = {place.path for place in (*catalog.findings.away, *changes.away)}
        root = str(catalog.settings.root) if catalog.settings else ""
    meant: list[str] = []
    for one in typed:
        place = os.path.normpath(os.path.relpath(one, root) if Path(one).is_absolute() else one)
        place = "" if place == "." and one else place.replace(os.sep, "/")
        same = {place} & known or {path for path in known if compared(path) == compared(place)}
        if not same or not one:
            there = ", ".join(f"'{printable(path or '.')}'" for path in sorted(known))
            cause = f"'{printable(one)}' is no place that is out of reach"
            raise BadInput(cause, remedy=f"There is: {there or 'none'}.")
        meant += sorted(same)
    return tuple(meant)


def show_more(report: BuildReport) -> None:
    """Say what else a build found: files read again, places out of reach, kinds not read."""
    if report.read_again:
        show(f"{counted(report.read_again, 'known file was', 'known files were')} read again.")
    show_findings(report.findings)
    if report.findings.away:
        show("If they are gone for good: the same command with --forget.")


def show_findings(findings: Findings) -> None:
    """Name the places that are out of reach, and the kinds of pictures that are not read."""
    for place in findings.away[:_PLACES_SHOWN]:
        show(_kept(place))
    more = findings.away[_PLACES_SHOWN:]
    if more:
        pictures = counted(sum(place.pictures for place in more), "picture", "pictures")
        show(f"… and {counted(len(more), 'more such place', 'more such places')} with {pictures}")
    if findings.unread:
        kinds = ", ".join(printable(str(one)) for one in findings.unread[:_KINDS_SHOWN])
        rest = len(findings.unread) - _KINDS_SHOWN
        show(f"Not read yet: {kinds}{f', and {rest} more kinds' if rest > 0 else ''}")
    if findings.links:
        links = counted(findings.links, "link leads", "links lead")
        show(f"{links} to pictures that are in anyway.")


def _kept(place: AwayPlace) -> str:
    """Say what is the matter with a place, and that nothing of it is lost."""
    name = f"'{shortened(printable(place.path))}'" if place.path else "The folder"
    its = (
        "its picture stays as it was"
        if place.pictures == 1
        else (f"its {place.pictures:,} pictures stay as they were")
    )
    return f"{name} {place.reason}; {its}."


def note_unseen(engine: SearchEngine, results: Sequence[SearchResult]) -> None:
    """Note that the files of results are not where they were."""
    root = engine.collection.root
    if not is_folder(root):
        say(
            f"note: the folder {printable(str(root))} is not there now, so these paths lead"
            " nowhere. If it was moved: index its new place, and take it over."
        )
        return
    records = [result.record for result in results]
    looks = look_at_files(engine.collection, records, engine.catalog.findings)
    if looks.away:
        count = f"{len(looks.away):,} of these"
        say(f"note: the files of {count} were out of reach when it was last updated.")
    for found, what in ((looks.changed, "changed"), (looks.gone, "went away")):
        if found:
            count = f"{len(found):,} of these files"
            say(f"note: {count} {what} after the last update, so run it again.")


def add_rename(commands: Any) -> None:  # noqa: ANN401 - argparse has no public name for it
    """Add the command ``rename`` to those that can be typed."""
    rename = commands.add_parser(
        "rename",
        help="give a collection another name",
        description="Give a collection another name. Its pictures, vectors, index and saved"
        " questions stay as they are.",
    )
    rename.add_argument("name", help="as it is called now")
    rename.add_argument("new_name", help="as it shall be called")


def rename(arguments: argparse.Namespace, settings: Settings) -> None:
    """Return a collection another name."""
    Jobs(settings).rename(arguments.name, arguments.new_name)
    show(f"'{arguments.name}' is called '{arguments.new_name}' now.")
