"""A look for changes in folders that keeps no page waiting for a disk."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout

from search_engine import Settings
from search_engine.errors import SearchEngineError
from search_engine.indexing.changes import Changes, changes_since_build

_SECONDS_TO_WAIT = 0.15
_SECONDS_BETWEEN_LOOKS = 60


class FolderWatch:
    """Looks for changes in a thread of its own, and remembers for a minute what it saw."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="changes")
        self._lock = threading.Lock()
        self._looks: dict[str, tuple[str, float, Future[Changes | None]]] = {}

    def look(self, name: str, published: str, settings: Settings) -> Changes | None:
        """Tell what changed in a collection's folder; None as long as that is not known.

        Only the caller who makes it look waits a moment: a large folder takes seconds.
        """
        seconds = 0.0
        with self._lock:
            look = self._looks.get(name)
            if look is None or look[0] != published or _is_old(look[1], look[2]):
                future = self._thread.submit(changes_since_build, name, settings)
                look = self._looks[name] = (published, time.monotonic(), future)
                seconds = _SECONDS_TO_WAIT
        try:
            return look[2].result(timeout=seconds)
        except (FutureTimeout, SearchEngineError):
            return None


def _is_old(began: float, future: Future[Changes | None]) -> bool:
    return future.done() and time.monotonic() - began > _SECONDS_BETWEEN_LOOKS
