"""A build, step by step."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import partial

from search_engine.building.build_model import BuildModel
from search_engine.building.distributed import DistributedReader, workers_for
from search_engine.building.hashing import Hasher
from search_engine.building.interim import Interim
from search_engine.building.looking import (
    as_known,
    compare_with_catalog,
    look_through,
    no_pictures,
    settle,
)
from search_engine.building.lost_thumbnails import make_lost_thumbnails
from search_engine.building.pipeline import Reader, Task, TaskResult
from search_engine.building.progress import ProgressMeter
from search_engine.building.root import Root, refuse_if_all_kept_out
from search_engine.building.work import Work
from search_engine.calibration import (
    FindBackground,
    background_texts,
    find_background,
    keep_calibrated,
)
from search_engine.cluster import WorkerPool, settle_store
from search_engine.collection.catalog import Catalog
from search_engine.collection.decoding import CHILDREN, Stopped
from search_engine.collection.library import Library
from search_engine.collection.scanning import Comparison, Scan
from search_engine.collection.screen_copies import ScreenCopies
from search_engine.collection.thumbnails import Thumbnails
from search_engine.embedding import EmbedderLoader, load_embedder, require_trusted, trust
from search_engine.errors import CollectionError
from search_engine.index.publishing import publish_index
from search_engine.records import CollectionSettings, IndexManifest, ModelCard
from search_engine.records.builds import (
    BuildOrder,
    BuildReport,
    CancelCheck,
    ProgressListener,
    Stage,
)
from search_engine.settings import Settings

_LOG = logging.getLogger(__name__)

_USUAL = BuildOrder()
_FILES_OF_A_DECODER = 50
"""A decoder takes a quarter of a second to start, as long as it takes to read as many files."""


def build_collection(  # noqa: PLR0913 - all but three are given by name, and seldom
    name: str,
    wanted: CollectionSettings,
    settings: Settings,
    *,
    on_progress: ProgressListener | None = None,
    cancelled: CancelCheck = lambda: False,
    load: EmbedderLoader = load_embedder,
    order: BuildOrder = _USUAL,
) -> BuildReport:
    """Bring the collection ``name`` up to date with its folder, or make it.

    Args:
        name: Name of the collection.
        wanted: Folder, rules, model and kind, as `plan_build` settled them.
        settings: Where things lie.
        on_progress: Told of every step, from this thread.
        cancelled: Asked between batches; once it says True the build stops, resumable.
        load: Loads the model; it is called only if there is something to embed or to check.
        order: What to do beside the usual work.

    Raises:
        BadFolder: The folder cannot be read, goes away while it is, or holds no picture although
            it did before.
        CollectionBusy: Another build of this collection is running.
        ModelNotConfirmed: The collection itself names the model, and nobody chose it here.
        ModelUnavailable: The model cannot be loaded.
        WorkersUnavailable: Workers were wanted, and cannot be reached or cannot work.
    """
    library = Library(settings)
    with library.lock(name):
        meter = ProgressMeter(on_progress, cancelled)
        meter.begin(Stage.SCAN)
        found = look_through(wanted, settings)
        is_new = name not in library.names()
        refuse_if_all_kept_out(wanted.root, found)
        if is_new and not found.files:
            raise no_pictures(wanted, found)
        try:
            with Catalog.create(library.folder(name)) as catalog:
                _settle_trust(wanted.model_id, catalog, settings)
                settle_store(wanted.store, catalog.settings, catalog.folder.parent)
                return _Build(wanted, settings, catalog, meter, load, order).run(found)
        except BaseException:
            if is_new and not _holds_pictures(library, name):
                library.discard(name)
            raise


def _settle_trust(model_id: str, catalog: Catalog, settings: Settings) -> None:
    """Note a model that the caller chose; one that the catalog names must have been chosen."""
    named = catalog.settings
    if named is None or named.model_id != model_id:
        trust(model_id, settings)
    require_trusted(model_id, settings)


def _holds_pictures(library: Library, name: str) -> bool:
    try:
        with library.open_catalog(name) as catalog:
            return len(catalog.pictures) > 0
    except CollectionError as error:
        _LOG.info("a collection that was begun is discarded: %s", error)
        return False


class _Build:
    def __init__(
        self,
        wanted: CollectionSettings,
        settings: Settings,
        catalog: Catalog,
        meter: ProgressMeter,
        load: EmbedderLoader,
        order: BuildOrder,
    ) -> None:
        self.order = order
        self.hasher = Hasher(wanted.root, meter)
        self.wanted = wanted
        self.settings = settings
        self.catalog = catalog
        self.meter = meter
        self.load = load
        self.folder = catalog.folder
        self.thumbnails = Thumbnails(self.folder)
        self.report = BuildReport(self.folder.name)
        self.held = ExitStack()
        self.pool: WorkerPool | None = None

    def run(self, found: Scan) -> BuildReport:
        started = time.monotonic()
        build_id = self.catalog.builds.start(self.wanted.model_id)
        try:
            with self.held:
                self._run(found)
        except BaseException as error:
            stopped = isinstance(error, KeyboardInterrupt)
            self.catalog.builds.finish(build_id, "cancelled" if stopped else "failed")
            raise
        seconds, skips = time.monotonic() - started, tuple(self.catalog.skipped)
        remarked = self.catalog.pictures.remarked()
        known = self.catalog.pictures.stamps() if skips else {}
        kept = sum(skip.path in known for skip in skips)
        self.report = replace(
            self.report, seconds=seconds, skipped=skips, remarked=remarked, kept=kept
        )
        cancelled = self.report.cancelled
        self.catalog.builds.finish(build_id, "cancelled" if cancelled else "done", self.report)
        return self.report

    def _run(self, found: Scan) -> None:
        self.meter.begin(Stage.COMPARE)
        root = Root(self.wanted.root, found.identity)
        found = as_known(found, self.wanted, self.catalog)
        try:
            difference = compare_with_catalog(
                found, self.wanted, self.catalog, self.hasher, self.order
            )
        except Stopped:
            self.report = replace(self.report, cancelled=True)
            return
        model = self._model(difference)
        root.make_sure()
        self.report = replace(
            self.report,
            moved=len(difference.moved),
            removed=len(difference.removed),
            unchanged=len(difference.unchanged) + len(difference.touched),
            unreadable_folders=found.unreadable_folders,
            findings=settle(self.catalog, self.wanted, difference, found),
            read_again=self.hasher.read,
            effects=found.effects,
            model=model.card,
        )
        if not self._embed(self._work(difference).tasks(model.card), model, root):
            self.report = replace(self.report, cancelled=True)
            return
        self.meter.begin(Stage.INDEX)
        find_texts = self._background_finder(model)
        manifest = self._published(model.card, find_texts)
        # Only now: on two cores these texts take ViT-B/32 seconds, and embedded beside the pictures
        # they kept these waiting: 250 could be searched later in five of seven pairs of builds.
        self.meter.begin(Stage.CALIBRATE)
        keep_calibrated(self.catalog, model.card, find_texts)
        self.report = replace(self.report, manifest=manifest)
        self._tidy(model.card)
        if make_lost_thumbnails(self.wanted.root, self.catalog, self.thumbnails, self.meter):
            self.meter.begin(Stage.DONE)
        else:
            self.report = replace(self.report, cancelled=True)

    def _published(self, model: ModelCard, find_texts: FindBackground) -> IndexManifest:
        kind, anew = self.wanted.kind, self.order.rebuild
        return publish_index(self.folder, self.catalog, model, kind, find_texts, anew=anew)

    def _background_finder(self, model: BuildModel) -> FindBackground:
        texts = background_texts(model.card.model_id, self.settings)
        embedder = model.for_background_texts
        return partial(find_background, self.catalog, model.card, texts, self.settings, embedder)

    def _model(self, difference: Comparison) -> BuildModel:
        """Return the model of the vectors, loaded if there is work for it."""
        model = BuildModel(self.wanted.model_id, self.settings, self.catalog, self.load)
        if not model.known or not self._work(difference).is_none(model.known):
            # Decoders start meanwhile, as many as will have something to do.
            if not self.order.workers:
                CHILDREN.start(-(-len(difference.added) // _FILES_OF_A_DECODER))
            self.meter.begin(Stage.LOAD)
            model.load()
            if self.order.workers:
                workers = workers_for(self.order.workers, self.wanted.root, difference, model.card)
                self.pool = self.held.enter_context(workers)
        return model

    def _work(self, difference: Comparison) -> Work:
        return Work(self.catalog, difference, verify=self.order.verify)

    def _embed(self, tasks: Sequence[Task], model: BuildModel, root: Root) -> bool:
        """Take the tasks through the model; False if that was cancelled before the last."""
        self.meter.begin(Stage.EMBED, len(tasks))
        self.catalog.expected = len(self.catalog.pictures) + sum(not task.record for task in tasks)
        interim = Interim(
            self.catalog,
            model,
            self.wanted.kind,
            self._background_finder(model),
            self.meter.cancelled,
        )
        reader = self._reader(model)
        done = skips = 0
        suspects = [task.file for task in tasks if task.deaths]
        self.catalog.reading.only(suspects)
        try:
            with closing(reader.batches(tasks)) as batches:
                for batch in batches:
                    if self.meter.cancelled():
                        break
                    root.make_sure_after(batch)
                    model.note_precision(reader.card)  # the first of many batches is for finding it
                    self._store(batch, model.card)
                    done += len(batch)
                    skips += sum(result.skip is not None for result in batch)
                    recent = [result.facts.content_hash for result in batch if result.facts]
                    self.meter.advance(done, skips, batch[-1].task.file.path, recent)
                    stored = sum(result.vector is not None for result in batch)
                    interim.after(stored, len(batch), len(tasks) - done)
        finally:  # whoever ends in order has not died of a file
            self.catalog.reading.only(suspects[done:])
            self.held.close()  # workers hold memory, and are not needed any more
        if done < len(tasks):
            interim.at_the_stop()
        return done == len(tasks)

    def _reader(self, model: BuildModel) -> Reader | DistributedReader:
        root, cancelled = self.wanted.root, self.meter.cancelled
        if self.pool:
            return DistributedReader(root, self.thumbnails, self.pool, cancelled)
        return Reader(root, self.catalog, model.card, model.embedder, cancelled)

    def _store(self, batch: Sequence[TaskResult], model: ModelCard) -> None:
        ready = [result for result in batch if result.skip is None]
        lost = [a.task.record.picture_id for a in batch if a.task.record and a.is_lost]
        with self.catalog.transaction():
            ids = [self._put(result) for result in ready]
            self.catalog.vectors.put(model, ids, [a.vector for a in ready if a.vector is not None])
            self.catalog.skipped.put([a.skip for a in batch if a.skip])
            self.catalog.pictures.remove(lost)
            self.catalog.reading.end(result.task.file for result in batch)
        self.report = replace(
            self.report,
            added=self.report.added + sum(a.task.record is None for a in ready),
            changed=self.report.changed + sum(a.task.changed for a in ready),
            lost=self.report.lost + len(lost),
            unchanged=self.report.unchanged + self._kept(batch),
            embedded=self.report.embedded + sum(a.is_fresh for a in batch),
        )

    def _kept(self, batch: Sequence[TaskResult]) -> int:
        """Count the pictures that stay as they were, less those that were taken to do so."""
        skips = [a for a in batch if a.skip and a.task.record]
        kept = sum(a.task.changed and not a.is_lost for a in skips)
        lost = sum(not a.task.changed and a.is_lost for a in skips)
        return kept - lost

    def _put(self, result: TaskResult) -> int:
        record, file, facts = result.task.record, result.task.file, result.known_facts
        if record is None:
            return self.catalog.pictures.add(file, facts)
        if record.content_hash != facts.content_hash:
            self.catalog.vectors.forget(record.picture_id)
        self.catalog.pictures.change(record.picture_id, file, facts)
        return record.picture_id

    def _tidy(self, model: ModelCard) -> None:
        self.catalog.vectors.forget_other_models(model)
        if self.report.removed or self.report.lost or self.report.changed:
            contents = self.catalog.pictures.content_hashes()
            self.thumbnails.remove_all_but(contents)
            ScreenCopies(self.catalog.folder).remove_all_but(contents)
