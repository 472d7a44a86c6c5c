"""Vectors, the pictures they stand for, and the model that made them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Vectors: TypeAlias = NDArray[np.float32]
"""Shape (n, dimension), or (dimension,) for one; every row has length one."""

Ids: TypeAlias = NDArray[np.int64]
"""Shape (n,): picture ids."""


@dataclass(frozen=True, slots=True)
class ModelCard:
    """Which model made the vectors of a collection."""

    model_id: str
    """What the user asked for: ``mini``, a hub id, a folder."""
    fingerprint: str
    """Hash of weights and preprocessing: two models with one fingerprint give the same vectors."""
    dimension: int
    notes: str = ""
