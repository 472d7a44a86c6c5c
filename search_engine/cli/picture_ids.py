"""Pictures that are named by their ids, on the command line or on standard input."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TypeAlias

from search_engine.cli.console import printable, show
from search_engine.cli.values import positive
from search_engine.collection import Catalog, true_path
from search_engine.errors import BadInput
from search_engine.records import Filters, Ids
from search_engine.search import PlacedPicture, require_pictures

_FROM_INPUT = "-"

TypedId: TypeAlias = int | None
"""None stands for all ids that standard input holds."""


def add_ids(parser: argparse.ArgumentParser) -> None:
    """Let pictures be named."""
    text = "ids of pictures, as search tells them; - reads them from standard input"
    parser.add_argument("ids", nargs="*", type=_id, metavar="ID", help=text)


def _id(text: str) -> TypedId:
    return None if text == _FROM_INPUT else positive(text)


def named_ids(catalog: Catalog, typed: Sequence[TypedId]) -> list[int]:
    """Return the pictures that are named, all of which are there.

    Raises:
        BadInput: One is not in the collection, or what standard input holds is no id.
    """
    ids: list[int] = []
    for one in typed:
        ids += _read() if one is None else [one]
    require_pictures(catalog, ids)
    return ids


def _read() -> list[int]:
    if sys.stdin is None:
        cause = "There is no standard input to read ids from"
        raise BadInput(cause, remedy="Give the ids themselves.")
    found = []
    for number, line in enumerate(sys.stdin, start=1):
        for text in line.split():
            try:
                found.append(positive(text))
            except argparse.ArgumentTypeError as error:
                place = f"line {number} of standard input"
                remedy = "Give one id a line; nothing was changed."
                raise BadInput(str(error).capitalize(), place=place, remedy=remedy) from error
    return found


def pictures_that_pass(catalog: Catalog, filters: Filters) -> tuple[PlacedPicture, ...]:
    """Return all sound pictures that pass filters, ordered by id."""
    settings = catalog.settings
    if settings is None:
        return ()
    found = catalog.pictures.some(filters, -1)
    return tuple(
        PlacedPicture(one.picture_id, str(true_path(settings.root, one.path))) for one in found
    )


def show_pictures(pictures: Sequence[PlacedPicture]) -> None:
    """Write a line a picture: its id and where it lies."""
    for one in pictures:
        number = f"#{one.picture_id}"
        show(f"{number:<7} {printable(one.path)}")


def as_tuple(ids: Ids) -> tuple[int, ...]:
    """Return ids as an answer holds them."""
    return tuple(ids.tolist())
