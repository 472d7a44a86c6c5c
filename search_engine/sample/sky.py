"""What hangs in the sky, and a heart."""

from __future__ import annotations

from search_engine.sample import curves
from search_engine.sample.brush import Brush
from search_engine.sample.curves import arc, box, oval, smooth, straight
from search_engine.sample.palette import BLUSH, SNOW


def sun(brush: Brush) -> None:
    """Paint a smiling sun with rays."""
    shade = brush.palette
    for turn in range(0, 360, 60):
        brush.part(straight("-13,-56 0,-90 13,-56", turn=turn), shade.dark)
        brush.part(straight("-13,-56 0,-100 13,-56", turn=turn + 30), shade.dark)
    brush.part(oval(0, 0, 0.62, 0.62))
    brush.line(arc(0, 0, 0.5, 0.5, 190, 260), shade.light, 0.09)
    for side in (-1, 1):
        brush.eye(side * 0.22, -0.08, 0.085, white=False)
        brush.patch(oval(side * 0.38, 0.12, 0.1, 0.065), BLUSH)
    brush.line(arc(0, 0.08, 0.2, 0.2, 20, 160), width=0.06)


def moon(brush: Brush) -> None:
    """Paint a sleeping crescent moon."""
    shade = brush.palette
    brush.part(smooth("30,-96 -34,-80 -76,-20 -68,46 -20,90 42,88 78,56 40,54 2,30 -14,-10 -4,-56"))
    for x, y, radius in (
        (-0.46, -0.3, 0.1),
        (-0.2, 0.66, 0.09),
        (-0.3, -0.58, 0.06),
        (0.24, 0.74, 0.06),
    ):
        brush.patch(oval(x, y, radius, radius * 0.9), shade.dark)
    brush.line(arc(-0.34, 0.1, 0.1, 0.08, 10, 170), width=0.055)
    brush.patch(oval(-0.42, 0.3, 0.1, 0.065), BLUSH)
    brush.line(arc(-0.16, 0.32, 0.1, 0.08, 30, 150), width=0.05)
    brush.line(arc(0.08, -0.06, 0.72, 0.78, 190, 232), shade.light, 0.06)


def star(brush: Brush) -> None:
    """Paint a five-pointed star."""
    shade = brush.palette
    brush.part(curves.star(0, 0.06, 1.0, 0.47, 5, 0.1))
    brush.patch(straight("0,-78 0,6 -24,-26"), shade.light)
    brush.patch(straight("-78,-20 0,6 -30,-24"), shade.light)
    brush.patch(straight("50,74 0,6 38,18"), shade.dark)
    brush.patch(straight("-50,74 0,6 0,48"), shade.dark)


def cloud(brush: Brush) -> None:
    """Paint a puffy cloud."""
    shade = brush.palette
    puffs = (
        (-0.64, 0.16, 0.32),
        (0.66, 0.18, 0.3),
        (-0.34, -0.08, 0.36),
        (0.36, -0.04, 0.34),
        (0, -0.2, 0.36),
    )
    for x, y, radius in puffs:
        brush.part(oval(x, y, radius, radius))
    brush.part(box(0, 0.3, 0.86, 0.24, 0.23))
    for x, y, radius in puffs:
        brush.patch(oval(x, y, radius - 0.03, radius - 0.03), shade.main)
    brush.patch(smooth("-72,42 -30,32 20,40 74,30 66,47 0,49 -60,48"), shade.dark)
    for x, y, radius in puffs:
        brush.line(arc(x, y, radius * 0.72, radius * 0.72, 200, 262), shade.light, 0.09)


def heart(brush: Brush) -> None:
    """Paint a glossy heart."""
    shade = brush.palette
    brush.part(
        smooth(
            "0,-42 28,-78 70,-78 94,-38 80,10 40,56 6,88 "
            "0,92 -6,88 -40,56 -80,10 -94,-38 -70,-78 -28,-78"
        )
    )
    brush.patch(smooth("80,-24 64,14 30,48 4,74 40,20"), shade.dark)
    brush.patch(oval(-0.52, -0.44, 0.16, 0.22, 40), SNOW)
    brush.patch(oval(-0.7, -0.14, 0.06, 0.08, 20), shade.light)
