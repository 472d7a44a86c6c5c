"""How a folder differs from what is known of it: new, changed, moved, gone, and out of reach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeAlias, TypeVar

from search_engine.collection.scanning.absence import Absence, lies_below
from search_engine.collection.scanning.walking import Scan
from search_engine.records import PictureFile, PictureRecord, ScanRules, SkippedFile
from search_engine.records.builds import BuildOrder
from search_engine.records.findings import AwayPlace, AwayReason


class KnownFile(Protocol):
    """What is known of a file since it was last looked at; 0 where something is not known.

    No bytes stand for a file that was never there.
    """

    @property
    def size_bytes(self) -> int: ...  # noqa: D102 - as in `PictureFile`
    @property
    def modified_ns(self) -> int: ...  # noqa: D102
    @property
    def changed_ns(self) -> int: ...  # noqa: D102
    @property
    def device(self) -> int: ...  # noqa: D102


_ALL, _USUAL = ScanRules(), BuildOrder()

K = TypeVar("K", bound=KnownFile)
Place: TypeAlias = tuple[str, AwayReason]
ContentHashes: TypeAlias = Callable[[Sequence[PictureFile]], Mapping[str, str | None]]
"""Gives the content hashes of files by path, None for those that cannot be read."""


@dataclass(slots=True)
class Sorted(Generic[K]):
    """What names, sizes, times and drives alone tell."""

    unchanged: list[tuple[K, PictureFile]] = field(default_factory=list)
    doubtful: list[tuple[K, PictureFile]] = field(default_factory=list)
    """Of the size and time as known, but the system says that something was changed since."""
    changed: list[tuple[K, PictureFile]] = field(default_factory=list)
    """Of another size or time."""
    new: list[PictureFile] = field(default_factory=list)
    gone: dict[str, K] = field(default_factory=dict)
    away: dict[str, tuple[K, Place]] = field(default_factory=dict)
    still_skipped: list[SkippedFile] = field(default_factory=list)
    without_file: list[K] = field(default_factory=list)
    """Came as vectors, and no file of theirs has ever been there: nothing of them can be gone."""


def sort_out(
    found: Scan,
    known: Mapping[str, K],
    skipped: Mapping[str, SkippedFile],
    rules: ScanRules,
    *,
    forget: tuple[str, ...] = (),
) -> Sorted[K]:
    """Sort the known and the found files, both by path, without opening any.

    ``forget`` names places whose pictures are gone for good, although they seem to be away.
    """
    result: Sorted[K] = Sorted()
    for file in found.files:
        record, skip = known.get(file.path), skipped.get(file.path)
        if record is not None:
            _list_of(result, file, record).append((record, file))
        elif skip and skip.stays_out and _is_as_known(file, skip):
            result.still_skipped.append(skip)
        else:
            result.new.append(file)
    paths = {file.path for file in found.files}
    absence = Absence(found, rules)
    for path, record in known.items():
        if path not in paths and not record.size_bytes:
            result.without_file.append(record)
        elif path not in paths:
            place = absence.of(path, record.device)
            if place is None or lies_below(path, forget):
                result.gone[path] = record
            else:
                result.away[path] = record, place
    for path, skip in skipped.items():
        is_away = path not in paths and absence.of(path, 0) is not None
        if is_away and not lies_below(path, forget):
            result.still_skipped.append(skip)
    return result


def _list_of(result: Sorted[K], file: PictureFile, record: K) -> list[tuple[K, PictureFile]]:
    if (file.size_bytes, file.modified_ns) != (record.size_bytes, record.modified_ns):
        return result.changed
    return result.unchanged if _is_as_known(file, record) else result.doubtful


def _is_as_known(file: PictureFile, known: KnownFile | SkippedFile) -> bool:
    """Return whether a file is as it was; a time of change that is not known says nothing."""
    if (file.size_bytes, file.modified_ns) != (known.size_bytes, known.modified_ns):
        return False
    return file.changed_ns == known.changed_ns or 0 in {file.changed_ns, known.changed_ns}


def places(away: Iterable[Place]) -> tuple[AwayPlace, ...]:
    """Count how many files each place is to hold, ordered by path."""
    counts: dict[Place, int] = defaultdict(int)
    for place in away:
        counts[place] += 1
    return tuple(AwayPlace(path, count, why) for (path, why), count in sorted(counts.items()))


@dataclass(slots=True)
class Comparison:
    """What has to be done so that a catalog says what the folder says."""

    added: list[PictureFile] = field(default_factory=list)
    changed: list[tuple[PictureRecord, PictureFile]] = field(default_factory=list)
    moved: list[tuple[PictureRecord, PictureFile]] = field(default_factory=list)
    touched: list[tuple[PictureRecord, PictureFile]] = field(default_factory=list)
    """Another time of change, the same content."""
    removed: list[PictureRecord] = field(default_factory=list)
    unchanged: list[PictureRecord] = field(default_factory=list)
    seen: list[tuple[PictureRecord, PictureFile]] = field(default_factory=list)
    """Of the unchanged those of which more is known now: when they changed, on which drive."""
    away: list[tuple[PictureRecord, Place]] = field(default_factory=list)
    """Not found, but their place is out of reach, so that they are kept."""
    still_skipped: list[SkippedFile] = field(default_factory=list)

    @property
    def places(self) -> tuple[AwayPlace, ...]:
        """The places that are out of reach."""
        return places(place for _, place in self.away)


def compare(
    found: Scan,
    known: Mapping[str, PictureRecord],
    skipped: Mapping[str, SkippedFile],
    content_hashes: ContentHashes,
    rules: ScanRules = _ALL,
    order: BuildOrder = _USUAL,
) -> Comparison:
    """Compare a scan with the known pictures and skipped files, both by path.

    A file that is as known is unchanged and is not opened, unless all are to be verified. A picture
    whose path has gone, is away, or now holds something else, is looked for among the other files:
    same content means moved. Only files of a matching size are read for that.
    """
    if order.verify:
        skipped = {path: skip for path, skip in skipped.items() if not skip.reason.lies_in_the_file}
    first = sort_out(found, known, skipped, rules, forget=order.forget)
    result = Comparison(still_skipped=first.still_skipped, unchanged=list(first.without_file))
    read = [*first.changed, *first.doubtful]
    if order.verify:
        read += first.unchanged
    else:
        _keep(result, first.unchanged)
    released = [record for record, _ in read] + list(first.gone.values())
    released += [record for record, _ in first.away.values()]
    arrived = sorted([*(file for _, file in read), *first.new], key=lambda file: file.path)
    _match_content(result, released, arrived, content_hashes)
    _keep_away(result, first)
    return result


def _keep(result: Comparison, unchanged: list[tuple[PictureRecord, PictureFile]]) -> None:
    result.unchanged += [record for record, _ in unchanged]
    result.seen += [
        (record, file)
        for record, file in unchanged
        if (file.changed_ns or record.changed_ns, file.device or record.device)
        != (record.changed_ns, record.device)
    ]


def _keep_away(result: Comparison, first: Sorted[PictureRecord]) -> None:
    """Keep what is not found elsewhere, and whose place is out of reach."""
    lost, result.removed = result.removed, []
    for record in lost:
        place = first.away.get(record.path)
        if place is None:
            result.removed.append(record)
        else:
            result.away.append((record, place[1]))


def _match_content(
    result: Comparison,
    released: list[PictureRecord],
    arrived: list[PictureFile],
    content_hashes: ContentHashes,
) -> None:
    by_content: dict[str, list[PictureRecord]] = defaultdict(list)
    for record in released:
        by_content[record.content_hash].append(record)
    sizes = {record.size_bytes for record in released}
    digests = content_hashes([file for file in arrived if file.size_bytes in sizes])
    others = arrived
    for alike in (_same_path, _same_name, _anything):
        left: list[PictureFile] = []
        for file in others:
            same = by_content.get(digests.get(file.path) or "", [])
            match = [record for record in same if alike(record, file)]
            if not match:
                left.append(file)
                continue
            record = match[0]
            same.remove(record)
            _found(result, record, file)
        others = left
    waiting = {record.path: record for records in by_content.values() for record in records}
    for file in others:
        here = waiting.pop(file.path, None)
        if here is None:
            result.added.append(file)
        else:
            result.changed.append((here, file))
    result.removed.extend(waiting.values())


def _found(result: Comparison, record: PictureRecord, file: PictureFile) -> None:
    if record.path != file.path:
        result.moved.append((record, file))
    elif record.modified_ns != file.modified_ns:
        result.touched.append((record, file))
    else:
        _keep(result, [(record, file)])


def _same_path(record: PictureRecord, file: PictureFile) -> bool:
    return record.path == file.path


def _same_name(record: PictureRecord, file: PictureFile) -> bool:
    return record.path.rpartition("/")[2] == file.path.rpartition("/")[2]


def _anything(_record: PictureRecord, _file: PictureFile) -> bool:
    return True
