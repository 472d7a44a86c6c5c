"""What a command declares: its options, what it runs, and the type of its JSON."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.json_answers import SchemaAction
from search_engine.settings import Settings

Options = TypeVar("Options")


@dataclass(frozen=True, slots=True, kw_only=True)
class Command(Generic[Options]):
    """One command of the command line."""

    name: str
    """As it is typed; of a part of a group with the group before it."""
    help: str
    add_options: Callable[[argparse.ArgumentParser], None]
    options: type[Options]
    """A frozen dataclass with a field for each option."""
    run: Callable[[Options, Settings], ExitCode]
    answer: object = None
    """The type of its JSON; None for a command without."""
    description: str = ""
    """What its own help says; its line in the list of commands where this is empty."""
    epilog: str | None = None
    keeps_line_breaks: bool = False

    def add_to(self, parser: argparse.ArgumentParser) -> None:
        """Add its options to its parser."""
        self.add_options(parser)
        if self.answer is not None:
            parser.add_argument(
                "--json", action="store_true", help="write JSON, and nothing else, to stdout"
            )
            parser.add_argument(
                "--json-schema", action=SchemaAction, const=self.answer,
                help="write the JSON schema of that, and do nothing else",
            )  # fmt: skip

    def call(self, values: Mapping[str, object], settings: Settings) -> ExitCode:
        """Run it with the values of its options by their names."""
        return self.run(self.options(**values), settings)
