"""Which word of a query carries the score: the query run again without each of them.

Two texts score differently with everything, whatever a picture shows: “a fish” is nearer to all
drawings than “a red fish” is. So scores of different queries are compared only after what each
scores with the collection on average was taken away. The rank of a picture is the same with and
without that, because it is the same for all pictures of one query.

A word that the model does not use, because it was never told what it means or it is one like “the”,
shifts and stretches all scores, but leaves their order nearly as it was. So whether a word is used
is told by the correlation of the scores of many pictures with and without it, which neither a shift
nor a stretch changes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from search_engine.errors import BadQuery
from search_engine.explore.score_distribution import ranks_of
from search_engine.query import EncodedQuery, Query, Term, Words
from search_engine.records import AllScores, Vectors

_LOG = logging.getLogger(__name__)

MOST_WORDS = 24
"""Each word costs an embedding, and its rank a look at all scores."""

HARDLY_USED = 0.925
"""The correlation from which on a word is hardly used. On drawings that is said of 87 % of made-up
and struck words, 84 % of unknown ones, 98 % of the words that sentences put around what is meant,
and of 3 to 4 % of those that name colour, kind or place; among photographs, of 6 of 262 words that
are part of a longer name, as “other” in “other fish”."""
FEWEST_PICTURES = 100
"""With fewer, scores may agree by chance."""


@dataclass(frozen=True, slots=True)
class Backdrop:
    """The collection that a picture stands out from."""

    mean: Vectors
    """The mean of all vectors, shape (dimension,), not of length one."""
    sample: Vectors
    """Vectors of pictures that stand for all, shape (n, dimension)."""


@dataclass(frozen=True, slots=True)
class Shortened:
    """A query without one of its words."""

    word: str
    term: int
    """The place of the term that the word was taken from."""
    query: Query


@dataclass(frozen=True, slots=True)
class WordEffect:
    """What a word does to the score of a picture."""

    word: str
    term: int
    score_without: float
    mean_score_without: float
    """Of the collection, for the query without the word."""
    difference: float
    """How far the score is above the mean of the collection, less the same without the word:
    positive where the word makes the picture stand out more."""
    mean_difference: float
    """The same, averaged over the best pictures of the whole query."""
    rank_without: int | None
    """Among all that the filters let through; None where ranks were not asked for."""
    agreement: float | None = None
    """How alike pictures score with and without the word: the correlation over the collection, or
    a sample of it; None where it has fewer than `FEWEST_PICTURES` pictures."""

    @property
    def hardly_used(self) -> bool:
        """Whether pictures score nearly alike without the word."""
        return self.agreement is not None and self.agreement >= HARDLY_USED


def shortened(query: Query) -> list[Shortened]:
    """Leave out each word once, from left to right, of the first `MOST_WORDS`.

    A term of one word goes as a whole; where nothing else would be left, there is nothing to ask.
    """
    return list(islice(_without_each(query), MOST_WORDS))


def _without_each(query: Query) -> Iterator[Shortened]:
    for place, term in enumerate(query.terms):
        if isinstance(term.subject, Words):
            yield from _of_term(query, place, term, term.subject.text.split())


def _of_term(query: Query, place: int, term: Term, words: list[str]) -> Iterator[Shortened]:
    before, after = query.terms[:place], query.terms[place + 1 :]
    for at, word in enumerate(words):
        rest = " ".join((*words[:at], *words[at + 1 :]))
        kept = (replace(term, subject=Words(rest)),) if rest else ()
        if before or kept or after:
            yield Shortened(word, place, replace(query, terms=(*before, *kept, *after)))


Ask: TypeAlias = Callable[[Query], tuple[EncodedQuery, AllScores | None]]
"""Embeds a query and, if ranks are wanted, scores all pictures that could be found."""


def word_effects(
    encoded: EncodedQuery,
    picture_id: int,
    picture: Vectors,
    best: Vectors,
    backdrop: Backdrop,
    ask: Ask,
) -> tuple[WordEffect, ...]:
    """Tell what each word of a query does to a picture's score.

    Leave-one-out, the simplest form of erasure (J. Li, W. Monroe and D. Jurafsky, "Understanding
    Neural Networks through Representation Erasure", 2016), of scores centred on the collection.

    Args:
        encoded: The query.
        picture_id: Of the picture.
        picture: Its vector, shape (dimension,).
        best: Vectors of the best pictures of the query, shape (n, dimension).
        backdrop: The collection.
        ask: Runs the query again without a word.
    """
    centre = backdrop.mean.astype(np.float64)
    compared = np.concatenate([picture[None], best]).astype(np.float64) - centre
    usual = backdrop.sample @ encoded.vector
    effects = []
    for shorter in shortened(encoded.query):
        try:
            without, found = ask(shorter.query)
        except BadQuery:  # what is left cancels itself out
            _LOG.info("a word has no effect of its own: nothing is left without it")
            continue
        differences = compared @ (encoded.vector.astype(np.float64) - without.vector)
        effects.append(
            WordEffect(
                shorter.word,
                shorter.term,
                float(without.vector.astype(np.float64) @ picture),
                float(without.vector @ centre),
                float(differences[0]),
                float(differences[1:].mean()) if len(best) else 0.0,
                ranks_of(found, [picture_id])[0] if found else None,
                agreement(usual, backdrop.sample @ without.vector),
            )
        )
    return tuple(effects)


def hardly_used(effects: Sequence[WordEffect]) -> str:
    """Name the words that the model hardly uses, each once: ``“a”, “xyz”``; empty for none."""
    return ", ".join(dict.fromkeys(f"“{one.word}”" for one in effects if one.hardly_used))


def agreement(one: NDArray[np.float32], other: NDArray[np.float32]) -> float | None:
    """Return the correlation of two queries' scores, both of shape (pictures,).

    None for fewer than `FEWEST_PICTURES`, or where all pictures score alike.
    """
    if len(one) < FEWEST_PICTURES or not (np.ptp(one) and np.ptp(other)):
        return None
    return float(np.corrcoef(one, other)[0, 1])
