"""The square of a picture that the model saw."""

from __future__ import annotations

from dataclasses import dataclass

from search_engine.embedding import Embedder
from search_engine.resizing import Box

CUT_TOO_MUCH = 100 / 3
"""Percent of a picture; where more is cut away, what is asked for may well have been in it."""


@dataclass(frozen=True, slots=True)
class Crop:
    """Which part of a picture was looked at."""

    box: Box
    """In pixels of the whole picture, upright."""
    cut_percent: float

    @property
    def cuts_much(self) -> bool:
        """Whether more than a third was never seen."""
        return self.cut_percent > CUT_TOO_MUCH


def crop_of(embedder: Embedder, width: int, height: int) -> Crop:
    """Return which part of a picture of this size a model looks at.

    The model sees a resized copy, so the edges may be off by a pixel of that copy. Of a picture
    whose size nobody knows it is nothing.
    """
    if not width or not height:
        return Crop((0.0, 0.0, 0.0, 0.0), 0.0)
    seen = embedder.looks_at
    box = seen.box((width, height)) if seen else (0.0, 0.0, float(width), float(height))
    left, top, right, bottom = box
    # As it is told, in whole pixels: the two must not contradict one another.
    share = (round(right) - round(left)) * (round(bottom) - round(top)) / (width * height)
    return Crop(box, 100 * max(0.0, 1 - share))
