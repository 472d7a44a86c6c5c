"""How a folder differs from its collection, told without opening any picture."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from search_engine.building.looking import as_known, look_through, skipped_of, unread_in
from search_engine.collection.catalog import Catalog
from search_engine.collection.catalog.pictures import Stamp
from search_engine.collection.library import Library
from search_engine.collection.scanning import Scan, Sorted, places, sort_out
from search_engine.embedding import quick_signature
from search_engine.errors import BadFolder
from search_engine.records import CollectionSettings, PictureFile, SkippedFile
from search_engine.records.findings import AwayPlace, UnreadType
from search_engine.records.rules import RuleEffects
from search_engine.settings import Settings

MOST_PICTURES = 100_000
"""Looking through more files than this is not done unasked."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Files of a folder that differ from its catalog, each counted once."""

    new: int = 0
    changed: int = 0
    moved: int = 0
    """Gone from where they were, with a new file of that size and time elsewhere."""
    gone: int = 0
    folder_missing: bool = False
    to_read: int = 0
    """Of the size and time as known, but touched since: a build reads them to see what of."""
    away: tuple[AwayPlace, ...] = ()
    """Places that are out of reach; what they held is kept."""

    @property
    def pictures_away(self) -> int:
        """Count the pictures whose files are not seen."""
        return sum(place.pictures for place in self.away)


@dataclass(frozen=True, slots=True)
class FolderState:
    """A folder compared with its collection at a moment."""

    changes: Changes
    signature: str = ""
    """Another one whenever something else changed; empty where an update would do nothing."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a build would find in a folder."""

    changes: Changes
    unchanged: int
    files: int
    """Of pictures, those that were left out before included."""
    size_bytes: int
    types: tuple[tuple[str, int], ...]
    """Endings of names and how often each is there, most frequent first."""
    unreadable_folders: int
    again: int = 0
    """Unchanged pictures whose vectors are of another model: they are embedded again."""
    unfinished: int = 0
    """Unchanged pictures without a vector, as a build left them that was stopped."""
    unread: tuple[UnreadType, ...] = ()
    """Kinds of pictures that are not read."""

    @property
    def work(self) -> int:
        """Pictures that go through the model."""
        return self.changes.new + self.changes.changed + self.again + self.unfinished

    effects: RuleEffects = field(default_factory=RuleEffects)
    """What the rules keep out."""


def changes_since_build(name: str, settings: Settings) -> Changes | None:
    """Count what an update would find; None where the collection is too large to look unasked.

    Raises:
        CollectionError: The catalog cannot be read.
    """
    with Library(settings).open_catalog(name) as catalog:
        collection = catalog.settings
        if collection is None or len(catalog.pictures) > MOST_PICTURES:
            return None
        if not collection.root.is_dir():
            return Changes(folder_missing=True)
        found = look_through(collection, settings)
        return _compared(found, catalog, collection, leave_out_skipped=True)


def state_of_folder(name: str, settings: Settings) -> FolderState:
    """Tell what an update would find, however large the collection is.

    A folder that holds no picture any more counts as missing: so does an empty place of a drive.

    Raises:
        CollectionError: The catalog cannot be read.
    """
    with Library(settings).open_catalog(name) as catalog:
        collection = catalog.settings
        if collection is None:
            return FolderState(Changes())
        try:
            found = look_through(collection, settings)
        except BadFolder:
            return FolderState(Changes(folder_missing=True))
        if len(catalog.pictures) and not (found.files or found.unreadable_folders):
            return FolderState(Changes(folder_missing=True))
        first, new = _sorted_out(found, catalog, collection, leave_out_skipped=True)
        return FolderState(_counted(first, new), _signature(first, new))


