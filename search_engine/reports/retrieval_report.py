"""How well categories are found by their names."""

from __future__ import annotations

from dataclasses import dataclass

from search_engine.evaluation import Estimate, Retrieval
from search_engine.reports.labelling_report import LabellingAnswer, labelling_answer

_DIGITS = 6
Interval = tuple[float, float]
"""The ends of the middle 95 %."""


@dataclass(frozen=True, slots=True)
class RetrievalIntervals:
    """How sure the figures are."""

    map: Interval
    precision_at_k: Interval
    recall_at_k: Interval
    ndcg_at_k: Interval


@dataclass(frozen=True, slots=True)
class ZeroShotIntervals:
    """How sure the figures of the zero-shot classification are."""

    top_1: Interval
    top_5: Interval


@dataclass(frozen=True, slots=True)
class MistakeAnswer:
    """Pictures of one category that are taken for another."""

    category: str
    taken_for: str
    pictures: int


@dataclass(frozen=True, slots=True)
class ZeroShotAnswer:
    """How often the name of its own category fits a picture best."""

    pictures: int
    top_1: float
    top_5: float
    intervals: ZeroShotIntervals
    mistakes: tuple[MistakeAnswer, ...]


@dataclass(frozen=True, slots=True)
class PictureToPictureAnswer:
    """How well pictures find others of their category."""

    precision_at_k: float
    interval: Interval
    chance: float
    questions: int


@dataclass(frozen=True, slots=True)
class ConfusionAnswer:
    """Pictures of one category among the first answers for another."""

    asked: str
    found: str
    share: float
    picture_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RetrievalCategoryAnswer:
    """How well a category is found by its name."""

    category: str
    question: str
    pictures: int
    average_precision: float
    average_precision_interval: Interval
    chance_average_precision: float
    precision_at_k: float
    recall_at_k: float
    ndcg_at_k: float
    zero_shot_top_1: float
    zero_shot_top_5: float
    name: str | None
    """What the file of names calls the category; null where it does not, or there is none."""


@dataclass(frozen=True, slots=True)
class RetrievalAnswer:
    """How well categories are found by their names."""

    collection: str
    model: str
    template: str
    k: int
    once: bool
    pictures: int
    pictures_without_category: int
    categories_in_all: int
    map: float
    precision_at_k: float
    recall_at_k: float
    ndcg_at_k: float
    chance_map: float
    intervals: RetrievalIntervals
    zero_shot: ZeroShotAnswer
    picture_to_picture: PictureToPictureAnswer | None
    confusions: tuple[ConfusionAnswer, ...]
    categories: tuple[RetrievalCategoryAnswer, ...]
    remarks: tuple[str, ...]
    seconds: float
    labelling: LabellingAnswer


def retrieval_answer(
    collection: str, model: str, found: Retrieval, seconds: float
) -> RetrievalAnswer:
    """Return all figures as they are told."""
    options, labelled = found.options, found.labelled
    average, precision = found.mean_average_precision, found.precision
    recall, ndcg = found.recall, found.ndcg
    return RetrievalAnswer(
        collection=collection,
        model=model,
        template=options.template,
        k=options.k,
        once=options.once,
        pictures=len(labelled.ids),
        pictures_without_category=labelled.without,
        categories_in_all=labelled.categories,
        map=_rounded(average.value),
        precision_at_k=_rounded(precision.value),
        recall_at_k=_rounded(recall.value),
        ndcg_at_k=_rounded(ndcg.value),
        chance_map=_rounded(found.chance),
        intervals=RetrievalIntervals(
            map=_interval(average),
            precision_at_k=_interval(precision),
            recall_at_k=_interval(recall),
            ndcg_at_k=_interval(ndcg),
        ),
        zero_shot=_zero_shot_answer(found),
        picture_to_picture=_picture_to_picture_answer(found),
        confusions=tuple(
            ConfusionAnswer(one.asked, one.found, _rounded(one.share), tuple(one.pictures.tolist()))
            for one in found.confusions
        ),
        categories=tuple(_category_answer(found, place) for place in range(len(labelled.names))),
        remarks=tuple(found.remarks()),
        seconds=round(seconds, 3),
        labelling=labelling_answer(labelled.labelling, labelled.names),
    )


def _rounded(value: float) -> float:
    return round(value, _DIGITS)


def _interval(figure: Estimate) -> Interval:
    return _rounded(figure.low), _rounded(figure.high)


def _zero_shot_answer(found: Retrieval) -> ZeroShotAnswer:
    names, zero_shot = found.labelled.names, found.zero_shot
    return ZeroShotAnswer(
        pictures=zero_shot.pictures,
        top_1=_rounded(zero_shot.top_1.value),
        top_5=_rounded(zero_shot.top_5.value),
        intervals=ZeroShotIntervals(_interval(zero_shot.top_1), _interval(zero_shot.top_5)),
        mistakes=tuple(
            MistakeAnswer(names[own], names[other], count)
            for own, other, count in zero_shot.mistakes()
        ),
    )


def _picture_to_picture_answer(found: Retrieval) -> PictureToPictureAnswer | None:
    one = found.image_queries
    if one is None:
        return None
    return PictureToPictureAnswer(
        precision_at_k=_rounded(one.precision.value),
        interval=_interval(one.precision),
        chance=_rounded(one.chance),
        questions=one.queries,
    )


def _category_answer(found: Retrieval, place: int) -> RetrievalCategoryAnswer:
    one = found.categories[place]
    top_1, top_5 = found.zero_shot.of_category(place)
    return RetrievalCategoryAnswer(
        category=one.name,
        question=one.query,
        pictures=one.pictures,
        average_precision=_rounded(one.average_precision.value),
        average_precision_interval=_interval(one.average_precision),
        chance_average_precision=_rounded(one.chance),
        precision_at_k=_rounded(one.precision),
        recall_at_k=_rounded(one.recall),
        ndcg_at_k=_rounded(one.ndcg),
        zero_shot_top_1=_rounded(top_1),
        zero_shot_top_5=_rounded(top_5),
        name=found.labelled.labelling.name(one.name),
    )
