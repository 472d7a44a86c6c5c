"""A question as one vector, with all that is needed to explain a score."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from search_engine.decoding import Refusal, content_hash, decode, read_content
from search_engine.embedding import Embedder, mean_direction
from search_engine.errors import BadQuery
from search_engine.querying.question import ExamplePicture, Query, Subject, Words
from search_engine.records import Vectors

if TYPE_CHECKING:
    from PIL import Image

_SHORTEST = 1e-4
"""Below this length what is left of a sum is rounding, not meaning."""
_WORDS_KEPT = 1024  # 2 MB of vectors; embedding words takes 30 ms


@dataclass(frozen=True, slots=True)
class EncodedQuery:
    """A question as a vector, with all that is needed to explain a score."""

    query: Query
    vector: Vectors
    """Shape (dimension,): the weighted sum of the terms' vectors, scaled to length one."""
    term_vectors: Vectors
    """Shape (terms, dimension)."""
    length: float
    """Of the weighted sum before scaling."""
    cut_texts: tuple[str, ...] = ()
    """Texts of which the model reads only the beginning."""
    example_hashes: tuple[str, ...] = ()
    """Content hashes of the example pictures."""

    def shares(self, vectors: Vectors) -> NDArray[np.float64]:
        """Split scores of pictures, shape (n, dimension), into terms, shape (n, terms).

        Each row sums to the picture's score within 1e-6, because a cosine with a sum is the sum of
        the parts: ``score = sum over terms of weight × cosine(term, picture) / length``. They are
        in float64, because terms that nearly cancel leave a sum far smaller than its parts.
        """
        shares: NDArray[np.float64] = self.cosines(vectors) * (_weights(self.query) / self.length)
        return shares

    def cosines(self, vectors: Vectors) -> NDArray[np.float64]:
        """Compare pictures, shape (n, dimension), with each term by itself; shape (n, terms)."""
        found: NDArray[np.float64] = vectors.astype(np.float64) @ self.term_vectors.T
        return found


def _weights(query: Query) -> NDArray[np.float64]:
    return np.array([term.weight for term in query.terms], dtype=np.float64)


class QueryEncoder:
    """Turns questions into vectors, loading the model only if a question needs it."""

    def __init__(
        self,
        embedder: Callable[[], Embedder],
        indexed_vector: Callable[[int], Vectors | None],
    ) -> None:
        self._embedder = embedder
        self._indexed_vector = indexed_vector
        # The same words with other filters, on another page, beside other terms.
        self._words_vector = lru_cache(_WORDS_KEPT)(self._embedded_words)

    def encode(self, query: Query) -> EncodedQuery:
        """Encode a question.

        Raises:
            BadQuery: A term is empty, an example is no picture, an id is unknown, or the terms
                cancel each other out.
            ModelError: The model cannot be used.
        """
        if not query.terms:
            cause, remedy = "The question is empty", "Type what the pictures should show."
            raise BadQuery(cause, remedy=remedy)
        hashes: list[str] = []
        rows = np.stack([self._vector(term.subject, hashes) for term in query.terms])
        total = _weights(query) @ rows  # in float64: parts that nearly cancel leave little
        length = float(np.linalg.norm(total))
        if not length > _SHORTEST:
            cause = "The terms of the question cancel each other out"
            raise BadQuery(cause, place=str(query), remedy="Change a term or its weight.")
        return EncodedQuery(
            query,
            (total / length).astype(np.float32),
            rows,
            length,
            self._cut_texts(query),
            tuple(hashes),
        )

    def _vector(self, subject: Subject, hashes: list[str]) -> Vectors:
        if isinstance(subject, Words):
            return self._words_vector(subject)
        if isinstance(subject, ExamplePicture):
            image, digest = _example(subject)
            hashes.append(digest)
            return self._picture_vector(image)
        vector = self._indexed_vector(subject.picture_id)
        if vector is None:
            cause = f"There is no picture #{subject.picture_id} in the collection"
            remedy = "Take an id from the results of a search."
            raise BadQuery(cause, remedy=remedy)
        return vector

    def _embedded_words(self, words: Words) -> Vectors:
        if not words.text.strip():
            cause, remedy = "The question is empty", "Type what the pictures should show."
            raise BadQuery(cause, remedy=remedy)
        vector: Vectors = mean_direction(self._embedder().embed_words(words.texts))
        vector.flags.writeable = False
        return vector

    def _picture_vector(self, image: Image.Image) -> Vectors:
        vector: Vectors = self._embedder().embed_pictures([image])[0]
        if not np.isfinite(vector).all():
            cause, remedy = "The model gives no usable vector for the example", "Try another one."
            raise BadQuery(cause, remedy=remedy)
        return vector

    def _cut_texts(self, query: Query) -> tuple[str, ...]:
        words = (term.subject for term in query.terms if isinstance(term.subject, Words))
        return tuple(
            one.text for one in words if self._embedder().words_over_limit(max(one.texts, key=len))
        )


def _example(example: ExamplePicture) -> tuple[Image.Image, str]:
    source = example.source
    try:
        content = source if isinstance(source, bytes) else read_content(source.expanduser())
        return decode(content, isolated=True).image, content_hash(content)
    except Refusal as refusal:
        place = "the uploaded picture" if isinstance(source, bytes) else str(source)
        cause = f"The example picture cannot be used: {refusal.cause}"
        remedy = "Give a picture file; put words that look like a path in quotes."
        raise BadQuery(cause, place=place, remedy=remedy) from refusal
