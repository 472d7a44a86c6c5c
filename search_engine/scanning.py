"""Which files below a folder are pictures, and how they differ from what is known.

No file is opened here; names, sizes and times of change are enough. Reading content, which tells a
moved picture from a new one, is asked of the caller (`compare` takes a function for it).
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

from search_engine.errors import BadFolder
from search_engine.files import kind_of
from search_engine.records import (
    PictureFile,
    PictureRecord,
    ScanRules,
    SkippedFile,
    SkipReason,
)
from search_engine.soundness import has_picture_suffix

_GONE = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}
"""Dead links, links in a circle, and what went away since its folder was listed."""

_LARGEST = 2**63 - 1
"""That SQLite can hold. A file system can hold times after the year 2262, and before 1677."""

_SYSTEM_FOLDERS = frozenset(
    {"@eadir", "#recycle", "#snapshot", "$recycle.bin", "system volume information",
     "__macosx", "lost+found", "__pycache__", "node_modules"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scan found, ordered by path."""

    files: tuple[PictureFile, ...]
    unreadable_folders: tuple[str, ...] = ()
    """Relative paths of folders that could not be listed; what is in them is not known."""
    special: tuple[SkippedFile, ...] = ()
    """Pipes, sockets and devices named like a picture."""
    identity: tuple[int, int] | None = None
    """Device and number of the folder that was scanned, by which it is known again."""


def scan(root: Path, rules: ScanRules | None = None, *, leave_out: Iterable[Path] = ()) -> Scan:
    """Find the picture files below ``root``; ``leave_out`` names folders of our own in there.

    Links to files and folders are followed, except where a link leads to a folder that is scanned
    anyway or that holds ``root`` itself. Only regular files count; others are named.

    Raises:
        BadFolder: ``root`` is missing, is no folder or cannot be listed.
    """
    return _Scanner(_checked_root(root), rules or ScanRules(), leave_out).run()


def _checked_root(root: Path) -> Path:
    remedy = "Give a folder that exists and that you may read; is its drive connected?"
    try:
        os.scandir(root).close()
    except OSError as error:
        known = {errno.ENOENT: "There is no such folder", errno.ENOTDIR: "This is not a folder"}
        cause = known.get(error.errno or 0, f"The folder cannot be read: {error.strerror}")
        raise BadFolder(cause, place=str(root), remedy=remedy) from error
    return root.resolve()


class _Scanner:
    def __init__(self, root: Path, rules: ScanRules, leave_out: Iterable[Path]) -> None:
        self.root = root
        self.rules = rules
        self.seen = {_identity(folder.stat()) for folder in leave_out if folder.is_dir()}
        self.ancestors = {_identity(folder.stat()) for folder in root.parents}
        self.files: list[PictureFile] = []
        self.special: list[SkippedFile] = []
        self.identity = identity_of(root)
        self.unreadable: list[str] = []
        self.links: list[tuple[str, str]] = []

    def run(self) -> Scan:
        # Linked folders wait until the real ones are known: a picture goes by its real path.
        pending = [("", str(self.root))]
        while pending:
            for prefix, folder in pending:
                self._walk(prefix, folder)
            pending, self.links = self.links, []
        return Scan(
            tuple(sorted(self.files, key=lambda f: f.path)),
            tuple(sorted(self.unreadable)),
            tuple(sorted(self.special, key=lambda f: f.path)),
            self.identity,
        )

    def _walk(self, prefix: str, folder: str) -> None:
        stack = [(prefix, folder)]
        while stack:
            prefix, folder = stack.pop()
            try:
                identity = _identity(os.stat(folder))  # noqa: PTH116 - measured: Path costs a third of a scan
                if identity in self.seen:
                    continue
                self.seen.add(identity)
                stack += self._list(prefix, folder)
            except OSError:
                self.unreadable.append(prefix.rstrip("/"))

    def _list(self, prefix: str, folder: str) -> Iterator[tuple[str, str]]:
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda e: e.name, reverse=True):
                path = prefix + entry.name
                if self._is_left_out(path, entry.name):
                    continue
                if self._is_folder(path, entry):
                    if not entry.is_symlink():
                        yield path + "/", entry.path
                    elif _identity(Path(entry.path).stat()) not in self.ancestors:
                        self.links.append((path + "/", entry.path))
                elif has_picture_suffix(entry.name) and self._is_included(path, entry.name):
                    self._take(path, entry)

    def _take(self, path: str, entry: os.DirEntry[str]) -> None:
        try:
            facts = entry.stat()
        except OSError as error:
            self._note(path, error)
            return
        file = PictureFile(
            path, _within(facts.st_size), _within(facts.st_mtime_ns), _changed(facts)
        )
        if stat.S_ISREG(facts.st_mode):
            self.files.append(file)
        else:
            kind = kind_of(facts.st_mode)
            stamp = (file.size_bytes, file.modified_ns, file.changed_ns)
            self.special.append(SkippedFile(path, SkipReason.NOT_A_FILE, kind, *stamp))

    def _is_folder(self, path: str, entry: os.DirEntry[str]) -> bool:
        try:
            return entry.is_dir()
        except OSError as error:
            self._note(path, error)
            return False

    def _note(self, path: str, error: OSError) -> None:
        """Note what cannot be looked at; a dead link or a file that has just gone is nothing."""
        if error.errno not in _GONE and path not in self.unreadable:
            self.unreadable.append(path)

    def _is_left_out(self, path: str, name: str) -> bool:
        if not self.rules.hidden and (name.startswith(".") or name.casefold() in _SYSTEM_FOLDERS):
            return True
        return bool(self.rules.exclude) and _matches(path, name, self.rules.exclude)

    def _is_included(self, path: str, name: str) -> bool:
        return not self.rules.include or _matches(path, name, self.rules.include)


