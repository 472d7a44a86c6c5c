"""Whether a picture shows each part of what was asked for: red, but no fish."""

from __future__ import annotations

import re
from dataclasses import dataclass

from search_engine.calibration.background_texts import content_words
from search_engine.calibration.probability import THRESHOLD
from search_engine.query import Query, Words
from search_engine.search.engine import SearchEngine

MOST_PARTS = 8
"""Each has to be embedded."""
_TOKEN = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class PartMatch:
    """How well a picture matches a part of a query by itself."""

    text: str
    match: float
    """0 to 100, by the same probability as that of the whole."""

    @property
    def is_there(self) -> bool:
        """Whether the picture shows it."""
        return self.match >= THRESHOLD


def part_matches(engine: SearchEngine, query: Query, picture_id: int) -> tuple[PartMatch, ...]:
    """Return how well a picture matches each part of what a query asks for in words.

    The parts are the terms, where there are several, and the words of each that say something. That
    a word asked for by itself means what it means in the query is a guess: *hot* and *dog* are no
    parts of a hot dog.

    Raises:
        BadQuery: A part cannot be run as it stands.
        ModelError: The model cannot be used.
    """
    found = [
        (text, engine.measure.match_of(Query.words(text), picture_id))
        for text in query_parts(query)
    ]
    return tuple(PartMatch(text, match) for text, match in found if match is not None)


def query_parts(query: Query) -> list[str]:
    """Return the parts of what a query asks for in words; none where it is one word."""
    asked = [
        term.subject.text
        for term in query.terms
        if term.weight > 0 and isinstance(term.subject, Words)
    ]
    parts = list(asked) if len(asked) > 1 else []
    for text in asked:
        words = [word for word in _TOKEN.findall(text) if content_words(word)]
        parts += words if len(words) > 1 else []
    return list(dict.fromkeys(parts))[:MOST_PARTS]
