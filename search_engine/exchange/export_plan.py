"""What an export would do: how many files, how many bytes, and what is missing."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from search_engine.collection.joined_folders import folders_of, true_path
from search_engine.errors import BadInput, SearchEngineError
from search_engine.exchange.export_names import FreeNames
from search_engine.exchange.export_place import free_bytes, names_in, nearest, usable_folder
from search_engine.records import PictureRecord
from search_engine.search import SearchEngine

TABLE = "files.csv"
GONE = "missing, or cannot be read"
CHANGED = "changed since it was indexed"


class Manner(StrEnum):
    """How a file gets into the folder."""

    COPY = "copy"
    HARD_LINK = "hard link"
    """Another name of the same file; only on the same drive."""
    SYMBOLIC_LINK = "symbolic link"


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A file that would be there."""

    record: PictureRecord
    source: Path
    """In full."""
    name: str
    """In the folder; another number behind it, where somebody takes this name meanwhile."""
    match: float | None


@dataclass(frozen=True, slots=True)
class LeftOutFile:
    """A picture that is not exported, and why."""

    record: PictureRecord
    place: str
    """Where its file should be."""
    reason: str


@dataclass(frozen=True, slots=True)
class ExportPlan:
    """What an export would do."""

    collection: str
    folder: Path
    """In full; it may have to be made."""
    manner: Manner
    files: tuple[PlannedFile, ...]
    left_out: tuple[LeftOutFile, ...]
    free_bytes: int | None
    """What the disk still takes; None where that cannot be told."""

    @property
    def bytes(self) -> int:
        """How much would be written; links take next to nothing."""
        if self.manner is not Manner.COPY:
            return 0
        return sum(one.record.size_bytes for one in self.files)

    @property
    def fits(self) -> bool:
        """Whether the disk takes it, as far as that can be told."""
        return self.free_bytes is None or self.bytes <= self.free_bytes


def plan_export(
    engine: SearchEngine,
    records: Sequence[PictureRecord],
    folder: Path,
    manner: Manner = Manner.COPY,
    matches: Mapping[int, float | None] | None = None,
) -> ExportPlan:
    """Look at what an export of pictures would do; nothing is written.

    Args:
        engine: Whose pictures.
        records: The pictures, in the order in which they take their names.
        folder: Where to; it is made if it is not there, the folders above it are not.
        manner: As copies, or as what kind of link.
        matches: The match of each picture by its id, for the table.

    Raises:
        BadInput: The folder cannot be used, or no hard link leads to where the pictures are.
    """
    kept_clear = [
        *(
            (one, "the folder of the collection")
            for one in folders_of(engine.collection.root).values()
        ),
        (engine.settings.data_folder, "the folder of collections"),
        (engine.settings.collections_folder, "the folder of collections"),
    ]
    place = usable_folder(folder, kept_clear)
    names = FreeNames([*names_in(place), TABLE])
    drive = nearest(place).stat().st_dev if manner is Manner.HARD_LINK else None
    files: list[PlannedFile] = []
    left_out: list[LeftOutFile] = []
    for record in records:
        try:
            source = engine.path(record)
            facts = source.stat()
        except (OSError, ValueError, SearchEngineError):
            left_out.append(
                LeftOutFile(record, str(true_path(engine.collection.root, record.path)), GONE)
            )
            continue
        reason = _reason(record, facts)
        if reason:
            left_out.append(LeftOutFile(record, str(source), reason))
            continue
        if drive not in (None, facts.st_dev):
            cause = "A hard link cannot lead to a file on another drive"
            remedy = "Choose copies or symbolic links."
            raise BadInput(cause, place=str(place), remedy=remedy)
        name = names.take(record.path.rpartition("/")[2])
        match = (matches or {}).get(record.picture_id)
        files.append(PlannedFile(record, source, name, match))
    return ExportPlan(engine.name, place, manner, tuple(files), tuple(left_out), free_bytes(place))


def _reason(record: PictureRecord, facts: os.stat_result) -> str:
    if not stat.S_ISREG(facts.st_mode):
        return GONE
    return CHANGED if facts.st_size != record.size_bytes else ""
