"""Measure heat maps: ``python -m search_engine.lab.model_quality.pointing [--cases N] [--json]``.

The pointing game (J. Zhang et al., "Top-down Neural Attention by Excitation Backprop", ECCV 2016)
on collages: two drawings of different kinds lie anywhere on a background, one of them is asked for,
and the peak of the heat map should fall on it. Seeds lie beyond all seeds of training.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from search_engine.embedding import Embedder, canonical_model_id, load_embedder
from search_engine.explain.heat_map import HeatMethod, compute_heat_map
from search_engine.lab.model_quality.queries import plain_name, with_article
from search_engine.sample.chance import Chance
from search_engine.sample.layout import arrange
from search_engine.sample.painting import paint_picture
from search_engine.sample.scenes import Background, Colour, Kind, Scene, Size, View
from search_engine.settings import MINI_MODEL, Settings

if TYPE_CHECKING:
    from PIL import Image

CASES = 200
FLOOR = 0.9
"""Of the peaks, on the asked drawing."""

_SEED = "collages that training has never seen"
_SIDE = 480
_SMALLEST, _LARGEST = 0.36, 0.5
"""Sides of the drawings, as a share of the collage."""
_FIRST_SEED = 2**41


@dataclass(frozen=True, slots=True)
class Spot:
    """The square around one object, in pixels of the collage."""

    x: float
    y: float
    radius: float

    def holds(self, place: tuple[float, float]) -> bool:
        """Return whether a place lies on it."""
        return max(abs(place[0] - self.x), abs(place[1] - self.y)) <= self.radius

    @property
    def share(self) -> float:
        """Of the collage: how often a place taken by chance would lie on it."""
        return (2 * self.radius / _SIDE) ** 2


@dataclass(frozen=True, slots=True)
class Collage:
    """Two drawings on a background, and which of them is asked for."""

    image: Image.Image
    query: str
    asked: Spot
    other: Spot


@dataclass(frozen=True, slots=True)
class PointingFigures:
    """How often the peak of a method falls where."""

    method: str
    cases: int
    on_asked: float
    on_other: float
    chance: float
    """What a place taken by chance would reach."""


def draw_collages(cases: int = CASES, seed: str = _SEED) -> list[Collage]:
    """Draw collages; the same seed gives the same ones, the first of many as well."""
    chance = Chance(seed)
    return [_collage(chance, _FIRST_SEED + 3 * number) for number in range(cases)]


def _collage(chance: Chance, seed: int) -> Collage:
    canvas = paint_picture(_SIDE, seed, View(chance.choice(tuple(Background))))
    kinds = chance.sample(tuple(Kind), 2)
    spots = []
    for number, (kind, (x, y, side)) in enumerate(zip(kinds, _tiles(chance), strict=True), start=1):
        size = chance.choice((Size.MEDIUM, Size.LARGE))
        colour, ground = chance.choice(tuple(Colour)), chance.choice(tuple(Background))
        scene = Scene(kind, colour, ground, size)
        canvas.paste(paint_picture(side, seed + number, View(ground, (scene,))), (x, y))
        place = arrange(seed + number, (scene,))[0][0]
        spots.append(Spot(x + place.x * side, y + place.y * side, place.radius * side))
    query = f"a photo of {with_article(plain_name(kinds[0]))}"
    return Collage(canvas, query, *spots)


def _tiles(chance: Chance) -> list[tuple[int, int, int]]:
    """Find left, top and side of two squares that do not overlap."""
    while True:
        sides = [round(_SIDE * chance.uniform(_SMALLEST, _LARGEST)) for _ in range(2)]
        corners = [(chance.randint(0, _SIDE - s), chance.randint(0, _SIDE - s)) for s in sides]
        gaps = (
            max(two - one - side, one - two - other)
            for one, two in zip(*corners, strict=True)
            for side, other in [sides]
        )
        if max(gaps) >= 0:
            return [(x, y, side) for (x, y), side in zip(corners, sides, strict=True)]


def measure(embedder: Embedder, method: HeatMethod, collages: Sequence[Collage]) -> PointingFigures:
    """Ask for one drawing of every collage, and look where the peak falls."""
    queries = embedder.embed_words([collage.query for collage in collages])
    peaks = [
        compute_heat_map(embedder, collage.image, query, method).peak
        for collage, query in zip(collages, queries, strict=True)
    ]
    pairs = list(zip(collages, peaks, strict=True))
    return PointingFigures(
        method=str(method),
        cases=len(collages),
        on_asked=float(np.mean([collage.asked.holds(peak) for collage, peak in pairs])),
        on_other=float(np.mean([collage.other.holds(peak) for collage, peak in pairs])),
        chance=float(np.mean([collage.asked.share for collage in collages])),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures as a table or as JSON; exit with 1 if one is below the floor."""
    parser = argparse.ArgumentParser(
        prog="search_engine.lab.model_quality.pointing", description=__doc__
    )
    parser.add_argument("--model", default=MINI_MODEL)
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    chosen = parser.parse_args(arguments)
    embedder = load_embedder(canonical_model_id(chosen.model), Settings.from_environment())
    collages = draw_collages(chosen.cases)
    figures = [measure(embedder, method, collages) for method in HeatMethod]
    sys.stdout.write(_as_json(figures) if chosen.json else _as_table(figures))
    sys.exit(any(figure.on_asked < FLOOR for figure in figures))


def _as_json(figures: Sequence[PointingFigures]) -> str:
    return json.dumps([asdict(figure) for figure in figures], indent=2) + "\n"


def _as_table(figures: Sequence[PointingFigures]) -> str:
    lines = [f"{'method':10} {'cases':>6} {'on asked':>9} {'on other':>9} {'chance':>7}"]
    lines += [
        f"{f.method:10} {f.cases:6} {f.on_asked:9.3f} {f.on_other:9.3f} {f.chance:7.3f}"
        for f in figures
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
