"""The command ``evaluate``, a group of commands that measure how good answers are."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from search_engine.cli import presence, retrieval, templates
from search_engine.cli.exit_codes import ExitCode
from search_engine.settings import Settings

_Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse has no public name for it
_PARTS: dict[str, Callable[[argparse.Namespace, Settings], ExitCode]] = {
    "presence": presence.run,
    "retrieval": retrieval.run,
    "templates": templates.run,
}


def add(commands: _Commands[argparse.ArgumentParser]) -> None:
    """Add what can be typed after ``evaluate``."""
    evaluate = commands.add_parser(
        "evaluate",
        help="measure how good the answers are, without labelling anything",
        description="Measure how good the answers are, without labelling anything.",
    )
    parts = evaluate.add_subparsers(dest="part", required=True, metavar="WHAT")
    presence.add(parts)
    retrieval.add(parts)
    templates.add(parts)


def run(arguments: argparse.Namespace, settings: Settings) -> ExitCode:
    """Run the part that was asked for."""
    return _PARTS[arguments.part](arguments, settings)