def _changed(facts: os.stat_result) -> int:
    """Return when anything of a file changed last; on Windows this is when it was made."""
    return 0 if sys.platform == "win32" else _within(facts.st_ctime_ns)


def _within(number: int) -> int:
    return max(-_LARGEST, min(number, _LARGEST))


def identity_of(folder: Path) -> tuple[int, int] | None:
    """Return by what a folder is known again, None if it is not there or cannot be looked at."""
    try:
        return _identity(folder.stat())
    except OSError:
        return None


def _identity(facts: os.stat_result) -> tuple[int, int]:
    return facts.st_dev, facts.st_ino


def _matches(path: str, name: str, patterns: tuple[str, ...]) -> bool:
    path, name = path.casefold(), name.casefold()
    return any(
        fnmatch(path, pattern) or fnmatch(name, pattern)
        for pattern in (p.casefold().rstrip("/").replace("[", "[[]") for p in patterns)
    )


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
    still_skipped: list[SkippedFile] = field(default_factory=list)


ContentHash = Callable[[PictureFile], str | None]


def compare(
    found: Scan,
    known: Mapping[str, PictureRecord],
    skipped: Mapping[str, SkippedFile],
    content_hash: ContentHash,
) -> Comparison:
    """Compare a scan with the known pictures and skipped files, both by path.

    A file with size and time of change as known is unchanged and is not opened. A picture whose
    path has gone, or now holds something else, is looked for among the other files: same content
    means moved. Only files of a matching size are read for that (``content_hash`` gives None where
    a file cannot be read). What lies in a folder that could not be listed stays as it was.
    """
    result = Comparison()
    released: list[PictureRecord] = []
    arrived: list[PictureFile] = []
    for file in found.files:
        record, skip = known.get(file.path), skipped.get(file.path)
        if record and _is_as_known(file, record):
            result.unchanged.append(record)
        elif skip and skip.stays_out and _is_as_known(file, skip):
            result.still_skipped.append(skip)
        else:
            arrived.append(file)
    paths = {file.path for file in found.files}
    arrived_paths = {file.path for file in arrived}
    for path, record in known.items():
        if path in arrived_paths:
            released.append(record)
        elif path not in paths:
            out_of_sight = lies_below(path, found.unreadable_folders)
            (result.unchanged if out_of_sight else released).append(record)
    result.still_skipped += [
        skip for path, skip in skipped.items() if lies_below(path, found.unreadable_folders)
    ]
    _match_content(result, released, arrived, content_hash)
    return result


def _is_as_known(file: PictureFile, known: PictureRecord | SkippedFile) -> bool:
    return (file.size_bytes, file.modified_ns) == (known.size_bytes, known.modified_ns)


def lies_below(path: str, folders: tuple[str, ...]) -> bool:
    """Tell whether a relative path is one of these folders or in one; the empty one is the root."""
    return any(not place or path == place or path.startswith(f"{place}/") for place in folders)


def _match_content(
    result: Comparison,
    released: list[PictureRecord],
    arrived: list[PictureFile],
    content_hash: ContentHash,
) -> None:
    by_content: dict[str, list[PictureRecord]] = defaultdict(list)
    for record in released:
        by_content[record.content_hash].append(record)
    sizes = {record.size_bytes for record in released}
    digests = {f.path: content_hash(f) or "" for f in arrived if f.size_bytes in sizes}
    others = arrived
    for alike in (_same_path, _same_name, _anything):
        left: list[PictureFile] = []
        for file in others:
            same = by_content.get(digests.get(file.path, ""), [])
            match = [record for record in same if alike(record, file)]
            if not match:
                left.append(file)
                continue
            record = match[0]
            same.remove(record)
            (result.touched if record.path == file.path else result.moved).append((record, file))
        others = left
    waiting = {record.path: record for records in by_content.values() for record in records}
    for file in others:
        here = waiting.pop(file.path, None)
        if here is None:
            result.added.append(file)
        else:
            result.changed.append((here, file))
    result.removed.extend(waiting.values())


def _same_path(record: PictureRecord, file: PictureFile) -> bool:
    return record.path == file.path


def _same_name(record: PictureRecord, file: PictureFile) -> bool:
    return record.path.rpartition("/")[2] == file.path.rpartition("/")[2]


def _anything(_record: PictureRecord, _file: PictureFile) -> bool:
    return True
