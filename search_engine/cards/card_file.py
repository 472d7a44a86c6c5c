"""What a result card holds, within which bounds, in a file of today and of the first format.

Anybody can write a card with a checksum that fits, so nothing of it is taken for more than this.
"""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass, fields, replace
from typing import Annotated, TypeAlias

from search_engine.collection.catalog.conditions import MOST_CATEGORIES, MOST_PATTERNS
from search_engine.collection.catalog.database import MOST_NUMBER
from search_engine.collection.catalog.tags import MOST_TAGS
from search_engine.evaluation import CheckedPrecision
from search_engine.files.field_bounds import AtMost, Between, IfGiven, ReadAs, Text, ToldBy
from search_engine.query import (
    MOST_MARKS,
    ExamplePicture,
    IndexedPicture,
    Marks,
    Query,
    Subject,
    Term,
    Words,
)
from search_engine.query.encoding import HEAVIEST, MOST_TERMS
from search_engine.records import Filters, Orientation, any_of
from search_engine.records.patterns import of_version_5
from search_engine.search import AnsweredPicture, Grouping, Order

FORMAT = "image search result card 2"
FIRST_FORMAT = "image search result card 1"
"""Of versions before 0.6: its results have no category, match and ``stands_out``."""
_MOST_RESULTS = 100_000
_LARGEST = sys.float_info.max

AnyNumber: TypeAlias = Annotated[int, Between(-MOST_NUMBER, MOST_NUMBER)]
FromOne: TypeAlias = Annotated[int, Between(1, MOST_NUMBER)]
Weight: TypeAlias = Annotated[float, Between(-HEAVIEST, HEAVIEST)]
Score: TypeAlias = Annotated[float, Between(-2, 2)]
"""A cosine similarity, and what rounding can make of one."""
Match: TypeAlias = Annotated[float, Between(0, 100)]
Share: TypeAlias = Annotated[float, Between(0, 1)]


@dataclass(frozen=True, slots=True)
class WordsTerm:
    """Words that are asked for, ``averaged`` in several wordings."""

    weight: Weight
    words: Text
    averaged: bool = False


@dataclass(frozen=True, slots=True)
class ExampleTerm:
    """A picture that was given: in base64, a PNG of the square that the model looks at."""

    weight: Weight
    example: Text


@dataclass(frozen=True, slots=True)
class PictureTerm:
    """A picture of the collection."""

    weight: Weight
    picture: int
    """Its id, in the collection that was asked."""
    content_hash: Text


@dataclass(frozen=True, slots=True)
class MarkedPicture:
    """A picture of the collection that was marked as a good or a bad answer."""

    picture: int
    """Its id, in the collection that was asked."""
    content_hash: Text


CardTerm: TypeAlias = Annotated[WordsTerm | ExampleTerm | PictureTerm, ToldBy(("words", "example"))]

MarkedPictures: TypeAlias = Annotated[tuple[MarkedPicture, ...], AtMost(MOST_MARKS)]


def shown(term: CardTerm) -> Subject:
    """Return what a term asks for as people read it: an example without its bytes."""
    if isinstance(term, WordsTerm):
        return Words(term.words, averaged=term.averaged)
    return ExamplePicture(b"") if isinstance(term, ExampleTerm) else IndexedPicture(term.picture)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFilters:
    """The `Filters` of a card as they lie in its file, where those that are not set are left out.

    A pattern for paths has a name of its own, several of them another: as ``path`` it is read as
    versions before 0.6 meant it.
    """

    categories: IfGiven[Annotated[tuple[Text, ...], AtMost(MOST_CATEGORIES)]] = None
    dated_from: IfGiven[Text] = None
    dated_to: IfGiven[Text] = None
    min_width: IfGiven[AnyNumber] = None
    max_width: IfGiven[AnyNumber] = None
    min_height: IfGiven[AnyNumber] = None
    max_height: IfGiven[AnyNumber] = None
    orientation: IfGiven[Orientation] = None
    min_bytes: IfGiven[AnyNumber] = None
    max_bytes: IfGiven[AnyNumber] = None
    min_pixels: IfGiven[AnyNumber] = None
    max_pixels: IfGiven[AnyNumber] = None
    min_score: IfGiven[Annotated[float, Between(-_LARGEST, _LARGEST)]] = None
    min_match: IfGiven[Match] = None
    tags: IfGiven[Annotated[tuple[Text, ...], AtMost(MOST_TAGS)]] = None
    hidden: IfGiven[bool] = None
    pattern: IfGiven[Text] = None
    patterns: IfGiven[Annotated[tuple[Text, ...], AtMost(MOST_PATTERNS)]] = None
    path: IfGiven[Text] = None


