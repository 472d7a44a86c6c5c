"""Whether what was asked for is there, in words, and where matches end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from search_engine.calibration.probability import CLEAR, THRESHOLD

JUDGED = 240
"""A query is judged by so many of its nearest pictures: those that are put in order together, so
that the verdict is the same on every page and no picture read there contradicts it. `presence`
measures how well it does with all pictures."""


class Presence(StrEnum):
    """Whether what was asked for is in the collection."""

    CLEAR = "clear"
    WEAK = "weak"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the matches of an answer say about the query."""

    presence: Presence
    best_match: float
    """0 to 100; of the pictures that are judged, so of no example."""
    cut_score: float | None
    """The cosine at which a match is 50, where that is in doubt; None for a query of several
    parts, which has no such one."""
    matches: int
    """How many matches there are among the nearest pictures that were looked at; where the query
    is absent only examples can be."""
    filtered: bool = False
    """Whether only the pictures that pass filters were asked."""
    by_picture: bool = False
    """Whether the query has an example picture in it."""
    cut_match: float = THRESHOLD
    """The match from which on results stand out."""

    @property
    def text(self) -> str:
        """The verdict for people."""
        if self.presence is not Presence.ABSENT:
            return f"{self.presence} matches"
        what = "nothing else like it" if self.by_picture else "not"
        where = "among the filtered pictures" if self.filtered else "in this collection"
        return f"probably {what} {where}"


def presence_of(best_match: float) -> Presence:
    """Judge a query by its best match."""
    if best_match >= CLEAR:
        return Presence.CLEAR
    return Presence.WEAK if best_match >= THRESHOLD else Presence.ABSENT


def verdict(
    matches: Sequence[float],
    cut_score: float | None,
    *,
    filtered: bool,
    by_picture: bool,
    best: float | None = None,
) -> Verdict | None:
    """Judge an answer by the matches of its best results, or by the ``best`` one if it is known.

    None if there are no results to judge by.
    """
    if best is None:
        if not matches:
            return None
        best = max(matches[:JUDGED])
    found = sum(match >= THRESHOLD for match in matches)
    return Verdict(presence_of(best), best, cut_score, found, filtered, by_picture)
