"""A look through the folder, compared with the catalog, and what follows without opening pictures.

What a build does and what its preview and the look for changes tell come from here, so that they
agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from search_engine.building.hashing import Hasher
from search_engine.cluster import is_local
from search_engine.collection.catalog import Catalog
from search_engine.collection.joined_folders import (
    folders_of,
    is_joined,
    left_out,
    shares_places,
    where_it_lies,
)
from search_engine.collection.scanning import (
    OLD_FOLDER,
    ROOTS_DEVICE,
    Comparison,
    Scan,
    at_home,
    compare,
    scan,
    unread_types,
)
from search_engine.errors import BadFolder
from search_engine.records import CollectionSettings, PictureFile, PictureRecord, SkippedFile
from search_engine.records.builds import BuildOrder
from search_engine.records.findings import AwayReason, Findings, UnreadType
from search_engine.records.soundness import is_sound
from search_engine.settings import Settings

_KINDS_NAMED = 6


def look_through(wanted: CollectionSettings, settings: Settings) -> Scan:
    """Find the pictures of a folder.

    Raises:
        BadFolder: It is missing or cannot be listed.
    """
    return scan(wanted.root, wanted.rules, leave_out=[settings.collections_folder])


def as_known(found: Scan, wanted: CollectionSettings, catalog: Catalog) -> Scan:
    """Return what was found with what the catalog tells of its root: which it was, on which drive.

    Raises:
        CollectionDamaged: The catalog cannot be read.
    """
    before = catalog.settings
    if before and before.root != wanted.root and not shares_places(before.root, wanted.root):
        return replace(found, has_moved=True)
    return at_home(found, catalog.home, catalog.pictures.stamps(), wanted.rules)


def unread_in(wanted: CollectionSettings, found: Scan) -> tuple[UnreadType, ...]:
    """Name the kinds of pictures in a folder that are not read."""
    return unread_types(wanted.root, found.unread, found.nameless)


def no_pictures(wanted: CollectionSettings, found: Scan) -> BadFolder:
    """Say that a folder holds no picture, and what it holds instead."""
    closed, links = len(found.unreadable_folders), len(found.dead_links)
    cause = "There is no picture in the folder"
    if closed:
        in_it = "a file or folder" if closed == 1 else f"{closed:,} files and folders"
        cause += f", as far as it can be read ({in_it} in it cannot)"
    if links:
        cause += f"; {links} {'link' if links == 1 else 'links'} in it lead nowhere"
    unread = unread_in(wanted, found)
    if unread:
        kinds = ", ".join(map(str, unread[:_KINDS_NAMED]))
        is_one = sum(one.count for one in unread) == 1
        cause += f"; {kinds} {'is' if is_one else 'are'} not read yet"
    remedy = (
        "Is it the right folder? Hidden and system folders are skipped unless you include them."
    )
    return BadFolder(cause, place=where_it_lies(wanted.root), remedy=remedy)


def compare_with_catalog(
    found: Scan,
    wanted: CollectionSettings,
    catalog: Catalog,
    hasher: Hasher,
    order: BuildOrder,
) -> Comparison:
    """Return how a folder differs from its catalog; files are read where that is needed for it.

    Raises:
        BadFolder: It holds no picture although it did before.
        Stopped: The build was cancelled meanwhile.
    """
    records = list(catalog.pictures)
    known = {record.path: record for record in records if is_sound(record)}
    with_file = sum(not record.is_vector_alone for record in known.values())
    if with_file and not found.files and not found.unreadable_folders:
        cause = f"There is no picture any more where there were {with_file:,}"
        remedy = "Is its drive connected? If they were deleted, remove the collection."
        raise BadFolder(cause, place=where_it_lies(wanted.root), remedy=remedy)
    order = replace(order, forget=(*order.forget, *_taken_out(wanted, catalog)))
    difference = compare(found, known, skipped_of(catalog), hasher, wanted.rules, order)
    difference.removed += [record for record in records if not is_sound(record)]
    return difference


def _taken_out(wanted: CollectionSettings, catalog: Catalog) -> tuple[str, ...]:
    """Return where pictures lay whose folder was taken out of a collection of several."""
    before = catalog.settings
    if before is None or not is_joined(before.root):
        return ()
    gone = left_out(before.root, wanted.root)
    return tuple(gone) if len(gone) < len(folders_of(before.root)) else ()


def skipped_of(catalog: Catalog) -> dict[str, SkippedFile]:
    """Return the files that were left out, by path."""
    return {skip.path: skip for skip in catalog.skipped}


def _left_behind(difference: Comparison) -> list[tuple[PictureRecord, PictureFile]]:
    """Return what did not come along when the root moved, as being on no drive of now."""
    left = [record for record, (_, why) in difference.away if why is AwayReason.OLD_FOLDER]
    return [
        (one, PictureFile(one.path, one.size_bytes, one.modified_ns, device=OLD_FOLDER))
        for one in left
    ]


def _nowhere(found: Scan, away: Sequence[str]) -> int:
    """Count the links that lead nowhere, but for those to places that are told anyway."""
    told = tuple(f"{place}/" if place else "" for place in away)
    return sum(not f"{link}/".startswith(told) for link in found.dead_links)


def settle(
    catalog: Catalog, wanted: CollectionSettings, difference: Comparison, found: Scan
) -> Findings:
    """Do all that needs no picture to be opened; return what is to be told of the folder."""
    findings = Findings(
        difference.places,
        unread_in(wanted, found),
        len(found.other_ways),
        _nowhere(found, [place.path for place in difference.places]),
    )
    kept = {skip.path for skip in difference.still_skipped}
    tried_again = [skip.path for skip in catalog.skipped if skip.path not in kept]
    with catalog.transaction():
        catalog.settings = wanted
        catalog.findings = findings
        if found.folders.get("") == ROOTS_DEVICE:
            catalog.home = found.drive
        catalog.pictures.remove([record.picture_id for record in difference.removed])
        relocated = difference.moved + difference.touched
        catalog.pictures.relocate(relocated)
        if relocated and not is_local(wanted.store):
            catalog.vectors.put_again([record.picture_id for record, _ in relocated])
        catalog.pictures.note_seen(difference.seen + _left_behind(difference))
        catalog.skipped.forget(tried_again)
        catalog.skipped.put(found.special)
    return findings
