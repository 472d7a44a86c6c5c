"""Words that a CLIP model does not understand as a no.

It finds a dog with a leash for “dog without leash”: training on captions hardly ever says what is
not in a picture. V. Alhamoud et al., "Vision-Language Models Do Not Understand Negation", CVPR
2025. A term that is taken away does what was meant.
"""

from __future__ import annotations

import re
from bisect import bisect
from dataclasses import dataclass, replace

from search_engine.query import TAKEN_AWAY, Query, Term, Words


@dataclass(frozen=True, slots=True)
class Negation:
    """A negating word or dash in a query, and the query that takes away instead."""

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

_DASH = r"[-\u2010-\u2013\u2212]"
"""Hyphens, the en dash and the minus sign, which keyboards and programs put for one another."""
_DASHED = re.compile(rf'(?<!\S){_DASH}(?:"([^"]*)"(?!\S)|([^\W\d_]\S*+)(?<!{_DASH}))')
"""A word or phrase with a dash right before it, the way of searches in the web; not -in- dashes."""
_LONE_DASH = re.compile(r"(?<!\S)[\u2013\u2212](?!\S)")
"""An em dash only ever parts sentences."""

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
            terms += [Term(Words(one), -term.weight * TAKEN_AWAY) for one in denied]
            changed = (*query.terms[:place], *terms, *query.terms[place + 1 :])
            return Negation(word, replace(query, terms=changed))
    return None


def _split(text: str) -> tuple[str, str, list[str]] | None:
    """Return what is asked for, the negating word and what is not wanted."""
    if found := _DASHED.search(text):
        dashed = [(one[1] or one[2] or "").strip() for one in _DASHED.finditer(text)]
        kept = " ".join(_DASHED.sub(" ", text).split())
        return kept, found[0], [one for one in dashed if one]
    lone = _LONE_DASH.search(text)
    if lone and text[: lone.start()].strip() and text[lone.end() :].strip():
        parts = [part.strip() for part in _LONE_DASH.split(text)]
        return parts[0], lone[0], [part for part in parts[1:] if part]
    names = [name.span() for name in _NAMES.finditer(text)]
    for found in _NEGATION.finditer(text):
        before = bisect(names, (found.start(1), len(text)))
        if before and found.start(1) < names[before - 1][1]:
            continue
        denied = _ARTICLES.sub("", text[found.end() :].strip(" ,.!?"))
        if denied:
            return _without_links(text[: found.start(1)]), found.group(1), [denied]
    return None


def _without_links(text: str) -> str:
    """Leave out the words at the end that only lead to what is denied."""
    words = [word.span() for word in _WORD.finditer(text)]
    while words and text[slice(*words[-1])].rstrip(",").lower() in _LINKS | {""}:
        words.pop()
    return text[: words[-1][1]].rstrip(" ,") if words else ""
