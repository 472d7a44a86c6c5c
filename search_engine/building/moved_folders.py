"""A folder that was moved or copied, recognised by what it holds.

Only the folder that a person named is looked into, never the one that a catalog names: names and
sizes tell how much of a collection is there, the content of some files proves it.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from search_engine.collection.catalog import Catalog
from search_engine.collection.decoding import Refusal, content_hash, read_content
from search_engine.collection.folders import NoFolder, typed_folder
from search_engine.collection.joined_folders import folders_of, forget_unused, is_joined, join
from search_engine.collection.library import Library
from search_engine.collection.scanning import scan
from search_engine.errors import (
    BadFolder,
    BadName,
    CollectionError,
    CollectionMissing,
    passing_over,
)
from search_engine.records import CollectionSettings, PictureFile, PictureRecord, ScanRules
from search_engine.records.soundness import is_sound
from search_engine.settings import Settings, is_folder

_LOG = logging.getLogger(__name__)

_SAMPLE = 16
_PROVEN = 0.9
LARGELY = 0.5
"""Of the pictures, to take a folder for that of a collection."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A collection whose pictures are in another folder than it says."""

    name: str
    root: Path
    """Where they were."""
    pictures: int
    """How many the collection has."""
    share: float
    """Of them that are in the other folder, from 0 to 1."""
    is_copy: bool
    """Whether the folder where they were is still there."""


def real_folder(typed: Path | str) -> Path:
    """Return the folder that a person means, where it really is.

    Raises:
        BadFolder: There is no such folder, or it cannot be read.
    """
    found = typed_folder(str(typed), beside=Path())
    if isinstance(found, NoFolder):
        raise found.as_error()
    return found.resolve()


def real_folders(
    typed: Sequence[Path | str], settings: Settings, *, before: Path | None = None
) -> Path:
    """Return the folder that a person means, or the one that joins several.

    One that is not there counts where it belongs to the collection already: its drive may be away.

    Args:
        typed: The folders, each as a person writes it.
        settings: Where what the app makes is kept.
        before: The folder of the collection that they will be of.

    Raises:
        BadFolder: One is not there, or lies in another one, or they cannot be joined.
    """
    if len(typed) == 1 and (before is None or not is_joined(before)):
        return real_folder(typed[0])
    library = Library(settings)
    of_names = dict(library.roots())
    roots = [*of_names.values()]
    known = {str(one) for root in roots if is_joined(root) for one in folders_of(root).values()}
    found = [Path(one) if str(one) in known else real_folder(one) for one in typed]
    same = (root for root in roots if {*folders_of(root).values()} == {*found})
    root = join(found, settings, before=before or next(same, None))
    if of_names.keys() >= set(library.names()):  # nobody knows which links of one unread are needed
        forget_unused(settings, [root, *roots])
    return root


def moved_from(root: Path | str, settings: Settings) -> Moved | None:
    """Return which collection's folder this is, if it has none of its own and was moved or copied.

    Raises:
        BadFolder: There is no such folder, or it cannot be read.
    """
    root, library = real_folder(root), Library(settings)
    if is_joined(root) or library.of_folder(root):
        return None
    look = _Look(root, settings)
    found = []
    for name in library.names():
        unread = passing_over(_LOG, "a collection is not looked at", CollectionError)
        with unread, library.open_catalog(name) as catalog:
            one = look.compared(catalog)
            if one:
                found.append(one)
    return max(found, key=lambda one: (not one.is_copy, one.share), default=None)


def share_in(root: Path, catalog: Catalog, settings: Settings) -> float:
    """Return which share of a collection's pictures is in a folder, from 0 to 1.

    Raises:
        BadFolder: It cannot be read.
    """
    return _Look(root, settings).shares(catalog)[0]


def plan_move(name: str, root: Path | str, settings: Settings) -> tuple[str, CollectionSettings]:
    """Settle a build that takes a collection over to the folder where its pictures are now.

    Raises:
        BadFolder: There is no such folder, it is a part of the collection's own, or less than half
            of the collection's pictures is in it.
        BadName: The folder has a collection already.
        CollectionMissing: There is no such collection.
    """
    root = real_folder(root)
    with Library(settings).open_catalog(name) as catalog:
        before = catalog.settings
        if before is None:
            cause = f"'{name}' has no folder yet that could have moved"
            raise CollectionMissing(cause, remedy="Index the folder under this name.")
        if before.root != root:
            _refuse_taken(name, root, settings)
            _refuse_part(name, root, before.root)
            refuse_strange(root, catalog, settings)
    return name, replace(before, root=root)


