"""A folder that is watched: looked through again and again, and updated once it rests.

What is seen is compared with the catalog, as for the note that files changed, so an update that is
due is one that does something. Files that are still being written change from look to look, and are
waited for. What an update leaves as it was, such as a file that cannot be read, asks for none.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from search_engine.building.changes import FolderState, state_of_folder
from search_engine.settings import Settings

SECONDS_BETWEEN_LOOKS = 2.0
LONGEST_WAIT = 60.0
"""Seconds after which a folder is updated though something in it still changes."""

_LEAST_REST = 4.0
"""Times as long as a look took: so looking takes a fifth of a processor at most."""


class WatchedFolder:
    """Tells when the folder of a collection has changed and rests."""

    def __init__(
        self, name: str, settings: Settings, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._name = name
        self._settings = settings
        self._now = now
        self._seen = ""
        self._since = 0.0
        self._updated = ""
        self.is_away = False
        """Whether the folder was out of reach at the last look; nothing is forgotten for that."""
        self.rest = SECONDS_BETWEEN_LOOKS
        """Seconds to wait before the next look."""

    def look(self) -> bool:
        """Look through the folder once; return whether an update is due.

        Raises:
            CollectionMissing: There is no such collection any more.
            CollectionError: Its catalog cannot be read.
        """
        began = self._now()
        state = self._state()
        took = self._now() - began
        self.rest = max(SECONDS_BETWEEN_LOOKS, _LEAST_REST * took)
        self.is_away = state.changes.folder_missing
        signature = state.signature
        if signature in {"", self._updated}:
            self._seen = ""
            return False
        if not self._seen:
            self._since = began
        rests = signature == self._seen
        self._seen = signature
        return rests or began - self._since >= LONGEST_WAIT

    def _state(self) -> FolderState:
        return state_of_folder(self._name, self._settings)

    def note_update(self) -> None:
        """Note that what was seen last was taken in, as far as that can be done."""
        self._updated, self._seen = self._seen, ""
