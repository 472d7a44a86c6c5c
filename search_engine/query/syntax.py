"""Queries: words, example pictures and indexed pictures, added and taken away.

The syntax of a query in text::

    query = [sign] part { sign part }      a sign, + or -, has blanks around it
    part     = term | mark
    mark     = good:#id | bad:#id             an answer of which a person said so; see `relevance`
    term     = [weight ":"] subject           weight is a number; left out it is 1, after a minus ½
    subject  = "quoted words"                 words as they are, signs and all; "" stands for "
             | {words}                        words in several wordings, averaged
             | ./path  ../path  ~/path  /path an example picture, where paths are allowed
             | #id                            a picture of the collection
             | words

so ``a red fish + 0.5:./boat.jpg - night`` asks for red fish, somewhat like the boat, and away from
night, which weighs half of the fish; ``- 1:night`` weighs as much.

A path opens a file of this machine, so only a person who types it here may name one: the command
line and the search box allow paths, links, cards and programs do not. All that is read here is read
in time that grows as the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Self, TypeAlias

from search_engine.collection.catalog.database import MOST_NUMBER
from search_engine.errors import BadQuery
from search_engine.query.given_vector import GivenVector
from search_engine.query.marks import MARK, NO_MARKS, Marks
from search_engine.query.phrasing import PLACE, WORDINGS, filled


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
        """Write it in the syntax of a query."""
        text = _in_quotes(self.text) if self.quoted or _needs_quotes(self.text) else self.text
        return f"{{{text}}}" if self.averaged else text


@dataclass(frozen=True, slots=True)
class ExamplePicture:
    """A picture that shows what to look for: a file, or the bytes of one."""

    source: Path | bytes

    def __str__(self) -> str:
        """Write it in the syntax of a query.

        Bytes have no name in it, and a path that holds quotes, or a sign between blanks, cannot be
        read back.
        """
        if isinstance(self.source, bytes):
            return "./(uploaded picture)"
        path = str(self.source)
        return path if _PATH.match(path) else f"./{path}"


@dataclass(frozen=True, slots=True)
class IndexedPicture:
    """A picture of the collection that shows what to look for."""

    picture_id: int

    def __str__(self) -> str:
        """Write it in the syntax of a query."""
        return f"#{self.picture_id}"


TAKEN_AWAY = 0.5
"""What is taken away weighs so much, if nothing else is said. In 200 queries like “a boat without
snow” to the sample gallery, 94 % of the first ten answers showed the snow, none after half of it
was taken away nor after all of it; but 87 % were boats with half and 57 % with all."""

Subject: TypeAlias = Words | ExamplePicture | IndexedPicture | GivenVector


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a query; a negative weight leads away from its subject."""

    subject: Subject
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Query:
    """A query: the weighted sum of its terms, and answers that were marked as good or bad."""

    terms: tuple[Term, ...]
    marks: Marks = NO_MARKS

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
    def vector(cls, values: Iterable[float]) -> Self:
        """Ask for pictures like a vector, shape (dimension,), that the collection's model made."""
        return cls((Term(GivenVector(tuple(map(float, values)))),))

    @classmethod
    def parse(cls, text: str, *, paths: bool = False, away: bool = False) -> Self:
        """Read the syntax shown at the top of this module; no file is looked at.

        Args:
            text: What was asked.
            paths: Whether a path may name an example picture: only where a person typed it here.
            away: Take away what it asks for, as if a minus stood before all of it.

        Raises:
            BadQuery: It is empty, a sign has no term, an id cannot be one, or it has a path where
                none is allowed.
        """
        query = cls(*_parts(text, away=away))
        if query.paths and not paths:
            raise _path_refused(query.paths[0])
        return query

    @property
    def needs_model(self) -> bool:
        """Whether something has to be embedded; indexed pictures and vectors have been."""
        return any(isinstance(term.subject, Words | ExamplePicture) for term in self.terms)

    @property
    def paths(self) -> list[Path]:
        """The files that it names as example pictures."""
        subjects = (term.subject for term in self.terms)
        examples = (one.source for one in subjects if isinstance(one, ExamplePicture))
        return [source for source in examples if isinstance(source, Path)]

    def plus(self, subject: Subject, weight: float = 1.0) -> Query:
        """Add a term."""
        return replace(self, terms=(*self.terms, Term(subject, weight)))

    def minus(self, subject: Subject, weight: float = TAKEN_AWAY) -> Query:
        """Take a term away, by half if nothing else is said."""
        return self.plus(subject, -weight)

    def averaged(self) -> Query:
        """Ask all its words in several wordings, averaged."""
        return self.with_words(lambda words: Words(words.text, averaged=True))

    def with_words(self, change: Callable[[Words], Words]) -> Query:
        """Put other words in the place of all its words."""
        terms = ((change(t.subject) if isinstance(t.subject, Words) else t.subject, t.weight)
                 for t in self.terms)  # fmt: skip
        return replace(self, terms=tuple(Term(subject, weight) for subject, weight in terms))

    def marked(self, marks: Marks) -> Query:
        """Mark answers as well."""
        return replace(self, marks=self.marks.plus(marks))

    def __str__(self) -> str:
        """Write it in the syntax of a query, so that the same is read back."""
        parts = []
        for number, term in enumerate(self.terms):
            sign = ("- " if term.weight < 0 else "+ ") if number or term.weight < 0 else ""
            parts.append(f"{sign}{_weighed(term)}")
        return " ".join([*parts, str(self.marks)] if self.marks else parts)


