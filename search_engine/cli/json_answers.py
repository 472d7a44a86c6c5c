"""The JSON of the command line: written from typed records, and the schema of each."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import Any

from search_engine.cli.console import finish_answer, show
from search_engine.records import document_of, schema_of


def show_json(answer: object) -> None:
    """Write an answer; names that are not UTF-8 come through as escapes.

    Raises:
        OutputLost: It cannot be written.
    """
    show(json.dumps(document_of(answer), indent=2))


def line_of_json(answer: object) -> str:
    """Write an answer on one line, for a stream of several."""
    return json.dumps(document_of(answer))


class SchemaAction(argparse.Action):
    """Writes a schema and ends the program, as the action of ``--help`` writes help."""

    def __init__(self, option_strings: Sequence[str], dest: str, **values: Any) -> None:  # noqa: ANN401 - as argparse has it
        super().__init__(option_strings, dest, nargs=0, default=argparse.SUPPRESS, **values)

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        """Write it and end."""
        del namespace, values, option_string
        show(json.dumps(schema_of(self.const), indent=2))
        finish_answer()
        parser.exit()
