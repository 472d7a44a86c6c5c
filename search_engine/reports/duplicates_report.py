"""Duplicates, and what would become of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search_engine.audit import Decision, Thresholds
from search_engine.collection.joined_folders import where_it_lies
from search_engine.reports.file_report import FileAnswer, file_values
from search_engine.search import SearchEngine


@dataclass(frozen=True, slots=True)
class CopyAnswer(FileAnswer):
    """A copy of the picture that is kept."""

    remove: bool
    held_back: str | None
    """Why it stays; none where it may go."""
    identical: bool
    cosine: float
    hash_bits: int
    overlay: float


@dataclass(frozen=True, slots=True)
class GroupAnswer:
    """Pictures that are equal or nearly so."""

    keep: FileAnswer
    copies: tuple[CopyAnswer, ...]
    same_files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DuplicatesAnswer:
    """The duplicates of a collection."""

    collection: str
    folder: str
    thresholds: Thresholds
    found: int
    copies: int
    bytes_to_gain: int
    groups: tuple[GroupAnswer, ...]


def duplicates_answer(
    engine: SearchEngine,
    decisions: Sequence[Decision],
    thresholds: Thresholds,
    told: slice = slice(None),
) -> DuplicatesAnswer:
    """Return what was found as it is told; of the groups only some."""
    return DuplicatesAnswer(
        collection=engine.name,
        folder=where_it_lies(engine.collection.root),
        thresholds=thresholds,
        found=len(decisions),
        copies=sum(len(decision.group.copies) for decision in decisions),
        bytes_to_gain=sum(decision.bytes_freed for decision in decisions),
        groups=tuple(_group_answer(engine, one) for one in decisions[told]),
    )


def _group_answer(engine: SearchEngine, decision: Decision) -> GroupAnswer:
    removed = {record.picture_id for record in decision.removed}
    return GroupAnswer(
        keep=FileAnswer(**file_values(engine, decision.kept)),
        copies=tuple(
            CopyAnswer(
                **file_values(engine, copy.record),
                remove=copy.record.picture_id in removed,
                held_back=decision.held.get(copy.record.picture_id),
                identical=copy.exact,
                cosine=round(copy.cosine, 6),
                hash_bits=copy.bits,
                overlay=round(copy.overlay, 6),
            )
            for copy in decision.group.copies
        ),
        same_files=tuple(str(engine.path(record)) for record in decision.group.same_files),
    )
