"""Options that write results for another program in place of what people read."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

from search_engine.audit import PathStyle, Separated, list_of_paths
from search_engine.errors import BadInput
from search_engine.exchange import ResultForm, results_as
from search_engine.records import SearchResult
from search_engine.search import SearchEngine


@dataclass(frozen=True, kw_only=True)
class ListingOptions:
    """As what results are listed."""

    paths: bool
    print0: bool
    csv: bool
    json: bool

    def refuse_two_forms(self) -> None:
        """Refuse to write two things at once.

        Raises:
            BadInput: Two are asked for.
        """
        if sum((self.paths or self.print0, self.csv, self.json)) > 1:
            cause = "Standard output takes paths, a table or JSON, one of them"
            raise BadInput(cause, remedy="Give one of --paths, --csv and --json.")

    @property
    def lists(self) -> bool:
        """Whether results are listed for a program."""
        return self.paths or self.print0 or self.csv

    def listed(self, engine: SearchEngine, results: Sequence[SearchResult]) -> bytes:
        """Write the results, in their order.

        Raises:
            BadInput: A name cannot stand in a list of lines.
        """
        if self.csv:
            return results_as(engine, results, ResultForm.CSV)
        style = PathStyle(Separated.NUL if self.print0 else Separated.LINES)
        return list_of_paths(engine, [one.record for one in results], style)


def add_listing(parser: argparse.ArgumentParser) -> None:
    """Let results be listed for another program."""
    add = parser.add_argument
    add("--paths", action="store_true", help="write nothing but whole paths, one a line")
    add("--print0", action="store_true", help="the same, a NUL after each path, for xargs -0")
    add("--csv", action="store_true", help="write a table as spreadsheets read it")
