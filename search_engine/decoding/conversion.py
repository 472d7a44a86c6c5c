"""From any mode of Pillow to a small RGB picture, a strip at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from search_engine.decoding.depth import AT_ONCE, eight_bits, is_inverted, most_of, strips

WORKING_SIDE = 448
"""Shorter side in pixels that a decoded picture keeps at least: twice what CLIP looks at, so that
the model's own resizing decides what it sees."""

_LONGEST_SIDE = 16 * WORKING_SIDE  # keeps the working copy of a very long strip small
MOST_WORKING_PIXELS = 4 * WORKING_SIDE * _LONGEST_SIDE
"""That a working copy can have."""
_BACKGROUND = (255, 255, 255)  # what a viewer shows behind transparent pixels

_Convert: TypeAlias = Callable[[Image.Image], Image.Image]


def factor_of(size: tuple[int, int]) -> int:
    """Return how many pixels of a row become one in the working copy."""
    return max(min(size) // WORKING_SIDE, max(size) // _LONGEST_SIDE, 1)


def working_memory(size: tuple[int, int]) -> int:
    """Return the bytes that converting a picture of this size takes beside itself."""
    pixels = size[0] * size[1]
    return 16 * min(pixels, 2 * AT_ONCE) + 16 * pixels // factor_of(size) ** 2


def working_copy(
    image: Image.Image, content: bytes = b"", *, keeps_cmyk: bool = False
) -> Image.Image:
    """Return a loaded picture as RGB, transparent parts on white, no larger than is needed.

    Averaging whole pixels down to twice the needed size loses nothing that is seen afterwards.

    Args:
        image: The picture.
        content: The bytes of its file, which may say how deep its numbers are.
        keeps_cmyk: Leave CMYK as it is, for its profile.
    """
    factor = factor_of(image.size)
    kept = keeps_cmyk and image.mode == "CMYK"
    if kept or (image.mode == "RGB" and not image.has_transparency_data):
        return image.reduce(factor) if factor > 1 else image
    convert = _conversion(image, content)
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


def _conversion(image: Image.Image, content: bytes) -> _Convert:
    """Choose the mode in which pixels may be averaged: a colour counts as much as it is seen."""
    if image.mode in {"I", "F"} or image.mode.startswith("I;16"):
        return _scaling(image, content)
    if image.has_transparency_data:
        return lambda part: part.convert("RGBA").convert("RGBa")
    return lambda part: part.convert("RGB")


def _scaling(image: Image.Image, content: bytes) -> _Convert:
    """Scale deep and floating point grey to 8 bit, which Pillow would clip to white."""
    least, greatest, is_whole = _range(image)
    low, high = (least, greatest) if is_whole else (min(least, 0.0), max(greatest, 0.0))
    if image.mode == "F" and low >= 0 and high <= 1:
        low, high = 0.0, 1.0
    elif low >= 0 and high <= 2**16 - 1 and image.mode != "F":
        low, high = 0.0, most_of(image, content, high)
    inverted = is_inverted(image)

    def scaled(part: Image.Image) -> Image.Image:
        values = np.nan_to_num(_values(part), nan=0, posinf=greatest, neginf=least)
        grey = eight_bits(values, low, high)
        return Image.fromarray(255 - grey if inverted else grey)

    return scaled


def _range(image: Image.Image) -> tuple[float, float, bool]:
    """Find the least and greatest finite value, and whether every value is a number."""
    least, greatest, is_whole = np.inf, -np.inf, True
    for _, strip in strips(image):
        values = _values(strip)
        known = values[np.isfinite(values)]
        is_whole = is_whole and not np.isnan(values).any()
        if known.size:
            least, greatest = min(least, known.min()), max(greatest, known.max())
    return (float(least), float(greatest), is_whole) if least <= greatest else (0.0, 0.0, False)


def _values(image: Image.Image) -> NDArray[np.float32]:
    return np.asarray(image, dtype=np.float32)
