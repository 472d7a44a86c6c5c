"""The answer to a query as others read it: the JSON of the command line and of the app, cards."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

from search_engine.calibration.verdict import Presence, Verdict
from search_engine.records import PictureRecord, SearchResult, SoFar
from search_engine.search.results import SearchResults, in_order_of_match

_SCORE_DIGITS = 6
"""The rest is rounding, which differs between machines."""
_MATCH_DIGITS = 2


@dataclass(frozen=True, slots=True)
class AnsweredPicture:
    """One picture of an answer."""

    rank: int
    picture_id: int
    path: str
    category: str | None
    score: float
    """Cosine similarity."""
    match: float | None
    """0 to 100; None where the collection is not calibrated."""
    stands_out: bool | None
    """Whether the match is 50 or more."""


@dataclass(frozen=True, slots=True)
class TaggedPicture(AnsweredPicture):
    """One picture of an answer, with the tags that it has now; a card, which lasts, has none."""

    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """Results in the order in which people read them."""

    name: str | None
    """What matches were put apart by: a day, a month, a category; None where they were not."""
    picture_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AnsweredVerdict:
    """Whether what was asked for is there."""

    presence: Presence
    text: str
    best_match: float
    matches: int
    cut_match: float
    cut_score: float | None
    """The cosine at which a match is 50, where that is in doubt; none for a query of parts."""


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """The answer to a query."""

    query: str
    collection: str
    model: str
    exact: bool
    results: tuple[TaggedPicture, ...]
    verdict: AnsweredVerdict | None
    so_far: SoFar | None
    """How much of the collection was searched, if its first build has not finished."""
    shown: tuple[ShownGroup, ...] = ()
    """The results as people read them: best match first, or as it was asked for."""


def search_answer(
    found: SearchResults,
    path_of: Callable[[PictureRecord], object],
    part: SoFar | None = None,
    groups: Mapping[str, Sequence[SearchResult]] | None = None,
    tags: Mapping[int, tuple[str, ...]] | None = None,
) -> SearchAnswer:
    """Return what is told of an answer.

    Args:
        found: The answer.
        path_of: Says where a picture lies.
        part: How much was searched, of a collection whose first build has not finished.
        groups: The results in the order in which people read them, by group.
        tags: Of the pictures that have some, by id.
    """
    grouped = groups or {"": in_order_of_match(found.results)}
    shown = [
        ShownGroup(name or None, tuple(one.record.picture_id for one in some))
        for name, some in grouped.items()
    ]
    ids = {picture_id for group in shown for picture_id in group.picture_ids}
    return SearchAnswer(
        query=str(found.query),
        collection=found.collection,
        model=found.manifest.model.model_id,
        exact=found.exact,
        results=tuple(
            TaggedPicture(
                **asdict(answered_picture(one, str(path_of(one.record)))),
                tags=(tags or {}).get(one.record.picture_id, ()),
            )
            for one in found.results
            if one.record.picture_id in ids
        ),
        verdict=_verdict(found.verdict) if found.verdict else None,
        so_far=part,
        shown=tuple(shown),
    )


def answered_picture(result: SearchResult, path: str) -> AnsweredPicture:
    """Return what is told of one result."""
    return AnsweredPicture(
        rank=result.rank,
        picture_id=result.record.picture_id,
        path=path,
        category=result.record.category,
        score=round(result.score, _SCORE_DIGITS),
        match=None if result.match is None else round(result.match, _MATCH_DIGITS),
        stands_out=result.stands_out,
    )


def _verdict(verdict: Verdict) -> AnsweredVerdict:
    return AnsweredVerdict(
        presence=verdict.presence,
        text=verdict.text,
        best_match=round(verdict.best_match, _MATCH_DIGITS),
        matches=verdict.matches,
        cut_match=verdict.cut_match,
        cut_score=None if verdict.cut_score is None else round(verdict.cut_score, _SCORE_DIGITS),
    )
