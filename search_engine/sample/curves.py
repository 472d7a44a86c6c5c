"""Outlines of shapes as points; the same outline is computed once only.

An object's own space is a square from −1 to 1, y pointing down. Knots are written as in an SVG
path, ``x,y`` in hundredths. Every function returns float32 points of shape (n, 2), which Pillow
reads without a conversion.
"""

from __future__ import annotations

import math
from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Points: TypeAlias = NDArray[np.float32]

_STEPS = 8
"""Points between two knots of a curve."""
_OVAL_STEPS = 48


@cache
def straight(knots: str, *, side: int = 1, x: float = 0, y: float = 0, turn: float = 0) -> Points:
    """Join knots by straight lines; ``side`` −1 mirrors them, then they turn and move."""
    points = np.array([knot.split(",") for knot in knots.split()], dtype=np.float64) / 100
    return (points * (side, 1) @ _rotation(turn) + (x, y)).astype(np.float32)


def _rotation(degrees: float) -> NDArray[np.float64]:
    turn = math.radians(degrees)
    return np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]])


@cache
def segment(x: float, y: float, to_x: float, to_y: float) -> Points:
    """Join two points."""
    return np.array([(x, y), (to_x, to_y)], dtype=np.float32)


@cache
def oval(x: float, y: float, width: float, height: float, turn: float = 0) -> Points:
    """Draw an ellipse of two half axes around (x, y), turned by degrees."""
    points = arc(0, 0, width, height, 0, 360)[:-1] @ _rotation(turn).astype(np.float32)
    return points + np.array((x, y), dtype=np.float32)


@cache
def arc(x: float, y: float, width: float, height: float, start: float, stop: float) -> Points:
    """Draw part of an ellipse, clockwise from ``start`` to ``stop`` degrees; 0 is on the right."""
    steps = max(6, round(_OVAL_STEPS * (stop - start) / 360))
    angles = np.radians(np.linspace(start, stop, steps))
    points = np.stack([x + width * np.cos(angles), y + height * np.sin(angles)], axis=1)
    return points.astype(np.float32)


@cache
def smooth(
    knots: str, *, side: int = 1, x: float = 0, y: float = 0, turn: float = 0, closed: bool = True
) -> Points:
    """Draw a soft curve through all knots (Catmull and Rom, 1974)."""
    anchors = straight(knots, side=side, x=x, y=y, turn=turn)
    if closed:
        anchors = np.concatenate([anchors[-1:], anchors, anchors[:2]])
    else:
        anchors = np.concatenate([anchors[:1], anchors, anchors[-1:]])
    before, here, after, beyond = anchors[:-3], anchors[1:-2], anchors[2:-1], anchors[3:]
    t = np.linspace(0, 1, _STEPS, endpoint=False, dtype=np.float32)[None, :, None]
    before, here, after, beyond = (part[:, None] for part in (before, here, after, beyond))
    curve = here + 0.5 * t * (
        after
        - before
        + t
        * (2 * before - 5 * here + 4 * after - beyond + t * (3 * (here - after) + beyond - before))
    )
    points = curve.reshape(-1, 2)
    return points if closed else np.concatenate([points, anchors[-1:]])


@cache
def rounded(corner: float, knots: str, *, side: int = 1, x: float = 0, y: float = 0) -> Points:
    """Draw a polygon whose corners are rounded off, ``corner`` units away from each."""
    return _rounded(corner, straight(knots, side=side, x=x, y=y))


def _rounded(corner: float, sharp: Points) -> Points:
    t = np.linspace(0, 1, 7, dtype=np.float32)[:, None]
    parts = []
    for index, tip in enumerate(sharp):
        start = _towards(tip, sharp[index - 1], corner)
        stop = _towards(tip, sharp[(index + 1) % len(sharp)], corner)
        parts.append((1 - t) ** 2 * start + 2 * t * (1 - t) * tip + t**2 * stop)
    return np.concatenate(parts).astype(np.float32)


def _towards(tip: Points, other: Points, distance: float) -> Points:
    step = other - tip
    length = float(np.hypot(*step))
    return tip + step * min(distance / length, 0.5) if length else tip


@cache
def box(x: float, y: float, width: float, height: float, corner: float = 0.08) -> Points:
    """Draw a rectangle of two half sides around (x, y) with rounded corners."""
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * (width, height) + (x, y)
    return _rounded(corner, corners.astype(np.float32))


@cache
def star(x: float, y: float, outer: float, inner: float, tips: int, corner: float) -> Points:
    """Draw a star that points up, its tips rounded off."""
    angles = np.radians(-90 + np.arange(2 * tips) * 180 / tips)
    radii = np.where(np.arange(2 * tips) % 2, inner, outer)
    knots = np.stack([x + radii * np.cos(angles), y + radii * np.sin(angles)], axis=1)
    return _rounded(corner, knots.astype(np.float32))
