"""Warnings of libraries, which nobody reads."""

from __future__ import annotations

import threading
import warnings


class _Quiet:
    """Silences warnings, which are the whole process's, while any thread is inside.

    Pillow warns of odd metadata, which we do not rely on.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._filters = warnings.catch_warnings()

    def __enter__(self) -> None:
        with self._lock:
            self._inside += 1
            if self._inside == 1:
                self._filters = warnings.catch_warnings(action="ignore")
                self._filters.__enter__()

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                self._filters.__exit__(None, None, None)


QUIET = _Quiet()
