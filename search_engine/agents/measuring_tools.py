"""The tools ``explain``, ``duplicates`` and ``evaluate``."""

from __future__ import annotations

import io
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from search_engine.agents.call import ToolCall
from search_engine.agents.open_collections import OpenCollections
from search_engine.agents.page_cursors import cursor_to, place_of
from search_engine.agents.requests import (
    CollectionName,
    Cursor,
    PageLength,
    PictureId,
    QueryText,
)
from search_engine.agents.tool import Tool, ToolAnswer, ToolPicture
from search_engine.audit import Thresholds, decide_removals
from search_engine.evaluation import RetrievalOptions
from search_engine.explain import paint_heat
from search_engine.query import Query
from search_engine.reports import (
    DuplicatesAnswer,
    PresenceAnswer,
    RetrievalAnswer,
    duplicates_answer,
    presence_answer,
    retrieval_answer,
)
from search_engine.search import ExplainAnswer, explain_answer, part_matches

_MOST_COPIES = 50
_MOST_CATEGORIES = 40
_LONGEST_SIDE = 1_024


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainRequest:
    """Which picture is explained, for which query."""

    query: QueryText
    picture_id: PictureId
    collection: CollectionName = None
    heat_map: Annotated[
        bool, Field(description="Paint which part of the picture it is; takes seconds.")
    ] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicatesRequest:
    """Which duplicates are told of."""

    collection: CollectionName = None
    exact_only: Annotated[bool, Field(description="Only files with the same bytes.")] = False
    k: PageLength = 10
    cursor: Cursor = None


@dataclass(frozen=True, slots=True)
class DuplicatesPage(DuplicatesAnswer):
    """Some groups of duplicates, those that take most space first."""

    notes: tuple[str, ...]
    next_cursor: str | None


