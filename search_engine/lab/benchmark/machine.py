"""What a process and those that it starts have used."""

from __future__ import annotations

import os
import platform
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

import psutil

_SECONDS_BETWEEN_LOOKS = 0.5


def machine() -> dict[str, str | int]:
    """Describe what is measured on."""
    import torch

    return {
        "processor": _processor(),
        "instructions": torch.backends.cpu.get_cpu_capability(),
        "cores": psutil.cpu_count(logical=False) or os.cpu_count() or 1,
        "memory_gib": round(psutil.virtual_memory().total / 2**30),
        "system": platform.system(),
        "python": platform.python_version(),
        "torch": str(torch.__version__),
    } | ({"card": torch.cuda.get_device_name()} if torch.cuda.is_available() else {})


def _processor() -> str:
    """Read the name that Linux knows; elsewhere Python's own, which may be vague."""
    file = Path("/proc/cpuinfo")
    if file.is_file():
        for line in file.read_text("utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def cpu_seconds() -> float:
    """Return the processor time of this process and of those that it started and that go on."""
    seconds = time.process_time()
    for one in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            times = one.cpu_times()
            seconds += times.user + times.system
    return seconds


class MemoryWatch:
    """The most memory that this process and those that it started held together.

    Looked at twice a second. What several of them share, as code, counts for each.
    """

    def __init__(self) -> None:
        self.peak_megabytes = 0.0
        """In MB of a million bytes."""
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        has_ended = False
        while not has_ended:
            has_ended = self._ended.wait(_SECONDS_BETWEEN_LOOKS)
            self.peak_megabytes = max(self.peak_megabytes, _held() / 1e6)


def _held() -> int:
    ours, held = psutil.Process(), 0
    for one in [ours, *ours.children(recursive=True)]:
        with suppress(psutil.Error):
            held += one.memory_info().rss
    return held