def _meant(kept: CardFilters) -> Filters:
    values = asdict(kept)
    pattern, several = values.pop("pattern"), values.pop("patterns")
    if several is not None:
        pattern = any_of(several)
    elif pattern is None and kept.path is not None:
        pattern = of_version_5(kept.path)
    categories = None if kept.categories is None else frozenset(kept.categories)
    tags = None if kept.tags is None else frozenset(kept.tags)
    return Filters(**values | {"path": pattern, "categories": categories, "tags": tags})


@dataclass(frozen=True, slots=True)
class CardResult(AnsweredPicture):
    """One answer of a card, as a search tells it, and the content of its picture.

    The path is relative to the collection's folder; names that are not UTF-8 keep their surrogates.
    """

    rank: FromOne
    path: Text
    category: Text | None
    score: Score
    match: Match | None
    content_hash: Text


@dataclass(frozen=True, slots=True)
class CardPrecision(CheckedPrecision):
    """How many of the pictures from a match up a person found right."""

    threshold: Match
    pictures: FromOne
    answered: FromOne
    precision: Share
    low: Share
    high: Share


@dataclass(frozen=True, slots=True)
class CardView:
    """How the matches of a query are shown, where nothing but matches is."""

    sort: Order
    group: IfGiven[Grouping] = None


@dataclass(frozen=True, slots=True)
class ResultCard:
    """What was asked, of which index and model, and what came out."""

    query: Text
    """The query in the syntax of when the card was made; see `readable_query`."""
    terms: Annotated[tuple[CardTerm, ...], AtMost(MOST_TERMS)]
    """The query for machines."""
    k: FromOne
    filters: Annotated[Filters, ReadAs(CardFilters, _meant)]
    collection: Text
    model_id: Text
    model_fingerprint: Text
    generation: int
    """Of the index."""
    kind: Text
    pictures: int
    """In the index."""
    exact: bool
    results: Annotated[tuple[CardResult, ...], AtMost(_MOST_RESULTS)]
    good: IfGiven[MarkedPictures] = None
    bad: IfGiven[MarkedPictures] = None
    precision: IfGiven[CardPrecision] = None
    """Where somebody looked at twenty pictures; left out in the file where nobody did."""
    view: IfGiven[CardView] = None
    """Left out where all results are shown, best first. It makes no other question of it."""

    def checked(self, precision: CheckedPrecision) -> ResultCard:
        """Return the same with what a person found."""
        return replace(self, precision=CardPrecision(**asdict(precision)))

    def asks_the_same(self, other: ResultCard) -> bool:
        """Whether both are the same question, asked of the same model."""
        mine, others = (
            (one.terms, one.good, one.bad, one.filters, one.model_fingerprint)
            for one in (self, other)
        )
        return mine == others

    @property
    def readable_query(self) -> str:
        """The query in its syntax, for people; an example picture has no name in it.

        Written anew from the terms: before version 0.6 “- night” weighed as much as what was
        wanted, and a card of then has to be shown as ``- 1:night``.
        """
        terms = tuple(Term(shown(term), term.weight) for term in self.terms)
        good, bad = ((one.picture for one in some or ()) for some in (self.good, self.bad))
        return str(Query(terms, Marks.of(good, bad)))

    @property
    def has_examples(self) -> bool:
        """Whether an example picture is part of the query."""
        return any(isinstance(term, ExampleTerm) for term in self.terms)


@dataclass(frozen=True, slots=True)
class FirstResult:
    """One answer in a file of the first format."""

    rank: FromOne
    picture_id: int
    path: Text
    score: Score
    content_hash: Text


def _since(first: FirstResult) -> CardResult:
    return CardResult(**asdict(first), category=None, match=None, stands_out=None)


@dataclass(frozen=True, slots=True)
class FirstCard(ResultCard):
    """A card in a file of the first format."""

    results: Annotated[
        tuple[Annotated[CardResult, ReadAs(FirstResult, _since)], ...], AtMost(_MOST_RESULTS)
    ]

    @property
    def of_today(self) -> ResultCard:
        """The same, to be written in the format of today."""
        return ResultCard(*(getattr(self, field.name) for field in fields(self)))
