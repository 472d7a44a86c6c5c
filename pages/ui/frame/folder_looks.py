"""Looks into folders that keep no page waiting for a slow drive."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from typing import TypeVar, cast

T = TypeVar("T")

_LOG = logging.getLogger(__name__)

_SECONDS_TO_WAIT = 0.4
_SECONDS_KEPT = 3.0
_MOST = 32


class FolderLooks:
    """Looks in threads of their own, and remembers for some seconds what was seen.

    A drive that does not answer holds up neither the page nor the end of the program. What was seen
    before stands until it is seen anew: a form that rests on it does not go away meanwhile, with
    all that was typed into it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._looks: dict[object, tuple[float, Future[object]]] = {}
        self._seen: dict[object, object] = {}

    def look(self, key: object, find: Callable[[], T]) -> T | None:
        """Return what ``find`` returns, or returned before; None as long as that is not known.

        Raises:
            Exception: What ``find`` raised.
        """
        with self._lock:
            self._forget_old()
            if key not in self._looks:
                self._looks[key] = (time.monotonic(), _looking(find))
            future = self._looks[key][1]
        try:
            found = future.result(timeout=_SECONDS_TO_WAIT)
        except FutureTimeout:
            if future.done():  # it raised this itself
                raise
            return cast("T | None", self._seen.get(key))
        with self._lock:
            self._seen.pop(key, None)
            self._seen[key] = found
            while len(self._seen) > _MOST:
                del self._seen[next(iter(self._seen))]
        return cast("T", found)

    def is_known(self, key: object) -> bool:
        """Tell, without waiting, whether the look that goes by this key has ended."""
        look = self._looks.get(key)
        return look is None or look[1].done()

    def _forget_old(self) -> None:
        old = time.monotonic() - _SECONDS_KEPT
        done = [key for key, (began, look) in self._looks.items() if look.done() and began < old]
        for key in done:
            del self._looks[key]
        while len(self._looks) > _MOST:  # whoever waits has the look itself
            del self._looks[next(iter(self._looks))]


def _looking(find: Callable[[], object]) -> Future[object]:
    found: Future[object] = Future()

    def look() -> None:
        try:
            found.set_result(find())
        except BaseException as error:  # noqa: BLE001 - it is raised where it was asked for
            _LOG.info("a look into a folder ended with %s", type(error).__name__)
            found.set_exception(error)

    threading.Thread(target=look, name="look into a folder", daemon=True).start()
    return found
