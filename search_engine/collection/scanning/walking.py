"""The way through a folder: names, sizes, times and drives; no file is opened."""

from __future__ import annotations

import errno
import os
import stat
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from search_engine.collection.scanning.drives import ROOTS_DEVICE, Drives
from search_engine.collection.scanning.file_links import apart
from search_engine.collection.scanning.made_up import made_up_kind
from search_engine.collection.scanning.sieve import Sieve
from search_engine.collection.scanning.unread import unread_ending
from search_engine.errors import BadFolder
from search_engine.files import kind_of
from search_engine.records import PictureFile, ScanRules, SkippedFile, SkipReason
from search_engine.records.rules import RuleEffects
from search_engine.records.soundness import has_picture_suffix

_GONE = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}
"""Dead links, links in a circle, and what went away since its folder was listed."""

_LARGEST = 2**63 - 1
"""That SQLite can hold. A file system can hold times after the year 2262, and before 1677."""

_MOST_NAMELESS = 5_000
"""Files without an ending that are looked into, to say that they are pictures."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scan found, ordered by path."""

    files: tuple[PictureFile, ...]
    unreadable_folders: tuple[str, ...] = ()
    """Relative paths of folders that could not be listed; what is in them is not known."""
    special: tuple[SkippedFile, ...] = ()
    """Pipes, sockets and devices named like a picture, and folders that the system makes up."""
    identity: tuple[int, int] | None = None
    """Device and number of the folder that was scanned, by which it is known again."""
    root_name: str = ""
    folders: Mapping[str, int] = field(default_factory=dict)
    """Relative paths of all folders that were looked into, with the drive that each is on: 1 is
    the root's own, others have numbers of their own."""
    dead_links: Mapping[str, str | None] = field(default_factory=dict)
    """Relative paths of links that lead nowhere; where to, if that is below the root."""
    unread: tuple[tuple[str, int], ...] = ()
    """Endings of kinds of pictures that are not read, and how many files have each."""
    nameless: tuple[str, ...] = ()
    """Relative paths of files, not too many, whose names do not say what they are."""
    effects: RuleEffects = field(default_factory=RuleEffects)
    """What the rules kept out."""
    other_ways: tuple[str, ...] = ()
    """Relative paths of links to files that are among ``files`` anyway."""
    drive: int = 0
    """The root's own, as `Drives` numbers it; 0 if unknown."""
    has_moved: bool = False
    """Whether this is another folder than the one that the collection had before."""


