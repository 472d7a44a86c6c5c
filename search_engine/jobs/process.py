"""The process of one job: ``python -m search_engine.jobs.process NAME [repair]``."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from types import FrameType

from search_engine.building import build_collection
from search_engine.checking import check_collection, repair_collection
from search_engine.errors import SearchEngineError
from search_engine.jobs.control import REPAIR, Jobs, JobState
from search_engine.jobs.job_writer import JobWriter
from search_engine.records.builds import BuildReport
from search_engine.sample import ensure_gallery
from search_engine.settings import SAMPLE_COLLECTION, Settings

_SECONDS_TO_STOP = 1.5
_SECONDS_BETWEEN_LOOKS = 0.05
_NICENESS = 10


class _Worker:
    """The process of one job, from the inside."""

    def __init__(self, name: str, settings: Settings, *, repairs: bool) -> None:
        self.name = name
        self.settings = settings
        self.repairs = repairs
        self.jobs = Jobs(settings)
        self.writer = JobWriter(name, settings, repairs=repairs)
        self.stopping = False

    def run(self) -> None:
        threading.Thread(target=self.end_when_asked, daemon=True).start()
        self.writer.publish()
        try:
            self.writer.ended(self.repair() if self.repairs else self.build())
        except Exception as error:
            self.writer.failed(error)
            if not isinstance(error, SearchEngineError):
                raise

    def build(self) -> BuildReport:
        if self.name == SAMPLE_COLLECTION:
            ensure_gallery(self.settings.gallery_folder)
        asked = self.jobs.request(self.name)
        return build_collection(
            self.name,
            asked.wanted,
            self.settings,
            on_progress=self.writer.advance,
            cancelled=lambda: self.stopping,
            order=asked.order,
        )

    def repair(self) -> BuildReport:
        found = self.jobs.report(self.name) or check_collection(self.name, self.settings)
        return repair_collection(
            found, self.settings, on_progress=self.writer.advance, cancelled=lambda: self.stopping
        )

    def stop(self, _number: int, _frame: FrameType | None) -> None:
        """Note the wish, and do nothing else: a signal may come in the middle of a write."""
        self.stopping = True

    def end_when_asked(self) -> None:
        """Say that the job stops, and end it where it cannot: while it loads a model, say."""
        while not self.stopping:
            time.sleep(_SECONDS_BETWEEN_LOOKS)
        self.writer.publish(state=JobState.STOPPING)
        time.sleep(_SECONDS_TO_STOP)
        if self.writer.publish(state=JobState.CANCELLED):
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
