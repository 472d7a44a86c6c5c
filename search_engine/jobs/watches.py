"""Which folders are watched, and the process that watches them while an app runs.

A collection is watched as long as a file beside its jobs says so, whatever is restarted. One
process looks through the folders in turn and begins a usual job where an update is due. It ends
with the app that started it, and the next one starts it again; so nothing goes on unseen.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from dataclasses import dataclass, replace
from pathlib import Path

from search_engine import files
from search_engine.collection.library import Library
from search_engine.errors import BadName, CollectionError, passing_over
from search_engine.files import documents
from search_engine.jobs.control import JOBS_FOLDER, WATCHED
from search_engine.jobs.processes import at_work, start_of
from search_engine.settings import DATA_VARIABLE, PROJECT_FOLDER, Settings

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FolderLook:
    """What was seen at the last look through a watched folder."""

    name: str
    """Of the collection."""
    at: float
    """Seconds since 1970."""
    is_away: bool = False
    trouble: str = ""
    """Why it cannot be looked through, or updated."""


@dataclass(frozen=True, slots=True)
class WatcherState:
    """The process that watches, and what it saw."""

    process: int = 0
    process_started: float = 0.0
    looks: tuple[FolderLook, ...] = ()

    @property
    def is_at_work(self) -> bool:
        """Whether the process is at work."""
        return at_work(self.process, self.process_started) is not None


class Watches:
    """The watched collections below one data folder."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = settings.collections_folder / JOBS_FOLDER

    def is_on(self, name: str) -> bool:
        """Return whether a collection is watched."""
        return self._file(name).exists()

    def switch(self, name: str, *, on: bool) -> None:
        """Watch a collection from now on, or no longer.

        Raises:
            CollectionError: That cannot be written.
        """
        Library(self._settings).folder(name)
        try:
            if on:
                files.make_folder(self._folder)
                files.write(self._file(name), b"")
            else:
                self._file(name).unlink(missing_ok=True)
        except OSError as error:
            cause, remedy = "Whether a folder is watched cannot be written", "Is the disk full?"
            raise CollectionError(cause, place=str(self._folder), remedy=remedy) from error

    def names(self) -> list[str]:
        """Return the watched collections."""
        library, names = Library(self._settings), []
        for file in sorted(self._folder.glob(f"*{WATCHED}")):
            with passing_over(_LOG, "a file among those of jobs is passed over", BadName):
                library.folder(file.stem)
                names.append(file.stem)
        return names

    def look(self, name: str) -> FolderLook | None:
        """Return what was seen of a collection last; None where nobody watches it now."""
        state = self.state()
        looks = (one for one in state.looks if one.name == name)
        return next(looks, None) if state.is_at_work else None

    def state(self) -> WatcherState:
        """Return the process that watches, or did."""
        try:
            return documents.read(self._state_file, WatcherState)
        except FileNotFoundError:
            return WatcherState()
        except (OSError, ValueError) as error:
            _LOG.info("the state of the watching process is passed over: %s", error)
            return WatcherState()

    def write(self, state: WatcherState) -> None:
        """Publish what the process saw; a full disk costs it."""
        with passing_over(_LOG, "what was seen of folders is not written", OSError):
            documents.write(self._state_file, state)

    def keep_up(self) -> None:
        """Have a process watch what is to be watched, which ends when this one does."""
        if not self.names() or self.state().is_at_work:
            return
        own = os.getpid()
        with passing_over(_LOG, "folders are not watched now", OSError):
            process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-m", "search_engine.jobs.watcher", str(own), str(start_of(own))],
                cwd=PROJECT_FOLDER,
                env=os.environ | {DATA_VARIABLE: str(self._settings.data_folder)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            # Its end has to be noted, or the system keeps an entry for it.
            threading.Thread(target=process.wait, daemon=True).start()
            # Of two that are started at once the one that is written last goes on.
            self.write(replace(WatcherState(), process=process.pid,
                               process_started=start_of(process.pid)))  # fmt: skip

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}{WATCHED}"

    @property
    def _state_file(self) -> Path:
        return self._folder / "watcher.json"
