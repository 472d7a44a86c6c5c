"""Which folders are the categories and what they are called: options."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from search_engine.cli.options import CollectionOptions
from search_engine.cli.values import path, positive
from search_engine.evaluation import FolderNames, Labelling, read_names_file


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
