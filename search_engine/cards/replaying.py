"""A result card run again: the same results, or which came, went and moved, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

import numpy as np

from search_engine.cards.card import card_of, query_of
from search_engine.cards.card_file import CardResult, ResultCard
from search_engine.records import Filters
from search_engine.search.engine import SearchEngine

SAME_SCORE = 1e-4
"""Scores that differ by less are the same: other machines and precisions round otherwise."""
_TIE = 1e-6  # the last digit of a card; the order of such pictures means nothing

_Answers: TypeAlias = dict[tuple[str, int], CardResult]
"""By content, and the number of the copy; best first."""


class Change(StrEnum):
    """What became of an answer."""

    CAME = "came"
    LEFT = "left"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Difference:
    """One picture whose place among the answers is another now."""

    change: Change
    path: str
    before: int | None
    """Its rank then; None if it was not among the answers."""
    after: int | None
    reason: str = ""
    """Why it left."""


@dataclass(frozen=True, slots=True)
class Replay:
    """A card, the same query run now, and what is different."""

    then: ResultCard
    now: ResultCard
    differences: tuple[Difference, ...]
    """In the order of the ranks now, those that left last."""
    overlap: float
    """The share of the answers then that are among those now."""
    largest_score_change: float
    """Of pictures that are in both."""

    @property
    def is_same(self) -> bool:
        """Whether the same pictures come in the same order with the same scores."""
        return not self.differences and self.largest_score_change <= SAME_SCORE

    @property
    def is_same_model(self) -> bool:
        """Whether both were answered by the same weights."""
        return self.then.model_fingerprint == self.now.model_fingerprint


def replay(engine: SearchEngine, card: ResultCard) -> Replay:
    """Run the query of a card again and compare; pictures are recognised by content.

    Raises:
        BadInput: A picture that the query is about is gone.
        ModelError: The model cannot be used.
    """
    answer = engine.search(query_of(card, engine), card.k, card.filters)
    now = replace(card_of(engine, answer, card.k, card.filters), view=card.view)
    then_at, now_at = _by_content(card), _by_content(now)
    shared = [(then_at[key], result) for key, result in now_at.items() if key in then_at]
    changed = [abs(before.score - after.score) for before, after in shared]
    return Replay(
        then=card,
        now=now,
        differences=(*_arrived(then_at, now_at), *_gone(engine, card, then_at, now_at)),
        overlap=len(shared) / len(card.results) if card.results else 1.0,
        largest_score_change=max(changed, default=0.0),
    )


def _by_content(card: ResultCard) -> _Answers:
    """Tell copies of one content apart by counting them."""
    found: _Answers = {}
    seen: Counter[str] = Counter()
    for result in card.results:
        found[result.content_hash, seen[result.content_hash]] = result
        seen[result.content_hash] += 1
    return found


def _arrived(then: _Answers, now: _Answers) -> list[Difference]:
    """Name who came, and who changed places with others that were there before."""
    score_at = {before.rank: before.score for before in then.values()}
    order_then = [key for key in then if key in now]
    order_now = [key for key in now if key in then]
    moved = {a for a, b in zip(order_now, order_then, strict=True) if a != b}
    found = []
    for key, after in now.items():
        before = then.get(key)
        if before is None:
            found.append(Difference(Change.CAME, after.path, None, after.rank))
        elif key in moved and abs(score_at.get(after.rank, 2) - before.score) > _TIE:
            found.append(Difference(Change.MOVED, after.path, before.rank, after.rank))
    return found


def _gone(
    engine: SearchEngine, card: ResultCard, then: _Answers, now: _Answers
) -> list[Difference]:
    left = [(key, result) for key, result in then.items() if key not in now]
    return [
        Difference(Change.LEFT, result.path, result.rank, None, _reason(engine, card, content))
        for (content, _), result in left
    ]


def _reason(engine: SearchEngine, card: ResultCard, content: str) -> str:
    filters = card.filters
    ids = engine.catalog.pictures.ids_with_content(content)
    if not ids:
        return "no longer in the collection"
    if filters.min_match is not None and _matches_less(engine, card, ids):
        return "its match is lower now"
    if filters.of_pictures == Filters():
        return "others are closer now"
    if np.isin(ids, engine.catalog.pictures.matching(filters)).any():
        return "others are closer now"
    hidden = filters.hidden is False and np.isin(ids, engine.catalog.tags.hidden_ids()).all()
    return "it is hidden now" if hidden else "the filters leave it out now"


def _matches_less(engine: SearchEngine, card: ResultCard, ids: Sequence[int]) -> bool:
    query, least = query_of(card, engine), card.filters.min_match or 0
    matches = [engine.measure.match_of(query, picture_id) for picture_id in ids]
    return all(match is not None and match < least for match in matches)
