"""Gradients, hills, discs and glows with soft edges: what backgrounds are made of."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops

from search_engine.sample.palette import Rgb

Edge: TypeAlias = NDArray[np.float32]
"""The upper edge of a hill, a wave or a dune: one height in pixels per column."""

_TURN = 2 * np.pi


def gradient(side: int, *stops: Rgb, top: int = 0) -> Image.Image:
    """Blend colours from the top to the bottom of a square; ``top`` leaves out the first rows."""
    column = Image.fromarray(np.array(stops, dtype=np.uint8)[:, None])
    column = column.resize((1, side), Image.Resampling.BICUBIC).crop((0, top, 1, side))
    return column.resize((side, side - top), Image.Resampling.NEAREST)


@cache
def _rows(side: int) -> Edge:
    return np.arange(side, dtype=np.float32)[:, None]


@cache
def _columns(side: int) -> Edge:
    return np.linspace(0, _TURN, side, dtype=np.float32)


def hill(side: int, height: float, swing: float, turns: float, phase: float) -> Edge:
    """Draw an uneven wave; ``height`` and ``swing`` are shares of the side, 0 is the top."""
    x = _columns(side) * turns + phase
    edge: Edge = side * (height + swing * (np.sin(x) + 0.35 * np.sin(2.3 * x + 1)))
    return edge.astype(np.float32)


def land(canvas: Image.Image, edge: Edge, *stops: Rgb) -> None:
    """Fill all that lies below an edge with a gradient of the whole picture's height."""
    side = canvas.width
    top = max(0, int(edge.min()))
    cover = np.clip((_rows(side)[top:] - edge) * 255, 0, 255).astype(np.uint8)
    canvas.paste(gradient(side, *stops, top=top), (0, top), Image.fromarray(cover))


def ribbon(canvas: Image.Image, edge: Edge, thickness: float, fill: Rgb, strength: float) -> None:
    """Trace an edge with a line that fades out downwards; ``thickness`` is a share of the side."""
    side = canvas.width
    top = max(0, int(edge.min()))
    rows = _rows(side)[top : int(edge.max() + thickness * side) + 2]
    depth = (rows - edge) / (thickness * side)
    cover = np.where(depth < 0, 0, np.clip(1 - depth, 0, 1)) * (255 * strength)
    canvas.paste(fill, (0, top), Image.fromarray(cover.astype(np.uint8)))


def bands(canvas: Image.Image, fill: Rgb, slope: tuple[float, float], width: float) -> None:
    """Fill every second band of a striped pattern; ``slope`` says how it runs across and down."""
    side = canvas.width
    across = np.arange(side, dtype=np.float32) * slope[0]
    travel = (across + _rows(side) * slope[1]) % (2 * width * side)
    cover = np.clip(np.minimum(travel, width * side - travel) + 0.5, 0, 1) * 255
    canvas.paste(fill, mask=Image.fromarray(cover.astype(np.uint8)))


@cache
def _disc_mask(radius: float, strength: float) -> Image.Image:
    reach = int(radius) + 2
    y, x = np.ogrid[-reach : reach + 1, -reach : reach + 1]
    cover = np.clip(radius + 0.5 - np.hypot(x, y), 0, 1) * (255 * strength)
    return Image.fromarray(cover.astype(np.uint8))


@cache
def _glow_mask(radius: float, strength: float) -> Image.Image:
    reach = int(radius) + 1
    y, x = np.ogrid[-reach : reach + 1, -reach : reach + 1]
    cover = np.clip(1 - np.hypot(x, y) / radius, 0, 1) ** 1.6 * (255 * strength)
    return Image.fromarray(cover.astype(np.uint8))


def disc(
    canvas: Image.Image, x: float, y: float, radius: float, fill: Rgb, strength: float = 1
) -> None:
    """Paint a round patch; measures are shares of the side."""
    _stamp(canvas, x, y, _disc_mask(round(radius * canvas.width, 1), strength), fill)


def cluster(
    canvas: Image.Image,
    x: float,
    y: float,
    discs: Sequence[tuple[float, float, float]],
    fill: Rgb,
    strength: float,
) -> None:
    """Paint discs (across, down, radius) around (x, y) as one shape; measures are shares."""
    side = canvas.width
    reach = round(side * max(max(abs(dx), abs(dy)) + radius for dx, dy, radius in discs)) + 3
    mask = Image.new("L", (2 * reach + 1,) * 2)
    for dx, dy, radius in discs:
        stamp = _disc_mask(round(radius * side, 1), strength)
        left, top = (reach + round(part * side) - stamp.width // 2 for part in (dx, dy))
        below = mask.crop((left, top, left + stamp.width, top + stamp.width))
        mask.paste(ImageChops.lighter(stamp, below), (left, top))
    _stamp(canvas, x, y, mask, fill)


def glow(
    canvas: Image.Image, x: float, y: float, radius: float, fill: Rgb, strength: float = 1
) -> None:
    """Paint a round patch that fades to nothing; measures are shares of the side."""
    _stamp(canvas, x, y, _glow_mask(round(radius * canvas.width), strength), fill)


def _stamp(canvas: Image.Image, x: float, y: float, mask: Image.Image, fill: Rgb) -> None:
    reach = mask.width // 2
    canvas.paste(fill, (round(x * canvas.width) - reach, round(y * canvas.width) - reach), mask)
