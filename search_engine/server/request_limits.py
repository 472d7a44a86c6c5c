"""How much is done for those who ask: how often, how large, how long, how many at once."""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from search_engine.server.problems import ProblemKind, Refused

T = TypeVar("T")

_MOST_CLIENTS = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLimits:
    """What one server does."""

    body_bytes: int = 64 * 1024
    seconds_to_send: float = 10
    """In which all of a request has to come."""
    seconds: float = 60
    """After which nobody waits any longer for an answer; the first one may load a model."""
    points_a_second: float = 200
    """Of one client; a picture costs 1, a search 10."""
    points_at_once: float = 800
    searches_at_once: int = 2
    pictures_at_once: int = 4
    waiting: int = 64
    """Requests of each kind that wait for their turn."""


class Rates:
    """How much each client may still ask for; all is used in one thread, that of the server."""

    def __init__(self, limits: RequestLimits) -> None:
        self._limits = limits
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str, points: float) -> None:
        """Note that a client asks for something.

        Raises:
            Refused: It asks for too much.
        """
        now, most = time.monotonic(), self._limits.points_at_once
        left, then = self._left.pop(client, (most, now))
        left = min(most, left + (now - then) * self._limits.points_a_second)
        allowed = left >= points
        self._left[client] = (left - points if allowed else left, now)
        if len(self._left) > _MOST_CLIENTS:
            self._left.popitem(last=False)
        if not allowed:
            seconds = max(1, math.ceil((points - left) / self._limits.points_a_second))
            headers = {"Retry-After": str(seconds)}
            remedy = f"Wait for {seconds} s."
            raise Refused(
                ProblemKind.TOO_MANY, "This client sends too many requests.", remedy, headers
            )


class Workers:
    """Threads in which work is done, so that the server answers others meanwhile."""

    def __init__(self, at_once: int, waiting: int, name: str) -> None:
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix=name)
        self._places = threading.BoundedSemaphore(at_once + waiting)

    async def run(self, work: Callable[[], T], seconds: float) -> T:
        """Return what the work returns, when its turn comes.

        Raises:
            Refused: Too many wait already, or it takes too long.
        """
        if not self._places.acquire(blocking=False):
            raise Refused(
                ProblemKind.BUSY,
                "Too many requests wait already.",
                "Try again later.",
                {"Retry-After": "2"},
            )
        try:
            future = self._threads.submit(work)
        except RuntimeError as error:
            self._places.release()
            raise Refused(ProblemKind.BUSY, "The server is about to end.") from error
        future.add_done_callback(lambda _: self._places.release())
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.wrap_future(future)
        except TimeoutError as error:
            detail = f"Nothing was found out in {seconds:g} s."
            raise Refused(
                ProblemKind.BUSY, detail, "Try again later.", {"Retry-After": "10"}
            ) from error

    def close(self) -> None:
        """Begin nothing more."""
        self._threads.shutdown(wait=False, cancel_futures=True)
