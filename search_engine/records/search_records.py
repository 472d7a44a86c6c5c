"""What a search may be restricted to, and what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from search_engine.records.picture_records import PictureRecord
from search_engine.records.vectors import Ids


class Orientation(StrEnum):
    """Which side of a picture is the longer one."""

    LANDSCAPE = "landscape"
    PORTRAIT = "portrait"
    SQUARE = "square"


@dataclass(frozen=True, slots=True)
class Filters:
    """Restrict a search before anything is ranked. An empty filter lets everything through."""

    categories: frozenset[str] | None = None
    """Names of categories; the empty string stands for pictures without one."""
    path: str | tuple[str, ...] | None = None
    """A pattern for the relative path, as `patterns` reads it, or several of which one has to
    fit."""
    dated_from: str | None = None
    dated_to: str | None = None
    """ISO dates, both included. A picture's date is when it was taken or, where the file does not
    say, when the file was last changed."""
    min_width: int | None = None
    max_width: int | None = None
    min_height: int | None = None
    max_height: int | None = None
    orientation: Orientation | None = None
    min_bytes: int | None = None
    max_bytes: int | None = None
    min_pixels: int | None = None
    """Width × height."""
    max_pixels: int | None = None
    min_score: float | None = None
    min_match: float | None = None
    """From 0 to 100. It lets everything through where pictures have no match, and nothing where
    none of the nearest ones matches so much."""
    tags: frozenset[str] | None = None
    """Pictures that have any of these, whatever their case."""
    hidden: bool | None = None
    """False leaves out hidden pictures, as the searches of people do; True finds no others; None
    makes no difference between them, as whatever measures a collection needs it."""

    @property
    def of_pictures(self) -> Filters:
        """The same without what depends on the query: the score and the match."""
        return replace(self, min_score=None, min_match=None)

    @property
    def restricts_pictures(self) -> bool:
        """Return whether pictures are filtered by themselves; hidden ones are left out unasked."""
        return replace(self.of_pictures, hidden=self.hidden or None) != Filters()

    @property
    def paths(self) -> tuple[str, ...]:
        """The patterns for the relative path, of which one has to fit; none where all do."""
        if self.path is None:
            return ()
        return (self.path,) if isinstance(self.path, str) else self.path


@dataclass(frozen=True, slots=True)
class FilterFacts:
    """What filters ask of a picture, as a store elsewhere holds it beside the vector."""

    category: str = ""
    """Empty for a picture in none."""
    date: str = ""
    """When it was taken or changed, as clocks here show it; empty where nothing says it."""
    path: str = ""
    width: int = 0
    height: int = 0
    size_bytes: int = 0


def any_of(patterns: Sequence[str]) -> str | tuple[str, ...] | None:
    """Write patterns for paths as `Filters` has them, so that the same filters are equal."""
    once = tuple(dict.fromkeys(patterns))
    return once if len(once) > 1 else next(iter(once), None)


@dataclass(frozen=True, slots=True)
class AllScores:
    """What every picture scores for one query; both arrays have the same length."""

    picture_ids: Ids
    """Ascending."""
    scores: NDArray[np.float32]
    """Cosine similarity."""
    exact: bool = True
    """Whether they are of the original vectors. Those of 8-bit codes are off by 0.0002 on average,
    by 0.006 at worst among a million of 512 dimensions."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One answer."""

    rank: int
    record: PictureRecord
    score: float
    match: float | None = None
    """From 0 to 100, see `calibration`; None where the collection is not calibrated."""
    stands_out: bool | None = None
    """Whether it is far enough above the rest to be what was asked for; None where that is not
    known."""
