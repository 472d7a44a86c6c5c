"""Vectors of photographs and words by the real CLIP, where somebody has them: never in the project.

``IMAGE_SEARCH_VECTORS`` names their folder.
"""

import json
import os
from functools import cached_property
from pathlib import Path

import numpy as np
import pytest

from search_engine.calibration.background_texts import BackgroundTexts, background_texts
from search_engine.calibration.probability import (
    Sample,
    TextProbability,
    TextQuestion,
    log_sums,
    typical_logits,
)
from search_engine.embedding import unit_rows
from search_engine.records.background import BackgroundVectors
from search_engine.settings import DEFAULT_MODEL

FOLDER = os.environ.get("IMAGE_SEARCH_VECTORS", "")
needs_vectors = pytest.mark.skipif(
    not FOLDER, reason="IMAGE_SEARCH_VECTORS names no folder of real CLIP vectors"
)
TEMPERATURE = 100.0
_LISTS = ("lvis1203", "objects365", "coco80")
_OTHER_NAMES = {"phone": "cell phone", "television": "tv", "ice cream": "icecream", "sofa": "couch"}


class RealVectors:
    """What lies in the folder."""

    def array(self, name):
        """Return rows of length one."""
        return unit_rows(np.load(Path(FOLDER) / name, allow_pickle=False).astype(np.float32))

    def read(self, name):
        """Return what a JSON file says."""
        return json.loads((Path(FOLDER) / name).read_text("utf-8"))

    @cached_property
    def words(self):
        """Vectors of “a NAME” by name."""
        return {
            name.casefold().replace("_", " "): row
            for one in _LISTS
            for name, row in zip(
                self.read(f"{one}_names.json"), self.array(f"{one}_texts.npy"), strict=True
            )
        }

    def background(self, settings):
        """Return the everyday nouns of the product that have a vector here, with these."""
        found = {
            text: vector
            for text in background_texts(DEFAULT_MODEL, settings).texts
            if (vector := self._vector(text.text)) is not None
        }
        texts = BackgroundTexts(tuple(found))
        return texts, BackgroundVectors(texts.digest, np.stack(list(found.values())), TEMPERATURE)

    def _vector(self, text):
        noun = text.casefold().partition(" ")[2] if text.split()[0] in {"a", "an"} else text
        names = (noun, noun.replace(" ", ""), f"{noun}s", noun.rstrip("s"), _OTHER_NAMES.get(noun))
        return next((self.words[name] for name in names if name in self.words), None)


class Asked:
    """Pictures that are asked questions as in a collection of just these."""

    def __init__(self, pictures, texts, background):
        self.pictures = pictures
        typical = typical_logits(TEMPERATURE * (pictures @ background.vectors.T))
        self._words = TextProbability(texts, background, float(typical.max()))
        self._all = Sample(pictures, log_sums(pictures, background))

    def log_odds(self, vector, text="", left_out=None):
        """Return the log-odds of all pictures, or of those that are not left out."""
        among = self._all if left_out is None else self._all.without(left_out)
        question = TextQuestion(vector, (text,) if text else ())
        return self._words.log_odds(question, among.cosines, among.sums, among)
