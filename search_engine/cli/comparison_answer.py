"""What ``compare`` tells of two sets of pictures, as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from search_engine.audit import (
    CommonGroup,
    CommonPicture,
    CoverageGap,
    PictureSet,
    Relation,
    SetComparison,
    SetCounts,
)
from search_engine.records import Ids
from search_engine.reports import FileAnswer, file_values

_DIGITS = 6


@dataclass(frozen=True, slots=True)
class ComparedSetAnswer:
    """One of the two sets, with the pictures that it alone has."""

    name: str
    pictures: int
    contents: int
    missing: int
    skipped: int
    not_embedded: int
    in_both: int
    only: int
    only_pictures: tuple[FileAnswer, ...]


@dataclass(frozen=True, slots=True)
class CommonPictureAnswer(FileAnswer):
    """A picture that both have, and how close it is to the closest of the other set."""

    relation: Relation
    cosine: float
    hash_bits: int
    overlay: float


@dataclass(frozen=True, slots=True)
class CommonGroupAnswer:
    """Pictures of both sets that are one picture."""

    relation: Relation
    first: tuple[CommonPictureAnswer, ...]
    second: tuple[CommonPictureAnswer, ...]


@dataclass(frozen=True, slots=True)
class UnlikePictureAnswer(FileAnswer):
    """A picture of the first set that is like nothing in the second."""

    cosine: float
    nearest: str
    """The path of the picture of the second set that is nearest."""


@dataclass(frozen=True, slots=True)
class CoverageAnswer:
    """What the first set has that is like nothing in the second."""

    found: int
    expected: int
    below: float
    pictures: tuple[UnlikePictureAnswer, ...]


@dataclass(frozen=True, slots=True)
class SetComparisonAnswer:
    """Two sets of pictures compared."""

    first: ComparedSetAnswer
    second: ComparedSetAnswer
    by_bytes: bool
    found: int
    groups: tuple[CommonGroupAnswer, ...]
    nothing_alike: CoverageAnswer | None
    remarks: tuple[str, ...]


def set_comparison_answer(found: SetComparison, most: int) -> SetComparisonAnswer:
    """Return a comparison as it is told: all of it counted, so many listed of each kind."""
    both = found.common_first, found.common_second
    return SetComparisonAnswer(
        first=_set_answer(found.first, found.first_counts, both[0], found.only_first, most),
        second=_set_answer(found.second, found.second_counts, both[1], found.only_second, most),
        by_bytes=found.by_bytes,
        found=len(found.groups),
        groups=tuple(_group_answer(found, group) for group in found.groups[:most]),
        nothing_alike=None if found.gap is None else _coverage_answer(found, found.gap, most),
        remarks=tuple(found.remarks()),
    )


def _set_answer(
    side: PictureSet, counts: SetCounts, both: int, only: Ids, most: int
) -> ComparedSetAnswer:
    return ComparedSetAnswer(
        name=side.name,
        pictures=counts.pictures,
        contents=counts.contents,
        missing=counts.missing,
        skipped=counts.skipped,
        not_embedded=counts.not_embedded,
        in_both=both,
        only=len(only),
        only_pictures=_files(side, only[:most].tolist()),
    )


def _files(side: PictureSet, ids: Iterable[int]) -> tuple[FileAnswer, ...]:
    records = side.engine.records(ids).values()
    return tuple(FileAnswer(**file_values(side.engine, record)) for record in records)


def _group_answer(found: SetComparison, group: CommonGroup) -> CommonGroupAnswer:
    first, second = _common(found.first, group.first), _common(found.second, group.second)
    return CommonGroupAnswer(group.relation, first, second)


def _common(side: PictureSet, pictures: Sequence[CommonPicture]) -> tuple[CommonPictureAnswer, ...]:
    records = side.engine.records(one.picture_id for one in pictures)
    return tuple(
        CommonPictureAnswer(
            **file_values(side.engine, records[one.picture_id]),
            relation=one.relation,
            cosine=round(one.cosine, _DIGITS),
            hash_bits=one.bits,
            overlay=round(one.overlay, _DIGITS),
        )
        for one in pictures
        if one.picture_id in records
    )


def _coverage_answer(found: SetComparison, gap: CoverageGap, most: int) -> CoverageAnswer:
    ids, nearest = gap.picture_ids[:most].tolist(), gap.nearest_ids[:most].tolist()
    records, others = found.first.engine.records(ids), found.second.engine.records(nearest)
    return CoverageAnswer(
        found=len(gap),
        expected=gap.expected,
        below=round(gap.limit, _DIGITS),
        pictures=tuple(
            UnlikePictureAnswer(
                **file_values(found.first.engine, records[one]),
                cosine=round(cosine, _DIGITS),
                nearest=str(found.second.engine.path(others[other])),
            )
            for one, other, cosine in zip(ids, nearest, gap.cosines.tolist(), strict=False)
            if one in records and other in others
        ),
    )
