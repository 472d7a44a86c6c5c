"""How much memory decoding may take, and who has it at the moment."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from search_engine.capacity import usable_memory

_GIB = 2**30


class Budget:
    """Memory that is shared by the threads of this process, in the order in which they ask."""

    def __init__(self, total: int) -> None:
        self.total = total
        self._used = 0
        self._changed = threading.Condition()
        self._waiting: deque[object] = deque()

    @contextmanager
    def reserve(self, amount: int) -> Iterator[None]:
        """Wait until this many bytes are free, and have them; more than there are means all."""
        amount, turn = min(amount, self.total), object()
        with self._changed:
            self._waiting.append(turn)
            try:
                self._changed.wait_for(
                    lambda: self._waiting[0] is turn and self._used + amount <= self.total
                )
                self._used += amount
            finally:
                self._waiting.remove(turn)
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._used -= amount
                self._changed.notify_all()


MAX_DECODING = min(3 * _GIB // 2, usable_memory() // 2)
"""Bytes that decoding one picture may take: 200 million pixels of nearly every format."""
DECODING = Budget(min(_GIB, usable_memory() // 4))
"""What all pictures that are decoded at once may take; one alone may take more."""
CONTENTS = Budget(min(_GIB, usable_memory() // 4))
"""The same for the bytes of their files."""
