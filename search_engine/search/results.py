"""What comes out of a query: the best pictures, or the scores of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search_engine.calibration.probability import Scores
from search_engine.calibration.verdict import Verdict
from search_engine.query import EncodedQuery, Query
from search_engine.records import AllScores, IndexManifest, SearchResult


def in_order_of_match(results: Sequence[SearchResult]) -> list[SearchResult]:
    """Put the results that stand out first, each part by match; in the order of rank where none is.

    So people read them, in the app and in a terminal. Ranks stay those of the cosine: they need no
    calibration, and are the same however many results are asked for.
    """
    return sorted(results, key=lambda one: (one.stands_out is False, -(one.match or 0)))


@dataclass(frozen=True, slots=True)
class SearchResults:
    """The answer to a query, and how it came about."""

    collection: str
    encoded: EncodedQuery
    results: tuple[SearchResult, ...]
    """The highest score first."""
    exact: bool
    """Whether these are certainly the nearest pictures."""
    considered: int
    """How many pictures the filters let through."""
    manifest: IndexManifest
    encode_seconds: float
    search_seconds: float
    verdict: Verdict | None = None
    """None where there is no result, or no calibration to judge it by."""

    @property
    def query(self) -> Query:
        """The query."""
        return self.encoded.query


@dataclass(frozen=True, slots=True)
class ScoredCollection:
    """What every picture of a collection scores for one query."""

    encoded: EncodedQuery
    all: AllScores
    cut_score: float | None
    """The cosine at which a match is 50, if there is one."""
    matches: Scores | None
    """From 0 to 100, one for each score."""
