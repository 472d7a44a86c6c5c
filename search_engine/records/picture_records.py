"""Pictures: as a scan sees them, as they were read, and as the catalog has them."""

from __future__ import annotations

from dataclasses import dataclass, field

from search_engine.names import one_spelling
from search_engine.records.skip_reasons import SkipReason

READER = 2
"""Which way of reading files this is; what an older one left out is tried again."""


def folder_at(path: str, level: int) -> str | None:
    """Return the folder of a picture's path at a level, as `names` spells it; None if it has less.

    Level 1 is the first below the root: of ``train/cat/1.jpg`` that is ``train``, 2 ``cat``.
    """
    folders = path.split("/", level)
    return one_spelling(folders[level - 1]) if level < len(folders) else None


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A file that may be a picture, as the scan saw it without opening it."""

    path: str
    """Relative to the collection's folder, with ``/``; bytes that are not UTF-8 are kept as
    surrogates (``os.fsdecode``)."""
    size_bytes: int
    modified_ns: int
    changed_ns: int = field(default=0, compare=False)
    """When anything of the file changed last, its content, name or rights; 0 where not known."""
    device: int = field(default=0, compare=False)
    """Which drive its folder is on, as `scanning` numbers them; 0 where not known."""

    @property
    def category(self) -> str | None:
        """The first folder below the root, as `names` spells it; None in the root itself."""
        return folder_at(self.path, 1)


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """What reading a picture's file told about it."""

    content_hash: str
    """SHA-256 of the file's bytes, hexadecimal."""
    width: int
    height: int
    """Size in pixels as a person sees the picture, that is after EXIF orientation."""
    taken_at: str | None = None
    """ISO 8601 without a zone, because cameras record none."""
    camera: str | None = None
    dated_by: str | None = None
    """What says when it was taken, see `dating.DatedBy`."""
    remark: str | None = None
    """What a person should know of how the file was read; None where nothing is odd."""
    reader: int = READER


@dataclass(frozen=True, slots=True)
class PictureRecord:
    """A picture of a collection."""

    picture_id: int
    """Survives a rename, a move and a change of model; never used again."""
    path: str
    category: str | None
    size_bytes: int
    """0 for a picture that came as a vector, and whose file was never seen."""
    modified_ns: int
    content_hash: str
    width: int
    height: int
    """0 × 0 where nobody knows: only of a picture whose file was never seen."""
    taken_at: str | None
    camera: str | None
    changed_ns: int = 0
    dated_by: str | None = None
    remark: str | None = None
    reader: int = 0
    device: int = 0

    @property
    def is_vector_alone(self) -> bool:
        """Whether its file was never seen, so that all there is of it is its vector."""
        return self.size_bytes == 0

    @property
    def file_date_ns(self) -> int | None:
        """When its file was last changed, which may be at 0; None where nobody knows."""
        return None if self.is_vector_alone and self.modified_ns == 0 else self.modified_ns

    @property
    def shown_size(self) -> tuple[int, int]:
        """Width and height to show it in: a square for what nobody knows."""
        return (self.width, self.height) if self.width else (320, 320)

    @property
    def dimensions(self) -> str:
        """Width and height as people read them."""
        return f"{self.width:,} × {self.height:,}" if self.width else "size not known"


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file that was not indexed, and why."""

    path: str
    reason: SkipReason
    detail: str
    size_bytes: int = 0
    modified_ns: int = 0
    changed_ns: int = 0
    reader: int = READER

    @property
    def stays_out(self) -> bool:
        """Return whether reading the file again is useless until it changes."""
        return self.reason.lies_in_the_file and self.reader >= READER

    @property
    def explanation(self) -> str:
        """The reason with its detail, for people, who know no signals by their names."""
        if self.reason is SkipReason.CRASHED:
            detail = "" if self.detail.startswith("SIG") else self.detail
            return f"the file made its decoder crash{f' ({detail})' if detail else ''}"
        return f"{self.reason}: {self.detail}" if self.detail else str(self.reason)
