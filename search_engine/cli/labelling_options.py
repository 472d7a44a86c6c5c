"""Which folders are the categories and what they are called: options, and what JSON tells."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from search_engine.cli.options import CollectionOptions
from search_engine.cli.values import path, positive
from search_engine.evaluation import FolderNames, Labelling, is_code, read_names_file

_CODES_LISTED = 100


@dataclass(frozen=True, kw_only=True)
class LabellingOptions(CollectionOptions):
    """A collection, and how its folders are read as categories."""

    level: int
    names: Path | None


def add_labelling(parser: argparse.ArgumentParser) -> None:
    """Let the level of folders be chosen that are the categories, and their names be given."""
    parser.add_argument(
        "--level", type=positive, default=1, metavar="N",
        help="which folders are the categories: 1 (the default) the first below yours, 2 those in"
        " them, as in train/cat/…",
    )  # fmt: skip
    parser.add_argument(
        "--names", type=path, metavar="FILE",
        help="what folders named by codes are called, a line for each: n01440764,tench",
    )  # fmt: skip


def labelling_of(options: LabellingOptions) -> Labelling:
    """Return how folders are read as categories.

    Raises:
        BadInput: The file of names cannot be read, or a line of it says nothing.
    """
    names = read_names_file(options.names) if options.names else FolderNames()
    return Labelling(options.level, names)


@dataclass(frozen=True, slots=True)
class CodesAnswer:
    """Some codes: how many there are, and the first of them."""

    found: int
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LabellingAnswer:
    """How folders were read as categories."""

    level: int
    categories: int
    """How many there are at that level."""
    named: int
    """How many of them the file of names names."""
    codes: CodesAnswer
    """Those that are named by codes, and not by the file."""
    unnamed: CodesAnswer
    """Those that the file does not name; none where there is no file."""
    unused: CodesAnswer
    """Codes of the file that no category has."""


def labelling_answer(labelling: Labelling, names: Sequence[str]) -> LabellingAnswer:
    """Return how folders were read as these categories."""
    named = [name for name in names if labelling.name(name) is not None]
    codes = [name for name in names if labelling.name(name) is None and is_code(name)]
    return LabellingAnswer(
        level=labelling.level,
        categories=len(names),
        named=len(named),
        codes=_codes(codes),
        unnamed=_codes(labelling.unnamed(names)),
        unused=_codes(labelling.unused(names)),
    )


def _codes(codes: Sequence[str]) -> CodesAnswer:
    return CodesAnswer(len(codes), tuple(codes[:_CODES_LISTED]))