def preview_build(name: str, wanted: CollectionSettings, settings: Settings) -> Preview:
    """Look through a folder and count what a build would find.

    Raises:
        BadFolder: The folder cannot be read.
        CollectionError: The catalog cannot be read.
    """
    found = look_through(wanted, settings)
    library = Library(settings)
    if name in library.names():
        with library.open_catalog(name) as catalog:
            changes = _compared(found, catalog, wanted, leave_out_skipped=False)
            others = changes.changed + changes.moved + changes.gone + changes.pictures_away
            unchanged = len(catalog.pictures) - others
            again = min(_of_another_model(catalog, wanted, settings), unchanged)
            lacking = len(catalog.pictures) - catalog.vectors.count_of(wanted.model_id)
            unfinished = 0 if again else min(lacking, unchanged)
    else:
        changes, unchanged, again, unfinished = Changes(new=len(found.files)), 0, 0, 0
    types = Counter(file.path.rpartition(".")[2].lower() for file in found.files)
    return Preview(
        changes=changes,
        unchanged=unchanged,
        files=len(found.files),
        size_bytes=sum(file.size_bytes for file in found.files),
        types=tuple(types.most_common()),
        unreadable_folders=len(found.unreadable_folders),
        again=again,
        unfinished=unfinished,
        unread=unread_in(wanted, found),
        effects=found.effects,
    )


def pictures_to_embed_again(name: str, wanted: CollectionSettings, settings: Settings) -> int:
    """Count the pictures that a build would embed again because their vectors are of another model.

    It is the most there can be: files of a model that look changed may hold what they held before.

    Raises:
        CollectionError: The catalog cannot be read.
    """
    library = Library(settings)
    if name not in library.names():
        return 0
    with library.open_catalog(name) as catalog:
        return _of_another_model(catalog, wanted, settings)


def _of_another_model(catalog: Catalog, wanted: CollectionSettings, settings: Settings) -> int:
    vectors, pictures = catalog.vectors, len(catalog.pictures)
    now = vectors.main_model()
    if now is None:
        return 0
    signature = quick_signature(wanted.model_id, settings)
    known = vectors.remembered_model(wanted.model_id, signature)
    if known is not None:
        return 0 if known.fingerprint == now.fingerprint else pictures - vectors.count(known)
    same_name = vectors.count_of(wanted.model_id)
    return same_name if now.model_id == wanted.model_id else pictures - same_name


def _compared(
    found: Scan, catalog: Catalog, wanted: CollectionSettings, *, leave_out_skipped: bool
) -> Changes:
    """Count changes; files that a build would only try again are new or left out, as asked."""
    return _counted(*_sorted_out(found, catalog, wanted, leave_out_skipped=leave_out_skipped))


def _sorted_out(
    found: Scan, catalog: Catalog, wanted: CollectionSettings, *, leave_out_skipped: bool
) -> tuple[Sorted[Stamp], list[PictureFile]]:
    skipped = skipped_of(catalog)
    found = as_known(found, wanted, catalog)
    first = sort_out(found, catalog.pictures.stamps(), skipped, wanted.rules)
    new = [f for f in first.new if not (leave_out_skipped and _is_same(f, skipped.get(f.path)))]
    return first, new


def _counted(first: Sorted[Stamp], new: Sequence[PictureFile]) -> Changes:
    moved = _moved(first, new)
    return Changes(
        new=len(new) - len(moved),
        changed=len(first.changed),
        moved=len(moved),
        gone=len(first.gone.keys() - moved),
        to_read=len(first.doubtful),
        away=places(place for path, (_, place) in first.away.items() if path not in moved),
    )


def _signature(first: Sorted[Stamp], new: Sequence[PictureFile]) -> str:
    """Return a text that is another for all else that changed; empty where nothing has."""
    seen = [*new, *(file for _, file in (*first.changed, *first.doubtful))]
    lines = [f"{one.path}\0{one.size_bytes}\0{one.modified_ns}" for one in seen]
    lines += [f"gone\0{path}" for path in first.gone]
    if not lines:
        return ""
    text = "\n".join(sorted(lines))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _is_same(file: PictureFile, skip: SkippedFile | None) -> bool:
    stamp = (file.size_bytes, file.modified_ns)
    return skip is not None and stamp == (skip.size_bytes, skip.modified_ns)


def _moved(first: Sorted[Stamp], new: Sequence[PictureFile]) -> set[str]:
    """Return which files are most likely where new files of their like are."""
    arrived = Counter((file.size_bytes, file.modified_ns) for file in new)
    missing = first.gone | {path: stamp for path, (stamp, _) in first.away.items()}
    moved = set()
    for path, stamp in missing.items():
        if arrived[stamp.size_bytes, stamp.modified_ns] > 0:
            arrived[stamp.size_bytes, stamp.modified_ns] -= 1
            moved.add(path)
    return moved
