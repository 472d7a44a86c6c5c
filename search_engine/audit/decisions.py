"""Which copies may go, checked at the moment that they are listed.

A list of files to remove is fed to ``rm``. So no file is on it that is the last one with its
content: what is to be kept must be a file of its own that still holds what it held, and so must
what is to go, or it would take something new with it. All else is held back, with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from search_engine.audit.duplicates import DuplicateGroup
from search_engine.audit.on_disk import (
    FileNumber,
    FileState,
    OnDisk,
    holds_what_it_held,
    led_to,
    look,
)
from search_engine.records import PictureRecord, Progress, Step, no_progress
from search_engine.search.engine import SearchEngine


class Held(StrEnum):
    """Why a copy is not listed to be removed."""

    LINK = "it is a link"
    SAME_FILE = "it is another name of a file that is kept"
    LED_TO = "a link leads to it"
    GONE = "it is missing"
    CHANGED = "it has changed since it was indexed, or cannot be read"
    NOTHING_KEPT = "the one to keep is missing, has changed or is a link"
    NOT_CLOSE = "it is no copy of the one to keep, only of another here"


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to become of a group."""

    group: DuplicateGroup
    kept: PictureRecord
    removed: tuple[PictureRecord, ...]
    """What may go, in the order of the group."""
    held: Mapping[int, Held]
    """Why others may not, by picture id."""
    bytes_freed: int
    """When all that may go goes."""


def keep_or_remove(
    group: DuplicateGroup, chosen: Mapping[int, int]
) -> tuple[PictureRecord, list[PictureRecord]]:
    """Return the picture to keep and the others, before the disk is asked.

    ``chosen`` has the id of the picture to keep instead of the one that the rule keeps, by the id
    of the latter.
    """
    wanted = chosen.get(group.kept.picture_id, group.kept.picture_id)
    kept = next((one for one in group.records if one.picture_id == wanted), group.kept)
    return kept, [one for one in group.records if one is not kept]


def decide_removals(
    engine: SearchEngine,
    groups: Sequence[DuplicateGroup],
    chosen: Mapping[int, int] | None = None,
    *,
    read: bool = True,
    linked: frozenset[FileNumber] | None = None,
    progress: Progress = no_progress,
) -> list[Decision]:
    """Ask the disk what may go.

    Args:
        engine: The collection.
        groups: Its groups, in an order of which the decisions have the same.
        chosen: What to keep instead, see `keep_or_remove`.
        read: Read every file and compare its content with the catalog's. Without, and with
            ``linked``, it is good enough to be shown, not to be given away as a list.
        linked: Files that links lead to; looked for if None.
        progress: Hears how many groups are done.
    """
    if linked is None:
        paths = [record.path for group in groups for record in group.records]
        linked = led_to(engine.collection.root, paths) if paths else frozenset()
    disk = _Disk(engine, linked, read=read)
    decisions = []
    split = [keep_or_remove(group, chosen or {}) for group in groups]
    kept_files = {disk.look(kept).number for kept, _ in split}
    for number, (group, (kept, others)) in enumerate(zip(groups, split, strict=True)):
        progress(Step("Looking at the files", number, len(groups)))
        decisions.append(disk.decision(group, kept, others, kept_files))
    return decisions


class _Disk:
    def __init__(self, engine: SearchEngine, linked: frozenset[FileNumber], *, read: bool) -> None:
        self._engine = engine
        self._read = read
        self._linked = linked
        self._seen: dict[int, OnDisk] = {}

    def look(self, record: PictureRecord) -> OnDisk:
        if record.picture_id not in self._seen:
            self._seen[record.picture_id] = look(self._engine.path(record))
        return self._seen[record.picture_id]

    def decision(
        self,
        group: DuplicateGroup,
        kept: PictureRecord,
        others: Sequence[PictureRecord],
        kept_files: set[FileNumber],
    ) -> Decision:
        is_safe = self._is_file(kept) and self._is_unchanged(kept)
        held: dict[int, Held] = {}
        removed = []
        for record in others:
            if not is_safe:
                reason: Held | None = Held.NOTHING_KEPT
            elif not group.is_close(kept, record):
                reason = Held.NOT_CLOSE
            else:
                reason = self._reason(record, kept_files)
            if reason is None:
                removed.append(record)
            else:
                held[record.picture_id] = reason
        return Decision(group, kept, tuple(removed), held, self._bytes_freed(removed))

    def _is_file(self, record: PictureRecord) -> bool:
        return self.look(record).state is FileState.FILE

    def _is_unchanged(self, record: PictureRecord) -> bool:
        if self.look(record).size_bytes != record.size_bytes:
            return False
        return not self._read or holds_what_it_held(self._engine.path(record), record)

    def _reason(self, record: PictureRecord, kept_files: set[FileNumber]) -> Held | None:
        found = self.look(record)
        reasons = {
            Held.LINK: found.state is FileState.LINK,
            Held.GONE: found.state in {FileState.GONE, FileState.UNREADABLE},
            Held.SAME_FILE: found.number in kept_files,
            Held.LED_TO: found.number in self._linked,
        }
        first = next((reason for reason, applies in reasons.items() if applies), None)
        return first or (None if self._is_unchanged(record) else Held.CHANGED)

    def _bytes_freed(self, removed: Sequence[PictureRecord]) -> int:
        """Count each file once, if all its names go."""
        names: dict[FileNumber, set[str]] = {}
        files = {}
        for record in removed:
            found = self.look(record)
            files[found.number] = found
            names.setdefault(found.number, set()).add(record.path)
        return sum(
            found.size_bytes for number, found in files.items() if found.names <= len(names[number])
        )
