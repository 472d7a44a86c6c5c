"""What comes out of a query: the best pictures, or the scores of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

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
    """None where there is no calibration to judge by, or no result; but where the filter on the
    match let none through, the verdict is of what is there without it."""

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
    best_match: float | None = None
    """Of the nearest pictures, examples left out; None where there is none, or no match."""

    def matching(self, least: float) -> ScoredCollection:
        """Leave out what matches less; all of it where none of the nearest matches so much."""
        if self.matches is None:
            return self
        is_there = self.best_match is not None and self.best_match >= least
        kept = (self.matches >= least) & is_there
        few = AllScores(self.all.picture_ids[kept], self.all.scores[kept], self.all.exact)
        return replace(self, all=few, matches=self.matches[kept])
