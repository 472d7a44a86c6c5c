"""A query as the parts that its match is made of.

=====================================  =============================================================
part                                   what is asked
=====================================  =============================================================
all words that are asked for           one text: a weighted sum of texts is how CLIP itself averages
                                       wordings (Radford et al. 2021, section 3.1.4)
all pictures that are asked for        one example
each thing that is taken away          by itself; a picture fits as well as it does *not* show it
=====================================  =============================================================

A picture fits a query as well as the weakest of its parts. What a term weighs orders results, and
within words or pictures says which of them counts more; it does not make a part count less.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from search_engine.calibration.probability import TextQuestion
from search_engine.query import EncodedQuery, Words
from search_engine.query.syntax import Term
from search_engine.records import Vectors


@dataclass(frozen=True, slots=True)
class QuestionPart:
    """One thing that a query asks for or takes away."""

    vector: Vectors
    texts: tuple[str, ...]
    """The words; none for pictures."""
    taken_away: bool = False

    @property
    def in_words(self) -> TextQuestion | None:
        """The part as a question in words; None for one in pictures."""
        return TextQuestion(self.vector, self.texts) if self.texts else None


def question_parts(encoded: EncodedQuery) -> list[QuestionPart]:
    """Return the parts of a query; none where it only takes away."""
    terms = list(zip(encoded.query.terms, encoded.term_vectors, strict=True))
    wanted = [(term, vector) for term, vector in terms if term.weight > 0]
    words = [one for one in wanted if isinstance(one[0].subject, Words)]
    pictures = [one for one in wanted if not isinstance(one[0].subject, Words)]
    asked = [part for some in (words, pictures) if (part := _together(some))]
    if not asked:
        return []
    away = [(term, vector) for term, vector in terms if term.weight < 0]
    return [*asked, *(QuestionPart(vector, _texts(term), taken_away=True) for term, vector in away)]


def _together(terms: Sequence[tuple[Term, Vectors]]) -> QuestionPart | None:
    total = np.sum([term.weight * vector for term, vector in terms], axis=0)
    length = float(np.linalg.norm(total)) if terms else 0.0
    if not length:
        return None
    texts = tuple(text for term, _ in terms for text in _texts(term))
    return QuestionPart(np.asarray(total / length, dtype=np.float32), texts)


def _texts(term: Term) -> tuple[str, ...]:
    return term.subject.texts if isinstance(term.subject, Words) else ()
