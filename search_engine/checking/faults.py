"""What can be wrong with a collection, and what to do about each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from search_engine.records import PictureRecord

_SHOWN = 5


class FaultKind(StrEnum):
    """The verdict on one fault, in words that stay the same."""

    CATALOG_UNREADABLE = "catalog unreadable"
    CATALOG_DAMAGED = "catalog damaged"
    LOG_FOREIGN = "log of another catalog"
    LOOKUP_WRONG = "lookup wrong"
    ROWS_UNREADABLE = "rows unreadable"
    BUILD_INTERRUPTED = "build interrupted"
    PATH_OUTSIDE = "path outside the folder"
    CATEGORY_WRONG = "category wrong"
    VECTORS_ORPHANED = "vectors without picture"
    VECTORS_MISSING = "vectors missing"
    VECTORS_UNUSABLE = "vectors unusable"
    VECTORS_DIFFER = "vectors not of their pictures"
    INDEX_MISSING = "index missing"
    INDEX_UNREADABLE = "index unreadable"
    INDEX_FOREIGN = "index of another catalog"
    INDEX_BEHIND = "index behind the catalog"
    INDEX_DIFFERS = "index differs from the catalog"
    CALIBRATION_MISSING = "calibration missing"
    CALIBRATION_UNUSABLE = "calibration unusable"
    THUMBNAILS_MISSING = "thumbnails missing"
    THUMBNAILS_DAMAGED = "thumbnails damaged"
    THUMBNAILS_WRONG = "thumbnails of other pictures"
    QUERY_UNREADABLE = "saved query unreadable"
    LEFTOVERS = "left-over files"
    FOLDER_MISSING = "folder missing"
    FILES_AWAY = "files out of reach"
    FILES_GONE = "files gone"
    FILES_CHANGED = "files changed"
    CONTENT_CHANGED = "content changed unnoticed"

    @property
    def meaning(self) -> str:
        """Say what it means, in one sentence."""
        return _MEANINGS[self]

    @property
    def is_mendable(self) -> bool:
        """Return whether `repair_collection` mends it, given the folder and the model."""
        return self not in _LOST


_LOST = {
    FaultKind.CATALOG_UNREADABLE, FaultKind.CATALOG_DAMAGED, FaultKind.FOLDER_MISSING,
    FaultKind.QUERY_UNREADABLE, FaultKind.FILES_AWAY,
}  # fmt: skip

_MEANINGS = {
    FaultKind.CATALOG_UNREADABLE: "The catalog, from which all else is made, cannot be opened.",
    FaultKind.CATALOG_DAMAGED: "Parts of the catalog cannot be read, or contradict one another.",
    FaultKind.LOG_FOREIGN: "A log of another state lies beside the catalog and is not used.",
    FaultKind.LOOKUP_WRONG: "What the catalog finds its rows by contradicts the rows.",
    FaultKind.ROWS_UNREADABLE: "The catalog holds values that this program never writes.",
    FaultKind.BUILD_INTERRUPTED: "The last build ended early; the next one goes on from there.",
    FaultKind.PATH_OUTSIDE: "The catalog names files outside the folder, or none of pictures.",
    FaultKind.CATEGORY_WRONG: "The category is not the first folder of the path.",
    FaultKind.VECTORS_ORPHANED: "There are vectors of pictures that the catalog does not have.",
    FaultKind.VECTORS_MISSING: "These pictures have no vector and cannot be found.",
    FaultKind.VECTORS_UNUSABLE: "These vectors are no numbers, of another size or not of length 1.",
    FaultKind.VECTORS_DIFFER: "Embedded again, these pictures have another vector.",
    FaultKind.INDEX_MISSING: "There is no index to search.",
    FaultKind.INDEX_UNREADABLE: "The index or its manifest is not as it was written.",
    FaultKind.INDEX_FOREIGN: "The index was not made of this catalog.",
    FaultKind.INDEX_BEHIND: "Pictures came, changed or went since the index was made.",
    FaultKind.INDEX_DIFFERS: "The index holds other vectors than the catalog.",
    FaultKind.CALIBRATION_MISSING: "What scores are worth here was not measured.",
    FaultKind.CALIBRATION_UNUSABLE: "What scores are worth was measured in another state.",
    FaultKind.THUMBNAILS_MISSING: "These pictures are shown without a thumbnail.",
    FaultKind.THUMBNAILS_DAMAGED: "These thumbnails are not as they were written.",
    FaultKind.THUMBNAILS_WRONG: "These thumbnails show something else than their pictures.",
    FaultKind.QUERY_UNREADABLE: "A saved query was changed or cut; delete or restore its file.",
    FaultKind.LEFTOVERS: "Files that nobody needs lie in the collection's folder.",
    FaultKind.FOLDER_MISSING: "The folder of the pictures is not there; is its drive connected?",
    FaultKind.FILES_AWAY: "These files are out of reach, and kept; is a drive not connected?",
    FaultKind.FILES_GONE: "These files are no longer in the folder.",
    FaultKind.FILES_CHANGED: "These files were changed since they were embedded.",
    FaultKind.CONTENT_CHANGED: "These files show something else, with size and time unchanged.",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong."""

    kind: FaultKind
    count: int = 1
    detail: str = ""
    """What exactly, where the kind does not say it."""
    examples: tuple[str, ...] = ()
    """The first paths or names concerned."""
    picture_ids: tuple[int, ...] = ()
    """The pictures concerned, as far as it is about some."""


def fault_about(
    kind: FaultKind, names: list[str], picture_ids: list[int] | None = None
) -> list[Fault]:
    """Return a fault about these names, or none where there are none."""
    if not names:
        return []
    return [Fault(kind, len(names), "", tuple(names[:_SHOWN]), tuple(picture_ids or ()))]


def about(kind: FaultKind, records: list[PictureRecord]) -> list[Fault]:
    """Return a fault about these pictures, or none where there are none."""
    return fault_about(kind, [r.path for r in records], [r.picture_id for r in records])


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was looked at, and what was found."""

    collection: str
    pictures: int = 0
    vectors: int = 0
    in_index: int = 0
    thumbnails: int = 0
    files: int = 0
    sampled: int = 0
    """Pictures that were read and embedded again."""
    faults: tuple[Fault, ...] = ()
    not_checked: tuple[str, ...] = ()
    """What could not be looked at, and why."""

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def of(self, *kinds: FaultKind) -> list[Fault]:
        """Return the faults of some kinds."""
        return [fault for fault in self.faults if fault.kind in kinds]
