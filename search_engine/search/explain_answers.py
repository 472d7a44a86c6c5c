"""An explanation as others read it: the JSON of the command line and of the server."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from search_engine.explain import Explanation, HeatMap, HeatMethod, Negation, WordEffect
from search_engine.records import PictureRecord
from search_engine.search.part_matches import PartMatch


@dataclass(frozen=True, slots=True)
class TermAnswer:
    """What a term gives to the score."""

    term: str
    weight: float
    cosine: float
    mean_cosine: float
    contribution: float


@dataclass(frozen=True, slots=True)
class WordAnswer:
    """What the score would be without a word."""

    word: str
    term: int
    score_without: float
    mean_score_without: float
    difference: float
    rank_without: int | None
    mean_difference: float
    agreement: float | None
    """The correlation of the collection's scores with and without the word; null where it has too
    few pictures to tell."""
    hardly_used: bool
    """Whether that is so high that the model hardly uses the word."""


@dataclass(frozen=True, slots=True)
class CropAnswer:
    """The model's view of the picture, in pixels: left, top, right, bottom."""

    box: tuple[float, float, float, float]
    cut_percent: float


@dataclass(frozen=True, slots=True)
class NegationAnswer:
    """A word that the model does not understand as a no, and what to ask instead."""

    word: str
    suggestion: str


@dataclass(frozen=True, slots=True)
class PointAnswer:
    """A place in the picture, in pixels."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class HeatMapAnswer:
    """Which part of the picture matches the query; the grid lies over the box of the crop."""

    method: HeatMethod
    peak: PointAnswer
    grid: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class ExplainAnswer:
    """Why a picture scores what it scores."""

    query: str
    collection: str
    picture_id: int
    path: str
    score: float
    mean_score: float
    rank: int | None
    exact: bool
    terms: tuple[TermAnswer, ...]
    words: tuple[WordAnswer, ...]
    crop: CropAnswer
    negation: NegationAnswer | None
    heat_map: HeatMapAnswer | None
    parts: tuple[PartMatch, ...] = ()
    """Whether the picture shows each part of what was asked for, from 0 to 100."""


def explain_answer(
    found: Explanation,
    collection: str,
    path_of: Callable[[PictureRecord], object],
    heat: HeatMap | None = None,
    parts: Sequence[PartMatch] = (),
) -> ExplainAnswer:
    """Return an explanation as it is told; ``path_of`` says where a picture lies."""
    left, top, right, bottom = (round(edge, 2) for edge in found.crop.box)
    return ExplainAnswer(
        query=str(found.query),
        collection=collection,
        picture_id=found.record.picture_id,
        path=str(path_of(found.record)),
        score=round(found.score, 6),
        mean_score=round(found.mean_score, 6),
        rank=found.rank,
        exact=found.exact,
        terms=tuple(
            TermAnswer(
                term=str(one.term.subject),
                weight=one.term.weight,
                cosine=round(one.cosine, 7),
                mean_cosine=round(one.mean_cosine, 7),
                contribution=round(one.contribution, 7),
            )
            for one in found.terms
        ),
        words=tuple(_word_answer(one) for one in found.words),
        crop=CropAnswer((left, top, right, bottom), round(found.crop.cut_percent, 2)),
        negation=_negation_answer(found.negation),
        heat_map=_heat_map_answer(heat),
        parts=tuple(replace(one, match=round(one.match, 2)) for one in parts),
    )


def _word_answer(found: WordEffect) -> WordAnswer:
    return WordAnswer(
        word=found.word,
        term=found.term,
        score_without=round(found.score_without, 6),
        mean_score_without=round(found.mean_score_without, 6),
        difference=round(found.difference, 6),
        rank_without=found.rank_without,
        mean_difference=round(found.mean_difference, 6),
        agreement=None if found.agreement is None else round(found.agreement, 6),
        hardly_used=found.hardly_used,
    )


def _negation_answer(found: Negation | None) -> NegationAnswer | None:
    return NegationAnswer(found.word, str(found.suggestion)) if found else None


def _heat_map_answer(found: HeatMap | None) -> HeatMapAnswer | None:
    if found is None:
        return None
    x, y = found.peak
    grid = tuple(tuple(round(float(value), 4) for value in row) for row in found.grid)
    return HeatMapAnswer(found.method, PointAnswer(round(x, 1), round(y, 1)), grid)
