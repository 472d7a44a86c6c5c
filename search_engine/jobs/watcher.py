"""The process that watches folders: ``python -m search_engine.jobs.watcher PARENT STARTED``."""

from __future__ import annotations

import logging
import os
import sys
import time
from dataclasses import replace

from search_engine.building import WatchedFolder
from search_engine.building.watching import SECONDS_BETWEEN_LOOKS
from search_engine.collection.library import Library
from search_engine.errors import CollectionBusy, CollectionMissing, SearchEngineError
from search_engine.jobs.control import Jobs
from search_engine.jobs.processes import at_work, start_of
from search_engine.jobs.watches import FolderLook, WatcherState, Watches
from search_engine.settings import Settings

_LOG = logging.getLogger(__name__)

_NICENESS = 10


class Watcher:
    """Looks through the watched folders in turn, and begins the updates that are due."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._watches = Watches(settings)
        self._jobs = Jobs(settings)
        self._folders: dict[str, WatchedFolder] = {}
        self._next: dict[str, float] = {}
        self._looks: dict[str, FolderLook] = {}

    def run(self, parent: int, parent_started: float) -> None:
        """Watch until nothing is to be watched, the parent ends, or another process does it."""
        own = WatcherState(os.getpid(), start_of(os.getpid()))
        self._watches.write(own)
        while at_work(parent, parent_started) is not None:
            written = self._watches.state()
            if not self._watches.names() or (written.process != own.process and written.is_at_work):
                return
            if self.look_round():
                self._watches.write(replace(own, looks=tuple(self._looks.values())))
            time.sleep(SECONDS_BETWEEN_LOOKS)

    def look_round(self) -> bool:
        """Look through each folder whose turn it is; return whether one was."""
        names = self._watches.names()
        for gone in self._folders.keys() - set(names):
            for known in (self._folders, self._next, self._looks):
                known.pop(gone, None)
        due = [name for name in names if time.monotonic() >= self._next.get(name, 0.0)]
        for name in due:
            folder = self._folders.setdefault(name, WatchedFolder(name, self._settings))
            self._looks[name] = self._looked(name, folder)
            self._next[name] = time.monotonic() + folder.rest
        return bool(due)

    def _looked(self, name: str, folder: WatchedFolder) -> FolderLook:
        seen = FolderLook(name, time.time())
        try:
            if not self._jobs.status(name).state.active and folder.look():
                self._update(name, folder)
            return replace(seen, is_away=folder.is_away)
        except CollectionBusy:
            return seen
        except CollectionMissing:
            self._watches.switch(name, on=False)
            return seen
        except SearchEngineError as error:
            return replace(seen, trouble=str(error))
        except Exception as error:  # noqa: BLE001 - one folder must not keep others from being seen
            _LOG.exception("a watched folder is not looked through")
            cause = f"This should not have happened: {type(error).__name__}: {error}"
            return replace(seen, trouble=cause)

    def _update(self, name: str, folder: WatchedFolder) -> None:
        with Library(self._settings).open_catalog(name) as catalog:
            wanted = catalog.settings
        if wanted is not None:
            self._jobs.start(name, wanted)
            folder.note_update()


def main() -> None:
    """Watch for the process that is named on the command line."""
    parent, started = sys.argv[1:]
    os.nice(_NICENESS)
    Watcher(Settings.from_environment()).run(int(parent), float(started))


if __name__ == "__main__":
    main()
