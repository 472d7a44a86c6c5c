"""All that explains one picture's score for one query, together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from search_engine.embedding import Embedder
from search_engine.explain.crop import Crop, crop_of
from search_engine.explain.negation import Negation, negation_in
from search_engine.explain.word_effects import Ask, Backdrop, WordEffect, word_effects
from search_engine.explore.score_distribution import ranks_of
from search_engine.query import EncodedQuery, Query, Term
from search_engine.records import PictureRecord, Vectors


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one term gives to a score."""

    term: Term
    cosine: float
    """With the term by itself."""
    mean_cosine: float
    """Of the whole collection with the term, which the cosine is to be seen beside."""
    contribution: float
    """Weight × cosine / length of the weighted sum; those of all terms sum to the score."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a picture scores what it scores."""

    query: Query
    record: PictureRecord
    score: float
    mean_score: float
    """Of the whole collection, whatever is filtered."""
    rank: int | None
    """Among all pictures that the filters let through; None if they hold this one back."""
    exact: bool
    """Whether ranks are those of the original vectors."""
    terms: tuple[Contribution, ...]
    marks: float | None
    """What marked answers give to the score; None where none are marked."""
    words: tuple[WordEffect, ...]
    crop: Crop
    negation: Negation | None


def contributions(
    encoded: EncodedQuery, vector: Vectors, mean: Vectors
) -> tuple[Contribution, ...]:
    """Split the score of a picture into the query's terms.

    Args:
        encoded: The query.
        vector: Of the picture, shape (dimension,).
        mean: The mean of all vectors of the collection, of the same shape.
    """
    cosines, means = encoded.cosines(np.stack([vector, mean]))
    shares = encoded.shares(vector[None])[0, : len(encoded.query.terms)]
    return tuple(
        Contribution(term, float(cosine), float(usual), float(share))
        for term, cosine, usual, share in zip(
            encoded.query.terms, cosines, means, shares, strict=True
        )
    )


def score_of(encoded: EncodedQuery, vector: Vectors) -> float:
    """Return the score of a picture, as a search shows it within 1e-6."""
    return float(encoded.vector.astype(np.float64) @ vector)


def explained(
    encoded: EncodedQuery,
    record: PictureRecord,
    vectors: Vectors,
    backdrop: Backdrop,
    embedder: Embedder,
    ask: Ask,
) -> Explanation:
    """Explain a picture's score.

    Args:
        encoded: The query.
        record: The picture.
        vectors: The picture's, and those of the best pictures of the query, shape
            (1 + n, dimension).
        backdrop: The collection.
        embedder: The model.
        ask: Runs a query.
    """
    picture, best = vectors[0], vectors[1:]
    _, found = ask(encoded.query)
    return Explanation(
        query=encoded.query,
        record=record,
        score=score_of(encoded, picture),
        mean_score=score_of(encoded, backdrop.mean),
        rank=ranks_of(found, [record.picture_id])[0] if found else None,
        exact=found is not None and found.exact,
        terms=contributions(encoded, picture, backdrop.mean),
        marks=float(encoded.shares(picture[None])[0, -1]) if encoded.relevance else None,
        words=word_effects(encoded, record.picture_id, picture, best, backdrop, ask),
        crop=crop_of(embedder, record.width, record.height),
        negation=negation_in(encoded.query),
    )