class Evaluated(StrEnum):
    """What can be measured of a collection."""

    RETRIEVAL = "retrieval"
    PRESENCE = "presence"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluateRequest:
    """What is measured."""

    measure: Annotated[
        Evaluated,
        Field(description="presence: how often verdicts are right; retrieval: how well it finds."),
    ] = Evaluated.PRESENCE
    collection: CollectionName = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How far results of a collection can be trusted; one of the two, as it was wanted."""

    presence: PresenceAnswer | None
    retrieval: RetrievalAnswer | None
    notes: tuple[str, ...]


def explain(request: ExplainRequest, collections: OpenCollections, _call: ToolCall) -> ToolAnswer:
    """Tell why a picture scores what it scores."""
    engine, query = collections.engine(request.collection), Query.parse(request.query)
    found = engine.explain(query, request.picture_id)
    heat = engine.heat_map(found.query, found.record) if request.heat_map else None
    parts = part_matches(engine, found.query, request.picture_id)
    report = explain_answer(found, engine.name, engine.path, heat, parts)
    if heat is None:
        return ToolAnswer(report)
    painted, target = paint_heat(engine.image(found.record), heat), io.BytesIO()
    painted.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    painted.convert("RGB").save(target, "JPEG", quality=85)
    return ToolAnswer(report, ToolPicture(target.getvalue(), "jpeg"))


def find_duplicates(
    request: DuplicatesRequest, collections: OpenCollections, call: ToolCall
) -> ToolAnswer:
    """Find duplicates; nothing is deleted, and nothing listed as if it may be."""
    engine = collections.engine(request.collection)
    begin, audit, thresholds = place_of(request, engine), collections.audit(engine), Thresholds()
    groups = (
        audit.exact_duplicates(call) if request.exact_only else audit.duplicates(thresholds, call)
    )
    end = begin + request.k
    decisions = [
        *decide_removals(engine, groups[:begin], read=False),
        *decide_removals(engine, groups[begin:end], progress=call),
        *decide_removals(engine, groups[end:], read=False),
    ]
    found = duplicates_answer(engine, decisions, thresholds, slice(begin, end))
    notes = [
        f"The group that keeps #{one.keep.picture_id} has {len(one.copies):,} copies, of which"
        f" {_MOST_COPIES} are told."
        for one in found.groups
        if len(one.copies) > _MOST_COPIES
    ]
    shown = tuple(
        replace(one, copies=one.copies[:_MOST_COPIES], same_files=one.same_files[:_MOST_COPIES])
        for one in found.groups
    )
    told: Mapping[str, object] = {
        field: getattr(found, field) for field in DuplicatesAnswer.__dataclass_fields__
    }
    next_cursor = cursor_to(end, request, engine) if end < len(groups) else None
    page = DuplicatesPage(**told | {"groups": shown}, notes=tuple(notes), next_cursor=next_cursor)  # type: ignore[operator]
    return ToolAnswer(page)


def evaluate(request: EvaluateRequest, collections: OpenCollections, call: ToolCall) -> ToolAnswer:
    """Measure how far results can be trusted, by the names of categories."""
    engine = collections.engine(request.collection)
    if request.measure is Evaluated.PRESENCE:
        proof = presence_answer(engine, engine.measure.presence(call))
        worst = sorted(proof.categories, key=lambda one: one.ap_match)
        presence = replace(
            proof,
            categories=tuple(worst[:_MOST_CATEGORIES]),
            queries=proof.queries[:_MOST_CATEGORIES],
            left_out=proof.left_out[:_MOST_CATEGORIES],
        )
        return ToolAnswer(Evaluation(presence, None, _cut(len(proof.categories))))
    began = time.perf_counter()
    found = engine.measure.retrieval(RetrievalOptions(), call)
    seconds = time.perf_counter() - began
    answer = retrieval_answer(engine.name, engine.manifest.model.model_id, found, seconds)
    hardest = sorted(answer.categories, key=lambda one: one.average_precision)
    mistakes = answer.zero_shot.mistakes[:_MOST_CATEGORIES]
    retrieval = replace(
        answer,
        categories=tuple(hardest[:_MOST_CATEGORIES]),
        confusions=answer.confusions[:_MOST_CATEGORIES],
        zero_shot=replace(answer.zero_shot, mistakes=mistakes),
    )
    return ToolAnswer(Evaluation(None, retrieval, _cut(len(answer.categories))))


def _cut(categories: int) -> tuple[str, ...]:
    if categories <= _MOST_CATEGORIES:
        return ()
    return (f"The {_MOST_CATEGORIES} hardest of {categories:,} categories are told.",)


EXPLAIN = Tool(
    name="explain",
    title="Why this picture",
    description="Tell why a picture scores what it scores for a query: what each term and word"
    " gives (difference: how much the score falls without the word, against the rest of the"
    " collection), and in parts whether each part by itself is a match. With heat_map also an image"
    " of which part of the picture it is. It is about the model, not about the world: a word that"
    " is hardly_used was ignored.",
    request=ExplainRequest,
    answer=ExplainAnswer,
    run=explain,
)
DUPLICATES = Tool(
    name="duplicates",
    title="Equal pictures",
    description="Find files that are copies or nearly copies of one another, in groups, those that"
    " take most space first. It can take minutes the first time. identical means the same bytes;"
    " others look the same and may differ in size or quality. remove says that a copy could be"
    " deleted without losing the picture; nothing is deleted, and you must not: tell the user.",
    request=DuplicatesRequest,
    answer=DuplicatesPage,
    run=find_duplicates,
)
EVALUATE = Tool(
    name="evaluate",
    title="How far to trust results",
    description="Measure on the collection itself, by searching for the names of its categories,"
    " how far results can be trusted. presence: verdicts tells how often each verdict is given"
    " where something is there (present), where its pictures were removed (removed) and for words"
    " without a meaning (nonsense). retrieval: how well each category is found. It takes seconds to"
    " minutes and needs folders that are named after what their pictures show.",
    request=EvaluateRequest,
    answer=Evaluation,
    run=evaluate,
)
