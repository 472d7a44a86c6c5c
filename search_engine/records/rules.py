"""What a build takes in and leaves out of a folder, changed bit by bit, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from search_engine.errors import BadInput
from search_engine.names import compared
from search_engine.records import patterns

MOST_PATTERNS = 1_000
"""Each is tried on every path."""


@dataclass(frozen=True, slots=True)
class ScanRules:
    """What a scan takes in and leaves out; `patterns` says what a pattern means."""

    include: tuple[str, ...] = ()
    """Only pictures that fit one of these; all, if there is none."""
    exclude: tuple[str, ...] = ()
    """Nothing that fits one of these; this goes first."""
    hidden: bool = False
    """Take hidden and system folders and files in as well."""


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What is to be another about the rules of a collection; the rest stays."""

    include: tuple[str, ...] = ()
    """Beside those there are."""
    exclude: tuple[str, ...] = ()
    hidden: bool | None = None
    """None leaves it as it is."""
    forget_include: bool = False
    """Forget those there were."""
    forget_exclude: bool = False

    def applied(self, before: ScanRules, root: Path) -> ScanRules:
        """Return the rules that follow; ``root`` is the folder that paths in full are below.

        Raises:
            BadInput: A pattern is empty or too long, or there are too many.
        """
        return settled(
            ScanRules(
                (*(() if self.forget_include else before.include), *self.include),
                (*(() if self.forget_exclude else before.exclude), *self.exclude),
                before.hidden if self.hidden is None else self.hidden,
            ),
            root,
        )


def settled(rules: ScanRules, root: Path) -> ScanRules:
    """Write each pattern once, and so that it goes on fitting when the folder is moved.

    Raises:
        BadInput: A pattern is empty or too long, or there are too many.
    """
    return ScanRules(_settled(rules.include, root), _settled(rules.exclude, root), rules.hidden)


def _settled(wanted: Iterable[str], root: Path) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for pattern in wanted:
        patterns.check(pattern)
        if not pattern.strip():
            cause = "A pattern of what is included or excluded is empty"
            raise BadInput(cause, remedy="Write a name, or a part of a path, like private/*.")
        found.setdefault(compared(pattern), patterns.below(pattern, str(root)))
    if len(found) > MOST_PATTERNS:
        cause = f"{len(found):,} patterns are too many"
        raise BadInput(cause, remedy=f"Take {MOST_PATTERNS:,} at most.")
    return tuple(found.values())


def of_version_5(rules: ScanRules, is_picture: Callable[[str], bool]) -> ScanRules:
    """Return the rules that mean now what these meant to versions before 0.6.

    A name stood for a file or folder called just so, and with a ``/`` a pattern began in the
    collection's folder.
    """

    def now(pattern: str) -> str:
        if "/" in pattern.rstrip("/"):
            return f"/{pattern.lstrip('/')}"
        has_stars = bool(set("*?") & set(pattern))
        return pattern if has_stars or is_picture(pattern) else f"{pattern.rstrip('/')}/"

    return ScanRules(
        tuple(now(one) for one in rules.include if one),
        tuple(now(one) for one in rules.exclude if one),
        rules.hidden,
    )


@dataclass(frozen=True, slots=True)
class RuleEffects:
    """What the rules of a scan did; folders that were left out were not looked into."""

    taken_in: tuple[tuple[str, int], ...] = ()
    """Each pattern of what to take in, and how many pictures fit it."""
    left_out: tuple[tuple[str, int], ...] = ()
    """Each pattern of what to leave out, and how many pictures and folders fit it."""
    folders_left_out: int = 0
    pictures_left_out: int = 0
    pictures_not_included: int = 0
    """Of those that were not left out."""

    @property
    def keep_back(self) -> bool:
        """Whether the rules kept anything out."""
        return bool(self.folders_left_out or self.pictures_left_out or self.pictures_not_included)

    def told(self) -> str:
        """Say in words and counts what was kept out; nothing where nothing was."""
        parts = (
            (self.folders_left_out, "folder is excluded", "folders are excluded"),
            (self.pictures_left_out, "picture is excluded", "pictures are excluded"),
            (self.pictures_not_included, "picture is none of those to include",
             "pictures are none of those to include"),
        )  # fmt: skip
        told = [f"{n:,} {one if n == 1 else many}" for n, one, many in parts if n]
        return ", ".join(told)

    def remarks(self) -> list[str]:
        """Name the patterns that do nothing, a sentence each."""
        beside = "beside what others exclude" if self.folders_left_out else "that is there"
        nothing_in = [one for one, count in self.taken_in if not count]
        nothing_out = [one for one, count in self.left_out if not count]
        return [
            *(f"“{one}” is to be included, but fits no picture." for one in nothing_in),
            *(f"“{one}” is to be excluded, but fits nothing {beside}." for one in nothing_out),
        ]


class CountedRules:
    """Lets files and folders through as the rules say, and counts."""

    def __init__(self, rules: ScanRules, root: Path) -> None:
        self._exclude = [_Counted(one, root) for one in rules.exclude]
        self._include = [_Counted(one, root) for one in rules.include]
        self._folders = self._pictures = self._others = 0

    def lets_folder(self, path: str) -> bool:
        """Return whether a folder is to be looked into."""
        is_out = _fits_any(self._exclude, path, is_folder=True)
        self._folders += is_out
        return not is_out

    def lets_picture(self, path: str) -> bool:
        """Return whether a file that may be a picture is taken in."""
        if _fits_any(self._exclude, path):
            self._pictures += 1
            return False
        is_in = not self._include or _fits_any(self._include, path)
        self._others += not is_in
        return is_in

    def would_let(self, path: str) -> bool:
        """Return whether a picture would be taken in, without counting it."""
        name = compared(path)
        if any(one.is_for(name) for one in self._exclude):
            return False
        return not self._include or any(one.is_for(name) for one in self._include)

    def effects(self) -> RuleEffects:
        """Return what came of the rules so far."""
        taken_in, left_out = (
            tuple((one.pattern, one.count) for one in some)
            for some in (self._include, self._exclude)
        )
        return RuleEffects(taken_in, left_out, self._folders, self._pictures, self._others)


class _Counted:
    def __init__(self, pattern: str, root: Path) -> None:
        self.pattern = pattern
        self.count = 0
        self.is_for = patterns.matcher(pattern, str(root))
        self._is_for_folder = patterns.matcher(patterns.folder_of(pattern), str(root))

    def fits(self, path: str, *, is_folder: bool) -> bool:
        fits = (self._is_for_folder if is_folder else self.is_for)(path)
        self.count += fits
        return fits


def _fits_any(some: list[_Counted], path: str, *, is_folder: bool = False) -> bool:
    """Try them all, so that each is counted."""
    if not some:
        return False
    name = compared(path)
    return sum(one.fits(name, is_folder=is_folder) for one in some) > 0
