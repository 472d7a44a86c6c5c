"""What a decoder's own process may take, held by the kernel, whatever the decoder does.

A decoder that hangs, holds Python's lock or fills the memory does not have to work with us for
this: the system ends it. Where a system lacks one of these, the process that waits for the decoder
still ends it when its time is up.
"""

from __future__ import annotations

import os
import select
import signal
import sys
from pathlib import Path

SECONDS = 20.0
"""Of the processor, and without an answer for one that does not compute. The slowest that are read,
200 million pixels of floating point, take five."""
LONGEST = 60.0
"""For one that computes, on a machine with too much else to do."""
OPENING = 256 * 2**20
"""Bytes of memory for reading the head of a file, and at most as many for copies of the file."""
_SPARE = 128 * 2**20
_STATM = Path("/proc/self/statm")


class Limits:
    """Time, memory and the life of the parent, which end this process while they are on."""

    def __init__(self, parent: int) -> None:
        """``parent`` is the pipe on which requests come; its other end closes with the parent."""
        self._parent = parent
        if sys.platform != "win32":
            import resource

            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core would hold the picture

    def on(self, memory: int) -> None:
        """Let the work at hand take up to this many bytes more than are taken now."""
        self._alarm(LONGEST, SECONDS)
        self._follow_parent(on=True)
        _limit_memory(memory + memory // 8 + _SPARE)

    def off(self) -> None:
        """Wait for the parent, without limits."""
        _limit_memory(None)
        self._follow_parent(on=False)
        self._alarm(0, 0)

    @staticmethod
    def _alarm(seconds: float, processor_seconds: float) -> None:
        if sys.platform != "win32":
            signal.setitimer(signal.ITIMER_REAL, seconds)
            signal.setitimer(signal.ITIMER_PROF, processor_seconds)

    def _follow_parent(self, *, on: bool) -> None:
        """Have the kernel send SIGIO, which ends us, when the parent's end of the pipe closes."""
        if sys.platform != "linux":
            return
        import fcntl

        flags = fcntl.fcntl(self._parent, fcntl.F_GETFL)
        flags = flags | os.O_ASYNC if on else flags & ~os.O_ASYNC
        fcntl.fcntl(self._parent, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(self._parent, fcntl.F_SETFL, flags)
        if on:
            poll = select.poll()
            poll.register(self._parent, select.POLLHUP)
            if poll.poll(0):  # it has closed already
                os._exit(0)


def _limit_memory(more: int | None) -> None:
    if sys.platform != "linux":  # elsewhere address space is not counted, or counted differently
        return
    import resource

    most = resource.RLIM_INFINITY
    if more is not None:
        pages = int(_STATM.read_text().split()[0])
        most = pages * resource.getpagesize() + more
    resource.setrlimit(resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))
