"""Which file of a content to keep, and which content of several."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from search_engine.audit.on_disk import FileNumber, FileState, OnDisk
from search_engine.collection.scanning import lies_aside
from search_engine.records import PictureRecord


def preference(record: PictureRecord) -> tuple[bool, int, int, int, int, str]:
    """Order pictures by which to keep: most pixels, most bytes, oldest file, shortest path.

    What lies in a bin, or in a hidden folder or one of the system, comes after all others, however
    large: it goes when somebody empties that.
    """
    pixels = record.width * record.height
    return (
        lies_aside(record.path),
        -pixels,
        -record.size_bytes,
        record.modified_ns,
        len(record.path),
        record.path,
    )


@dataclass(frozen=True, slots=True)
class Content:
    """The files that hold one content, the one to keep first; each with all its names."""

    files: tuple[tuple[tuple[PictureRecord, OnDisk], ...], ...]

    @property
    def best(self) -> PictureRecord:
        """The picture to keep."""
        return self.files[0][0][0]


def files_of(
    records: Sequence[PictureRecord],
    on_disk: Callable[[PictureRecord], OnDisk],
    linked: frozenset[FileNumber],
) -> Content:
    """Bring names of one file together; what cannot be looked at counts as a file of its own."""
    seen = [(record, on_disk(record)) for record in records]
    by_file: dict[object, list[tuple[PictureRecord, OnDisk]]] = defaultdict(list)
    for record, found in seen:
        by_file[found.number or record.path].append((record, found))
    led_to = linked | {found.number for _, found in seen if found.state is FileState.LINK}

    def order(name: tuple[PictureRecord, OnDisk]) -> tuple[object, ...]:
        record, found = name
        is_wanted = found.number in led_to or found.names > 1
        is_aside = lies_aside(record.path)
        return found.state is FileState.LINK, is_aside, not is_wanted, preference(record)

    files = [tuple(sorted(names, key=order)) for names in by_file.values()]
    return Content(tuple(sorted(files, key=lambda names: order(names[0]))))
