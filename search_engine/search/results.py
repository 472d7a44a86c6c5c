"""What comes out of a query: the best pictures, or the scores of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from search_engine.calibration.probability import Scores
from search_engine.calibration.verdict import Verdict
from search_engine.query import EncodedQuery, Query
from search_engine.records import AllScores, IndexManifest, SearchResult
from search_engine.search.result_frame import frame_of

if TYPE_CHECKING:
    import pandas as pd


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
    root: Path | None = None
    """The folder that the paths of results are relative to; None where the catalog names none."""

    @property
    def query(self) -> Query:
        """The query."""
        return self.encoded.query

    def frame(self) -> pd.DataFrame:
        """Return the results as a pandas frame, a row each, the highest score first.

        ==========  ============================================================================
        column      what it is
        ==========  ============================================================================
        rank        place by score, from 1
        picture_id  survives a rename, a move and a change of model
        path        of the file, whole
        category    the first folder below the collection's; None in the folder itself
        score       cosine similarity, -1 to 1
        match       probability in per cent, 0 to 100; NaN where the collection has none
        stands_out  whether the match is 50 or more; <NA> where there is none
        width       in pixels, as a person sees the picture
        height      the same
        size_bytes  of the file
        taken       date and time without a zone; NaT where no clock here can show it
        dated_by    what says so: the camera, the name, the file's own date, …
        camera      as its file names it; None where it does not
        ==========  ============================================================================
        """
        return frame_of(self.results, self.root)


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
