"""Options that several commands have, and the collection that they mean."""

from __future__ import annotations

import argparse

from search_engine.errors import BadInput, CollectionMissing
from search_engine.library import Library
from search_engine.settings import Settings


def add_collection(parser: argparse.ArgumentParser) -> None:
    """Let a collection be named."""
    parser.add_argument("--collection", metavar="NAME", help="needed when there are several")


def add_json(parser: argparse.ArgumentParser) -> None:
    """Let JSON be asked for."""
    parser.add_argument(
        "--json", action="store_true", help="write JSON, and nothing else, to stdout"
    )


def positive(text: str) -> int:
    """Read a whole number of 1 or more."""
    number = int(text)
    if number < 1:
        cause = f"{text} is not 1 or more"
        raise argparse.ArgumentTypeError(cause)
    return number


def chosen(name: str | None, settings: Settings) -> str:
    """Take the named collection, or the only one.

    Raises:
        CollectionMissing: There is none.
        BadInput: There are several, and none is named.
    """
    if name:
        return name
    names = Library(settings).names()
    if len(names) == 1:
        return names[0]
    if not names:
        cause, remedy = (
            "There is no collection yet",
            "Make one: python -m search_engine index FOLDER",
        )
        raise CollectionMissing(cause, remedy=f"{remedy}, or try python -m search_engine demo.")
    cause = f"There are {len(names)} collections"
    raise BadInput(cause, remedy=f"Name one with --collection: {', '.join(names)}")
