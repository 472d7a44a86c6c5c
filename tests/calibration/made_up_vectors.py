"""Vectors by chance, of a model that is none, to calibrate by."""

import numpy as np

from search_engine.calibration.probe_vectors import ProbeVectors
from search_engine.embedding import unit_rows
from search_engine.records import ModelCard

MODEL = ModelCard("model", "print", 32)


def vectors(rows, seed):
    """Directions by chance around one that all share."""
    drawn = np.random.default_rng(seed).normal(size=(rows, MODEL.dimension))
    return unit_rows(drawn.astype(np.float32) + 0.4)


BACK = ProbeVectors(vectors(256, 1), vectors(64, 2))
