"""The neutral texts as a model embeds them, remembered for all collections of a data folder.

Embedding them takes 2 s with ViT-B/32, as long as 200 pictures.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path

import numpy as np

from search_engine.records import ModelCard, Vectors
from search_engine.scoring.captions import BACKGROUND

FOLDER = ".background"
_TEXTS = hashlib.sha256("\n".join(BACKGROUND).encode()).hexdigest()[:8]


def remembered_background(collections_folder: Path, model: ModelCard) -> Vectors | None:
    """Give the vectors of `captions.BACKGROUND`, shape (n, dimension), if they are remembered."""
    with contextlib.suppress(OSError, ValueError, EOFError):
        vectors: Vectors = np.load(_file(collections_folder, model), allow_pickle=False)
        if vectors.shape == (len(BACKGROUND), model.dimension):
            return vectors
    return None


def remember_background(collections_folder: Path, model: ModelCard, vectors: Vectors) -> None:
    """Remember them; a file that cannot be written only costs the time to embed them again."""
    file = _file(collections_folder, model)
    beside = file.with_name(f"{file.name}.{os.getpid()}.partial")
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("wb") as target:
            np.save(target, vectors)
        beside.replace(file)


def _file(collections_folder: Path, model: ModelCard) -> Path:
    return collections_folder / FOLDER / f"{model.fingerprint}-{_TEXTS}.npy"
