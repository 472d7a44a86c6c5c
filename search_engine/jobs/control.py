"""Builds in a process of their own, which outlive whoever started them.

The state of a job is a small file that is replaced whole, so that any process may look at it, now
or after a restart; one that says nothing sensible counts as none. A build is crash-safe; so a job
that does not stop in time is simply ended.

`process` is what such a process runs, `news` how jobs ended that nobody has seen yet.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import psutil

from search_engine import files
from search_engine.checking import CheckReport
from search_engine.collection.last_used import last_used, note_use
from search_engine.collection.library import Library
from search_engine.embedding import quick_signature
from search_engine.errors import BadName, CollectionBusy, CollectionError, Trouble, passing_over
from search_engine.files import documents
from search_engine.jobs.processes import at_work, start_of
from search_engine.names import one_spelling
from search_engine.records import CollectionSettings, IndexKind, ScanRules
from search_engine.records.builds import BuildOrder, BuildProgress, BuildRequest, Stage
from search_engine.settings import (
    DATA_VARIABLE,
    MINI_MODEL,
    PROJECT_FOLDER,
    SAMPLE_COLLECTION,
    Settings,
)

_LOG = logging.getLogger(__name__)

REPAIR, WATCHED = "repair", ".watch"
"""Asks a job to mend what a check found, instead of building."""
JOBS_FOLDER = ".jobs"

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
    """Of the finished build: added, changed, moved, removed, unchanged, embedded, skipped,
    unreadable folders, and pictures that are out of reach."""
    seconds: float = 0.0
    error: str = ""
    """What versions before 0.6 wrote of a failure."""
    trouble: Trouble | None = None
    """Why it failed."""
    repairs: bool = False
    """Whether it mends what a check found, instead of building."""


class Jobs:
    """The builds below one data folder."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = settings.collections_folder / JOBS_FOLDER

    def start(
        self, name: str, wanted: CollectionSettings, order: BuildOrder | None = None
    ) -> JobStatus:
        """Start to build a collection.

        Raises:
            CollectionBusy: A job is at work on it.
            CollectionError: Its files cannot be written.
        """
        request = BuildRequest(wanted, order or BuildOrder())
        return self._begin(name, self._request_file(name), request)

    def repair(self, report: CheckReport) -> JobStatus:
        """Start to mend what a check of a collection found.

        Raises:
            CollectionBusy: A job is at work on it.
            CollectionError: Its files cannot be written.
        """
        name = report.collection
        return self._begin(name, self._report_file(name), report, REPAIR)

    def again(self, name: str) -> JobStatus:
        """Start once more what the last job of a collection was asked for.

        Raises:
            CollectionBusy: A job is at work on it.
            CollectionError: What it was asked for cannot be read, or nothing can be written.
        """
        if not self.status(name).repairs:
            asked = self.request(name)
            return self.start(name, asked.wanted, asked.order)
        report = self.report(name)
        if report is None:
            raise _unreadable(self._report_file(name))
        return self.repair(report)

    def _begin(self, name: str, file: Path, asked: object, *what: str) -> JobStatus:
        Library(self._settings).folder(name)
        if self.status(name).state.active:
            cause = f"'{name}' is being built already"
            raise CollectionBusy(cause, remedy="Wait until that has finished, or cancel it.")
        try:
            files.make_folder(self._folder)
            documents.write(file, asked)
            process = self._process(name, *what)
            # Its end has to be noted, or the system keeps an entry for it.
            threading.Thread(target=process.wait, daemon=True).start()
            status = JobStatus(
                JobState.RUNNING, process.pid, start_of(process.pid), time.time(),
                repairs=REPAIR in what,
            )  # fmt: skip
            self.write(name, status)
        except OSError as error:
            cause, remedy = "The build cannot be started", "Is the disk full?"
            raise CollectionError(cause, place=str(self._folder), remedy=remedy) from error
        return status

    def _process(self, name: str, *what: str) -> subprocess.Popen[bytes]:
        files.write(self.log_file(name), b"")
        with self.log_file(name).open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-m", "search_engine.jobs.process", name, *what],
                cwd=PROJECT_FOLDER,
                env=os.environ | {DATA_VARIABLE: str(self._settings.data_folder)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def start_sample(self) -> JobStatus:
        """Start to draw the sample gallery and to build its collection."""
        rules, model, kind = ScanRules(), MINI_MODEL, IndexKind.EXACT
        root = self._settings.gallery_folder.resolve()
        return self.start(SAMPLE_COLLECTION, CollectionSettings(root, rules, model, kind))

    def sample_is_due(self) -> bool:
        """Return whether the sample should be built: nothing is here yet, or its model is new."""
        library = Library(self._settings)
        if self.status(SAMPLE_COLLECTION).state.active:
            return False
        if SAMPLE_COLLECTION not in library.names():
            return library.wants_sample
        signature = quick_signature(MINI_MODEL, self._settings)
        unread = passing_over(_LOG, "the sample is left as it is", CollectionError)
        with unread, library.open_catalog(SAMPLE_COLLECTION) as catalog:
            return catalog.vectors.remembered_model(MINI_MODEL, signature) is None
        return False

    def status(self, name: str) -> JobStatus:
        """Return how the last job of a collection is."""
        try:
            status = documents.read(self._status_file(name), JobStatus)
        except FileNotFoundError:
            return JobStatus()
        except (OSError, ValueError) as error:
            _LOG.info("the state of a job is passed over: %s", error)
            return JobStatus()
        if status.state.active and at_work(status.process, status.process_started) is None:
            return replace(status, state=JobState.INTERRUPTED)
        return status

    def cancel(self, name: str) -> None:
        """Ask a job to stop; it does within two seconds, and the next one goes on from there."""
        status = self.status(name)
        process = at_work(status.process, status.process_started) if status.state.active else None
        if process is not None:
            with passing_over(_LOG, "a job has ended by itself", psutil.Error):
                process.terminate()

    def active(self) -> list[str]:
        """Return the names of the collections that are being built."""
        return [name for name in self.names() if self.status(name).state.active]

    def names(self) -> list[str]:
        """Return the names of the collections that a job is or was about."""
        library, names = Library(self._settings), []
        for file in sorted(self._folder.glob("*.status")):
            with passing_over(_LOG, "a file among those of jobs is passed over", BadName):
                library.folder(file.stem)
                names.append(file.stem)
        return names

    def forget(self, name: str) -> None:
        """Delete what is known about the last job of a collection."""
        for file in self._files(name):
            try:
                file.unlink(missing_ok=True)
            except OSError as error:
                _LOG.info("a file of a job stays: %s", error)

    def rename(self, name: str, new_name: str) -> None:
        """Return a collection another name, with what is known about its last job.

        Raises:
            BadName: The new name cannot be one, or another collection has it.
            CollectionMissing: There is no collection of the old name.
            CollectionBusy: It is being built.
            CollectionError: It cannot be renamed.
        """
        name, new_name = one_spelling(name), one_spelling(new_name)
        for one in (name, new_name):
            Library(self._settings).folder(one)
            if self.status(one).state.active:
                cause = f"'{one}' is being built"
                raise CollectionBusy(cause, remedy="Wait until that has finished, or cancel it.")
        Library(self._settings).rename(name, new_name)
        for old, new in zip(self._files(name), self._files(new_name), strict=True):
            try:
                new.unlink(missing_ok=True)
                with suppress(FileNotFoundError):
                    old.rename(new)
            except OSError as error:
                _LOG.info("a file of a job keeps its name: %s", error)
        if last_used(self._settings) == name:
            note_use(new_name, self._settings)

    def _files(self, name: str) -> list[Path]:
        of_it = (
            self._status_file, self._request_file, self._report_file, self.seen_file,
            self.log_file,
        )  # fmt: skip
        return [*(place(name) for place in of_it), self._folder / f"{name}{WATCHED}"]

    def request(self, name: str) -> BuildRequest:
        """Return what the last job was asked to build.

        Raises:
            CollectionError: That cannot be read.
        """
        file = self._request_file(name)
        try:
            return documents.read(file, BuildRequest)
        except (OSError, ValueError) as error:
            # Versions before 0.6 wrote nothing else.
            with passing_over(_LOG, "it is no older request either", OSError, ValueError):
                return BuildRequest(documents.read(file, CollectionSettings), BuildOrder())
            raise _unreadable(file) from error

    def note_request(self, name: str, asked: BuildRequest) -> None:
        """Note what a build that another process runs was asked for; a full disk costs it."""
        with passing_over(_LOG, "what a build is asked for is not noted", OSError):
            files.make_folder(self._folder)
            documents.write(self._request_file(name), asked)

    def report(self, name: str) -> CheckReport | None:
        """Return what the last job was asked to mend; None where that cannot be read."""
        try:
            return documents.read(self._report_file(name), CheckReport)
        except (OSError, ValueError) as error:
            _LOG.info("the collection is checked again: %s", error)
            return None

    def log_file(self, name: str) -> Path:
        """Return where the output of a job's process goes."""
        return self._folder / f"{name}.log"

    def seen_file(self, name: str) -> Path:
        """Return where it is noted which outcome of a job was seen."""
        return self._folder / f"{name}.seen"

    def write(self, name: str, status: JobStatus) -> None:
        """Publish a job's status."""
        documents.write(self._status_file(name), status)

    def _status_file(self, name: str) -> Path:
        return self._folder / f"{name}.status"

    def _request_file(self, name: str) -> Path:
        return self._folder / f"{name}.request"

    def _report_file(self, name: str) -> Path:
        return self._folder / f"{name}.report"


def _unreadable(file: Path) -> CollectionError:
    cause, remedy = "What was to be built cannot be read any more", "Start it again."
    return CollectionError(cause, place=str(file), remedy=remedy)
