"""What the scores of an answer are worth: a match for each result, a verdict on the query."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Self

import numpy as np

from search_engine.calibration.background_texts import BackgroundTexts, background_texts
from search_engine.calibration.background_vectors import FindBackground, find_background
from search_engine.calibration.calibrate import Calibration
from search_engine.calibration.marked import marked_log_odds
from search_engine.calibration.named_words import named_words
from search_engine.calibration.probability import (
    THRESHOLD,
    Cosines,
    Sample,
    Scores,
    TextProbability,
    as_match,
    weakest,
)
from search_engine.calibration.question import QuestionPart, question_parts
from search_engine.calibration.stored import (
    QUICK_UP_TO,
    calibration_stamp,
    keep_calibrated,
    read_calibration,
)
from search_engine.calibration.verdict import Presence, Verdict, verdict
from search_engine.collection.catalog import Catalog
from search_engine.embedding import Embedder
from search_engine.errors import CollectionError, Way, passing_over
from search_engine.query import EncodedQuery
from search_engine.records import AllScores, Ids, ModelCard, SearchResult, Vectors
from search_engine.records.background import BackgroundVectors
from search_engine.settings import Settings

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class CollectionScale:
    """All that turns the cosines of one collection into probabilities."""

    calibration: Calibration
    words: TextProbability
    sample: Sample

    def log_odds(self, part: QuestionPart, sums: Scores, cosines: Cosines) -> Scores | None:
        """Return the log-odds of pictures for one part of a query, shape (n,).

        None where the model gives no probabilities for words.

        Args:
            part: The part.
            sums: The `log_sums` of the pictures.
            cosines: Gives what they score.
        """
        if part.in_words is None:
            mean = float(part.vector @ self.calibration.mean)
            alike = cosines(part.vector[None])[:, 0]
            found = self.calibration.pictures.log_odds(alike, mean)
        elif self.words.background.scale is None:
            return None
        else:
            found = self.words.log_odds(part.in_words, cosines, sums, self.sample)
        return -found if part.taken_away else found

    def even_cosine(self, part: QuestionPart) -> float:
        """Return the cosine at which a match is 50, for the pictures for which that is in doubt."""
        if part.in_words is not None:
            return self.words.even_cosine(part.in_words, self.sample)
        mean = float(part.vector @ self.calibration.mean)
        return mean + self.calibration.pictures.threshold


class Calibrator:
    """Judges answers of one collection by its calibration."""

    def __init__(
        self,
        catalog: Catalog,
        model: ModelCard,
        texts: BackgroundTexts,
        find_background: FindBackground,
    ) -> None:
        self._catalog = catalog
        self._model = model
        self._texts = texts
        self._find_background = find_background
        self._scale: CollectionScale | None = None
        self._read: tuple[int, ...] | None = None
        self._calibrating = threading.Lock()

    @classmethod
    def of(
        cls,
        catalog: Catalog,
        model: ModelCard,
        settings: Settings,
        embedder: Callable[[], Embedder | None],
    ) -> Self:
        """Judge the answers of a collection by the background texts of its model.

        Args:
            catalog: Of the collection.
            model: Which vectors.
            settings: Say where texts of the user's own lie.
            embedder: Gives the model, if it is loaded.
        """
        texts = background_texts(model.model_id, settings)
        return cls(
            catalog,
            model,
            texts,
            partial(find_background, catalog, model, texts, settings, embedder),
        )

    def scale(self) -> CollectionScale | None:
        """Tell what scores are worth here; None if that was never measured and is not quickly.

        A build measures it. It is measured here where the collection is small and the vectors of
        the background texts are known, or the model is loaded and can embed them. Collections are
        published before they are calibrated; so what is measured later takes the place of this.
        """
        with self._calibrating:
            lies_there = calibration_stamp(self._catalog.folder)
            if self._scale is not None and lies_there == self._read:
                return self._scale
            if lies_there is None and self._catalog.vectors.count(self._model) > QUICK_UP_TO:
                return self._scale  # a build measures it; embedding texts here would be for nothing
            background = self._background()
            if background is None:
                return self._scale
            self._read = lies_there
            found = read_calibration(self._catalog, self._model, background.digest)
            if found is None and self._scale is None:
                found = self._measured()
                self._read = calibration_stamp(self._catalog.folder)
            if found is not None:
                self._scale = self._of(found, background)
            return self._scale

    def _background(self) -> BackgroundVectors | None:
        # On a full disk, for one, no note can be taken.
        with passing_over(_LOG, "background texts are not at hand", CollectionError):
            return self._find_background()
        return None

    def _of(self, found: Calibration, background: BackgroundVectors) -> CollectionScale:
        words = TextProbability(self._texts, background, found.highest_typical)
        return CollectionScale(found, words, found.sample(self._catalog.vectors, self._model))

    def words(self) -> tuple[tuple[str, ...], Vectors] | None:
        """Return words that can name a group of pictures, with their vectors; None where unknown.

        As `named_words` gives them, if the vectors of the background texts are known.
        """
        background = self._background()
        is_of_texts = background is not None and background.digest == self._texts.digest
        return named_words(self._texts, background) if background and is_of_texts else None

    def required(self) -> CollectionScale:
        """Return what scores are worth here.

        Raises:
            CollectionError: That was never measured, and is not quickly, or the model gives no
                probabilities for words.
        """
        scale, name = self.scale(), self._catalog.folder.name
        if scale is not None and scale.words.background.scale is None:
            cause = f"The model of '{name}' gives no probabilities for words"
            remedy = (
                "Index the folder with a CLIP model that has a temperature, as CLIP itself does."
            )
            raise CollectionError(cause, remedy=remedy)
        if scale is None:
            cause = f"The scores of '{name}' are not calibrated yet"
            if self.texts_changed():
                cause = f"The background texts changed since the scores of '{name}' were calibrated"
            remedy = "Update it; nothing is embedded again for it."
            raise CollectionError(cause, remedy=remedy, way=Way.UPDATE, about=name)
        return scale

    def texts_changed(self) -> bool:
        """Return whether there are no matches until an update, as background texts are others now.

        A small collection is measured again at once.
        """
        if self.scale() is not None:
            return False
        background = self._background()
        found = read_calibration(self._catalog, self._model, None)
        return bool(background and found and found.digest != background.digest)

    def _measured(self) -> Calibration | None:
        if self._catalog.vectors.count(self._model) > QUICK_UP_TO:
            return None
        with passing_over(_LOG, "scores are not measured", CollectionError):
            return keep_calibrated(self._catalog, self._model, self._find_background)
        return None

    def matches(self, encoded: EncodedQuery, scored: AllScores, cosines: Cosines) -> Scores | None:
        """Return the match, 0 to 100, of pictures; None where it is not known.

        Args:
            encoded: The query.
            scored: The pictures.
            cosines: Gives what these pictures score for vectors.
        """
        scale = self.scale()
        return None if scale is None else _matches(scale, encoded, scored.picture_ids, cosines)

    def cut_score(self, encoded: EncodedQuery) -> float | None:
        """Return the cosine at which a match is 50, for the pictures for which that is in doubt.

        None where matches are not known, and for a query of several parts, which has no such one.
        """
        scale, parts = self.scale(), question_parts(encoded)
        is_one = len(parts) == len(encoded.query.terms) == 1 and encoded.relevance is None
        has_one = scale is not None and is_one
        if scale is None or not has_one or _lacks_scale(scale, parts[0]):
            return None
        return scale.even_cosine(parts[0])

    def judged(
        self,
        results: tuple[SearchResult, ...],
        encoded: EncodedQuery,
        examples: frozenset[int],
        *,
        filtered: bool,
        best: float | None = None,
    ) -> tuple[tuple[SearchResult, ...], Verdict | None]:
        """Return results with their matches, and the verdict on the query.

        That a picture is like itself says nothing: examples stand out, but have no part in the
        verdict. A picture that is marked as a good answer has, as somebody says that it is there.
        Where what was asked for is not among the best results, nothing else stands out.

        Args:
            results: Best first.
            encoded: The query.
            examples: Pictures that it gives as examples, by id.
            filtered: Whether only some pictures were asked.
            best: The best match by which the query is judged, if not that of these results.
        """
        scale = self.scale()
        ids = np.array([result.record.picture_id for result in results], dtype=np.int64)
        if scale is None:
            return results, None
        vectors = self._catalog.vectors.of(self._model, ids)
        matches = _matches(scale, encoded, ids, lambda asked: vectors @ asked.T)
        if matches is None:
            return results, None
        matches = np.nan_to_num(matches)  # of a picture that has gone since
        is_example = np.isin(ids, list(examples))
        of_others = matches[~is_example].tolist()
        by_picture = any(not part.texts and not part.taken_away for part in question_parts(encoded))
        judged = verdict(
            of_others, self.cut_score(encoded), filtered=filtered, by_picture=by_picture, best=best
        )
        standing_out = matches >= THRESHOLD
        if judged is None or judged.presence is Presence.ABSENT:
            standing_out &= is_example
        results = tuple(
            replace(result, match=float(match), stands_out=bool(out))
            for result, match, out in zip(results, matches, standing_out, strict=True)
        )
        return results, judged and replace(judged, matches=int(standing_out.sum()))


def _lacks_scale(scale: CollectionScale, part: QuestionPart) -> bool:
    return part.in_words is not None and scale.words.background.scale is None


def _matches(
    scale: CollectionScale, encoded: EncodedQuery, ids: Ids, cosines: Cosines
) -> Scores | None:
    found = _log_odds(scale, encoded, scale.calibration.sums_of(ids), cosines)
    if found is None:
        return None
    if encoded.relevance is not None:
        sample = scale.sample
        of_sample = _log_odds(scale, encoded, sample.sums, sample.cosines)
        if of_sample is not None and len(of_sample):
            found += marked_log_odds(encoded.relevance, cosines, sample.vectors, of_sample)
    return as_match(found)


def _log_odds(
    scale: CollectionScale, encoded: EncodedQuery, sums: Scores, cosines: Cosines
) -> Scores | None:
    """Return the log-odds of pictures for a query, whatever is marked."""
    parts = question_parts(encoded)
    found = [scale.log_odds(part, sums, cosines) for part in parts]
    known = [one for one in found if one is not None]
    return weakest(known) if parts and len(known) == len(parts) else None
