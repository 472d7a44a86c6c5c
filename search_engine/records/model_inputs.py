"""What a model looks at of a picture: a square of it, at the model's size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from search_engine.resizing import Box, square_of

if TYPE_CHECKING:
    from PIL import Image

Pixels: TypeAlias = NDArray[np.uint8]
"""What a model looks at of a picture, shape (side, side, 3), RGB."""


@dataclass(frozen=True, slots=True)
class ModelInput:
    """The square that a model looks at.

    CLIP has the shorter side resized and the middle cropped; SigLIP has all of a picture squashed
    into the square, however wide or high it is.
    """

    side: int
    """Pixels of the square."""
    resample: int
    """The filter, by Pillow's number."""
    squashes: bool = False
    """Whether all of the picture goes into the square, and nothing is cropped."""

    def prepare(self, image: Image.Image) -> Image.Image:
        """Resize and crop an RGB picture at once, which computes only the pixels that stay.

        The same as the model's own steps one after the other, except for rounding: the box is
        where the crop would be. Done twice, it changes nothing more.
        """
        if image.size == (self.side, self.side):
            return image
        return square_of(image, self.side, self.box(image.size), self.resample)

    def box(self, size: tuple[int, int]) -> Box:
        """Return the part of a picture of this width and height that is in the square."""
        if self.squashes:
            return (0.0, 0.0, float(size[0]), float(size[1]))
        shorter = min(size)
        resized = [self.side * length // shorter for length in size]
        scales = [before / after for before, after in zip(size, resized, strict=True)]
        start = [(after - self.side) // 2 for after in resized]
        return (
            start[0] * scales[0],
            start[1] * scales[1],
            (start[0] + self.side) * scales[0],
            (start[1] + self.side) * scales[1],
        )
