"""A look for changes in folders that keeps no page waiting for a disk."""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout

from search_engine import Settings
from search_engine.building import Changes, changes_since_build

_LOG = logging.getLogger(__name__)

_SECONDS_TO_WAIT = 0.15
_SECONDS_BETWEEN_LOOKS = 60


class FolderWatch:
    """Looks for changes in threads of its own, and remembers for a minute what it saw.

    Each collection has its own thread: a folder on a server that does not answer holds up no other
    collection, and not the end of the program.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._looks: dict[str, tuple[str, float, Future[Changes | None]]] = {}

    def look(self, name: str, built: str, settings: Settings) -> Changes | None:
        """Return what changed in a collection's folder; None as long as that is not known.

        Only the caller who makes it look waits a moment: a large folder takes seconds.
        """
        seconds = 0.0
        with self._lock:
            look = self._looks.get(name)
            if look is None or look[0] != built or _is_old(look[1], look[2]):
                look = self._looks[name] = (built, time.monotonic(), _looking(name, settings))
                seconds = _SECONDS_TO_WAIT
        try:
            return look[2].result(timeout=seconds)
        except FutureTimeout:
            return None


def _looking(name: str, settings: Settings) -> Future[Changes | None]:
    found: Future[Changes | None] = Future()

    def look() -> None:
        try:
            found.set_result(changes_since_build(name, settings))
        except Exception as error:  # noqa: BLE001 - a note in the sidebar must break no page
            _LOG.info("what changed in a folder is not known: %s", type(error).__name__)
            found.set_result(None)

    threading.Thread(target=look, name=f"changes of {name}", daemon=True).start()
    return found


def _is_old(began: float, future: Future[Changes | None]) -> bool:
    return future.done() and time.monotonic() - began > _SECONDS_BETWEEN_LOOKS
