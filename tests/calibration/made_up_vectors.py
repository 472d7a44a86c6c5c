"""Vectors by chance, of a model that is none, to calibrate by."""

import numpy as np

from search_engine.calibration.background_texts import BackgroundText, BackgroundTexts
from search_engine.embedding import unit_rows
from search_engine.records import ModelCard
from search_engine.records.background import BackgroundVectors

MODEL = ModelCard("model", "print", 32)
SCALE = 20.0


def vectors(rows, seed):
    """Directions by chance around one that all share."""
    drawn = np.random.default_rng(seed).normal(size=(rows, MODEL.dimension))
    return unit_rows(drawn.astype(np.float32) + 0.4)


TEXTS = BackgroundTexts(tuple(BackgroundText(f"thing{n}") for n in range(64)))
BACK = BackgroundVectors(TEXTS.digest, vectors(64, 1), SCALE)
