"""What comes out of a question: the best pictures, or the scores of all."""

from __future__ import annotations

from dataclasses import dataclass

from search_engine.querying import EncodedQuery, Query
from search_engine.records import AllScores, IndexManifest, SearchResult
from search_engine.scoring.calibration import Scores, Yardstick
from search_engine.scoring.verdict import Verdict


@dataclass(frozen=True, slots=True)
class SearchResults:
    """The answer to a question, and how it came about."""

    collection: str
    encoded: EncodedQuery
    results: tuple[SearchResult, ...]
    """Best first."""
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
        """The question."""
        return self.encoded.query


@dataclass(frozen=True, slots=True)
class ScoredCollection:
    """What every picture of a collection scores for one question."""

    encoded: EncodedQuery
    all: AllScores
    yardstick: Yardstick | None
    """What the scores are worth; None where that is not known."""
    matches: Scores | None
    """From 0 to 100, one for each score."""
