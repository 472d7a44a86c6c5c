"""What a model looks at of a picture: the square middle, at the model's size."""

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
    """The square that a model looks at: the shorter side is resized, the middle cropped."""

    side: int
    """Pixels of the square."""
    resample: int
    """The filter, by Pillow's number."""

    def prepare(self, image: Image.Image) -> Image.Image:
        """Resize and crop an RGB picture at once, which computes only the pixels that stay.

        The same as resizing the shorter side to ``side`` and cropping the middle, except for
        rounding: the box is where the crop would be. Done twice, it changes nothing more.
        """
        if image.size == (self.side, self.side):
            return image
        return square_of(image, self.side, self.box(image.size), self.resample)

    def box(self, size: tuple[int, int]) -> Box:
        """Return the part of a picture of this width and height that is left after the crop."""
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
