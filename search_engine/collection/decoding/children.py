"""Decoders in processes of their own: a file that crashes one costs one file, not us.

They are started when the first file needs one, are used again, and end with us. On Linux that also
goes for one that is stuck, however we end (see `limits`). Each is a fresh interpreter, on every
system: what this process has loaded, opened or locked is not in it.
"""

from __future__ import annotations

import atexit
import logging
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TypeVar
from weakref import WeakSet

from search_engine.capacity import usable_cores
from search_engine.collection.decoding.child import Child, Ended
from search_engine.collection.decoding.handover import ReadPicture, ReadRequest
from search_engine.collection.decoding.picture import DecodedPicture
from search_engine.collection.decoding.refusal import Refusal
from search_engine.records import SkipReason

_LOG = logging.getLogger(__name__)

WORKER = (sys.executable, "-m", "search_engine.collection.decoding.worker")
MOST = 32
"""Decoders at once; each takes about 25 MB for itself when it has nothing to do."""
_TRIES = 3
_Answer = TypeVar("_Answer")


class Stopped(Exception):
    """Whoever asked does not want the answer any more."""


class Children:
    """Decoders in processes of their own, as many at a time as there are cores."""

    def __init__(self, command: Sequence[str] = WORKER, most: int | None = None) -> None:
        self._command = command
        self.most = most or min(usable_cores(), MOST)
        """How many work at once."""
        self._turns = threading.BoundedSemaphore(self.most)
        self._idle: list[Child] = []
        self._all: dict[Child, object] = {}
        """Each with whoever waits for it."""
        self._stopped: WeakSet[object] = WeakSet()

    def decode(
        self, content: bytes, digest: str, *, uses_profile: bool = True, longest: int | None = None
    ) -> DecodedPicture:
        """Decode the bytes of a picture file in another process; ``longest`` as for `routes`.

        Raises:
            Refusal: As `decode_here` does; also when the decoder crashes, takes too long or too
                much memory.
        """
        return self._answered(
            lambda child: child.decode(content, digest, uses_profile=uses_profile, longest=longest),
            None,
        )

    def read(
        self, request: ReadRequest, *, uses_profile: bool = True, owner: object = None
    ) -> list[ReadPicture | Refusal]:
        """Read, decode and shrink files in another process, which writes their thumbnails.

        What is wrong with one of them comes back in its place.

        Args:
            request: What is wanted.
            uses_profile: Whether colours are those that a profile says.
            owner: Whose wish it is, for `stop`.

        Raises:
            Refusal: The decoder crashes, takes too long or too much memory, over any of them.
            CollectionError: A thumbnail cannot be written.
            Stopped: The owner does not want it any more.
        """
        return self._answered(lambda child: child.read(request, uses_profile=uses_profile), owner)

    def stop(self, owner: object) -> None:
        """End the decoders that work for somebody, so that those who wait for them go on at once.

        Nothing more is done for this owner afterwards.
        """
        self._stopped.add(owner)
        for child, asks in list(self._all.items()):
            if asks == owner:
                child.stop()

    def start(self, count: int) -> None:
        """Have up to so many ready by the time they are needed, without waiting for them."""
        for _ in range(min(count, self.most) - len(self._all)):
            threading.Thread(target=self._start_one, name="decoder", daemon=True).start()

    def _start_one(self) -> None:
        with self._turns, suppress(Refusal):
            if not self._idle:
                self._idle.append(self._started())

    def _answered(self, ask: Callable[[Child], _Answer | Refusal], owner: object) -> _Answer:
        with self._turns:
            answer = self._answer(ask, owner)
        if isinstance(answer, Refusal):
            raise answer
        return answer

    def _answer(
        self, ask: Callable[[Child], _Answer | Refusal], owner: object
    ) -> _Answer | Refusal:
        while True:
            child = self._idle_one() or self._started()
            self._all[child] = owner
            try:
                self._refuse_stopped(owner)
                answer = ask(child)
            except Ended:
                answer = child.refusal()
                self._all.pop(child, None)
                self._refuse_stopped(owner)
                _LOG.info("a decoder has ended: %s", answer.cause)
                if child.answers and answer.reason is not SkipReason.TOO_SLOW:
                    continue  # an earlier file may have spoiled it, or the system ended it
                return answer
            except BaseException:
                self._discard(child)
                raise
            self._all[child] = None
            self._idle.append(child)
            return answer

    def _refuse_stopped(self, owner: object) -> None:
        if owner in self._stopped:
            raise Stopped

    def _idle_one(self) -> Child | None:
        with suppress(IndexError):
            return self._idle.pop()
        return None

    def _started(self) -> Child:
        """Start a decoder; one that is ended before it is ready is no fault of any file's."""
        for tries_left in reversed(range(_TRIES)):
            try:
                child = Child(self._command)
            except (Ended, OSError) as error:
                _LOG.warning("no decoder can be started: %r", error)
                if not tries_left:
                    raise Refusal(SkipReason.UNREADABLE, "its decoder cannot be started") from error
            else:
                break
        self._all[child] = None
        return child

    def _discard(self, child: Child) -> None:
        self._all.pop(child, None)
        child.end()

    def close(self) -> None:
        """End all decoders; the next file starts new ones."""
        self._idle.clear()
        for child in list(self._all):
            self._discard(child)


CHILDREN = Children()
atexit.register(CHILDREN.close)
