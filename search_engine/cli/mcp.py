"""The command ``mcp``: tools for agents, by the Model Context Protocol."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from search_engine.agents import serve
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.registry import Command
from search_engine.errors import BadInput
from search_engine.settings import Settings

_EXTRA = "search_engine/agents/requirements.txt"


@dataclass(frozen=True, kw_only=True)
class McpOptions:
    """Which collections agents see."""

    collection: list[str] | None


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    only = "show agents this collection and no other (repeat); all where none is named"
    parser.add_argument("--collection", action="append", metavar="NAME", help=only)


def run(options: McpOptions, settings: Settings) -> ExitCode:
    """Serve until standard input ends.

    Raises:
        BadInput: The package of the protocol is not installed.
        CollectionMissing: There is no collection of a name.
    """
    try:
        serve(settings, tuple(options.collection or ()))
    except ImportError as error:
        cause = f"The package 'mcp' is not installed here, or is another version ({error})"
        remedy = f"Install it: python -m pip install -r {_EXTRA}"
        raise BadInput(cause, remedy=remedy) from error
    return ExitCode.DONE


COMMAND = Command(
    name="mcp",
    help="serve agents: tools of the Model Context Protocol, over standard input and output",
    description="Serve tools to an agent, over standard input and output: collections, search,"
    " similar, picture, contact_sheet, explain, duplicates, evaluate. None of them changes"
    " anything. An agent's program starts this; typed in a terminal it waits for messages.",
    epilog=f"It needs one more package: python -m pip install -r {_EXTRA}",
    add_options=add_options,
    options=McpOptions,
    run=run,
)
