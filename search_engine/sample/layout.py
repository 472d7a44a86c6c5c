"""Where the objects of a scene stand, and how large they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search_engine.sample.chance import Chance
from search_engine.sample.scenes import Position, Scene, Size

_RADII: dict[int, dict[Size, float]] = {
    1: {Size.SMALL: 0.15, Size.MEDIUM: 0.24, Size.LARGE: 0.39},
    2: {Size.SMALL: 0.135, Size.MEDIUM: 0.185, Size.LARGE: 0.24},
    3: {Size.SMALL: 0.12, Size.MEDIUM: 0.16, Size.LARGE: 0.205},
}
"""Half the side of one object by count and size, as a share of the picture."""

_CENTRES: dict[Position, tuple[float, float]] = {
    Position.CENTRE: (0.5, 0.5),
    Position.LEFT: (0.24, 0.5),
    Position.RIGHT: (0.76, 0.5),
    Position.TOP: (0.5, 0.24),
    Position.BOTTOM: (0.5, 0.76),
}

_GROUPS: dict[int, tuple[tuple[tuple[float, float], ...], ...]] = {
    2: (
        ((-1, 0), (1, 0)),
        ((-1, -0.5), (1, 0.5)),
        ((-1, 0.5), (1, -0.5)),
        ((0, -1), (0, 1)),
    ),
    3: (
        ((0, -1.05), (-1.12, 0.85), (1.12, 0.85)),
        ((0, 1.05), (-1.12, -0.85), (1.12, -0.85)),
        ((-1.5, -1.3), (0, 0), (1.5, 1.3)),
        ((-1.5, 1.3), (0, 0), (1.5, -1.3)),
    ),
}
"""Shapes of groups; one unit is a little more than the radius of an object."""

_MARGIN = 0.012


@dataclass(frozen=True, slots=True)
class Placement:
    """Where one object stands; all three are shares of the picture's side."""

    x: float
    y: float
    radius: float


def arrange(seed: int, scenes: Sequence[Scene]) -> list[list[Placement]]:
    """Find the places of all objects; the picture of this seed has them there."""
    chance = Chance(seed)
    return [_places(scene, chance) for scene in scenes]


def _places(scene: Scene, chance: Chance) -> list[Placement]:
    """Find a place for every object of a scene, none hiding another."""
    radius = _RADII[scene.count][scene.size] * chance.uniform(0.94, 1.06)
    x, y = _CENTRES[scene.position]
    if scene.count == 1:
        x, y = (_inside(part + chance.uniform(-0.05, 0.05), radius) for part in (x, y))
        return [Placement(x, y, radius)]
    group = chance.choice(_GROUPS[scene.count])
    widest = max(max(map(abs, shift)) for shift in group)
    reach = min(radius * chance.uniform(1.08, 1.22), (0.5 - radius - _MARGIN) / widest)
    return [Placement(x + dx * reach, y + dy * reach, radius) for dx, dy in group]


def _inside(part: float, radius: float) -> float:
    return min(1 - radius - _MARGIN, max(radius + _MARGIN, part))
