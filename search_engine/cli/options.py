"""Options that several commands have, and the collection that they mean."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from search_engine.cli.console import printable, say
from search_engine.collection.catalog.database import MOST_NUMBER
from search_engine.collection.library import Library
from search_engine.collection.manifest import read_manifest
from search_engine.embedding import trust
from search_engine.errors import BadInput, CollectionDamaged, CollectionMissing
from search_engine.evaluation.category_names import remarks_on_categories
from search_engine.search.engine import SearchEngine
from search_engine.settings import Settings

_SHOWN = 40


def add_collection(parser: argparse.ArgumentParser, help_text: str = "") -> None:
    """Let a collection be named, and its model be confirmed."""
    usual = "needed when there are several"
    parser.add_argument("--collection", metavar="NAME", help=help_text or usual)
    add_trust(parser)


def add_trust(parser: argparse.ArgumentParser) -> None:
    """Let the model that a collection names be confirmed."""
    parser.add_argument(
        "--trust-model",
        action="store_true",
        help="load the model that the collection names, from now on; only where you trust who made"
        " the collection",
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    """Let JSON be asked for."""
    parser.add_argument(
        "--json", action="store_true", help="write JSON, and nothing else, to stdout"
    )


def whole(least: int, most: int = MOST_NUMBER) -> Callable[[str], int]:
    """Return what reads a whole number within bounds."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:  # also for more digits than Python reads
            cause = f"{text[:_SHOWN]!r} is no whole number from {least} to {most}"
            raise argparse.ArgumentTypeError(cause) from None
        if not least <= number <= most:
            limit = f"{most} or less" if number > most else f"{least} or more"
            cause = f"{text[:_SHOWN]} is not {limit}"
            raise argparse.ArgumentTypeError(cause)
        return number

    return read


positive = whole(1)
"""Reads a whole number of 1 or more."""


def number(text: str) -> float:
    """Read a number that is one, which “nan” and “inf” are not."""
    with suppress(ValueError):
        if math.isfinite(float(text)):
            return float(text)
    cause = f"{text[:_SHOWN]!r} is no number"
    raise argparse.ArgumentTypeError(cause)


def path(text: str) -> Path:
    """Read a path as a system may have it."""
    if "\0" in text:
        cause = "no path holds the character zero"
        raise argparse.ArgumentTypeError(cause)
    return Path(text)


def collection_of(arguments: argparse.Namespace, settings: Settings) -> str:
    """Return the named collection, or the only one, and note its model as chosen if that is asked.

    Raises:
        CollectionError: There is none, or what it says of its model cannot be read.
        BadInput: There are several, and none is named.
    """
    name = chosen(arguments.collection, settings)
    if arguments.trust_model:
        trust_model_of(name, settings)
    return name


def trust_model_of(name: str, settings: Settings) -> None:
    """Note that a person confirmed the model that a collection names.

    Raises:
        CollectionError: There is no such collection, or what it says cannot be read.
    """
    library = Library(settings)
    with library.open_catalog(name) as catalog:
        collection = catalog.settings
    if collection:
        trust(collection.model_id, settings)
    with suppress(CollectionDamaged):  # a check is there to mend it
        manifest = read_manifest(library.folder(name))
        if manifest:
            trust(manifest.model.model_id, settings)


def note_odd_names(engine: SearchEngine) -> None:
    """Say on standard error that names of categories do not say what is shown."""
    for remark in remarks_on_categories(engine.catalog):
        say(f"note: {printable(remark)}")


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
