"""Options that several commands have, and the collection that they mean."""

from __future__ import annotations

import argparse
from contextlib import suppress
from dataclasses import dataclass

from search_engine.cli.console import printable, say
from search_engine.cli.values import path, positive
from search_engine.collection import Library, is_being_built, read_manifest, so_far
from search_engine.embedding import trust
from search_engine.errors import BadInput, CollectionDamaged, CollectionMissing
from search_engine.evaluation import Labelling, remarks_on_categories
from search_engine.search import SearchEngine
from search_engine.settings import Settings


@dataclass(frozen=True, kw_only=True)
class CollectionOptions:
    """Which collection is meant."""

    collection: str | None
    trust_model: bool


def add_collection(
    parser: argparse.ArgumentParser, help_text: str = "needed when there are several"
) -> None:
    """Let a collection be named, and its model be confirmed."""
    parser.add_argument("--collection", metavar="NAME", help=help_text)
    add_trust(parser)


def add_name(parser: argparse.ArgumentParser) -> None:
    """Let a collection be named without an option."""
    parser.add_argument("name", nargs="?", help="needed when there are several")


def add_trust(parser: argparse.ArgumentParser) -> None:
    """Let the model that a collection names be confirmed."""
    parser.add_argument(
        "--trust-model",
        action="store_true",
        help="load the model that the collection names, from now on; only where you trust who made"
        " the collection",
    )


def add_query(parser: argparse.ArgumentParser) -> None:
    """Let a query be typed."""
    parser.add_argument("words", nargs="+", metavar="QUERY")


def add_k(parser: argparse.ArgumentParser, usual: int | None, help_text: str) -> None:
    """Let it be said how many answers are wanted or looked at."""
    parser.add_argument("-k", "--k", type=positive, default=usual, help=help_text)


def add_limit(parser: argparse.ArgumentParser, help_text: str) -> None:
    """Let it be said how much of what was found is shown."""
    parser.add_argument("--limit", type=positive, default=20, help=help_text)


def add_export(parser: argparse.ArgumentParser, help_text: str) -> None:
    """Let all that was found be written to a file."""
    parser.add_argument("--export", type=path, metavar="FILE", help=help_text)


def opened(options: CollectionOptions, settings: Settings) -> SearchEngine:
    """Open the collection that is meant; note where its first build has not finished.

    Raises:
        CollectionError: There is none, or it cannot be used.
        BadInput: There are several, and none is named.
    """
    engine = SearchEngine.open(collection_of(options, settings), settings)
    part = so_far(engine.catalog, engine.manifest)
    if part:
        at_work = is_being_built(engine.catalog)
        what = "is being indexed" if at_work else "has not been indexed to the end"
        say(f"note: '{engine.name}' {what}; {part} can be found.")
    return engine


def collection_of(options: CollectionOptions, settings: Settings) -> str:
    """Return the named collection, or the only one, and note its model as chosen if that is asked.

    Raises:
        CollectionError: There is none, or what it says of its model cannot be read.
        BadInput: There are several, and none is named.
    """
    name = chosen(options.collection, settings)
    if options.trust_model:
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


def note_odd_names(engine: SearchEngine, labelling: Labelling | None = None) -> None:
    """Say on standard error that names of categories do not say what is shown.

    ``labelling`` is how folders are read as categories; None where that cannot be chosen.
    """
    for remark in remarks_on_categories(engine.catalog, labelling):
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
