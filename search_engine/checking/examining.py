"""Look a collection through, from its catalog to its pictures, and change nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from search_engine import files
from search_engine.calibration.background_texts import background_texts
from search_engine.calibration.stored import CALIBRATION_FILE, read_calibration
from search_engine.cards.saved_queries import SavedQueries
from search_engine.checking.faults import CheckReport, Fault, FaultKind, about, fault_about
from search_engine.checking.picture_files import look_at_files
from search_engine.checking.sampling import SAME_VECTOR, drawn, embed_again
from search_engine.collection.catalog import Catalog
from search_engine.collection.joined_folders import where_it_lies
from search_engine.collection.library import Library
from search_engine.collection.manifest import read_manifest
from search_engine.collection.thumbnails import Thumbnails
from search_engine.embedding import EmbedderLoader, load_embedder
from search_engine.embedding.trust import is_trusted
from search_engine.errors import (
    BadInput,
    CollectionDamaged,
    CollectionError,
    CollectionMissing,
    IndexMissing,
    StoreAway,
    StoreNotConfirmed,
)
from search_engine.index import VectorStore
from search_engine.index.generations import open_published
from search_engine.index.store_home import StoreHome
from search_engine.records import (
    Ids,
    IndexManifest,
    ModelCard,
    PictureFile,
    PictureRecord,
    Progress,
    Step,
    counted,
    no_progress,
)
from search_engine.records.soundness import is_sound
from search_engine.settings import Settings

SAMPLED_PICTURES = 32
"""Pictures that are embedded again, unless told otherwise: some seconds on two cores."""
_SAME_CODES = 0.97
"""The same where the index holds 8-bit codes."""

_OF_A_LOOKUP = re.compile(r"missing from index|entries in index|non-unique entry in index")
"""What SQLite says where only its own indexes are wrong, which are made of the tables."""
_OF_VECTORS = (
    FaultKind.VECTORS_MISSING, FaultKind.VECTORS_UNUSABLE, FaultKind.INDEX_DIFFERS,
)  # fmt: skip


def check_collection(
    name: str,
    settings: Settings,
    *,
    sample: int = SAMPLED_PICTURES,
    load: EmbedderLoader = load_embedder,
    progress: Progress = no_progress,
) -> CheckReport:
    """Look for everything that can be wrong with a collection; nothing is changed.

    Args:
        name: Of the collection.
        settings: Where things lie.
        sample: How many pictures, drawn at random, are read and embedded again; 0 for none.
        load: Loads the model, if pictures are to be embedded.
        progress: Hears what is being looked at.

    Raises:
        CollectionMissing: There is no collection of this name.
    """
    library = Library(settings)
    if Catalog.has_foreign_log(library.folder(name)):
        return CheckReport(name, faults=(Fault(FaultKind.LOG_FOREIGN),))
    try:
        catalog = library.open_catalog(name)
    except CollectionMissing:
        raise
    except CollectionError as error:
        return CheckReport(name, faults=(Fault(FaultKind.CATALOG_UNREADABLE, detail=str(error)),))
    with closing(catalog):
        examination = _Examination(catalog, settings, progress)
        try:
            examination.run(sample, load)
        except CollectionDamaged as error:
            examination.note(Fault(FaultKind.CATALOG_DAMAGED, detail=error.cause))
        return examination.report


class _Examination:
    def __init__(self, catalog: Catalog, settings: Settings, progress: Progress) -> None:
        self.catalog = catalog
        self.settings = settings
        self.progress = progress
        self.report = CheckReport(catalog.folder.name)
        self.model: ModelCard | None = None
        self.picture_ids: list[int] = []

    def note(self, *faults: Fault, **counts: int) -> None:
        self.report = replace(self.report, faults=(*self.report.faults, *faults), **counts)  # type: ignore[arg-type]

    def run(self, sample: int, load: EmbedderLoader) -> None:
        self.progress(Step("Reading the catalog"))
        problem = self.catalog.problem()
        if problem:
            is_lookup = _OF_A_LOOKUP.search(problem) is not None
            kind = FaultKind.LOOKUP_WRONG if is_lookup else FaultKind.CATALOG_DAMAGED
            self.note(Fault(kind, detail=problem))
            return
        unreadable = self.catalog.unreadable()
        if unreadable:
            self.note(Fault(FaultKind.ROWS_UNREADABLE, detail="; ".join(unreadable)))
            return
        manifest = self._manifest()
        self.model = manifest.model if manifest else self.catalog.vectors.main_model()
        records = list(self.catalog.pictures)
        self.picture_ids = [record.picture_id for record in records]
        self._look_at_records(records)
        if self.model:
            self._look_at_vectors(records, self.model)
            if manifest:
                self._look_at_index(manifest, self.model)
            self._look_at_calibration(self.model)
        self._look_at_thumbnails(records)
        self._look_at_the_rest()
        there = self._look_at_files(records)
        if self.model and sample:
            known = self._faulty()
            there = [record for record in there if record.picture_id not in known]
            self.progress(Step("Embedding some pictures again"))
            faults, problem = embed_again(
                self.catalog, self.settings, self.model, drawn(there, sample), load
            )
            self.note(*faults, sampled=0 if problem else min(sample, len(there)))
            if problem:
                not_checked = (*self.report.not_checked, problem)
                self.report = replace(self.report, not_checked=not_checked)

    def _faulty(self) -> set[int]:
        """Return the pictures whose vectors were found to be wrong, or not there."""
        faults = self.report.of(*_OF_VECTORS)
        return {picture_id for fault in faults for picture_id in fault.picture_ids}

    def _manifest(self) -> IndexManifest | None:
        """Read the manifest; None where it is of no use, which is noted."""
        finished = self.catalog.builds.has_finished()
        latest = self.catalog.builds.latest()
        if latest and latest[0].state in {"interrupted", "failed", "cancelled"}:
            self.note(Fault(FaultKind.BUILD_INTERRUPTED, detail=latest[0].state))
        try:
            manifest = read_manifest(self.catalog.folder)
        except CollectionDamaged as error:
            self.note(Fault(FaultKind.INDEX_UNREADABLE, detail=error.cause))
            return None
        if manifest is None:
            detail = "" if finished else "no build has finished yet"
            self.note(Fault(FaultKind.INDEX_MISSING, detail=detail))
            return None
        if not self.catalog.has_been(manifest.made_of):
            self.note(Fault(FaultKind.INDEX_FOREIGN))
            return None
        if manifest.made_of != self.catalog.version:
            self.note(Fault(FaultKind.INDEX_BEHIND))
        return manifest

    def _look_at_records(self, records: list[PictureRecord]) -> None:
        outside = [r for r in records if not is_sound(r)]
        wrong = [
            r for r in records if is_sound(r) and r.category != PictureFile(r.path, 0, 0).category
        ]
        self.note(*about(FaultKind.PATH_OUTSIDE, outside), pictures=len(records))
        self.note(*about(FaultKind.CATEGORY_WRONG, wrong))

    def _look_at_vectors(self, records: list[PictureRecord], model: ModelCard) -> None:
        self.progress(Step("Looking at the vectors"))
        orphans = self.catalog.vectors.orphans()
        if orphans:
            self.note(Fault(FaultKind.VECTORS_ORPHANED, orphans))
        present = set(self.catalog.vectors.ids(model).tolist())
        unusable = set(self.catalog.vectors.unusable(model).tolist())
        missing = [r for r in records if r.picture_id not in present]
        self.note(*about(FaultKind.VECTORS_MISSING, missing), vectors=len(present))
        self.note(
            *about(FaultKind.VECTORS_UNUSABLE, [r for r in records if r.picture_id in unusable])
        )

    def _look_at_index(self, manifest: IndexManifest, model: ModelCard) -> None:
        self.progress(Step("Comparing the index with the catalog"))
        try:
            _, store = open_published(
                self.catalog.folder,
                self.catalog.vectors.source,
                home_of=partial(StoreHome.of, self.catalog),
            )
            held = store.ids()
        except (IndexMissing, CollectionDamaged) as error:
            self.note(Fault(FaultKind.INDEX_UNREADABLE, detail=str(error.cause)))
            return
        except (StoreAway, StoreNotConfirmed) as error:
            not_checked = (*self.report.not_checked, error.cause)
            self.report = replace(self.report, not_checked=not_checked)
            return
        self.note(in_index=len(held))
        if not store.is_whole():
            detail = f"{len(held):,} of {manifest.count:,} vectors are there"
            self.note(Fault(FaultKind.INDEX_UNREADABLE, detail=detail))
            return
        differing = self._differing(store, manifest, model)
        if differing:
            records = self.catalog.pictures.by_id(differing)
            names = [records[i].path if i in records else f"#{i}" for i in differing]
            self.note(*fault_about(FaultKind.INDEX_DIFFERS, names, differing))

    def _differing(
        self, store: VectorStore, manifest: IndexManifest, model: ModelCard
    ) -> list[int]:
        """Return the pictures whose vector is another in the index than in the catalog.

        What came or changed since the index was made is behind, not different.
        """
        newer = self.catalog.vectors.newer(model, manifest.catalog_revision)
        unusable = self.catalog.vectors.unusable(model)
        present = np.intersect1d(self.catalog.vectors.ids(model), self.picture_ids)
        known = np.setdiff1d(present, np.union1d(newer, unusable))
        held = np.isin(known, store.ids())
        found: list[int] = known[~held].tolist()
        if manifest.made_of == self.catalog.version:
            found += np.setdiff1d(store.ids(), [*known, *unusable, *self._faulty()]).tolist()
        least = SAME_VECTOR if store.holds_vectors else _SAME_CODES
        for ids in _parts(known[held]):
            cosines = (store.held(ids) * self.catalog.vectors.of(model, ids)).sum(axis=1)
            found += ids[~(cosines >= least)].tolist()
        return found

    def _look_at_calibration(self, model: ModelCard) -> None:
        known = is_trusted(model.model_id, self.settings)
        texts = background_texts(model.model_id, self.settings)
        if read_calibration(self.catalog, model, texts.digest if known else None) is not None:
            return
        is_there = (self.catalog.folder / CALIBRATION_FILE).exists()
        kind = FaultKind.CALIBRATION_UNUSABLE if is_there else FaultKind.CALIBRATION_MISSING
        self.note(Fault(kind))

    def _look_at_thumbnails(self, records: list[PictureRecord]) -> None:
        self.progress(Step("Looking at the thumbnails"))
        thumbnails = Thumbnails(self.catalog.folder)
        missing, damaged, seen = [], [], 0
        for record in records:
            state = thumbnails.is_whole(record.content_hash)
            seen += state is not None
            if state is None and not record.is_vector_alone:
                missing.append(record)
            elif state is False:
                damaged.append(record)
        self.note(*about(FaultKind.THUMBNAILS_MISSING, missing), thumbnails=seen)
        self.note(*about(FaultKind.THUMBNAILS_DAMAGED, damaged))

    def _look_at_the_rest(self) -> None:
        saved = SavedQueries(self.catalog.folder)
        broken = []
        for name in saved.names():
            try:
                saved.read(name)
            except BadInput:
                broken.append(name)
        self.note(*fault_about(FaultKind.QUERY_UNREADABLE, broken))
        names = [file.name for file in leftovers(self.catalog.folder)]
        self.note(*fault_about(FaultKind.LEFTOVERS, names))

    def _look_at_files(self, records: list[PictureRecord]) -> list[PictureRecord]:
        """Look for the pictures' files; give the pictures whose file is as it was."""
        collection = self.catalog.settings
        if collection is None or not collection.root.is_dir():
            place = where_it_lies(collection.root) if collection else "unknown"
            self.note(Fault(FaultKind.FOLDER_MISSING, examples=(place,)))
            return []
        self.progress(Step("Looking for the pictures' files"))
        looks = look_at_files(collection, records, self.catalog.findings)
        self.note(*about(FaultKind.FILES_AWAY, looks.away))
        self.note(*about(FaultKind.FILES_GONE, looks.gone))
        self.note(*about(FaultKind.FILES_CHANGED, looks.changed))
        self.note(files=len(looks.there) + len(looks.changed))
        if looks.doubtful:
            touched = counted(looks.doubtful, "file was", "files were")
            doubt = (
                f"{touched} touched since they were read, with size and time unchanged; the next"
                " update reads them again"
            )
            self.report = replace(self.report, not_checked=(doubt,))
        return looks.there


def leftovers(folder: Path) -> Iterator[Path]:
    """Return the files in a collection's folder that writers who died left behind."""
    for file in sorted(folder.iterdir()):
        if file.name.endswith(files.PARTIAL_SUFFIX):
            yield file


def _parts(ids: Ids, size: int = 4096) -> Iterator[Ids]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
