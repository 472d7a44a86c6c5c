"""What can be typed after ``python -m search_engine``, read as a command with its options."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from search_engine.cli import mistyped
from search_engine.cli.commands import COMMANDS, GROUPS
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.registry import Command
from search_engine.cli.verbosity import add_verbose
from search_engine.settings import Settings

_LINE_OF_HELP = re.compile(r"^  (-.*?)(?:  |$)", re.MULTILINE)
_OPTION = re.compile(r"(?<![\w-])--?[a-z][\w-]*")


@dataclass(frozen=True, slots=True)
class Call:
    """A command with what was typed behind it."""

    command: Command[Any]
    values: Mapping[str, object]
    """Of its options by their names."""
    verbosity: int = 0

    def run(self, settings: Settings) -> ExitCode:
        """Run it."""
        return self.command.call(self.values, settings)


def parse(arguments: Sequence[str] | None) -> Call:
    """Read the command line; a wrong one ends the program with exit code 2."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser, parsers = parsers_of_all()
    if told := mistyped.dashed_word(given):
        parser.error(told)
    found, unknown = parser.parse_known_args(given)
    values = vars(found)
    name = " ".join(filter(None, (values.pop("command"), values.pop("part", None))))
    if unknown:
        options = {*options_of(parser), *options_of(parsers[name])}
        parser.error(mistyped.unknown_options(unknown, sorted(options)))
    command = next(one for one in COMMANDS if one.name == name)
    return Call(command, values, values.pop("verbose", 0))


def parsers_of_all(
    program: str = "python -m search_engine",
) -> tuple[argparse.ArgumentParser, dict[str, argparse.ArgumentParser]]:
    """Return the parser of the whole command line, and that of each command by its name."""
    whole = argparse.ArgumentParser(
        prog=program,
        description="Find pictures by what they show.",
        epilog="The variable IMAGE_SEARCH_DATA names the folder that all collections are kept in.",
    )
    add_verbose(whole)
    places = {"": whole.add_subparsers(dest="command", required=True, metavar="COMMAND")}
    parsers: dict[str, argparse.ArgumentParser] = {}
    for command in COMMANDS:
        group, _, name = command.name.rpartition(" ")
        if group not in places:
            about = GROUPS[group]
            sentence = f"{about[0].upper()}{about[1:]}."
            parser = places[""].add_parser(group, help=about, description=sentence)
            places[group] = parser.add_subparsers(dest="part", required=True, metavar="WHAT")
        parsers[command.name] = parser = places[group].add_parser(
            name,
            help=command.help,
            description=command.description or None,
            epilog=command.epilog,
            formatter_class=argparse.RawDescriptionHelpFormatter
            if command.keeps_line_breaks
            else argparse.HelpFormatter,
        )
        command.add_to(parser)
        add_verbose(parser)
    return whole, parsers


def options_of(parser: argparse.ArgumentParser) -> set[str]:
    """Return the options of a parser as they are typed."""
    return set(_OPTION.findall(" ".join(_LINE_OF_HELP.findall(parser.format_help()))))
