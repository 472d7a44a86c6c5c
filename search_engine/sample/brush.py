"""The brush that paints one object: parts with outlines, patches, lines, rods and eyes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw

from search_engine.sample.curves import Points, oval
from search_engine.sample.palette import COAL, SNOW, Palette, Rgb

OBJECT_SHARE = 0.84
"""How much of its tile an object fills; the rest is room for border and shadow."""

_INK = 0.05
"""Width of outlines in the object's space."""
_CORNER, _GAP = 0.3, 6.0
"""Segments that turn by more radians make a corner; in wide strokes, a gap of so many pixels."""
_HALF = np.float32(0.5)
_THIN = 4
"""Pixels; the joints of thinner strokes cannot be seen."""


class Brush:
    """Paints in an object's own space, where it fills −1 to 1, y pointing down.

    A part belongs to the silhouette and gets an outline; a patch lies on parts already painted.
    """

    def __init__(self, side: int, palette: Palette, *, mirrored: bool, tilt: float) -> None:
        self.palette = palette
        self.paint = Image.new("RGB", (side, side), palette.ink)
        self.mask = Image.new("L", (side, side))
        self._on_paint = ImageDraw.Draw(self.paint)
        self._on_mask = ImageDraw.Draw(self.mask)
        self._unit = side / 2 * OBJECT_SHARE
        cosine, sine = math.cos(tilt) * self._unit, math.sin(tilt) * self._unit
        flip = -1 if mirrored else 1
        self._axes = np.array([[flip * cosine, flip * sine], [-sine, cosine]], dtype=np.float32)
        self._centre = np.float32(side / 2)

    def part(self, points: Points, fill: Rgb | None = None) -> None:
        """Fill an outline of the silhouette and ink its edge."""
        pixels, width = self._pixels(points), self._width(_INK)
        _polygon(self._on_paint, pixels, fill or self.palette.main)
        _polygon(self._on_mask, pixels, 255)
        _stroke(self._on_paint, _closed(pixels), self.palette.ink, width)
        _stroke(self._on_mask, _closed(pixels), 255, width)

    def patch(self, points: Points, fill: Rgb) -> None:
        """Fill a detail that lies inside the silhouette."""
        _polygon(self._on_paint, self._pixels(points), fill)

    def inked(self, points: Points, fill: Rgb, width: float = _INK) -> None:
        """Fill a detail inside the silhouette and ink its edge."""
        pixels = self._pixels(points)
        _polygon(self._on_paint, pixels, fill)
        _stroke(self._on_paint, _closed(pixels), self.palette.ink, self._width(width))

    def within(self, frame: Points, fill: Rgb, *patches: Points) -> None:
        """Fill what the patches share with the frame."""
        outline = self._pixels(frame)
        corner = np.floor(outline.min(axis=0))
        width, height = (np.ceil(outline.max(axis=0)) - corner).astype(int).tolist()
        stencil, shape = (Image.new("L", (width + 1, height + 1)) for _ in range(2))
        _polygon(ImageDraw.Draw(stencil), outline - corner, 255)
        for patch in patches:
            _polygon(ImageDraw.Draw(shape), self._pixels(patch) - corner, 255)
        left, top = corner.astype(int).tolist()
        self.paint.paste(fill, (left, top), ImageChops.darker(stencil, shape))

    def line(self, points: Points, fill: Rgb | None = None, width: float = _INK) -> None:
        """Draw a stroke inside the silhouette."""
        ink = self.palette.ink if fill is None else fill
        _stroke(self._on_paint, self._pixels(points), ink, self._width(width))

    def edge(self, points: Points, width: float = _INK) -> None:
        """Ink an open edge again that a patch has covered."""
        self.line(points, self.palette.ink, width)

    def rod(self, points: Points, fill: Rgb, width: float = 0.1) -> None:
        """Draw a stroke that belongs to the silhouette, inked on both sides."""
        pixels, inner = self._pixels(points), self._width(width)
        outer = inner + 2 * self._width(_INK * 0.9)
        _stroke(self._on_paint, pixels, self.palette.ink, outer)
        _stroke(self._on_mask, pixels, 255, outer)
        _stroke(self._on_paint, pixels, fill, inner)

    def wire(self, points: Points, fill: Rgb | None = None, width: float = _INK) -> None:
        """Draw a bare stroke that belongs to the silhouette."""
        pixels, ink = self._pixels(points), self.palette.ink if fill is None else fill
        _stroke(self._on_paint, pixels, ink, self._width(width))
        _stroke(self._on_mask, pixels, 255, self._width(width))

    def eye(self, x: float, y: float, radius: float, *, white: bool = True) -> None:
        """Paint an eye that looks at you."""
        if white:
            self.inked(oval(x, y, radius, radius * 1.08), SNOW, _INK * 0.7)
            self.patch(oval(x, y + radius * 0.08, radius * 0.62, radius * 0.7), COAL)
            self.patch(oval(x - radius * 0.2, y - radius * 0.2, radius * 0.24, radius * 0.24), SNOW)
            return
        self.patch(oval(x, y, radius, radius * 1.15), COAL)
        self.patch(oval(x - radius * 0.3, y - radius * 0.35, radius * 0.34, radius * 0.34), SNOW)

    def _pixels(self, points: Points) -> Points:
        return points @ self._axes + self._centre

    def _width(self, width: float) -> int:
        return max(1, round(width * self._unit))


def _closed(pixels: Points) -> Points:
    return np.concatenate([pixels, pixels[:2]])


def _flat(pixels: Points) -> Sequence[float]:
    """Tell the type checker what Pillow does: it reads float32 buffers as they are."""
    return cast("Sequence[float]", pixels)


def _polygon(draw: ImageDraw.ImageDraw, pixels: Points, fill: Rgb | int) -> None:
    draw.polygon(_flat(pixels), fill=fill)


def _stroke(draw: ImageDraw.ImageDraw, pixels: Points, ink: Rgb | int, width: int) -> None:
    draw.line(_flat(pixels), fill=ink, width=width)
    if width < _THIN:
        return
    sharp = _sharp_turns(pixels, min(_CORNER, _GAP / width))
    draw.line(_flat(_cut_short(pixels, sharp)), fill=ink, width=width)
    radius = (width - 1) / 2
    for x, y in (pixels[0], *pixels[1:-1][sharp], pixels[-1]):
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=ink)


def _sharp_turns(pixels: Points, angle: float) -> NDArray[np.bool_]:
    """Return at which inner points a stroke turns by more than an angle."""
    steps = np.diff(pixels.view(np.complex64)[:, 0])
    turns = steps[1:] * steps[:-1].conj()
    sharp: NDArray[np.bool_] = np.abs(turns.imag) > angle * turns.real
    return sharp


def _cut_short(pixels: Points, sharp: NDArray[np.bool_]) -> Points:
    """Follow a stroke from the middle of each segment to the next, but not across corners.

    Pillow leaves a notch where two segments meet; a second stroke along this path fills it.
    """
    path = np.repeat((pixels[1:] + pixels[:-1]) * _HALF, 2, axis=0)
    path[1:-1:2] = pixels[1:-1]
    kept = np.ones(len(path), dtype=np.bool_)
    kept[1:-1:2] = sharp
    return path[kept]