def refuse_strange(root: Path, catalog: Catalog, settings: Settings) -> None:
    """Refuse a folder that holds too little of a collection to be its folder.

    Raises:
        BadFolder: It does, or cannot be read.
    """
    share = share_in(root, catalog, settings)
    if share < LARGELY:
        name = catalog.folder.name
        told = f"Only {share:.0%} of" if share else "None of"
        cause = f"{told} the pictures of '{name}' {'are' if share else 'is'} in this folder"
        remedy = (
            "At least half must be. Is it the right folder? To index it for itself, leave the name"
            " of that collection away."
        )
        raise BadFolder(cause, place=str(root), remedy=remedy)


def _refuse_taken(name: str, root: Path, settings: Settings) -> None:
    other = Library(settings).of_folder(root)
    if other not in {None, name}:
        cause = f"This is the folder of the collection '{other}'"
        remedy = f"To have it as '{name}', remove '{other}' first."
        raise BadName(cause, place=str(root), remedy=remedy)


def _refuse_part(name: str, root: Path, before: Path) -> None:
    if before in root.parents and is_folder(before):
        cause = f"This is a part of the folder of '{name}', which is there"
        remedy = "Index that folder again; pictures that moved within it are recognised."
        raise BadFolder(cause, place=str(root), remedy=remedy)


class _Look:
    """What is in a folder, looked through once for each set of rules."""

    def __init__(self, root: Path, settings: Settings) -> None:
        self._root = root
        self._settings = settings
        self._found: dict[ScanRules, Sequence[PictureFile]] = {}

    def compared(self, catalog: Catalog) -> Moved | None:
        collection = catalog.settings
        if collection is None:
            return None
        is_copy = is_folder(collection.root)
        nested = any(
            one == self._root or one in self._root.parents or self._root in one.parents
            for one in folders_of(collection.root).values()
        )
        if is_copy and nested:
            return None
        share, of_folder = self.shares(catalog)
        if min(share, of_folder) < LARGELY:
            return None
        pictures = len(catalog.pictures)
        return Moved(catalog.folder.name, collection.root, pictures, share, is_copy)

    def shares(self, catalog: Catalog) -> tuple[float, float]:
        """Return how much of a collection is in the folder, and how much of the folder that is."""
        files = self._files(catalog.settings.rules if catalog.settings else ScanRules())
        records = [record for record in catalog.pictures if is_sound(record)]
        common = Counter(map(_likeness, files)) & Counter(map(_likeness, records))
        matched = sum(common.values())
        if not matched or not self._is_proven(files, records):
            return 0.0, 0.0
        return matched / len(records), matched / len(files)

    def _files(self, rules: ScanRules) -> Sequence[PictureFile]:
        if rules not in self._found:
            found = scan(self._root, rules, leave_out=[self._settings.collections_folder])
            self._found[rules] = found.files
        return self._found[rules]

    def _is_proven(self, files: Sequence[PictureFile], records: Sequence[PictureRecord]) -> bool:
        """Read some of the files that are named like known ones, and compare their content."""
        known: dict[tuple[str, int], set[str]] = {}
        for record in records:
            known.setdefault(_likeness(record), set()).add(record.content_hash)
        alike = [file for file in files if _likeness(file) in known]
        step = max(1, len(alike) // _SAMPLE)
        read = [(file, self._hash(file)) for file in alike[::step][:_SAMPLE]]
        hits = sum(digest in known[_likeness(file)] for file, digest in read)
        return hits >= _PROVEN * len(read)

    def _hash(self, file: PictureFile) -> str | None:
        try:
            return content_hash(read_content(self._root / file.path))
        except Refusal:
            return None


def _likeness(file: PictureFile | PictureRecord) -> tuple[str, int]:
    return file.path.rpartition("/")[2], file.size_bytes
