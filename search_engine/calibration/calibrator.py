"""What the scores of an answer are worth: a match for each result, a verdict on the query."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from search_engine.calibration.match import (
    CUT_MATCH,
    CalibratedQuery,
    Calibration,
    Scores,
    WeighedTerm,
)
from search_engine.calibration.probe_vectors import FindProbes
from search_engine.calibration.stored import (
    QUICK_UP_TO,
    calibration_stamp,
    keep_calibrated,
    read_calibration,
)
from search_engine.calibration.verdict import JUDGED, Presence, Verdict, verdict
from search_engine.collection.catalog import Catalog
from search_engine.errors import CollectionError, Way, passing_over
from search_engine.query import EncodedQuery, Words
from search_engine.records import AllScores, ModelCard, SearchResult, Vectors

_LOG = logging.getLogger(__name__)

Cosines: TypeAlias = Callable[[Vectors], Scores]


def weighed_terms(encoded: EncodedQuery) -> list[WeighedTerm]:
    """Return the terms of a query as a calibration weighs them."""
    return [
        WeighedTerm(vector, term.weight, isinstance(term.subject, Words))
        for vector, term in zip(encoded.term_vectors, encoded.query.terms, strict=True)
    ]


class Calibrator:
    """Judges answers of one collection by its calibration."""

    def __init__(self, catalog: Catalog, model: ModelCard, find_probes: FindProbes) -> None:
        self._catalog = catalog
        self._model = model
        self._find_probes = find_probes
        self._calibration: Calibration | None = None
        self._read: tuple[int, ...] | None = None
        self._calibrating = threading.Lock()

    def calibration(self) -> Calibration | None:
        """Tell what scores are worth here; None if that was never measured and is not quickly.

        A build measures it. It is measured here where the collection is small and the vectors
        of the probe texts are known, or the model is loaded and can embed them. Collections are
        published before they are calibrated; so what is measured later takes the place of this.
        """
        with self._calibrating:
            lies_there = calibration_stamp(self._catalog.folder)
            if lies_there != self._read:
                self._read = lies_there
                found = read_calibration(self._catalog, self._model)
                self._calibration = found or self._calibration
            if self._calibration is None:
                self._calibration = self._measured()
            return self._calibration

    def required(self) -> Calibration:
        """Return what scores are worth here.

        Raises:
            CollectionError: That was never measured, and is not quickly.
        """
        calibration = self.calibration()
        if calibration is None:
            name = self._catalog.folder.name
            cause = f"The scores of '{name}' are not calibrated yet"
            remedy = "Update it; nothing is embedded again for it."
            raise CollectionError(cause, remedy=remedy, way=Way.UPDATE, about=name)
        return calibration

    def _measured(self) -> Calibration | None:
        if self._catalog.vectors.count(self._model) > QUICK_UP_TO:
            return None
        # On a full disk, for one, no note can be taken.
        with passing_over(_LOG, "scores are not measured", CollectionError):
            return keep_calibrated(self._catalog, self._model, self._find_probes)
        return None

    def for_query(self, encoded: EncodedQuery) -> CalibratedQuery | None:
        """Return what a query's scores are worth; None where that is not known."""
        return self._both(encoded)[1]

    def _both(self, encoded: EncodedQuery) -> tuple[Calibration | None, CalibratedQuery | None]:
        calibration = self.calibration()
        if calibration is None:
            return None, None
        return calibration, calibration.for_query(weighed_terms(encoded), encoded.length)

    def matches(self, encoded: EncodedQuery, scored: AllScores, cosines: Cosines) -> Scores | None:
        """Return the match, 0 to 100, of pictures with these scores; None if not calibrated.

        Args:
            encoded: The query.
            scored: The pictures and their scores for it.
            cosines: Gives what these pictures score for another vector.
        """
        calibration, calibrated = self._both(encoded)
        if calibration is None or calibrated is None:
            return None
        return _matches(calibration, calibrated, encoded, scored, cosines)

    def judged(
        self,
        results: tuple[SearchResult, ...],
        encoded: EncodedQuery,
        examples: frozenset[int],
        *,
        filtered: bool,
    ) -> tuple[tuple[SearchResult, ...], Verdict | None]:
        """Return results with their matches, and the verdict on the query.

        That a picture is like itself says nothing: examples stand out, but have no part in the
        verdict. Where what was asked for is not among the best results, nothing below stands out.
        """
        ids = np.array([result.record.picture_id for result in results], dtype=np.int64)
        scores = np.array([result.score for result in results], dtype=np.float32)
        calibration, calibrated = self._both(encoded)
        if calibration is None or calibrated is None:
            return results, None
        matches = _matches(
            calibration,
            calibrated,
            encoded,
            AllScores(ids, scores),
            lambda vector: self._catalog.vectors.of(self._model, ids) @ vector,
        )
        if matches is None:
            return results, None
        of_others = matches[~np.isin(ids, list(examples))].tolist()
        by_picture = any(t.weight > 0 and not t.in_words for t in weighed_terms(encoded))
        judged = verdict(of_others, calibrated.cut_score, filtered=filtered, by_picture=by_picture)
        standing_out = matches >= CUT_MATCH
        if judged is None or judged.presence is Presence.ABSENT:
            standing_out[JUDGED:] = False
        results = tuple(
            replace(result, match=float(match), stands_out=bool(out))
            for result, match, out in zip(results, matches, standing_out, strict=True)
        )
        return results, judged and replace(judged, matches=int(standing_out.sum()))


def _matches(
    calibration: Calibration,
    calibrated: CalibratedQuery,
    encoded: EncodedQuery,
    scored: AllScores,
    cosines: Cosines,
) -> Scores | None:
    """Match pictures with a query; None if nothing is left of what it asks for.

    A query that takes something away has to be matched twice: as a whole, and by what it asks
    for. Or pictures would match it only because they are far from what it takes away.
    """
    hubness = calibration.hubness_of(scored.picture_ids)
    as_a_whole = calibrated.match(scored.scores, hubness)
    terms = weighed_terms(encoded)
    positive = [term for term in terms if term.weight > 0]
    if len(positive) == len(terms):
        return as_a_whole
    total = np.sum([term.weight * term.vector for term in positive], axis=0)
    length = float(np.linalg.norm(total))
    alone = calibration.for_query(positive, length)
    if alone is None or not length:
        return None
    # A picture that has gone since has no vector, which fmin passes over.
    return np.fmin(as_a_whole, alone.match(cosines(total / length), hubness))
