"""What each term of a query gives to a score, as pieces of one bar."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pages.ui.frame import feedback, resources
from pages.ui.search import terms
from search_engine import SearchEngine
from search_engine.query import EncodedQuery, ExamplePicture, Term, Words
from search_engine.records import SearchResult

COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9")
"""M. Okabe and K. Ito, "Color Universal Design", 2008: told apart with any colour blindness."""


def name(term: Term) -> str:
    """Write a term with sign and weight; without the path of a picture file."""
    subject = term.subject
    about = subject.text if isinstance(subject, Words) else str(subject)
    if isinstance(subject, ExamplePicture):
        about = "uploaded picture" if terms.is_uploaded(subject) else "example picture"
    return feedback.readable(f"{terms.signed_weight(term)}{about}")


def legend(encoded: EncodedQuery) -> list[dict[str, str]]:
    """Name the parts of a sum with their colours; nothing for a single term."""
    names = part_names(encoded)
    if len(names) < 2:  # noqa: PLR2004 - a sum
        return []
    return [{"text": text, "colour": colour(at)} for at, text in enumerate(names)]


def part_names(encoded: EncodedQuery) -> list[str]:
    """Name what a score is the sum of: the terms, and what marked results give."""
    names = [name(term) for term in encoded.query.terms]
    return names if encoded.relevance is None else [*names, "your marks"]


def colour(place: int) -> str:
    """Return the colour of a term by its place in the query."""
    return COLOURS[place % len(COLOURS)]


def parts(
    engine: SearchEngine, encoded: EncodedQuery, results: Sequence[SearchResult]
) -> list[list[dict[str, object]]]:
    """Split the score of each result into pieces that share one scale; none for a single term."""
    if len(part_names(encoded)) < 2 or not results:  # noqa: PLR2004 - a sum
        return [[] for _ in results]
    ids = tuple(result.record.picture_id for result in results)
    shares = np.nan_to_num(_shares(engine, encoded, ids))
    above = np.maximum(shares, 0).sum(axis=1).max()
    below = np.maximum(-shares, 0).sum(axis=1).max()
    whole = max(above + below, 1e-9)
    names = part_names(encoded)
    return [_pieces(row / whole, below / whole, names, row) for row in shares]


@resources.cached_by_collection(entries=64, key=lambda encoded, ids: (encoded.query, ids))
def _shares(
    engine: SearchEngine, encoded: EncodedQuery, ids: tuple[int, ...]
) -> NDArray[np.float64]:
    return encoded.shares(engine.embeddings.of(np.array(ids)))


def _pieces(
    lengths: NDArray[np.float64], zero: float, names: Sequence[str], shares: NDArray[np.float64]
) -> list[dict[str, object]]:
    right = left = zero
    pieces: list[dict[str, object]] = []
    for at, length in enumerate(lengths.tolist()):
        if length < 0:
            start = left = left + length
        else:
            start, right = right, right + length
        pieces.append(
            {
                "start": start,
                "share": length,
                "zero": zero,
                "colour": colour(at),
                "text": f"{names[at]}: {feedback.signed(shares[at], 3)}",
            }
        )
    return pieces