def scan(root: Path, rules: ScanRules | None = None, *, leave_out: Iterable[Path] = ()) -> Scan:
    """Find the picture files below ``root``; ``leave_out`` names folders of our own in there.

    Links to files and folders are followed, except where a link leads to a file or folder that is
    scanned anyway, or to one that holds ``root`` itself. Only regular files count; others are
    named.

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
        self.sieve = Sieve(rules, root)
        self.began = time.time_ns()
        self.seen = {_identity(folder.stat()) for folder in leave_out if folder.is_dir()}
        self.ancestors = {_identity(folder.stat()) for folder in root.parents}
        self.files: list[PictureFile] = []
        self.file_links: list[PictureFile] = []
        self.special: list[SkippedFile] = []
        self.made_up: dict[int, str] = {}
        self.identity = identity_of(root)
        self.unreadable: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.dead_links: dict[str, str | None] = {}
        self.folders: dict[str, int] = {}
        self.drives = Drives(root)
        self.drive = self.drives.of(self.identity[0], str(root)) if self.identity else 0
        self.unread: Counter[str] = Counter()
        self.nameless: list[str] = []

    def run(self) -> Scan:
        # Linked folders wait until the real ones are known: a picture goes by its real path.
        pending = [("", str(self.root))]
        while pending:
            for prefix, folder in pending:
                self._walk(prefix, folder)
            pending, self.links = self.links, []
        taken, other_ways = apart(self.root, self.files, self.file_links)
        return Scan(
            tuple(sorted(self.files + taken, key=lambda f: f.path)),
            tuple(sorted(self.unreadable)),
            tuple(sorted(self.special, key=lambda f: f.path)),
            self.identity,
            self.root.name,
            self.folders,
            self.dead_links,
            tuple(sorted(self.unread.items())),
            tuple(sorted(self.nameless)),
            self.sieve.effects(),
            tuple(other_ways),
            self.drive,
        )

    def _walk(self, prefix: str, folder: str) -> None:
        stack = [(prefix, folder)]
        while stack:
            prefix, folder = stack.pop()
            try:
                facts = os.stat(folder)  # noqa: PTH116 - measured: Path costs a third of a scan
                if _identity(facts) in self.seen:
                    continue
                self.seen.add(_identity(facts))
                kind = self._made_up(facts.st_dev)
                if kind:
                    detail = f"a folder that the system makes up ({kind})"
                    name = prefix.rstrip("/")
                    self.special.append(SkippedFile(name, SkipReason.NOT_A_FILE, detail))
                    continue
                device = self._device(facts.st_dev, folder)
                stack += self._list(prefix, folder, device)
                self.folders[prefix.rstrip("/")] = device
            except OSError:
                self.unreadable.append(prefix.rstrip("/"))

    def _made_up(self, number: int) -> str:
        """Name the kind of a drive that is none; the root's own is looked through."""
        if self.identity and number == self.identity[0]:
            return ""
        if number not in self.made_up:
            self.made_up[number] = made_up_kind(number)
        return self.made_up[number]

    def _device(self, number: int, folder: str) -> int:
        """Return the number of the drive that a folder is on."""
        drive = self.drives.of(number, folder)
        return ROOTS_DEVICE if drive == self.drive else drive

    def _list(self, prefix: str, folder: str, device: int) -> Iterator[tuple[str, str]]:
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda e: e.name, reverse=True):
                path = prefix + entry.name
                if self.sieve.hides(path, entry.name):
                    continue
                if self._is_folder(path, entry):
                    if not self.sieve.lets_folder(path):
                        continue
                    if not entry.is_symlink():
                        yield path + "/", entry.path
                    elif _identity(Path(entry.path).stat()) not in self.ancestors:
                        self.links.append((path + "/", entry.path))
                elif has_picture_suffix(entry.name):
                    if self.sieve.lets_picture(path):
                        self._take(path, entry, device)
                else:
                    self._count(path, entry)

    def _take(self, path: str, entry: os.DirEntry[str], device: int) -> None:
        try:
            facts = entry.stat()
        except OSError as error:
            self._note(path, entry, error)
            return
        changed_ns = changed_ns_of(facts, self.began)
        file = PictureFile(
            path, _within(facts.st_size), _within(facts.st_mtime_ns), changed_ns, device
        )
        if stat.S_ISREG(facts.st_mode):
            (self.file_links if entry.is_symlink() else self.files).append(file)
        else:
            kind = kind_of(facts.st_mode)
            stamp = (file.size_bytes, file.modified_ns, file.changed_ns)
            self.special.append(SkippedFile(path, SkipReason.NOT_A_FILE, kind, *stamp))

    def _count(self, path: str, entry: os.DirEntry[str]) -> None:
        """Count a file that may be a picture, but is none that is read."""
        try:
            if entry.is_symlink():
                entry.stat()
            if not entry.is_file() or not self.sieve.lets(path):
                return
        except OSError as error:
            self._note(path, entry, error)
            return
        ending = unread_ending(entry.name)
        if ending:
            self.unread[ending] += 1
        elif ending is None and len(self.nameless) < _MOST_NAMELESS:
            self.nameless.append(path)

    def _is_folder(self, path: str, entry: os.DirEntry[str]) -> bool:
        try:
            return entry.is_dir()
        except OSError as error:
            self._note(path, entry, error)
            return False

    def _note(self, path: str, entry: os.DirEntry[str], error: OSError) -> None:
        """Note what cannot be looked at; a file that has just gone is nothing."""
        if not self.sieve.lets_folder(path):
            return
        if error.errno in _GONE:
            if entry.is_symlink():
                self.dead_links[path] = self._below_root(entry.path)
        elif path not in self.unreadable:
            self.unreadable.append(path)

    def _below_root(self, link: str) -> str | None:
        """Return where below the root a link leads; None where it leads elsewhere, or to itself."""
        target = Path(os.path.realpath(link))
        if not target.is_relative_to(self.root) or target.is_symlink():
            return None
        return target.relative_to(self.root).as_posix()


def changed_ns_of(facts: os.stat_result, now: int | None = None) -> int:
    """Return when anything of a file changed last; 0 where the system does not tell.

    On Windows this is when the file was made. A time that is not over yet says nothing: some
    file systems of servers have every file change now.
    """
    if sys.platform == "win32" or facts.st_ctime_ns >= (now or time.time_ns()):
        return 0
    return _within(facts.st_ctime_ns)


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
