"""What a process has used."""

from __future__ import annotations

import os
import platform
import time
from pathlib import Path

import psutil


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
    }


def _processor() -> str:
    """Read the name that Linux knows; elsewhere Python's own, which may be vague."""
    file = Path("/proc/cpuinfo")
    if file.is_file():
        for line in file.read_text("utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def cpu_seconds() -> float:
    """Return the processor time of all threads of this process."""
    return time.process_time()


def peak_megabytes() -> float:
    """Return the most memory this process ever held, in MB of a million bytes."""
    status = Path("/proc/self/status")
    if status.is_file():  # getrusage would count what the parent held when it made this process
        lines = status.read_text("ascii").splitlines()
        peak = next(line for line in lines if line.startswith("VmHWM"))
        return int(peak.split()[1]) * 1024 / 1e6
    facts = psutil.Process().memory_info()
    return float(getattr(facts, "peak_wset", facts.rss)) / 1e6
