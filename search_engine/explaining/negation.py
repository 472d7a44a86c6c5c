"""Words that a CLIP model does not understand as a no.

It finds a dog with a leash for “dog without leash”: training on captions hardly ever says what is
not in a picture. V. Alhamoud et al., "Vision-Language Models Do Not Understand Negation", CVPR
2025. A term that is taken away does what was meant.
"""

from __future__ import annotations

import re
from bisect import bisect
from dataclasses import dataclass

from search_engine.querying import TAKEN_AWAY, Query, Term, Words


@dataclass(frozen=True, slots=True)
class Negation:
    """A negating word in a question, and the question that takes its object away instead."""

    word: str
    suggestion: Query


_NEGATION = re.compile(
    r"(?<![\w-])(without|no|not|except(?:\s+for)?|excluding|\w+n['’]t|cannot)(?![\w-])",
    re.IGNORECASE,
)
_NAMES = re.compile(
    r"""
    \bno\.?\s*\d                                        # no. 5
    | \bno\s+(?:one|man['’]?s|doubt|matter)\b
    | \bno\s+[\w-]+(?:\s+[\w-]+)?\s+(?:signs?|symbols?|zones?|area)\b   # a no smoking sign
    | \bnot\s+only\b
    | \b(?:do|don['’]t|does)\s+not?\s+(?:enter|disturb|cross)\b          # what signs say
    | \bdon['’]t\s+(?:walk|walk\s+sign)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Where such a word belongs to a name, or denies nothing."""

_LINKS = set(
    "that which who where there is are was were with and but it he she they has have does do"
    .split()
)  # fmt: skip
_WORD = re.compile(r"\S+")
_ARTICLES = re.compile(
    r"^(?:(?:a|an|the|any|in|have|having|wearing|showing|being|with|of)\s+)+", re.IGNORECASE
)


def negation_in(query: Query) -> Negation | None:
    """Find the first negation among typed words; None where there is none, or it is in quotes."""
    for place, term in enumerate(query.terms):
        subject = term.subject
        if not isinstance(subject, Words) or subject.quoted or term.weight <= 0:
            continue
        if found := _split(subject.text):
            kept, word, denied = found
            terms = [Term(Words(kept), term.weight)] if kept else []
            terms.append(Term(Words(denied), -term.weight * TAKEN_AWAY))
            changed = (*query.terms[:place], *terms, *query.terms[place + 1 :])
            return Negation(word, Query(changed))
    return None


def _split(text: str) -> tuple[str, str, str] | None:
    """Give what is asked for, the negating word and what is not wanted."""
    names = [name.span() for name in _NAMES.finditer(text)]
    for found in _NEGATION.finditer(text):
        before = bisect(names, (found.start(1), len(text)))
        if before and found.start(1) < names[before - 1][1]:
            continue
        denied = _ARTICLES.sub("", text[found.end() :].strip(" ,.!?"))
        if denied:
            return _without_links(text[: found.start(1)]), found.group(1), denied
    return None


def _without_links(text: str) -> str:
    """Leave out the words at the end that only lead to what is denied."""
    words = [word.span() for word in _WORD.finditer(text)]
    while words and text[slice(*words[-1])].rstrip(",").lower() in _LINKS | {""}:
        words.pop()
    return text[: words[-1][1]].rstrip(" ,") if words else ""
