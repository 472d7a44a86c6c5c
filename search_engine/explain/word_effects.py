"""Which word of a query carries the score: the query run again without each of them.

Two texts score differently with everything, whatever a picture shows: “a fish” is nearer to all
drawings than “a red fish” is. So scores of different queries are compared only after what each
scores with the collection on average was taken away. The rank of a picture is the same with and
without that, because it is the same for all pictures of one query.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeAlias

import numpy as np

from search_engine.errors import BadQuery
from search_engine.explore.score_distribution import ranks_of
from search_engine.query import EncodedQuery, Query, Term, Words
from search_engine.records import AllScores, Vectors

_LOG = logging.getLogger(__name__)

MOST_WORDS = 24
"""Each word costs an embedding, and its rank a look at all scores."""


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
    mean: Vectors,
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
        mean: The mean of all vectors of the collection, shape (dimension,), not of length one.
        ask: Runs the query again without a word.
    """
    centre = mean.astype(np.float64)
    compared = np.concatenate([picture[None], best]).astype(np.float64) - centre
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
            )
        )
    return tuple(effects)
