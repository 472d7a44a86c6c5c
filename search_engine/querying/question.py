"""Questions: words, example pictures and indexed pictures, added and taken away.

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
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self, TypeAlias

from search_engine.errors import BadQuery
from search_engine.phrasing import PLACE, WORDINGS, filled


@dataclass(frozen=True, slots=True)
class Words:
    """What to look for, in words."""

    text: str
    averaged: bool = False
    """Asked in all of `WORDINGS`, for the mean of their vectors: prompt ensembling (Radford et al.,
    "Learning Transferable Visual Models From Natural Language Supervision", 2021, 3.1.4)."""
    quoted: bool = field(default=False, compare=False)
    """Whether it was typed in quotes, which say that it is meant as it stands."""

    @property
    def texts(self) -> tuple[str, ...]:
        """The wordings that are embedded."""
        return tuple(filled(one, self.text) for one in (WORDINGS if self.averaged else (PLACE,)))

    def __str__(self) -> str:
        """Write it in the syntax of a question."""
        text = f'"{self.text}"' if self.quoted or _needs_quotes(self.text) else self.text
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
        return Words(quoted.group(1), quoted=True)
    picture_id = _PICTURE_ID.fullmatch(text)
    if picture_id:
        return IndexedPicture(int(picture_id.group(1)))
    return ExamplePicture(Path(text)) if _PATH.match(text) else Words(text)


def _needs_quotes(text: str) -> bool:
    special = (_WEIGHT.match, _AVERAGED.fullmatch, _PICTURE_ID.fullmatch, _PATH.match, _SIGN.search)
    return '"' not in text and any(pattern(text) for pattern in special)
