"""Options that restrict which pictures may answer."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from search_engine.cli.rules import PATTERNS
from search_engine.cli.values import date, number, positive
from search_engine.query import chosen_categories, chosen_tags
from search_engine.records import Filters, Orientation, any_of
from search_engine.search import SearchEngine


@dataclass(frozen=True, kw_only=True)
class FilterOptions:
    """What may answer."""

    category: list[str] | None
    path: list[str] | None
    dated_from: str | None
    dated_to: str | None
    min_width: int | None
    max_width: int | None
    min_height: int | None
    max_height: int | None
    orientation: Orientation | None
    min_score: float | None
    min_match: float | None
    tag: list[str] | None
    hidden: bool

    def filters(self, engine: SearchEngine) -> Filters:
        """Return what restricts the answer.

        Raises:
            BadInput: The collection has no category or tag of a name.
        """
        categories = None
        if self.category is not None:
            chosen = chosen_categories(engine.catalog, self.category)
            chosen.refuse_unknown(engine.name)
            categories = chosen.known
        return Filters(
            categories=categories,
            path=any_of(self.path or ()),
            dated_from=self.dated_from,
            dated_to=self.dated_to,
            min_width=self.min_width,
            max_width=self.max_width,
            min_height=self.min_height,
            max_height=self.max_height,
            orientation=self.orientation,
            min_score=self.min_score,
            min_match=self.min_match,
            tags=None if self.tag is None else chosen_tags(engine.catalog, self.tag),
            hidden=None if self.hidden else False,
        )


def add_filters(parser: argparse.ArgumentParser) -> None:
    """Let it be said what may answer."""
    add = parser.add_argument
    add("--category", action="append", metavar="NAME", help="only in this category (repeat)")
    add("--path", action="append", metavar="PATTERN", help=f"only what fits (repeat): {PATTERNS}")
    since, until = "taken on or after, like 2024-05", "taken on or before, like 2024-05-31"
    add("--from", dest="dated_from", type=date, metavar="DATE", help=since)
    add("--to", dest="dated_to", type=date, metavar="DATE", help=until)
    for name in ("min-width", "max-width", "min-height", "max-height"):
        add(f"--{name}", type=positive, metavar="PIXELS")
    add("--orientation", type=Orientation, choices=list(Orientation))
    add("--min-score", type=number, metavar="SCORE", help="cosine similarity, -1 to 1")
    least = "only what matches so much, 0 to 100"
    add("--min-match", type=number, metavar="PERCENT", help=least)
    add("--tag", action="append", metavar="TAG", help="only what you tagged so (repeat)")
    add("--hidden", action="store_true", help="find what you hid as well")