SIGN = re.compile(r"(?<!\S)[+-](?!\S)")
_QUOTE_OR_SIGN = re.compile(rf'"|{SIGN.pattern}')
WEIGHT = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s*:\s*(?=\D)")
_QUOTED = re.compile(r'"((?:[^"]|"")*+)"')
_AVERAGED = re.compile(r"\{(.*)\}", re.DOTALL)
_PICTURE_ID = re.compile(r"#([0-9]+)")
_PATH = re.compile(r"\.{0,2}/|~[\w.-]*/|\.{0,2}\\|[A-Za-z]:[\\/]")
_SHOWN = 80


def _parts(text: str, *, away: bool) -> tuple[tuple[Term, ...], Marks]:
    signs, pieces = cut_at_signs(text.strip())
    if not pieces[0].strip() and signs[1:]:  # the query begins with a sign
        signs, pieces = signs[1:], pieces[1:]
    if away:
        signs = ["+" if sign == "-" else "-" for sign in signs]
    terms: list[Term] = []
    marked: dict[str, list[int]] = {"good": [], "bad": []}
    for sign, piece in zip(signs, pieces, strict=True):
        mark = MARK.fullmatch(piece.strip())
        if mark and sign == "-":
            cause, remedy = "A mark cannot be excluded", "Remove it, or mark it as the other."
            raise BadQuery(cause, place=piece.strip()[:_SHOWN], remedy=remedy)
        if mark:
            marked[mark.group(1).casefold()].append(_number(mark.group(2)[1:]))
        else:
            terms.append(_term(piece.strip(), sign))
    return tuple(terms), Marks.of(**marked)


def cut_at_signs(text: str) -> tuple[list[str], list[str]]:
    """Cut a query at its signs; return the sign before each piece, and the pieces.

    Signs in quotes do not count, unless a quote is left over: then it is one as in 5" disk.
    """
    quotes_are_paired = text.count('"') % 2 == 0
    signs, pieces, start, quoted = [""], [], 0, False
    for found in _QUOTE_OR_SIGN.finditer(text):
        if found[0] == '"':
            quoted = quotes_are_paired and not quoted
        elif not quoted:
            pieces.append(text[start : found.start()])
            signs.append(found[0])
            start = found.end()
    return signs, [*pieces, text[start:]]


def _term(text: str, sign: str) -> Term:
    weight = _usual_weight(sign)
    match = WEIGHT.match(text)
    if match:
        weight, text = float(match.group(1)), text[match.end() :].strip()
    if not text:
        cause = f"Nothing follows the sign '{sign}'" if sign else "The query is empty"
        remedy = 'Type what the pictures should show, like: a red fish - night. "+" needs quotes.'
        raise BadQuery(cause, remedy=remedy)
    return Term(_subject(text), -weight if sign == "-" else weight)


def _usual_weight(sign: str) -> float:
    return TAKEN_AWAY if sign == "-" else 1.0


def _subject(text: str) -> Subject:
    averaged = _AVERAGED.fullmatch(text)
    if averaged:
        inner = averaged.group(1).strip()
        quoted = _QUOTED.fullmatch(inner)
        return Words(_out_of_quotes(quoted) if quoted else inner, averaged=True)
    quoted = _QUOTED.fullmatch(text)
    if quoted:
        return Words(_out_of_quotes(quoted), quoted=True)
    picture_id = _PICTURE_ID.fullmatch(text)
    if picture_id:
        return IndexedPicture(_number(picture_id.group(1)))
    return ExamplePicture(Path(text)) if _PATH.match(text) else Words(text)


def _number(digits: str) -> int:
    # More digits than any id has are not even read: Python refuses more than 4,300.
    shortened = digits.lstrip("0") or "0"
    number = int(shortened) if len(shortened) <= len(str(MOST_NUMBER)) else MOST_NUMBER + 1
    if number > MOST_NUMBER:
        cause = f"There is no picture #{_shortened(digits)} in the collection"
        raise BadQuery(cause, remedy="Take an id from the results of a search.")
    return number


def _path_refused(path: Path) -> BadQuery:
    cause = "A picture file can be named only where a person types"
    remedy = "Type its path where you search, or put the words in quotes."
    return BadQuery(cause, place=_shortened(str(path)), remedy=remedy)


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _in_quotes(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _out_of_quotes(found: re.Match[str]) -> str:
    return found.group(1).replace('""', '"')


def _needs_quotes(text: str) -> bool:
    special = (
        WEIGHT.match, _AVERAGED.fullmatch, _PICTURE_ID.fullmatch, _PATH.match, SIGN.search,
        MARK.fullmatch,
    )  # fmt: skip
    return (
        not text or '"' in text or text != text.strip() or any(pattern(text) for pattern in special)
    )


def _weighed(term: Term) -> str:
    """Write a term without its sign; its weight to the last digit, and never as a power of ten."""
    subject, weight = str(term.subject), abs(term.weight)
    if weight == _usual_weight("-" if term.weight < 0 else "+"):
        return subject
    if subject[:1].isdigit():  # 2:3 cats would be words, as 12:30 is
        subject = _in_quotes(subject)
    digits = f"{Decimal(repr(weight)):f}" if weight < float("inf") else str(weight)
    return f"{digits.removesuffix('.0')}:{subject}"
