"""Gone for good, or only out of reach? A picture is forgotten only where its place can be seen.

A picture whose file is not found is *gone* if the folder where it lay can be looked into, is on the
drive that it was on, and holds other pictures; or if that folder itself was deleted from a folder
of the same drive. It is *away*, and kept, where its place cannot be read, is a link that leads
nowhere, is a file, was on another drive than the one that is there now, or is there and suddenly
holds no picture at all, which is what a drive that is not connected leaves behind. What did not
come along when the collection's folder moved is away as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from search_engine.collection.scanning.drives import OLD_FOLDER, ROOTS_DEVICE
from search_engine.collection.scanning.sieve import Sieve
from search_engine.collection.scanning.walking import Scan
from search_engine.records import ScanRules
from search_engine.records.findings import AwayReason


class Absence:
    """Judges the files that a scan did not find."""

    def __init__(self, found: Scan, rules: ScanRules) -> None:
        self._found = found
        self._sieve = Sieve(rules, Path(found.root_name))
        self._unreadable = set(found.unreadable_folders)
        self._plain = set(found.nameless)
        self._holding = {""}
        for path in (*(file.path for file in found.files), *found.other_ways):
            self._holding.update(_above(path))

    def of(self, path: str, device: int) -> tuple[str, AwayReason] | None:
        """Return which place is away, and why; None where the file is gone, or not wanted any more.

        Args:
            path: Of the file that was not found.
            device: Of the file's folder when it was last seen; 0 where that is not known.
        """
        if not self._sieve.takes(path):
            return None
        if self._found.has_moved or device == OLD_FOLDER:
            return "", AwayReason.OLD_FOLDER
        is_strange = self._found.folders.get("", ROOTS_DEVICE) != ROOTS_DEVICE
        if is_strange and device in {0, ROOTS_DEVICE}:
            return "", AwayReason.OTHER_DRIVE
        return self._away(path, device)

    def _away(self, path: str, device: int) -> tuple[str, AwayReason] | None:
        if "" in self._unreadable:
            return "", AwayReason.UNREADABLE
        above = list(_above(path))
        places = [*above, path]
        for place in places:
            # Files that share a fate are told as one place: a closed folder may hold thousands.
            folder = above[-1] if place == path and above else place
            if place in self._unreadable:
                return folder, AwayReason.UNREADABLE
            if place in self._plain:
                return place, AwayReason.NOW_A_FILE
            if place in self._found.dead_links:
                return self._behind(place, folder, path, device)
        folders = self._found.folders
        there = [place for place in ("", *places[:-1]) if place in folders]
        if there and device and folders[there[-1]] != device:
            return self._drive(places, there), AwayReason.OTHER_DRIVE
        hollow = self._hollow(there)
        return (hollow, AwayReason.EMPTY) if hollow else None

    def _behind(
        self, link: str, folder: str, path: str, device: int
    ) -> tuple[str, AwayReason] | None:
        """Judge what lay behind a dead link; one that leads to where all was seen tells enough."""
        target = self._found.dead_links[link]
        if target is not None:
            return self._away(target + path[len(link) :], device)
        return folder, AwayReason.DEAD_LINK if folder == link else AwayReason.DEAD_LINKS

    def _drive(self, places: list[str], there: list[str]) -> str:
        """Name the place where the drive was: what is left of it, or what is missing."""
        folders, nearest = self._found.folders, there[-1]
        if folders[nearest] != folders[""]:
            return next(place for place in there if folders[place] == folders[nearest])
        missing = places[len(there) - 1] if len(there) < len(places) else nearest
        return self._hollow(there) or missing

    def _hollow(self, there: list[str]) -> str | None:
        """Return the outermost of some folders in which no picture is left; never the root."""
        return next((place for place in there[1:] if place not in self._holding), None)


def _above(path: str) -> Iterator[str]:
    """Return the folders above a path, the outermost first, without the root."""
    parts = path.split("/")
    for depth in range(1, len(parts)):
        yield "/".join(parts[:depth])


def lies_below(path: str, folders: tuple[str, ...]) -> bool:
    """Return whether a relative path is one of these folders or in one; empty: the root."""
    return any(not place or path == place or path.startswith(f"{place}/") for place in folders)
