"""From any mode of Pillow to a small RGB picture, a strip at a time."""

from __future__ import annotations

from collections.abc import Callable, MutableSequence
from dataclasses import dataclass
from math import sqrt
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from search_engine.collection.decoding.depth import (
    AT_ONCE,
    black_and_white,
    eight_bits,
    is_inverted,
    most_of,
    strips,
)

WORKING_SIDE = 448
"""Shorter side in pixels that a decoded picture keeps at least: twice what CLIP looks at, so that
the model's own resizing decides what it sees."""

_LONGEST_SIDE = 16 * WORKING_SIDE  # keeps the working copy of a very long strip small
MOST_WORKING_PIXELS = 4 * WORKING_SIDE * _LONGEST_SIDE
"""That a working copy can have."""
_BACKGROUND = (255, 255, 255)  # what a viewer shows behind transparent pixels

_Convert: TypeAlias = Callable[[Image.Image], Image.Image]


@dataclass(frozen=True, slots=True)
class CopySize:
    """How large a decoded picture is to be: for models, or for people to look at."""

    longest: int | None = None
    """Pixels that its longer side has at most, for people; None keeps what models need."""

    def most(self, size: tuple[int, int]) -> tuple[int, int]:
        """Return how large a picture for people becomes: never larger than it is."""
        longest = self.longest or max(size)
        share = min(longest / max(size), sqrt(MOST_WORKING_PIXELS / (size[0] * size[1])), 1.0)
        width, height = (max(int(side * share + 1e-6), 1) for side in size)
        return width, height

    def draft(self, size: tuple[int, int]) -> tuple[int, int]:
        """Return the size below which a decoder that can reduce a picture may not go."""
        return (WORKING_SIDE, WORKING_SIDE) if self.longest is None else self.most(size)

    def factor(self, size: tuple[int, int]) -> int:
        """Return how many pixels of a row become one in the working copy."""
        if self.longest is None:
            return max(min(size) // WORKING_SIDE, max(size) // _LONGEST_SIDE, 1)
        return max(size) // max(self.most(size))

    def memory(self, size: tuple[int, int]) -> int:
        """Return the bytes that converting a picture of this size takes beside itself."""
        pixels = size[0] * size[1]
        return 16 * min(pixels, 2 * AT_ONCE) + 16 * pixels // self.factor(size) ** 2

    def settled(self, copy: Image.Image) -> Image.Image:
        """Return a working copy at the size that it is to have in the end."""
        most = copy.size if self.longest is None else self.most(copy.size)
        return copy if most == copy.size else copy.resize(most, Image.Resampling.LANCZOS)


FOR_MODELS = CopySize()


def working_copy(
    image: Image.Image,
    content: bytes = b"",
    *,
    size: CopySize = FOR_MODELS,
    keeps_cmyk: bool = False,
    notes: MutableSequence[str] | None = None,
) -> Image.Image:
    """Return a loaded picture as RGB, transparent parts on white, no larger than is needed.

    Averaging whole pixels down to twice the needed size loses nothing that is seen afterwards.

    Args:
        image: The picture.
        content: The bytes of its file, which may say how deep its numbers are.
        size: How large it is to be; up to twice that.
        keeps_cmyk: Leave CMYK as it is, for its profile.
        notes: Takes what may be read in another way about how bright it is.
    """
    factor = size.factor(image.size)
    kept = keeps_cmyk and image.mode == "CMYK"
    if kept or (image.mode == "RGB" and not image.has_transparency_data):
        return image.reduce(factor) if factor > 1 else image
    convert = _conversion(image, content, [] if notes is None else notes)
    if image.width * image.height <= AT_ONCE:
        return _converted(image, convert, factor)
    copy = Image.new("RGB", (-(-image.width // factor), -(-image.height // factor)))
    for top, strip in strips(image, factor):
        copy.paste(_converted(strip, convert, factor), (0, top // factor))
    return copy


def _converted(image: Image.Image, convert: _Convert, factor: int) -> Image.Image:
    layer = convert(image)
    if factor > 1:
        layer = layer.reduce(factor)
    if layer.mode != "RGBa":
        return layer.convert("RGB")
    ground = Image.new("RGBA", layer.size, _BACKGROUND)
    return Image.alpha_composite(ground, layer.convert("RGBA")).convert("RGB")


def _conversion(image: Image.Image, content: bytes, notes: MutableSequence[str]) -> _Convert:
    """Choose the mode in which pixels may be averaged: a colour counts as much as it is seen."""
    if image.mode in {"I", "F"} or image.mode.startswith("I;16"):
        return _scaling(image, content, notes)
    if image.has_transparency_data and not _is_padding(image):
        return lambda part: part.convert("RGBA").convert("RGBa")
    return lambda part: part.convert("RGB")


def _is_padding(image: Image.Image) -> bool:
    """Return whether a bitmap's fourth number is zero throughout, which no viewer calls alpha."""
    is_bitmap = image.format in {"BMP", "DIB"} and image.mode == "RGBA"
    return is_bitmap and image.getchannel("A").getextrema() == (0, 0)


def _scaling(image: Image.Image, content: bytes, notes: MutableSequence[str]) -> _Convert:
    """Scale deep and floating point grey to 8 bit, which Pillow would clip to white."""
    least, greatest = _range(image)
    is_float = image.mode == "F"
    low, high, note = black_and_white(least, greatest, floating=is_float, signed=True)
    if least >= 0 and greatest <= 2**16 - 1 and not is_float:
        high, note = most_of(image, content, greatest)
    notes += [note] if note else []
    inverted = is_inverted(image)

    def scaled(part: Image.Image) -> Image.Image:
        values = np.nan_to_num(_values(part), nan=0, posinf=greatest, neginf=least)
        grey = eight_bits(values, low, high)
        return Image.fromarray(255 - grey if inverted else grey)

    return scaled


def _range(image: Image.Image) -> tuple[float, float]:
    """Find the least and greatest finite value."""
    least, greatest = np.inf, -np.inf
    for _, strip in strips(image):
        values = _values(strip)
        known = values[np.isfinite(values)]
        if known.size:
            least, greatest = min(least, known.min()), max(greatest, known.max())
    return (float(least), float(greatest)) if least <= greatest else (0.0, 0.0)


def _values(image: Image.Image) -> NDArray[np.float32]:
    return np.asarray(image, dtype=np.float32)
