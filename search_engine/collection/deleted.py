"""Collections that were deleted and can be brought back for some minutes."""

from __future__ import annotations

import logging
import os
import re
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from search_engine import files
from search_engine.collection import joined_folders
from search_engine.collection.library import NO_SAMPLE, REMOVED, Library
from search_engine.errors import BadName, CollectionError, CollectionMissing, passing_over
from search_engine.names import compared, one_spelling
from search_engine.settings import SAMPLE_COLLECTION, Settings

_LOG = logging.getLogger(__name__)

MINUTES_KEPT = 10
"""So long a deleted collection can be brought back."""
_ASIDE = ".deleted-"
_TOKEN = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Deleted:
    """A collection that was deleted and is still there."""

    token: str
    name: str
    seconds_ago: float


class DeletedCollections:
    """What was deleted lies aside, whole, below the folder of collections until its time is over.

    Each step is one rename, so that whoever is killed between two leaves a collection that is
    there, or can be brought back, or is gone: never a half of one.
    """

    def __init__(
        self, settings: Settings, forget: Callable[[Path], object] = lambda _folder: None
    ) -> None:
        self._root = settings.collections_folder
        self._library = Library(settings)
        self._forget = forget
        """Deletes what a collection has elsewhere; called once its time is over."""

    def delete(self, name: str) -> Deleted:
        """Take a collection out of sight; also one that cannot be read.

        Raises:
            CollectionMissing: There is no collection of this name.
            CollectionBusy: It is being built.
            CollectionError: It cannot be moved.
        """
        folder = self._library.folder(name)
        if name not in self._library.names():
            self._library.open_catalog(name).close()
        token = secrets.token_hex(8)
        self._keep_links(name)
        with self._library.lock(name):
            try:
                files.make_folder(self._aside(token))
                folder.rename(self._aside(token) / folder.name)
            except OSError as error:
                cause = f"'{name}' cannot be deleted: {error.strerror or error}"
                remedy = "May this user write there, and does no other program have it open?"
                raise CollectionError(cause, place=str(folder), remedy=remedy) from error
            if name == SAMPLE_COLLECTION:
                with passing_over(_LOG, "the sample comes back the next time", OSError):
                    files.write(self._root / NO_SAMPLE, b"")
        return Deleted(token, name, 0)

    def _keep_links(self, name: str) -> None:
        unread = passing_over(_LOG, "whether it has several folders is not known", CollectionError)
        with unread, self._library.open_catalog(name) as catalog:
            if catalog.settings:
                joined_folders.keep_for_now(catalog.settings.root)

    def all(self) -> list[Deleted]:
        """Return what can be brought back, the latest first."""
        found = []
        for aside, seconds in self._lying_aside():
            token, lies_there = aside.name.removeprefix(_ASIDE), _lies_in(aside)
            if lies_there and not _is_over(seconds) and _TOKEN.fullmatch(token):
                found.append(Deleted(token, one_spelling(lies_there.name), seconds))
        return sorted(found, key=lambda one: one.seconds_ago)

    def _lying_aside(self) -> Iterator[tuple[Path, float]]:
        """Return what lies aside, and for how many seconds; a clock may have been set back."""
        for aside in self._root.glob(f"{_ASIDE}*"):
            with passing_over(_LOG, "it was brought back just now", OSError):
                yield aside, abs(time.time() - aside.stat().st_mtime)

    def bring_back(self, token: str) -> str:
        """Put a collection back whole, and return its name.

        Raises:
            BadName: Another collection has its name by now.
            CollectionMissing: It is deleted for good by now.
            CollectionError: It cannot be moved.
        """
        aside = self._aside(token)
        lies_there = _lies_in(aside)
        if lies_there is None:
            cause = "The collection is deleted for good by now"
            raise CollectionMissing(cause, remedy="Index its folder anew.")
        name = one_spelling(lies_there.name)
        folder = self._library.folder(name)
        with self._library.lock(name):
            taken = {compared(other) for other in self._library.names()}
            if compared(name) in taken or os.path.lexists(folder):
                cause = f"The name '{name}' is taken"
                remedy = "Rename the one that has it, then bring this one back."
                raise BadName(cause, place=str(folder), remedy=remedy)
            try:
                lies_there.rename(folder)
            except OSError as error:
                cause = f"'{name}' cannot be brought back: {error.strerror or error}"
                remedy = "May this user write there?"
                raise CollectionError(cause, place=str(folder), remedy=remedy) from error
            with passing_over(_LOG, "what it lay in stays for now", OSError):
                aside.rmdir()
            if name == SAMPLE_COLLECTION:
                with passing_over(_LOG, "the sample counts as removed", OSError):
                    (self._root / NO_SAMPLE).unlink(missing_ok=True)
        return name

    def forget_old(self) -> threading.Thread | None:
        """Begin to delete for good what nobody can bring back any more; None if there is nothing.

        That includes what a removal that was killed left.
        """
        old = [aside for aside, seconds in self._lying_aside() if _is_over(seconds)]
        if not old and not any(self._root.glob(f"{REMOVED}*")):
            return None
        thread = threading.Thread(target=self._remove, args=(old,), name="deleting", daemon=True)
        thread.start()
        return thread

    def _remove(self, old: list[Path]) -> None:
        for aside in old:
            lies_there = _lies_in(aside)
            if lies_there:
                self._forget(lies_there)
            # First a name under which nobody looks for it, as half of it is soon gone.
            with passing_over(_LOG, "another process deletes it", OSError):
                aside.rename(self._root / f"{REMOVED}{secrets.token_hex(8)}")
        for removed in self._root.glob(f"{REMOVED}*"):
            if not removed.is_symlink():
                shutil.rmtree(removed, ignore_errors=True)

    def _aside(self, token: str) -> Path:
        if not _TOKEN.fullmatch(token):
            cause = "There is no such deleted collection"
            raise CollectionMissing(cause)
        return self._root / f"{_ASIDE}{token}"


def _is_over(seconds: float) -> bool:
    return seconds > MINUTES_KEPT * 60


def _lies_in(aside: Path) -> Path | None:
    """Return the collection that lies there; None if there is none."""
    with passing_over(_LOG, "nothing lies aside there", OSError):
        return next(aside.iterdir(), None)
    return None
