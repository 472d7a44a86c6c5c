"""Questions: words, example pictures and indexed pictures, added and taken away, as one vector.

The syntax of a question in text::

    question = [sign] term { sign term }      a sign, + or -, has blanks around it
    term     = [weight ":"] subject           weight is a number, 1 if left out
    subject  = "quoted words"                 words as they are, signs and all
             | {words}                        words in several wordings, averaged
             | ./path  ../path  ~/path  /path an example picture
             | #id                            a picture of the collection
             | words

so ``a red fish + 0.5:./boat.jpg - night`` asks for red fish, somewhat like the boat, and away from
night.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from search_engine.decoding import Refusal, content_hash, decode, read_content
from search_engine.embedding import Embedder, mean_direction
from search_engine.errors import BadQuery
from search_engine.phrasing import PLACE, WORDINGS, filled
from search_engine.records import Vectors

if TYPE_CHECKING:
    from PIL import Image

_SHORTEST = 1e-4
"""Below this length what is left of a sum is rounding, not meaning."""
_WORDS_KEPT = 1024  # 2 MB of vectors; embedding words takes 30 ms


@dataclass(frozen=True, slots=True)
class Words:
    """What to look for, in words."""

    text: str
    averaged: bool = False
    """Asked in all of `WORDINGS`, for the mean of their vectors: prompt ensembling (Radford et al.,
    "Learning Transferable Visual Models From Natural Language Supervision", 2021, 3.1.4)."""

    @property
    def texts(self) -> tuple[str, ...]:
        """The wordings that are embedded."""
        return tuple(filled(one, self.text) for one in (WORDINGS if self.averaged else (PLACE,)))

    def __str__(self) -> str:
        """Write it in the syntax of a question."""
        text = f'"{self.text}"' if _needs_quotes(self.text) else self.text
        return f"{{{text}}}" if self.averaged else text


@dataclass(frozen=True, slots=True)
class ExamplePicture:
    """A picture that shows what to look for: a file, or the bytes of one."""

    source: Path | bytes

    def __str__(self) -> str:
        """Write it in the syntax of a question; bytes have no name in it."""
        if isinstance(self.source, bytes):
            return "./(uploaded picture)"
        path = str(self.source)
        return path if _PATH.match(path) else f"./{path}"


@dataclass(frozen=True, slots=True)
class IndexedPicture:
    """A picture of the collection that shows what to look for."""

    picture_id: int

    def __str__(self) -> str:
        """Write it in the syntax of a question."""
        return f"#{self.picture_id}"


Subject: TypeAlias = Words | ExamplePicture | IndexedPicture


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a question; a negative weight leads away from its subject."""

    subject: Subject
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Query:
    """A question: the weighted sum of its terms."""

    terms: tuple[Term, ...]

    @classmethod
    def words(cls, text: str) -> Self:
        """Ask for words, taken as they are."""
        return cls((Term(Words(text)),))

    @classmethod
    def picture(cls, source: Path | bytes) -> Self:
        """Ask for pictures like an example."""
        return cls((Term(ExamplePicture(source)),))

    @classmethod
    def like(cls, picture_id: int) -> Self:
        """Ask for pictures like one of the collection."""
        return cls((Term(IndexedPicture(picture_id)),))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the syntax shown at the top of this module.

        Raises:
            BadQuery: It is empty, or a sign has no term.
        """
        return cls(tuple(_terms(text)))

    @property
    def needs_model(self) -> bool:
        """Whether something has to be embedded; indexed pictures have been."""
        return any(not isinstance(term.subject, IndexedPicture) for term in self.terms)

    def plus(self, subject: Subject, weight: float = 1.0) -> Query:
        """Add a term."""
        return Query((*self.terms, Term(subject, weight)))

    def minus(self, subject: Subject, weight: float = 1.0) -> Query:
        """Take a term away."""
        return self.plus(subject, -weight)

    def averaged(self) -> Query:
        """Ask all its words in several wordings, averaged."""
        return self.with_words(lambda words: Words(words.text, averaged=True))

    def with_words(self, change: Callable[[Words], Words]) -> Query:
        """Put other words in the place of all its words."""
        terms = ((change(t.subject) if isinstance(t.subject, Words) else t.subject, t.weight)
                 for t in self.terms)  # fmt: skip
        return Query(tuple(Term(subject, weight) for subject, weight in terms))

    def __str__(self) -> str:
        """Write it in the syntax of a question."""
        parts = []
        for number, term in enumerate(self.terms):
            sign = ("- " if term.weight < 0 else "+ ") if number or term.weight < 0 else ""
            weight = "" if abs(term.weight) == 1 else f"{abs(term.weight):g}:"
            parts.append(f"{sign}{weight}{term.subject}")
        return " ".join(parts)


_SIGN = re.compile(r"(?:^|\s+)([+-])(?:\s+|$)")
_SIGN_OUTSIDE_QUOTES = re.compile(_SIGN.pattern + r'(?=(?:[^"]*"[^"]*")*[^"]*$)')
_WEIGHT = re.compile(r"(\d+(?:\.\d*)?|\.\d+)\s*:\s*(?=\D)")
_QUOTED = re.compile(r'^"([^"]*)"$')
_AVERAGED = re.compile(r"\{(.*)\}")
_PICTURE_ID = re.compile(r"#(\d+)")
_PATH = re.compile(r"\.{0,2}/|~[\w.-]*/|\.{0,2}\\|[A-Za-z]:[\\/]")


def _terms(text: str) -> list[Term]:
    quotes_are_paired = text.count('"') % 2 == 0
    sign = _SIGN_OUTSIDE_QUOTES if quotes_are_paired else _SIGN
    first, *rest = sign.split(text.strip())
    signs, pieces = ["", *rest[0::2]], [first, *rest[1::2]]
    if not first and rest:  # the question begins with a sign
        signs, pieces = signs[1:], pieces[1:]
    return [_term(piece.strip(), sign) for sign, piece in zip(signs, pieces, strict=True)]


def _term(text: str, sign: str) -> Term:
    weight = 1.0
    match = _WEIGHT.match(text)
    if match:
        weight, text = float(match.group(1)), text[match.end() :]
    if not text:
        cause = f"Nothing follows the sign '{sign}'" if sign else "The question is empty"
        remedy = 'Type what the pictures should show, like: a red fish - night. "+" needs quotes.'
        raise BadQuery(cause, remedy=remedy)
    return Term(_subject(text), -weight if sign == "-" else weight)


def _subject(text: str) -> Subject:
    averaged = _AVERAGED.fullmatch(text)
    if averaged:
        return Words(_QUOTED.sub(r"\1", averaged.group(1).strip()), averaged=True)
    quoted = _QUOTED.fullmatch(text)
    if quoted:
        return Words(quoted.group(1))
    picture_id = _PICTURE_ID.fullmatch(text)
    if picture_id:
        return IndexedPicture(int(picture_id.group(1)))
    return ExamplePicture(Path(text)) if _PATH.match(text) else Words(text)


def _needs_quotes(text: str) -> bool:
    special = (_WEIGHT.match, _AVERAGED.fullmatch, _PICTURE_ID.fullmatch, _PATH.match, _SIGN.search)
    return '"' not in text and any(pattern(text) for pattern in special)


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

    def shares(self, vectors: Vectors) -> NDArray[np.float32]:
        """Split scores of pictures, shape (n, dimension), into terms, shape (n, terms).

        Each row sums to the picture's score, because a cosine with a sum is the sum of the parts:
        ``score = sum over terms of weight × cosine(term, picture) / length``.
        """
        weights = np.array([term.weight for term in self.query.terms], dtype=np.float32)
        shares: NDArray[np.float32] = (vectors @ self.term_vectors.T) * (weights / self.length)
        return shares


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
        weights = np.array([term.weight for term in query.terms], dtype=np.float32)
        total = weights @ rows
        length = float(np.linalg.norm(total))
        if not length > _SHORTEST:
            cause = "The terms of the question cancel each other out"
            raise BadQuery(cause, place=str(query), remedy="Change a term or its weight.")
        return EncodedQuery(
            query, total / length, rows, length, self._cut_texts(query), tuple(hashes)
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
        return decode(content).image, content_hash(content)
    except Refusal as refusal:
        place = "the uploaded picture" if isinstance(source, bytes) else str(source)
        cause = f"The example picture cannot be used: {refusal.cause}"
        remedy = "Give a picture file; put words that look like a path in quotes."
        raise BadQuery(cause, place=place, remedy=remedy) from refusal
