"""Mend what a check found, as far as it can be mended."""

from __future__ import annotations

import logging
from contextlib import closing

from search_engine import files
from search_engine.building import build_collection, rebuild_index
from search_engine.checking.examining import check_collection
from search_engine.checking.faults import CheckReport, FaultKind
from search_engine.collection.catalog import Catalog
from search_engine.collection.catalog.sqlite_errors import RESTORE
from search_engine.collection.library import Library
from search_engine.collection.thumbnails import Thumbnails
from search_engine.embedding import EmbedderLoader, load_embedder
from search_engine.errors import CollectionDamaged, IndexMissing, passing_over
from search_engine.records import Progress, Step, no_progress
from search_engine.records.builds import BuildReport, CancelCheck, ProgressListener
from search_engine.settings import Settings

_LOG = logging.getLogger(__name__)

_OF_THE_CATALOG = (
    FaultKind.LOG_FOREIGN, FaultKind.LOOKUP_WRONG, FaultKind.ROWS_UNREADABLE,
)  # fmt: skip
_OF_THE_INDEX = (
    FaultKind.INDEX_MISSING, FaultKind.INDEX_UNREADABLE, FaultKind.INDEX_FOREIGN,
    FaultKind.INDEX_DIFFERS, FaultKind.CALIBRATION_MISSING, FaultKind.CALIBRATION_UNUSABLE,
)  # fmt: skip
_EMBEDDED_ANEW = (
    FaultKind.VECTORS_UNUSABLE, FaultKind.VECTORS_DIFFER, FaultKind.INDEX_DIFFERS,
)  # fmt: skip


def repair_collection(
    report: CheckReport,
    settings: Settings,
    *,
    load: EmbedderLoader = load_embedder,
    on_progress: ProgressListener | None = None,
    cancelled: CancelCheck = lambda: False,
    progress: Progress = no_progress,
) -> BuildReport:
    """Mend what can be mended: what is derived is made anew, the rest as the command index does it.

    Vectors that cannot be trusted are forgotten, so that their pictures are embedded again.

    Returns:
        What the build did that ended it.

    Raises:
        CollectionDamaged: The catalog itself is damaged, from which all else is made.
        CollectionBusy: The collection is being built.
        BadFolder: The folder of the pictures is not there; what needs no picture was mended.
        ModelError: The model is needed and cannot be used; the rest was mended.
    """
    name, library = report.collection, Library(settings)
    lost = report.of(FaultKind.CATALOG_UNREADABLE, FaultKind.CATALOG_DAMAGED)
    if lost:
        cause = f"The catalog of '{name}' cannot be mended: {lost[0].detail}"
        raise CollectionDamaged(cause, place=str(library.folder(name)), remedy=RESTORE)
    if report.of(*_OF_THE_CATALOG):
        progress(Step("Making the catalog readable"))
        with library.lock(name):
            _make_readable(library, report)
        found = check_collection(name, settings, sample=0, load=load, progress=progress)
        if [fault.kind for fault in found.faults] == [fault.kind for fault in report.faults]:
            cause = f"The catalog of '{name}' cannot be mended: {found.faults[0].detail}"
            raise CollectionDamaged(cause, place=str(library.folder(name)), remedy=RESTORE)
        return repair_collection(
            found,
            settings,
            load=load,
            on_progress=on_progress,
            cancelled=cancelled,
            progress=progress,
        )
    with library.lock(name), closing(library.open_catalog(name)) as catalog:
        progress(Step("Putting the catalog in order"))
        _mend_catalog(catalog, report)
        _remove_what_is_broken(catalog, report)
        collection = catalog.settings
    if report.of(*_OF_THE_INDEX):
        progress(Step("Making the index anew"))
        with passing_over(_LOG, "the build below makes the first index", IndexMissing):
            rebuild_index(name, settings)
    if not collection:
        return BuildReport(name)
    return build_collection(
        name, collection, settings, load=load, on_progress=on_progress, cancelled=cancelled
    )


def _make_readable(library: Library, report: CheckReport) -> None:
    name = report.collection
    if report.of(FaultKind.LOG_FOREIGN):
        Catalog.set_log_aside(library.folder(name))
        return
    with closing(library.open_catalog(name)) as catalog:
        if report.of(FaultKind.LOOKUP_WRONG):
            catalog.sort_again()
        else:
            catalog.remove_unreadable()


def _mend_catalog(catalog: Catalog, report: CheckReport) -> None:
    def concerned(*kinds: FaultKind) -> list[int]:
        return sorted({i for fault in report.of(*kinds) for i in fault.picture_ids})

    with catalog.transaction():
        catalog.pictures.remove(concerned(FaultKind.PATH_OUTSIDE))
        catalog.pictures.mend_categories(concerned(FaultKind.CATEGORY_WRONG))
        if catalog.settings and catalog.settings.store:
            catalog.vectors.put_again(concerned(FaultKind.CATEGORY_WRONG))
        catalog.pictures.distrust(concerned(FaultKind.CONTENT_CHANGED))
        for picture_id in concerned(*_EMBEDDED_ANEW):
            catalog.vectors.forget(picture_id)
        if report.of(FaultKind.VECTORS_ORPHANED):
            catalog.vectors.forget_orphans()


def _remove_what_is_broken(catalog: Catalog, report: CheckReport) -> None:
    thumbnails = Thumbnails(catalog.folder)
    broken = report.of(FaultKind.THUMBNAILS_DAMAGED, FaultKind.THUMBNAILS_WRONG)
    damaged = [picture_id for fault in broken for picture_id in fault.picture_ids]
    for record in catalog.pictures.by_id(damaged).values():
        thumbnails.remove(record.content_hash)
    if report.of(FaultKind.LEFTOVERS):
        files.remove_leftovers(catalog.folder, at_once=True)
