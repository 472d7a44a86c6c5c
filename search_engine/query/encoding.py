"""A query as one vector, with all that is needed to explain a score."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from search_engine.collection.decoding import Refusal, content_hash, decode, read_content
from search_engine.embedding import Embedder, mean_direction
from search_engine.errors import BadQuery
from search_engine.query.given_vector import GivenVector
from search_engine.query.relevance import Relevance
from search_engine.query.syntax import ExamplePicture, IndexedPicture, Query, Words
from search_engine.records import Vectors
from search_engine.records.skip_reasons import SkipReason
from search_engine.settings import at_home

if TYPE_CHECKING:
    from PIL import Image

_SHORTEST = 1e-4
"""Below this length what is left of a sum is rounding, not meaning."""
_WORDS_KEPT = 1024  # 2 MB of vectors; embedding words takes 30 ms
MOST_TERMS = 256
HEAVIEST = 1e6
"""A query may have so many terms, and a term weigh so much; sums of more would lose digits."""
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class EncodedQuery:
    """A query as a vector, with all that is needed to explain a score."""

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
    relevance: Relevance | None = None
    """The direction in which marked answers lead; one more vector of the sum."""
    relevance_weight: float = 0.0

    def moved_by(self, relevance: Relevance, sample: Vectors) -> EncodedQuery:
        """Add the direction in which marked answers lead.

        Args:
            relevance: The direction.
            sample: Vectors of pictures that stand for the collection, shape (k, dimension).
        """
        total = self.length * self.vector.astype(np.float64)
        spread = float((sample @ total).std())
        weight = relevance.strength * spread / relevance.spread
        total = total + weight * relevance.vector
        length = float(np.linalg.norm(total))
        if not length > _SHORTEST:
            return self
        vector = (total / length).astype(np.float32)
        return replace(
            self, vector=vector, length=length, relevance=relevance, relevance_weight=weight
        )

    def shares(self, vectors: Vectors) -> NDArray[np.float64]:
        """Split scores of pictures, shape (n, dimension), into terms, shape (n, terms).

        Where answers are marked, a last column is what the marks give. Each row sums to the
        picture's score within 1e-6, because a cosine with a sum is the sum of the parts: ``score =
        sum over terms of weight × cosine(term, picture) / length``. They are in float64, because
        terms that nearly cancel leave a sum far smaller than its parts.
        """
        shares: NDArray[np.float64] = self.cosines(vectors) * (_weights(self.query) / self.length)
        if self.relevance is None:
            return shares
        given = vectors.astype(np.float64) @ self.relevance.vector
        return np.column_stack([shares, given * (self.relevance_weight / self.length)])

    def cosines(self, vectors: Vectors) -> NDArray[np.float64]:
        """Compare pictures, shape (n, dimension), with each term by itself; shape (n, terms)."""
        found: NDArray[np.float64] = vectors.astype(np.float64) @ self.term_vectors.T
        return found


def _weights(query: Query) -> NDArray[np.float64]:
    return np.array([term.weight for term in query.terms], dtype=np.float64)


class QueryEncoder:
    """Turns queries into vectors, loading the model only if a query needs it."""

    def __init__(
        self,
        embedder: Callable[[], Embedder],
        indexed_vector: Callable[[int], Vectors | None],
        dimension: int | None = None,
    ) -> None:
        self._embedder = embedder
        self._indexed_vector = indexed_vector
        self._dimension = dimension
        # The same words with other filters, on another page, beside other terms.
        self._known: dict[Words, Vectors] = {}

    def encode(self, query: Query) -> EncodedQuery:
        """Encode a query.

        Raises:
            BadQuery: A term is empty, an example is no picture, an id is unknown, a vector is none
                of this model, a weight is too large, there are too many terms, or they cancel each
                other out.
            ModelError: The model cannot be used.
        """
        _check(query)
        hashes: list[str] = []
        subjects = [term.subject for term in query.terms]
        words = self._words_vectors([one for one in subjects if isinstance(one, Words)])
        rows = np.stack(
            [
                words[one] if isinstance(one, Words) else self._picture(one, hashes)
                for one in subjects
            ]
        )
        total = _weights(query) @ rows  # in float64: parts that nearly cancel leave little
        length = float(np.linalg.norm(total))
        if not length > _SHORTEST:
            cause = "The terms of the query cancel each other out"
            raise BadQuery(cause, place=str(query)[:_SHOWN], remedy="Change a term or its weight.")
        return EncodedQuery(
            query,
            (total / length).astype(np.float32),
            rows,
            length,
            self._cut_texts(query),
            tuple(hashes),
        )

    def _picture(
        self, subject: ExamplePicture | IndexedPicture | GivenVector, hashes: list[str]
    ) -> Vectors:
        if isinstance(subject, GivenVector):
            return subject.as_unit(self._dimension)
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

    def _words_vectors(self, asked: list[Words]) -> dict[Words, Vectors]:
        """Return a vector for each; those that are not known are embedded all at once."""
        known = self._known  # another thread may put a shorter one in its place
        found = {words: known[words] for words in asked if words in known}
        new = [words for words in dict.fromkeys(asked) if words not in found]
        if new:
            found |= self._embedded(new)
            self._known = dict(list((known | found).items())[-_WORDS_KEPT:])
        return found

    def _embedded(self, new: list[Words]) -> dict[Words, Vectors]:
        rows = self._embedder().embed_words([text for words in new for text in words.texts])
        found, start = {}, 0
        for words in new:
            end = start + len(words.texts)
            vector: Vectors = mean_direction(rows[start:end]).copy()
            vector.flags.writeable = False
            found[words] = vector
            start = end
        return found

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


def _check(query: Query) -> None:
    """Refuse what no vector can be made of, before anything is embedded for it."""
    words = (term.subject.text for term in query.terms if isinstance(term.subject, Words))
    if query.marks and not query.terms:
        cause = "Marked pictures are results of a query, and there is none"
        raise BadQuery(cause, remedy="Type what the pictures should show as well.")
    if not query.terms or not all(text.strip() for text in words):
        cause, remedy = "The query is empty", "Type what the pictures should show."
        raise BadQuery(cause, remedy=remedy)
    if len(query.terms) > MOST_TERMS:
        cause = f"The query has {len(query.terms):,} terms; {MOST_TERMS} is the most"
        raise BadQuery(cause, remedy="Leave some out, or run several queries.")
    for term in query.terms:
        if not abs(term.weight) <= HEAVIEST:  # which nothing is that is no number
            cause = f"The weight of a term is not between -{HEAVIEST:,.0f} and {HEAVIEST:,.0f}"
            raise BadQuery(cause, remedy="Take a smaller one; only their proportions count.")


def _example(example: ExamplePicture) -> tuple[Image.Image, str]:
    source = example.source
    try:
        content = source if isinstance(source, bytes) else read_content(at_home(source))
        return decode(content).image, content_hash(content)
    except Refusal as refusal:
        place = "the uploaded picture" if isinstance(source, bytes) else str(source)
        is_missing = refusal.reason is SkipReason.VANISHED  # or never was
        why = "there is no such file" if is_missing else refusal.cause
        cause = f"The example picture cannot be used: {why}"
        remedy = "Give a picture file; put words that look like a path in quotes."
        raise BadQuery(cause, place=place, remedy=remedy) from refusal
