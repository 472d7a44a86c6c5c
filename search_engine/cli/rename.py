"""The command ``rename``: another name for a collection."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from search_engine.cli.console import show
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.registry import Command
from search_engine.jobs import Jobs
from search_engine.settings import Settings


@dataclass(frozen=True, kw_only=True)
class RenameOptions:
    """The two names."""

    name: str
    new_name: str


def add_options(rename: argparse.ArgumentParser) -> None:
    """Add the names."""
    rename.add_argument("name", help="as it is called now")
    rename.add_argument("new_name", help="as it shall be called")


def run(options: RenameOptions, settings: Settings) -> ExitCode:
    """Rename it."""
    Jobs(settings).rename(options.name, options.new_name)
    show(f"'{options.name}' is called '{options.new_name}' now.")
    return ExitCode.DONE


COMMAND = Command(
    name="rename",
    help="give a collection another name",
    description="Give a collection another name. Its pictures, vectors, index and saved queries"
    " stay as they are.",
    add_options=add_options,
    options=RenameOptions,
    run=run,
)
