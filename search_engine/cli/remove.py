"""The command ``remove``: a collection deleted, never its pictures."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass

from search_engine.cli.console import show
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.registry import Command
from search_engine.collection import Library
from search_engine.errors import BadInput
from search_engine.index import forget_vectors
from search_engine.records import counted
from search_engine.settings import Settings


@dataclass(frozen=True, kw_only=True)
class RemoveOptions:
    """Which collection, and whether it is meant."""

    name: str
    yes: bool


def add_options(remove: argparse.ArgumentParser) -> None:
    """Add the options."""
    remove.add_argument("name")
    remove.add_argument("--yes", action="store_true", help="without confirmation")


def run(options: RemoveOptions, settings: Settings) -> ExitCode:
    """Delete it, after a yes."""
    library = Library(settings)
    pictures = counted(library.summary(options.name).pictures, "picture", "pictures")
    if not options.yes:
        question = f"Remove '{options.name}' with its index of {pictures}? [y/N] "
        if not sys.stdin.isatty():
            cause = "Removing a collection needs a yes"
            raise BadInput(cause, remedy="Add --yes.")
        if input(question).strip().lower() not in {"y", "yes"}:
            show("Nothing was removed.")
            return ExitCode.DONE
    stays = forget_vectors(library.folder(options.name), settings)
    library.remove(options.name)
    show(f"'{options.name}' was removed. The pictures themselves were not touched.")
    if stays:
        show(f"Its vectors elsewhere stay there. {stays}.")
    return ExitCode.DONE


COMMAND = Command(
    name="remove",
    help="delete a collection, never its pictures",
    add_options=add_options,
    options=RemoveOptions,
    run=run,
)
