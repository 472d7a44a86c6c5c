"""The neutral texts as a model embeds them, remembered for all collections of a data folder.

Embedding them takes 2 s with ViT-B/32, as long as 200 pictures.
"""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

import numpy as np

from search_engine import files
from search_engine.calibration.probe_texts import PROBE_TEXTS
from search_engine.files import arrays
from search_engine.files.arrays import real
from search_engine.records import ModelCard, Vectors

_LOG = logging.getLogger(__name__)

FOLDER = ".background"
_TEXTS = hashlib.sha256("\n".join(PROBE_TEXTS).encode()).hexdigest()[:8]


def remembered_background(collections_folder: Path, model: ModelCard) -> Vectors | None:
    """Return the vectors of `PROBE_TEXTS`, shape (n, dimension), if they are remembered."""
    file = _file(collections_folder, model)
    forms = {"vectors": real(len(PROBE_TEXTS), model.dimension)}
    try:
        return arrays.read(file, forms)["vectors"].astype(np.float32)
    except FileNotFoundError:
        return None
    except OSError as error:
        _LOG.info("the neutral texts are embedded again: %s", error)
        return None


def remember_background(collections_folder: Path, model: ModelCard, vectors: Vectors) -> None:
    """Remember them; a file that cannot be written only costs the time to embed them again."""
    file = _file(collections_folder, model)
    try:
        files.make_folder(file.parent)
        arrays.write(file, vectors=vectors)
    except OSError as error:
        _LOG.info("the neutral texts cannot be kept: %s", error.strerror)


def _file(collections_folder: Path, model: ModelCard) -> Path:
    """Return where they lie; a fingerprint that came with a collection may be any text."""
    name = hashlib.sha256(model.fingerprint.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return collections_folder / FOLDER / f"{name}-{_TEXTS}.npz"
