"""Builds in a process of their own, which outlive whoever started them.

The state of a job is a small file that is replaced whole, so that any process may look at it, now
or after a restart. A build is crash-safe; so a job that does not stop in time is simply ended.

``python -m search_engine.jobs NAME`` is what such a process runs.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from types import FrameType

import psutil

from search_engine.embedding import quick_signature
from search_engine.errors import CollectionBusy, SearchEngineError
from search_engine.indexing import build_collection
from search_engine.library import Library
from search_engine.records import (
    BuildProgress,
    CollectionSettings,
    IndexKind,
    ScanRules,
    Stage,
)
from search_engine.sample import ensure_gallery
from search_engine.settings import (
    DATA_VARIABLE,
    MINI_MODEL,
    PROJECT_FOLDER,
    SAMPLE_COLLECTION,
    Settings,
)

_JOBS_FOLDER = ".jobs"
_SECONDS_TO_STOP = 1.5
_SECONDS_BETWEEN_WRITES = 0.2
_NICENESS = 10

_AT_THE_START = BuildProgress(Stage.SCAN)


class JobState(StrEnum):
    """What a job is doing, or how it ended."""

    NONE = "none"
    RUNNING = "running"
    STOPPING = "stopping"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"
    INTERRUPTED = "interrupted"

    @property
    def active(self) -> bool:
        """Whether the process is at work."""
        return self in {JobState.RUNNING, JobState.STOPPING}


@dataclass(frozen=True, slots=True)
class JobStatus:
    """How the last build of a collection in a process of its own is or was."""

    state: JobState = JobState.NONE
    process: int = 0
    process_started: float = 0.0
    """Seconds since 1970; tells the process from a later one of the same number."""
    began: float = 0.0
    progress: BuildProgress = _AT_THE_START
    counts: tuple[tuple[str, int], ...] = ()
    """Of the finished build: added, changed, moved, removed, unchanged, embedded, skipped."""
    seconds: float = 0.0
    error: str = ""


class Jobs:
    """The builds below one data folder."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = settings.collections_folder / _JOBS_FOLDER

    def start(self, name: str, wanted: CollectionSettings) -> JobStatus:
        """Start to build a collection.

        Raises:
            CollectionBusy: A job is at work on it.
        """
        Library(self._settings).folder(name)
        if self.status(name).state.active:
            cause = f"'{name}' is being built already"
            raise CollectionBusy(cause, remedy="Wait until that has finished, or cancel it.")
        self._folder.mkdir(parents=True, exist_ok=True)
        _write(self._request_file(name), _as_request(wanted))
        with self.log_file(name).open("w", encoding="utf-8") as log:
            process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-m", "search_engine.jobs", name],
                cwd=PROJECT_FOLDER,
                env=os.environ | {DATA_VARIABLE: str(self._settings.data_folder)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        status = _of_process(process.pid)
        self.write(name, status)
        # Somebody has to take note of its end, or the system keeps a shadow of it.
        threading.Thread(target=process.wait, daemon=True).start()
        return status

    def start_sample(self) -> JobStatus:
        """Start to draw the sample gallery and to build its collection."""
        rules, model, kind = ScanRules(), MINI_MODEL, IndexKind.EXACT
        root = self._settings.gallery_folder.resolve()
        return self.start(SAMPLE_COLLECTION, CollectionSettings(root, rules, model, kind))

    def sample_is_due(self) -> bool:
        """Tell whether the sample should be built: nothing is here yet, or its model is new."""
        library = Library(self._settings)
        if self.status(SAMPLE_COLLECTION).state.active:
            return False
        if SAMPLE_COLLECTION not in library.names():
            return library.wants_sample
        signature = quick_signature(MINI_MODEL, self._settings)
        with library.open_catalog(SAMPLE_COLLECTION) as catalog:
            return catalog.vectors.remembered_model(MINI_MODEL, signature) is None

    def status(self, name: str) -> JobStatus:
        """Tell how the last job of a collection is."""
        try:
            saved = json.loads(self._status_file(name).read_text("utf-8"))
        except (OSError, ValueError):
            return JobStatus()
        progress = saved.pop("progress")
        progress |= {"stage": Stage(progress["stage"]), "recent": tuple(progress["recent"])}
        saved["counts"] = tuple((key, value) for key, value in saved["counts"])
        status = JobStatus(**saved | {"progress": BuildProgress(**progress)})
        status = replace(status, state=JobState(status.state))
        if status.state.active and not _is_alive(status):
            return replace(status, state=JobState.INTERRUPTED)
        return status

    def cancel(self, name: str) -> None:
        """Ask a job to stop; it does within two seconds, and the next one goes on from there."""
        status = self.status(name)
        if status.state.active:
            psutil.Process(status.process).terminate()

    def active(self) -> list[str]:
        """Give the names of the collections that are being built."""
        names = sorted(file.stem for file in self._folder.glob("*.status"))
        return [name for name in names if self.status(name).state.active]

    def forget(self, name: str) -> None:
        """Delete what is known about the last job of a collection."""
        for file in self._folder.glob(f"{name}.*"):
            file.unlink(missing_ok=True)

    def request(self, name: str) -> CollectionSettings:
        """Give what the last job was asked to build."""
        return _of_request(json.loads(self._request_file(name).read_text("utf-8")))

    def log_file(self, name: str) -> Path:
        """Tell where the output of a job's process goes."""
        return self._folder / f"{name}.log"

    def write(self, name: str, status: JobStatus) -> None:
        """Publish a job's status."""
        _write(self._status_file(name), asdict(status))

    def _status_file(self, name: str) -> Path:
        return self._folder / f"{name}.status"

    def _request_file(self, name: str) -> Path:
        return self._folder / f"{name}.request"


def _write(file: Path, document: object) -> None:
    beside = file.with_name(f"{file.name}.{os.getpid()}.{threading.get_ident()}")
    beside.write_text(json.dumps(document), encoding="utf-8")
    beside.replace(file)


def _of_process(number: int) -> JobStatus:
    try:
        started = psutil.Process(number).create_time()
    except psutil.NoSuchProcess:
        started = 0.0
    return JobStatus(JobState.RUNNING, number, started, time.time())


def _is_alive(status: JobStatus) -> bool:
    try:
        process = psutil.Process(status.process)
        same = bool(process.create_time() == status.process_started)
        return same and bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _as_request(wanted: CollectionSettings) -> dict[str, object]:
    return asdict(wanted) | {"root": str(wanted.root)}


def _of_request(saved: dict[str, object]) -> CollectionSettings:
    rules = saved["rules"]
    assert isinstance(rules, dict)  # noqa: S101 - tells the type checker what was written
    return CollectionSettings(
        root=Path(str(saved["root"])),
        rules=ScanRules(tuple(rules["include"]), tuple(rules["exclude"]), rules["hidden"]),
        model_id=str(saved["model_id"]),
        kind=IndexKind(str(saved["kind"])),
    )


class _Worker:
    """The process of one job, from the inside."""

    def __init__(self, name: str, settings: Settings) -> None:
        self.name = name
        self.settings = settings
        self.jobs = Jobs(settings)
        self.status = _of_process(os.getpid())
        self.stopping = False
        self.written = 0.0

    def run(self) -> None:
        self.publish()
        try:
            if self.name == SAMPLE_COLLECTION:
                ensure_gallery(self.settings.gallery_folder)
            report = build_collection(
                self.name,
                self.jobs.request(self.name),
                self.settings,
                on_progress=self.advance,
                cancelled=lambda: self.stopping,
            )
        except SearchEngineError as error:
            self.publish(state=JobState.FAILED, error=str(error))
            return
        except Exception as error:
            self.publish(state=JobState.FAILED, error=f"{type(error).__name__}: {error}")
            raise
        names = ("added", "changed", "moved", "removed", "unchanged", "embedded")
        counts = [(name, getattr(report, name)) for name in names]
        self.publish(
            state=JobState.CANCELLED if report.cancelled else JobState.DONE,
            counts=(*counts, ("skipped", len(report.skipped))),
            seconds=report.seconds,
        )

    def advance(self, progress: BuildProgress) -> None:
        is_step = progress.stage is not self.status.progress.stage
        if is_step or time.monotonic() - self.written > _SECONDS_BETWEEN_WRITES:
            self.publish(progress=progress)

    def publish(self, **changes: object) -> None:
        self.status = replace(self.status, **changes)  # type: ignore[arg-type]
        self.jobs.write(self.name, self.status)
        self.written = time.monotonic()

    def stop(self, _number: int, _frame: FrameType | None) -> None:
        if not self.stopping:
            self.stopping = True
            self.publish(state=JobState.STOPPING)
            # A model that is being loaded, say, cannot be asked to stop.
            deadline = threading.Timer(_SECONDS_TO_STOP, self.end)
            deadline.daemon = True
            deadline.start()

    def end(self) -> None:
        self.publish(state=JobState.CANCELLED)
        os._exit(0)


def main(name: str) -> None:
    """Run the job of a collection that `Jobs.start` has prepared."""
    if hasattr(os, "nice"):
        os.nice(_NICENESS)  # searching goes first
    worker = _Worker(name, Settings.from_environment())
    signal.signal(signal.SIGTERM, worker.stop)
    worker.run()


if __name__ == "__main__":
    main(sys.argv[1])
