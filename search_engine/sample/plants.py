"""Five plants."""

from __future__ import annotations

import math

from search_engine.sample.brush import Brush
from search_engine.sample.curves import arc, box, oval, segment, smooth, straight
from search_engine.sample.palette import AMBER, BARK, BLUSH, CREAM, GOLD, LEAF, MOSS, SNOW


def flower(brush: Brush) -> None:
    """Paint a flower with six petals on a stem; the petals have the colour."""
    shade = brush.palette
    brush.rod(smooth("0,0 5,50 0,98", closed=False), LEAF, 0.1)
    brush.part(smooth("3,86 24,54 66,50 50,80"), LEAF)
    brush.part(smooth("0,92 -22,62 -62,56 -46,88"), MOSS)
    for turn in range(0, 360, 60):
        x, y = math.sin(math.radians(turn)), -math.cos(math.radians(turn))
        brush.part(oval(0.4 * x, 0.4 * y - 0.26, 0.26, 0.34, turn))
        brush.patch(oval(0.48 * x, 0.48 * y - 0.26, 0.1, 0.16, turn), shade.light)
    brush.part(oval(0, -0.26, 0.25, 0.25), AMBER if shade.accent != GOLD else GOLD)
    brush.patch(oval(-0.07, -0.34, 0.09, 0.07), CREAM)


def tree(brush: Brush) -> None:
    """Paint a leafy tree; its crown has the colour."""
    shade = brush.palette
    brush.part(smooth("-14,10 -12,60 -28,96 28,96 12,60 14,10"), BARK)
    brush.line(smooth("-3,50 -2,70 -7,88", closed=False), (84, 52, 30), 0.05)
    puffs = (
        (-0.5, -0.08, 0.38),
        (0.5, -0.08, 0.38),
        (0, 0.04, 0.36),
        (-0.28, -0.52, 0.42),
        (0.3, -0.5, 0.4),
    )
    for x, y, radius in puffs:
        brush.part(oval(x, y, radius, radius))
    for x, y, radius in puffs:
        brush.patch(oval(x, y, radius - 0.03, radius - 0.03), shade.main)
    for x, y, radius in puffs[:3]:
        brush.patch(oval(x, y + radius * 0.58, radius * 0.68, radius * 0.26), shade.dark)
    for x, y, radius in puffs:
        brush.line(arc(x, y, radius * 0.68, radius * 0.68, 195, 260), shade.light, 0.1)
    for x, y in ((0.16, -0.26), (-0.14, -0.3), (0.62, -0.02), (-0.4, 0.06)):
        brush.inked(oval(x, y, 0.07, 0.07), shade.accent, 0.03)


def mushroom(brush: Brush) -> None:
    """Paint a spotted toadstool; its cap has the colour."""
    shade = brush.palette
    spots = CREAM if shade.main[2] < 240 or shade.main[0] < 240 else (206, 212, 226)  # noqa: PLR2004 - white cap
    brush.part(
        smooth("-24,0 -20,40 -32,86 0,96 32,86 20,40 24,0"),
        (250, 236, 212),
    )
    brush.patch(smooth("6,10 8,50 14,84 24,80 14,40 18,10"), (232, 208, 176))
    cap = smooth("-96,6 -72,-54 0,-92 72,-54 96,6 50,22 0,26 -50,22")
    brush.part(cap)
    brush.within(
        cap,
        spots,
        oval(-0.1, -0.56, 0.22, 0.17),
        oval(0.44, -0.26, 0.18, 0.16),
        oval(-0.54, -0.14, 0.17, 0.15),
        oval(0.0, 0.02, 0.15, 0.1),
        oval(0.84, 0.04, 0.12, 0.12),
    )
    brush.line(cap)


def cactus(brush: Brush) -> None:
    """Paint a cactus in a pot; the cactus has the colour."""
    shade = brush.palette
    for arm in ("-10,12 -52,12 -56,-30", "10,-8 54,-8 56,-50"):
        brush.rod(smooth(arm, closed=False), shade.main, 0.24)
    brush.rod(straight("0,-66 0,50"), shade.main, 0.46)
    for x in (-0.1, 0.1):
        brush.line(segment(x, -0.66, x, 0.42), shade.dark, 0.05)
    for x, y in ((-0.56, -0.18), (0.56, -0.36), (0, -0.5), (0, -0.1), (0.2, -0.3), (-0.2, 0.1)):
        brush.line(segment(x - 0.04, y - 0.03, x + 0.04, y + 0.03), SNOW, 0.035)
    for side in (-1, 0, 1):
        brush.part(oval(side * 0.12, -0.92 - 0.05 * (side == 0), 0.1, 0.1), BLUSH)
    brush.part(straight("-42,44 42,44 30,98 -30,98"), (214, 122, 78))
    brush.part(box(0, 0.48, 0.5, 0.1), (232, 144, 96))


def leaf(brush: Brush) -> None:
    """Paint a single leaf with its veins."""
    shade = brush.palette
    brush.rod(smooth("-50,56 -72,74 -84,94", closed=False), shade.dark, 0.07)
    blade = smooth("-56,60 -76,0 -40,-56 30,-82 90,-92 84,-20 54,42 -2,72")
    brush.part(blade)
    brush.within(blade, shade.dark, smooth("-60,64 10,-2 92,-94 110,20 30,100"))
    brush.line(blade)
    brush.line(smooth("-60,64 10,-6 76,-78", closed=False), shade.light, 0.07)
    for x, y in ((-0.24, 0.28), (0.1, -0.06), (0.42, -0.4)):
        brush.line(segment(x, y, x - 0.06, y - 0.34), shade.light, 0.05)
        brush.line(segment(x, y, x + 0.34, y + 0.04), shade.light, 0.05)
