"""One object, lit and cut out: its paint and its mask."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image, ImageChops, ImageFilter

from search_engine.sample.brush import OBJECT_SHARE, Brush

if TYPE_CHECKING:
    from collections.abc import Callable

    from search_engine.sample.palette import Palette


_RELIEF = 0.09
"""How far light and shade reach in from the edge, as a share of the radius."""
_SHADOW = 0.45
_TILE_SHARE = 1 / OBJECT_SHARE
"""How much larger than its object a tile is."""


@dataclass(frozen=True, slots=True)
class Sprite:
    """A painted object, cut out with a border like a sticker; all layers have one size."""

    paint: Image.Image
    mask: Image.Image
    border: Image.Image
    shadow: Image.Image
    left: int
    """Where the left edge lies from the middle of the object."""
    top: int


@dataclass(frozen=True, slots=True)
class Pose:
    """How an object is put on its tile."""

    radius: float
    """In pixels of the picture."""
    mirrored: bool
    tilt: float
    """Radians."""


def paint_sprite(
    drawing: Callable[[Brush], None], palette: Palette, pose: Pose, border: float, oversampling: int
) -> Sprite:
    """Paint an object with soft edges and light from the top left, ``border`` pixels around it."""
    half = round(pose.radius * _TILE_SHARE)
    side = 2 * half * oversampling
    brush = Brush(side, palette, mirrored=pose.mirrored, tilt=pose.tilt)
    drawing(brush)
    left, top, right, bottom = brush.mask.getbbox() or (0, 0, side, side)
    margin = math.ceil(3 * border)
    left, top = (max(0, part // oversampling - margin) for part in (left, top))
    right, bottom = (min(2 * half, part // oversampling + 1 + margin) for part in (right, bottom))
    box = (left * oversampling, top * oversampling, right * oversampling, bottom * oversampling)
    paint, mask = (layer.reduce(oversampling, box) for layer in (brush.paint, brush.mask))
    wide = mask.filter(ImageFilter.BoxBlur(border))
    return Sprite(
        paint=_lit(paint, mask, pose.radius),
        mask=mask,
        border=ImageChops.add(wide, wide, 1 / 3, -48),
        shadow=ImageChops.add(wide, wide, 2 / _SHADOW).filter(ImageFilter.BoxBlur(1.4 * border)),
        left=left - half,
        top=top - half,
    )


def _lit(paint: Image.Image, mask: Image.Image, radius: float) -> Image.Image:
    """Brighten what faces the top left and darken what turns away, by the shape of the mask."""
    small = mask.reduce(4)
    step = max(1, round(radius * _RELIEF / 4))
    soft = small.filter(ImageFilter.BoxBlur(step)).filter(ImageFilter.BoxBlur(step))
    lit, dark = ImageChops.offset(soft, -step, -step), ImageChops.offset(soft, step, step)
    relief = ImageChops.subtract(lit, dark, 3, 132).resize(mask.size, Image.Resampling.BILINEAR)
    return ImageChops.soft_light(paint, Image.merge("RGB", (relief,) * 3))
