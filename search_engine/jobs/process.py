"""The process of one job: ``python -m search_engine.jobs.process NAME [repair]``."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
from dataclasses import replace
from types import FrameType

from search_engine.building import build_collection
from search_engine.checking import check_collection, repair_collection
from search_engine.errors import SearchEngineError, Trouble
from search_engine.jobs.control import REPAIR, Jobs, JobState, JobStatus
from search_engine.jobs.processes import start_of
from search_engine.records.builds import BuildProgress, BuildReport
from search_engine.sample import ensure_gallery
from search_engine.settings import SAMPLE_COLLECTION, Settings

_LOG = logging.getLogger(__name__)

_SECONDS_TO_STOP = 1.5
_SECONDS_BETWEEN_LOOKS = 0.05
_SECONDS_BETWEEN_WRITES = 0.2
_NICENESS = 10


class _Worker:
    """The process of one job, from the inside."""

    def __init__(self, name: str, settings: Settings, *, repairs: bool) -> None:
        self.name = name
        self.settings = settings
        self.repairs = repairs
        self.jobs = Jobs(settings)
        self.status = JobStatus(
            JobState.RUNNING, os.getpid(), start_of(os.getpid()), time.time(), repairs=repairs
        )
        self.stopping = False
        self.written = 0.0
        self._publishing = threading.Lock()

    def run(self) -> None:
        threading.Thread(target=self.end_when_asked, daemon=True).start()
        self.publish()
        try:
            report = self.repair() if self.repairs else self.build()
        except SearchEngineError as error:
            self.publish(state=JobState.FAILED, trouble=Trouble.of(error))
            return
        except Exception as error:
            self.publish(state=JobState.FAILED, trouble=self.fault(error))
            raise
        names = ("added", "changed", "moved", "removed", "lost", "unchanged", "embedded")
        counts = [(name, getattr(report, name)) for name in names]
        away = report.findings.pictures_away
        self.publish(
            state=JobState.CANCELLED if report.cancelled else JobState.DONE,
            counts=(
                *counts,
                ("skipped", len(report.skipped)),
                ("kept", report.kept),
                ("read with a remark", report.remarked),
                ("unreadable folders", len(report.unreadable_folders)),
                ("out of reach", away),
            ),
            seconds=report.seconds,
        )

    def fault(self, error: Exception) -> Trouble:
        cause = f"This should not have happened: {type(error).__name__}: {error}"
        remedy = "Try again; if it stays, please report it with this file."
        return Trouble(cause, str(self.jobs.log_file(self.name)), remedy)

    def build(self) -> BuildReport:
        if self.name == SAMPLE_COLLECTION:
            ensure_gallery(self.settings.gallery_folder)
        asked = self.jobs.request(self.name)
        return build_collection(
            self.name,
            asked.wanted,
            self.settings,
            on_progress=self.advance,
            cancelled=lambda: self.stopping,
            order=asked.order,
        )

    def repair(self) -> BuildReport:
        found = self.jobs.report(self.name) or check_collection(self.name, self.settings)
        return repair_collection(
            found, self.settings, on_progress=self.advance, cancelled=lambda: self.stopping
        )

    def advance(self, progress: BuildProgress) -> None:
        is_step = progress.stage is not self.status.progress.stage
        if is_step or time.monotonic() - self.written > _SECONDS_BETWEEN_WRITES:
            self.publish(progress=progress)

    def publish(self, **changes: object) -> bool:
        """Publish how the job is, unless it has ended; tell whether it had not."""
        with self._publishing:
            if not self.status.state.active:
                return False
            self.status = replace(self.status, **changes)  # type: ignore[arg-type]
            try:
                self.jobs.write(self.name, self.status)
            except OSError as error:  # a full disk has the build say so, not its news
                _LOG.warning("the state of the build cannot be written: %s", error)
            self.written = time.monotonic()
            return True

    def stop(self, _number: int, _frame: FrameType | None) -> None:
        """Note the wish, and do nothing else: a signal may come in the middle of a write."""
        self.stopping = True

    def end_when_asked(self) -> None:
        """Say that the job stops, and end it where it cannot: while it loads a model, say."""
        while not self.stopping:
            time.sleep(_SECONDS_BETWEEN_LOOKS)
        self.publish(state=JobState.STOPPING)
        time.sleep(_SECONDS_TO_STOP)
        if self.publish(state=JobState.CANCELLED):
            os._exit(0)


def main(name: str, *what: str) -> None:
    """Run the job of a collection that `Jobs.start` has prepared."""
    os.umask(0o077)  # what is made of somebody's pictures is theirs
    if hasattr(os, "nice"):
        os.nice(_NICENESS)  # searching goes first
    worker = _Worker(name, Settings.from_environment(), repairs=REPAIR in what)
    signal.signal(signal.SIGTERM, worker.stop)
    worker.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
