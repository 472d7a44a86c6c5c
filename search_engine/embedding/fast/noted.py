"""What was found to be fastest for a model on this machine, kept for later builds."""

from __future__ import annotations

import logging
from pathlib import Path

from search_engine import files
from search_engine.embedding.fast.precision import Measured
from search_engine.files import documents

_LOG = logging.getLogger(__name__)
_LARGEST = 10_000_000  # bytes of what is noted


def remembered(file: Path | None, fingerprint: str, device: str) -> Measured | None:
    """Return what was chosen for a model on this machine before, if it is noted in ``file``."""
    saved = _noted_in(file).get(_key(fingerprint, device)) if file else None
    if not saved:
        return None
    try:
        return documents.as_record(saved, Measured)
    except documents.NotARecord as error:
        _LOG.info("a precision is measured again: %s", error)
        return None


def remember(file: Path | None, fingerprint: str, device: str, choice: Measured) -> None:
    """Note what was chosen; a file that cannot be written only costs the time to choose again."""
    if file is None:
        return
    known = _noted_in(file) | {_key(fingerprint, device): choice}
    try:
        files.make_folder(file.parent)
        documents.write(file, known)
    except OSError as error:
        _LOG.info("the precision cannot be noted: %s", error.strerror)


def _noted_in(file: Path) -> dict[str, object]:
    try:
        return documents.read(file, dict[str, object], most=_LARGEST)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        _LOG.info("precisions are measured again: %s", error)
        return {}


def _key(fingerprint: str, device: str) -> str:
    """Name model and machine; of the CPU as ever, of a card with what it is."""
    import torch

    if device.startswith("cuda"):
        device = f"{device} {torch.cuda.get_device_name(device)}"
    elif device != "cpu":
        device = f"{device} 2"  # earlier notes do not say how many pictures it takes at once
    return f"{fingerprint} {device} {torch.backends.cpu.get_cpu_capability()} {torch.__version__}"
