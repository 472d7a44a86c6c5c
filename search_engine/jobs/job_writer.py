"""What a build that runs in this process tells of itself, so that any page can show and stop it."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from search_engine.errors import SearchEngineError, Trouble
from search_engine.jobs.control import Jobs, JobState, JobStatus
from search_engine.jobs.news import JobNews
from search_engine.jobs.processes import start_of
from search_engine.records.builds import BuildProgress, BuildReport, BuildRequest
from search_engine.settings import Settings

_LOG = logging.getLogger(__name__)

_SECONDS_BETWEEN_WRITES = 0.2


class JobWriter:
    """Publishes how a job of this process is."""

    def __init__(self, name: str, settings: Settings, *, repairs: bool = False) -> None:
        self._name = name
        self._jobs = Jobs(settings)
        self._status = JobStatus(
            JobState.RUNNING, os.getpid(), start_of(os.getpid()), time.time(), repairs=repairs
        )
        self._written = 0.0
        self._publishing = threading.Lock()

    @property
    def began(self) -> bool:
        """Whether anything was published."""
        return self._written > 0

    def advance(self, progress: BuildProgress) -> None:
        """Publish how far it is, unless that was done just now."""
        is_step = progress.stage is not self._status.progress.stage or not self.began
        if is_step or time.monotonic() - self._written > _SECONDS_BETWEEN_WRITES:
            self.publish(progress=progress)

    def ended(self, report: BuildReport) -> None:
        """Publish what it did."""
        names = ("added", "changed", "moved", "removed", "lost", "unchanged", "embedded")
        counts = [(name, getattr(report, name)) for name in names]
        self.publish(
            state=JobState.CANCELLED if report.cancelled else JobState.DONE,
            counts=(
                *counts,
                ("skipped", len(report.skipped)),
                ("kept", report.kept),
                ("read with a remark", report.remarked),
                ("unreadable folders", len(report.unreadable_folders)),
                ("out of reach", report.findings.pictures_away),
            ),
            seconds=report.seconds,
        )

    def failed(self, error: Exception) -> None:
        """Publish why it failed."""
        if isinstance(error, SearchEngineError):
            trouble = Trouble.of(error)
        else:
            cause = f"This should not have happened: {type(error).__name__}: {error}"
            remedy = "Try again; if it stays, please report it with this file."
            trouble = Trouble(cause, str(self._jobs.log_file(self._name)), remedy)
        self.publish(state=JobState.FAILED, trouble=trouble)

    def publish(self, **changes: object) -> bool:
        """Publish how the job is, unless it has ended; tell whether it had not."""
        with self._publishing:
            if not self._status.state.active:
                return False
            self._status = replace(self._status, **changes)  # type: ignore[arg-type]
            try:
                self._jobs.write(self._name, self._status)
            except OSError as error:  # a full disk has the build say so, not its news
                _LOG.warning("the state of the build cannot be written: %s", error)
            self._written = time.monotonic()
            return True


@contextmanager
def shown_to_pages(name: str, asked: BuildRequest, settings: Settings) -> Iterator[JobWriter]:
    """Have pages show a build of the command line as one of theirs, with a way to stop it.

    Nothing is published before it advances, and holds the collection: another build may be at work.
    How it ends is told where it was begun, and so is no news; if it is killed, that is.

    Args:
        name: Of the collection.
        asked: What the build is asked for, for whoever goes on with it.
        settings: Where things lie.
    """
    writer = _Shown(name, asked, settings)
    try:
        yield writer
    except Exception as error:
        if writer.began:
            writer.failed(error)
        raise
    finally:
        if writer.began:
            writer.publish(state=JobState.CANCELLED)  # unless it ended otherwise
            JobNews(settings).dismiss(name)


class _Shown(JobWriter):
    """One whose request is noted when it first advances."""

    def __init__(self, name: str, asked: BuildRequest, settings: Settings) -> None:
        super().__init__(name, settings)
        self._asked = asked

    def advance(self, progress: BuildProgress) -> None:
        if not self.began:
            self._jobs.note_request(self._name, self._asked)
        super().advance(progress)
