"""Vectors that another program made, as a collection of their own."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from search_engine.building.pipeline import FILES_TOGETHER, Reader, Task, TaskResult
from search_engine.building.progress import ProgressMeter
from search_engine.calibration import background_texts, find_background, keep_calibrated
from search_engine.collection import Catalog, Library
from search_engine.collection.decoding import CHILDREN, Stopped
from search_engine.embedding import (
    Embedder,
    EmbedderLoader,
    canonical_model_id,
    load_embedder,
    quick_signature,
    trust,
)
from search_engine.errors import BadFolder, BadName
from search_engine.exchange.import_records import ImportReport, VectorImport
from search_engine.exchange.imported_paths import below, file_at
from search_engine.exchange.vector_formats import read_vectors
from search_engine.exchange.vector_proof import check_told, compared
from search_engine.exchange.vector_set import VectorSet
from search_engine.index.publishing import publish_index
from search_engine.names import compared as compared_name
from search_engine.records import CollectionSettings, PictureFacts, PictureFile, ScanRules
from search_engine.records.builds import BuildReport, CancelCheck, ProgressListener, Stage
from search_engine.settings import Settings, at_home, is_folder

_ROWS_AT_ONCE = 4096
_PARTS_AHEAD = 64
"""Parts of files that are read before the next ones are asked for, so that memory is bounded."""


def import_vectors(
    order: VectorImport,
    settings: Settings,
    *,
    on_progress: ProgressListener | None = None,
    cancelled: CancelCheck = lambda: False,
    load: EmbedderLoader = load_embedder,
) -> ImportReport:
    """Make a collection of vectors that another program made; nothing is embedded for it.

    Files are read where they are there, for their facts and thumbnails; pictures without a file
    are known by their vectors alone. Where anything is wrong, or it is stopped, no collection is
    left behind.

    Args:
        order: Which vectors, and what of.
        settings: Where things lie.
        on_progress: Told of every step, from this thread.
        cancelled: Asked between batches.
        load: Loads the model, to see whether the vectors are its own.

    Raises:
        BadInput: A file is not what it has to be, or the vectors are not of the model.
        BadName: The name cannot be one of a collection, or there is one already.
        BadFolder: The folder of the vectors or of the pictures is not there.
        CollectionBusy: A collection of this name is being built.
        ModelUnavailable: The model cannot be loaded.
        Stopped: It was cancelled.
    """
    library, started = Library(settings), time.monotonic()
    name = _free_name(order.name, library)
    meter = ProgressMeter(on_progress, cancelled)
    meter.begin(Stage.SCAN)
    folder = _real(order.folder)
    root = _real(order.root) if order.root else folder
    carried = read_vectors(folder, order.form)
    paths = below(root, [one.path for one in carried.pictures], str(folder))
    model_id = canonical_model_id(order.model_id)
    trust(model_id, settings)
    meter.begin(Stage.LOAD)
    embedder = load(model_id, settings)
    check_told(carried, embedder, str(folder))
    wanted = CollectionSettings(root, ScanRules(), model_id, order.kind)
    with library.lock(name):
        _free_name(name, library)
        try:
            with Catalog.create(library.folder(name)) as catalog:
                work = _Import(wanted, settings, catalog, meter, embedder, carried)
                return work.run(paths, started)
        except BaseException:
            library.discard(name)
            raise


def _free_name(name: str, library: Library) -> str:
    folder = library.folder(name)
    taken = {compared_name(other) for other in library.names()}
    if compared_name(folder.name) in taken or os.path.lexists(folder):
        cause = f"There is a collection '{folder.name}' already"
        raise BadName(cause, remedy="Choose another name, or remove that collection first.")
    return folder.name


def _real(folder: Path) -> Path:
    """Return where a folder really is."""
    place = at_home(folder)
    if not is_folder(place):
        cause, remedy = "There is no such folder", "Check how it is written; is its drive there?"
        raise BadFolder(cause, place=str(folder), remedy=remedy)
    return place.resolve()


class _Import:
    def __init__(
        self,
        wanted: CollectionSettings,
        settings: Settings,
        catalog: Catalog,
        meter: ProgressMeter,
        embedder: Embedder,
        carried: VectorSet,
    ) -> None:
        self._wanted = wanted
        self._settings = settings
        self._catalog = catalog
        self._meter = meter
        self._embedder = embedder
        self._carried = carried

    def run(self, paths: Sequence[str], started: float) -> ImportReport:
        catalog, card, carried = self._catalog, self._embedder.card, self._carried
        build = catalog.builds.start(card.model_id)
        catalog.settings = self._wanted
        self._meter.begin(Stage.COMPARE)
        files = [file_at(self._wanted.root, path) for path in paths]
        count, cosine = compared(
            carried, files, self._wanted.root, catalog, self._embedder, self._meter.cancelled
        )
        catalog.vectors.remember_model(card, quick_signature(card.model_id, self._settings))
        id_of = dict(zip(paths, self._store(paths), strict=True))
        self._label(id_of)
        unreadable = self._look([file for file in files if file], id_of)
        self._meter.begin(Stage.INDEX)
        texts = background_texts(card.model_id, self._settings)
        find_texts = partial(
            find_background, catalog, card, texts, self._settings, lambda: self._embedder
        )
        manifest = publish_index(catalog.folder, catalog, card, self._wanted.kind, find_texts)
        self._meter.begin(Stage.CALIBRATE)
        keep_calibrated(catalog, card, find_texts)
        seconds = time.monotonic() - started
        report = BuildReport(catalog.folder.name, added=len(paths), seconds=seconds)
        catalog.builds.finish(build, "done", report)
        self._meter.begin(Stage.DONE)
        missing = files.count(None)
        return ImportReport(
            catalog.folder.name, self._wanted.root, len(paths),
            len(paths) - missing - unreadable, missing, unreadable, carried.scaled,
            count, cosine, seconds, manifest,
        )  # fmt: skip

    def _store(self, paths: Sequence[str]) -> list[int]:
        """Put all pictures in the catalog as if none had a file; return their ids, row by row."""
        found: list[int] = []
        for start in range(0, len(paths), _ROWS_AT_ONCE):
            self._refuse_to_go_on()
            rows = range(start, min(start + _ROWS_AT_ONCE, len(paths)))
            with self._catalog.transaction():
                ids = [self._catalog.pictures.add(*self._told(row, paths[row])) for row in rows]
                vectors = [self._carried.vectors[row] for row in rows]
                self._catalog.vectors.put(self._embedder.card, ids, vectors)
            found += ids
        return found

    def _told(self, row: int, path: str) -> tuple[PictureFile, PictureFacts]:
        """Return what was told of a picture; its content is named after its path if need be."""
        told = self._carried.pictures[row]
        content = told.content_hash or hashlib.sha256(b"no file: " + os.fsencode(path)).hexdigest()
        facts = PictureFacts(
            content, told.width, told.height, told.taken_at, told.camera, told.dated_by, reader=0
        )
        return PictureFile(path, 0, told.modified_ns), facts

    def _look(self, files: Sequence[PictureFile], id_of: Mapping[str, int]) -> int:
        """Read the files that are there; return how many cannot be read."""
        catalog, cancelled = self._catalog, self._meter.cancelled
        self._meter.begin(Stage.THUMBNAILS, len(files))
        reader = Reader(self._wanted.root, catalog, self._embedder.card, self._embedder, cancelled)
        done = unreadable = 0
        for batch in _read(reader, files):
            self._refuse_to_go_on()
            with catalog.transaction():
                catalog.skipped.put([one.skip for one in batch if one.skip])
                for one in batch:
                    if one.facts and not one.skip:
                        file = one.task.file
                        catalog.pictures.change(id_of[file.path], file, one.facts)
            done += len(batch)
            unreadable += sum(one.skip is not None for one in batch)
            recent = [one.facts.content_hash for one in batch if one.facts]
            self._meter.advance(done, unreadable, batch[-1].task.file.path, recent)
        self._refuse_to_go_on()
        return unreadable

    def _label(self, id_of: Mapping[str, int]) -> None:
        """Tag pictures with what the path does not say already, and hide what was hidden."""
        tagged: dict[str, list[int]] = {}
        hidden = []
        for (path, picture_id), told in zip(id_of.items(), self._carried.pictures, strict=True):
            category = PictureFile(path, 0, 0).category
            for label in told.labels:
                if label != category:
                    tagged.setdefault(label, []).append(picture_id)
            if told.hidden:
                hidden.append(picture_id)
        for tag, ids in tagged.items():
            self._catalog.tags.add(ids, tag)
        if hidden:
            self._catalog.tags.hide(hidden)

    def _refuse_to_go_on(self) -> None:
        if self._meter.cancelled():
            raise Stopped


def _read(reader: Reader, files: Sequence[PictureFile]) -> Iterator[list[TaskResult]]:
    """Read files side by side, in their order; nothing is embedded."""
    tasks = [Task(file) for file in files]
    parts = [
        tasks[start : start + FILES_TOGETHER] for start in range(0, len(tasks), FILES_TOGETHER)
    ]
    with ThreadPoolExecutor(CHILDREN.most, thread_name_prefix="read") as pool:
        for start in range(0, len(parts), _PARTS_AHEAD):
            yield from pool.map(reader.read, parts[start : start + _PARTS_AHEAD])
