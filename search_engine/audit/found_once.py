"""What takes long to find, and is found once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class Finding(StrEnum):
    """What takes long to find."""

    INVENTORY = "inventory"
    NEIGHBOURS = "neighbours"
    FAIR_NEIGHBOURS = "fair_neighbours"
    IMAGE_STATISTICS = "image statistics"
    PAIRS = "pairs"
    WITHIN_CATEGORY = "within_category"


class FoundOnce(Generic[T]):
    """Things of one type, each found when it is first asked for."""

    def __init__(self, lock: threading.RLock) -> None:
        self._lock = lock
        self._by_key: dict[Hashable, T] = {}

    def get(self, find: Callable[[], T], key: Hashable = None) -> T:
        """Return the thing of a key, for which ``find`` is called once."""
        with self._lock:
            if key not in self._by_key:
                self._by_key[key] = find()
            return self._by_key[key]

    def is_there(self, key: Hashable = None) -> bool:
        """Return whether that of a key was found already."""
        return key in self._by_key
