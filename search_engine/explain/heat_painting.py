"""A heat map over its picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from search_engine.explain.crop import Crop
from search_engine.explain.heat_map import HeatMap

if TYPE_CHECKING:
    from PIL import Image

FOR = (236, 112, 20)
AGAINST = (53, 92, 222)
"""Orange and blue, which people with any kind of colour blindness tell apart."""

_VEIL = (128, 128, 128)
_VEIL_OPACITY = 0.72
_GREYNESS = 0.8
_FAINTEST = 0.15
"""Of the strongest; what is weaker is left clear, so that the picture shows through."""
_RING = 0.035
"""Radius of the ring around the peak, as a share of the shorter side."""


def paint_heat(image: Image.Image, found: HeatMap, opacity: float = 0.6) -> Image.Image:
    """Paint a heat map over its picture: orange speaks for the query, blue against it.

    The picture itself goes nearly grey, so that colours are those of the map. What the model did
    not see is veiled; a ring marks the peak. ``image`` may be a reduced copy of the picture;
    ``opacity`` is that of the strongest colour, from 0 to 1.
    """
    from PIL import Image, ImageDraw

    box = _on(image, found)
    left, top, right, bottom = box
    size = (right - left, bottom - top)
    strength = Image.fromarray(_strength(found.grid)).resize(size, Image.Resampling.BICUBIC)
    values = np.clip(np.asarray(strength), -1, 1)
    clear = np.maximum(0, np.abs(values) - _FAINTEST) / (1 - _FAINTEST)
    colours = np.where(values[..., None] > 0, FOR, AGAINST).astype(np.uint8)
    mask = Image.fromarray((255 * opacity * clear).astype(np.uint8))
    grey = Image.blend(image, image.convert("L").convert("RGB"), _GREYNESS)
    painted = veiled(grey, box)
    painted.paste(Image.fromarray(colours), (left, top), mask)
    draw, radius = ImageDraw.Draw(painted), max(4.0, _RING * min(size))
    x, y = (at * length / whole for at, length, whole in zip(
        found.peak, image.size, found.size, strict=True))  # fmt: skip
    for grow, width, colour in ((2, 5, (20, 20, 30)), (0, 2, (255, 255, 255))):
        reach = radius + grow / 2
        draw.ellipse((x - reach, y - reach, x + reach, y + reach), outline=colour, width=width)
    return painted


def paint_crop(image: Image.Image, crop: Crop, size: tuple[int, int]) -> Image.Image:
    """Veil what the model did not see; ``size`` is that of the picture the crop is told for."""
    return veiled(image, _scaled(crop.box, image.size, size))


def veiled(image: Image.Image, box: tuple[int, int, int, int]) -> Image.Image:
    """Lay a grey veil over everything but a box."""
    from PIL import Image

    painted = Image.blend(image, Image.new("RGB", image.size, _VEIL), _VEIL_OPACITY)
    painted.paste(image.crop(box), box[:2])
    return painted


def _strength(grid: NDArray[np.float32]) -> NDArray[np.float32]:
    strongest = float(np.abs(grid).max()) or 1.0
    return (grid / strongest).astype(np.float32)


def _on(image: Image.Image, found: HeatMap) -> tuple[int, int, int, int]:
    return _scaled(found.box, image.size, found.size)


def _scaled(
    box: tuple[float, float, float, float], shown: tuple[int, int], whole: tuple[int, int]
) -> tuple[int, int, int, int]:
    across, down = shown[0] / whole[0], shown[1] / whole[1]
    left, right = round(box[0] * across), round(box[2] * across)
    top, bottom = round(box[1] * down), round(box[3] * down)
    return left, top, max(right, left + 1), max(bottom, top + 1)
