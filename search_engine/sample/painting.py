"""From a scene to a picture: the background, then every object cut out like a sticker."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from search_engine.sample.backgrounds import paint_background
from search_engine.sample.chance import Chance
from search_engine.sample.drawings import DRAWINGS
from search_engine.sample.layout import Placement, arrange
from search_engine.sample.palette import SNOW, Rgb, palette_of
from search_engine.sample.scenes import View
from search_engine.sample.sprites import Pose, Sprite, paint_sprite

if TYPE_CHECKING:
    from PIL import Image

_TILT = math.radians(9)
_SHADOW: Rgb = (22, 20, 44)
_BORDER = 0.0075
"""Width of the white border, as a share of the picture."""


def paint_picture(side: int, seed: int, view: View, *, oversampling: int = 3) -> Image.Image:
    """Paint a view as a square picture of ``side`` pixels; the same seed gives the same picture."""
    chance = Chance(seed)
    canvas = paint_background(view.background, side, chance)
    for scene, places in zip(view.scenes, arrange(seed, view.scenes), strict=True):
        palette = palette_of(scene.colour, chance)
        pose = Pose(places[0].radius * side, chance.hits(0.5), chance.uniform(-_TILT, _TILT))
        sprite = paint_sprite(DRAWINGS[scene.kind], palette, pose, _BORDER * side, oversampling)
        for place in places:
            _stick(canvas, sprite, place)
    return canvas


def _stick(canvas: Image.Image, sprite: Sprite, place: Placement) -> None:
    """Put an object down with its shadow and a white border, so that it stands out anywhere."""
    side = canvas.width
    left, top = round(place.x * side) + sprite.left, round(place.y * side) + sprite.top
    shift = side * _BORDER
    canvas.paste(_SHADOW, (left + round(shift), top + round(shift * 1.8)), sprite.shadow)
    canvas.paste(SNOW, (left, top), sprite.border)
    canvas.paste(sprite.paint, (left, top), sprite.mask)
