"""What this machine, or the container we are in, lets us use."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

_LOG = logging.getLogger(__name__)

_GROUP = Path("/sys/fs/cgroup")
"""Where a container or a service says what it may use: in files of version 2, or of version 1."""
_Number = TypeVar("_Number")


def usable_cores() -> int:
    """Return how many cores we may keep busy: those we are bound to, or what a container grants."""
    bound = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    granted = _said("cpu.max", _share) or _said("cpu/cpu.cfs_quota_us", _older_share)
    return max(1, min(bound or 1, round(granted or bound or 1)))


def usable_memory() -> int:
    """Return the bytes of memory that this machine, or the container we are in, has."""
    if hasattr(os, "sysconf"):
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    else:
        import psutil

        size = int(psutil.virtual_memory().total)
    limits = (_said(name, int) for name in ("memory.max", "memory/memory.limit_in_bytes"))
    return min([size, *(limit for limit in limits if limit)])


def _share(text: str) -> float:
    quota, period = text.split()
    return int(quota) / int(period)


def _older_share(text: str) -> float | None:
    quota = int(text)
    period = _said("cpu/cpu.cfs_period_us", int)
    return quota / period if quota > 0 and period else None


def _said(name: str, read: Callable[[str], _Number]) -> _Number | None:
    try:
        return read((_GROUP / name).read_text())
    except (OSError, ValueError, ZeroDivisionError) as error:  # "max" is no number
        _LOG.debug("%s says nothing: %r", name, error)
        return None
