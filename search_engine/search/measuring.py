"""How good a collection's answers are, measured through its engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from search_engine.calibration.probability import Scores
from search_engine.errors import BadQuery, CollectionError, SearchEngineError
from search_engine.evaluation import (
    FIRST_FOLDERS,
    Labelling,
    PrecisionCheck,
    PresenceProof,
    Retrieval,
    RetrievalOptions,
    TemplateComparison,
    WordingCheck,
    check_wording,
    compare_templates,
    measure_retrieval,
    pictures_mistaken_for,
    plan_check,
    prove_presence,
)
from search_engine.query import Query
from search_engine.records import AllScores, Filters, Ids, Progress, no_progress

if TYPE_CHECKING:
    from search_engine.calibration import Calibrator
    from search_engine.search.engine import SearchEngine
    from search_engine.search.results import ScoredCollection, SearchResults


class Measurements:
    """Measures the answers of one collection; all of it needs the model, and raises ModelError."""

    def __init__(self, engine: SearchEngine, calibrator: Calibrator) -> None:
        self._engine = engine
        self._calibrator = calibrator

    def lacks_probability(self) -> bool:
        """Return whether the model gives no probability for words, which then have no match."""
        scale = self._calibrator.scale()
        return scale is not None and scale.words.background.scale is None

    def texts_changed(self) -> bool:
        """Return whether there are no matches until an update, as background texts are others."""
        return self._calibrator.texts_changed()

    def require_matches(self) -> None:
        """Make sure that pictures can be said to match words.

        Raises:
            CollectionError: Scores are not calibrated, or the model gives no probabilities.
        """
        self._calibrator.required()

    def matches_of(self, scored: ScoredCollection) -> Scores:
        """Return the match of each picture that was scored, 0 to 100.

        Raises:
            BadQuery: The query only takes away.
            CollectionError: Scores are not calibrated, or the model gives no probabilities.
        """
        if scored.matches is None:
            self.require_matches()
            raise _only_takes_away(scored.encoded.query)
        return scored.matches

    def why_no_match(self, found: SearchResults) -> SearchEngineError | None:
        """Return why a filter on the match does nothing to results; None where it does."""
        if all(one.match is not None for one in found.results):
            return None
        try:
            self.require_matches()
        except CollectionError as error:
            return error
        return _only_takes_away(found.query)

    def precision(self, query: Query | str, filters: Filters | None = None) -> PrecisionCheck:
        """Choose twenty pictures, spread over the matches, that tell the precision of a query.

        Fewer where no more come near it, and none where nothing does.

        Raises:
            BadQuery: The query cannot be run as it stands, or only takes away.
            CollectionError: Scores are not calibrated, or the model gives no probabilities.
        """
        scored = self._engine.score_all(query, filters)
        matches = self.matches_of(scored)
        return plan_check(scored.all.picture_ids, matches, str(scored.encoded.query))

    def match_of(self, query: Query, picture_id: int) -> float | None:
        """Return the match of one picture, 0 to 100, without a look at any other.

        None where there is no such picture, or no match.

        Raises:
            BadQuery: The query cannot be run as it stands.
        """
        vector = self._engine.embeddings.one(picture_id)
        if vector is None:
            return None
        encoded = self._engine.encode(query)
        ids, score = np.array([picture_id], dtype=np.int64), vector[None] @ encoded.vector
        found = self._calibrator.matches(
            encoded, AllScores(ids, score), lambda asked: vector[None] @ asked.T
        )
        return None if found is None else float(found[0])

    def retrieval(
        self, options: RetrievalOptions | None = None, progress: Progress = no_progress
    ) -> Retrieval:
        """Ask for every category by its name, and see whether its pictures come first.

        Raises:
            NeedsCategories: There are too few categories.
            BadInput: The template has no place for a name, or k is no number of answers.
        """
        catalog, embedder = self._engine.catalog, self._engine.embedder()
        return measure_retrieval(catalog, embedder, options or RetrievalOptions(), progress)

    def mistaken(self, measured: Retrieval, own: int, other: int) -> Ids:
        """Return the pictures of a category whom the name of another fits best, surest first.

        Args:
            measured: What `retrieval` gave.
            own: The place of the category among those that were asked for.
            other: The place of the other one.
        """
        catalog, embedder = self._engine.catalog, self._engine.embedder()
        return pictures_mistaken_for(catalog, embedder, measured, own, other)

    def templates(
        self,
        k: int = 10,
        progress: Progress = no_progress,
        labelling: Labelling = FIRST_FOLDERS,
    ) -> TemplateComparison:
        """Ask for every category in every wording, and in the mean of them.

        Raises:
            NeedsCategories: There are too few categories.
            BadInput: k is no number of answers, or no picture lies so many folders deep.
        """
        catalog, embedder = self._engine.catalog, self._engine.embedder()
        return compare_templates(catalog, embedder, k, progress, labelling)

    def presence(
        self, progress: Progress = no_progress, labelling: Labelling = FIRST_FOLDERS
    ) -> PresenceProof:
        """Ask for what is and is not in the collection, where the names of categories tell.

        Raises:
            NeedsCategories: Fewer than two categories have names that are words.
            CollectionError: The collection is not calibrated.
            BadInput: No picture lies in as many folders as the level says.
        """
        embedder, scale = self._engine.embedder(), self._calibrator.required()
        return prove_presence(self._engine.catalog, scale, embedder, progress, labelling)

    def wording(
        self, query: Query | str, k: int = 10, filters: Filters | None = None
    ) -> WordingCheck:
        """Run a query in several wordings, and compare the results.

        Raises:
            BadQuery: The query has no words, or cannot be run as it stands.
            BadInput: k is no number of answers.
        """

        def rank(worded: Query, depth: int) -> list[int]:
            answer = self._engine.search(worded, depth, filters)
            return [result.record.picture_id for result in answer.results]

        return check_wording(Query.parse(query) if isinstance(query, str) else query, rank, k)


def _only_takes_away(query: Query) -> BadQuery:
    cause, remedy = "A query that only excludes has no matches", "Add something to look for."
    return BadQuery(cause, place=str(query), remedy=remedy)
