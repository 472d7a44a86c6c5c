"""One training picture: drawn, framed, cropped, and a little spoilt."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageEnhance

from search_engine.sample.chance import Chance
from search_engine.sample.layout import Placement, arrange
from search_engine.sample.painting import paint_picture
from search_engine.sample.scenes import Kind, Position, Size, View

INPUT_SIDE = 64
PATCHES = 8
"""Patches along one side; the same as in the vision tower."""

_CANVAS_SIDE = 128
_LARGE_RADIUS = 0.385
_CLOSE_UP_SHARE, _COVER_SHARE, _CROP_SHARE = 0.08, 0.06, 0.6
_KINDS = tuple(Kind)


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture as the model gets it, and what it shows after framing."""

    pixels: NDArray[np.uint8]
    view: View
    patches: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Framing:
    """The part of a drawing that is shown, in shares of the drawing's side."""

    left: float
    top: float
    right: float
    bottom: float


def take_shot(view: View, chance: Chance) -> Shot:
    """Draw a view and frame it, now and then so close that one object fills the picture."""
    seed = chance.getrandbits(32)
    places = arrange(seed, view.scenes)
    near = [index for index, scene in enumerate(view.scenes) if scene.count == 1]
    if near and chance.hits(_CLOSE_UP_SHARE):
        return _close_up(view, seed, places, chance.choice(near), chance)
    image = paint_picture(_CANVAS_SIDE, seed, view, oversampling=2)
    if chance.hits(_COVER_SHARE):
        _cover(image, places, chance)
    frame = _loose_frame(chance) if chance.hits(_CROP_SHARE) else Framing(0, 0, 1, 1)
    return Shot(_developed(image, frame, chance), view, _covered(view, places, frame))


def _loose_frame(chance: Chance) -> Framing:
    """Cut off a little on every side."""
    left, top, right, bottom = (chance.uniform(0, 0.07) for _ in range(4))
    return Framing(left, top, 1 - right, 1 - bottom)


def _close_up(
    view: View, seed: int, places: list[list[Placement]], index: int, chance: Chance
) -> Shot:
    place, scene = places[index][0], view.scenes[index]
    half = min(0.5, place.radius * chance.uniform(1.25, 1.6))
    x, y = (min(1 - half, max(half, part)) for part in (place.x, place.y))
    frame = Framing(x - half, y - half, x + half, y + half)
    side = round(_CANVAS_SIDE * min(2, max(1, _LARGE_RADIUS / place.radius)))
    image = paint_picture(side, seed, view, oversampling=2)
    seen = replace(scene, size=Size.LARGE, position=Position.CENTRE)
    shown = View(view.background, (seen,))
    return Shot(_developed(image, frame, chance), shown, _covered(shown, [places[index]], frame))


def _cover(image: Image.Image, places: list[list[Placement]], chance: Chance) -> None:
    """Cover a rectangle that hides no object."""
    side = image.width
    width, height = chance.uniform(0.1, 0.4), chance.uniform(0.1, 0.4)
    left, top = chance.uniform(0, 1 - width), chance.uniform(0, 1 - height)
    for place in (place for group in places for place in group):
        apart_x = max(left - place.x, place.x - left - width)
        apart_y = max(top - place.y, place.y - top - height)
        if max(apart_x, apart_y) < place.radius:
            return
    grey = chance.randint(0, 255)
    box = (
        round(left * side),
        round(top * side),
        round((left + width) * side),
        round((top + height) * side),
    )
    image.paste((grey, grey, grey), box)


def _developed(image: Image.Image, frame: Framing, chance: Chance) -> NDArray[np.uint8]:
    side = image.width
    box = (frame.left * side, frame.top * side, frame.right * side, frame.bottom * side)
    filtering = chance.choice((Image.Resampling.BICUBIC,) * 3 + (Image.Resampling.BOX,))
    image = image.resize((INPUT_SIDE, INPUT_SIDE), filtering, box)
    if chance.hits(0.15):
        kept = io.BytesIO()
        image.save(kept, "JPEG", quality=chance.randint(50, 95))
        image = Image.open(kept)
    if chance.hits(0.4):
        image = ImageEnhance.Contrast(image).enhance(chance.uniform(0.88, 1.12))
    pixels = np.asarray(image)
    if chance.hits(0.4):
        pixels = np.clip(pixels + np.float32(chance.uniform(-12, 12)), 0, 255).astype(np.uint8)
    if chance.hits(0.2):
        grain = np.random.default_rng(chance.getrandbits(32)).normal(
            0, chance.uniform(1, 6), pixels.shape
        )
        pixels = np.clip(pixels + grain, 0, 255).astype(np.uint8)
    return pixels


def _covered(view: View, places: list[list[Placement]], frame: Framing) -> NDArray[np.int64]:
    """Number the kind that covers each patch, from 1 on; shape (64,), row by row."""
    steps = (np.arange(PATCHES) + 0.5) / PATCHES
    x = (frame.left + steps * (frame.right - frame.left))[None, :]
    y = (frame.top + steps * (frame.bottom - frame.top))[:, None]
    patches = np.zeros((PATCHES, PATCHES), dtype=np.int64)
    for scene, group in zip(view.scenes, places, strict=True):
        for place in group:
            patches[np.hypot(x - place.x, y - place.y) < 0.85 * place.radius] = (
                _KINDS.index(scene.kind) + 1
            )
    return patches.ravel()
