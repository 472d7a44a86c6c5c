"""Six things to eat."""

from __future__ import annotations

from search_engine.sample.brush import Brush
from search_engine.sample.curves import arc, oval, rounded, segment, smooth, straight
from search_engine.sample.palette import (
    BARK,
    CHERRY,
    CREAM,
    GLASS,
    GOLD,
    LEAF,
    SNOW,
    STRAW,
    WOOD,
)

_SPRINKLES: tuple[tuple[float, float, float], ...] = (
    (-0.5, -0.32, 30), (-0.18, -0.56, 100), (0.24, -0.52, 10), (0.56, -0.28, 70),
    (0.66, 0.1, 120), (0.44, 0.42, 20), (0.08, 0.6, 80), (-0.34, 0.5, 150), (-0.62, 0.16, 60),
)  # fmt: skip


def apple(brush: Brush) -> None:
    """Paint an apple with a leaf."""
    shade = brush.palette
    brush.rod(smooth("0,-40 2,-70 12,-92", closed=False), BARK, 0.07)
    brush.part(smooth("8,-62 24,-90 62,-92 44,-64"), LEAF)
    brush.part(
        smooth("0,-46 34,-60 74,-44 86,4 66,60 32,92 0,84 -32,92 -66,60 -86,4 -74,-44 -34,-60")
    )
    brush.patch(smooth("70,-16 72,20 50,66 24,82 50,40"), shade.dark)
    brush.patch(oval(-0.5, -0.18, 0.12, 0.24, 24), shade.light)
    brush.line(arc(0, -0.5, 0.2, 0.12, 20, 160), width=0.05)


def pear(brush: Brush) -> None:
    """Paint a pear."""
    shade = brush.palette
    brush.rod(smooth("0,-66 2,-82 -8,-98", closed=False), BARK, 0.07)
    brush.part(smooth("6,-80 26,-100 54,-90 32,-72"), LEAF)
    brush.part(
        smooth("0,-76 26,-58 34,-20 62,16 66,60 36,92 0,96 -36,92 -66,60 -62,16 -34,-20 -26,-58")
    )
    brush.patch(smooth("44,12 54,50 28,82 2,86 32,56"), shade.dark)
    brush.patch(oval(-0.34, 0.3, 0.13, 0.24, 14), shade.light)
    brush.patch(oval(-0.12, -0.4, 0.07, 0.14, 10), shade.light)


def strawberry(brush: Brush) -> None:
    """Paint a strawberry."""
    shade = brush.palette
    brush.part(smooth("0,-50 50,-60 80,-22 62,34 20,86 0,96 -20,86 -62,34 -80,-22 -50,-60"))
    brush.patch(smooth("66,-10 50,32 14,80 20,40"), shade.dark)
    for x, y in (
        (-0.5, -0.1),
        (-0.16, -0.06),
        (0.2, -0.08),
        (0.54, -0.12),
        (-0.34, 0.22),
        (0.02, 0.24),
        (0.36, 0.2),
        (-0.16, 0.52),
        (0.18, 0.52),
        (0.0, 0.76),
    ):
        brush.inked(oval(x, y, 0.045, 0.07), CREAM, 0.03)
    brush.part(
        smooth("0,-66 36,-84 66,-60 36,-50 24,-24 0,-46 -24,-24 -36,-50 -66,-60 -36,-84"), LEAF
    )
    brush.rod(straight("0,-68 6,-94"), LEAF, 0.08)


def donut(brush: Brush) -> None:
    """Paint a doughnut; its icing has the colour."""
    shade = brush.palette
    hole = (236, 190, 130)
    brush.part(oval(0, 0, 0.92, 0.9), STRAW)
    brush.inked(
        smooth("0,-80 50,-72 80,-30 74,20 60,56 30,62 4,78 -30,66 -56,62 -72,24 -82,-26 -50,-70"),
        shade.main,
    )
    brush.line(arc(0, 0, 0.62, 0.6, 190, 255), shade.light, 0.1)
    for index, (x, y, turn) in enumerate(_SPRINKLES):
        stick = oval(x, y, 0.085, 0.034, turn)
        brush.patch(stick, (shade.accent, SNOW, GLASS)[index % 3])
    brush.inked(oval(0, 0.02, 0.29, 0.27), hole)
    brush.inked(oval(0, 0.05, 0.22, 0.2), (120, 72, 44))


def cake(brush: Brush) -> None:
    """Paint a birthday cake with candles; its icing has the colour."""
    shade = brush.palette
    for x in (-0.36, 0, 0.36):
        brush.rod(segment(x, -0.62, x, -0.3), CREAM, 0.09)
        brush.part(smooth("0,-98 10,-76 0,-66 -10,-76", x=x), GOLD)
    brush.part(oval(0, 0.8, 0.98, 0.16), GLASS)
    brush.part(rounded(0.1, "-80,-10 80,-10 76,82 -76,82"), shade.main)
    brush.patch(rounded(0.02, "-74,38 74,38 73,54 -73,54"), CREAM)
    icing = smooth("-82,-24 0,-40 82,-24 80,16 60,2 42,22 22,4 0,24 -22,4 -42,22 -60,2 -80,16")
    brush.part(icing, shade.light)
    for x in (-0.5, 0, 0.5):
        brush.inked(oval(x, -0.14, 0.1, 0.1), CHERRY if shade.accent == GOLD else GOLD)


def ice_cream(brush: Brush) -> None:
    """Paint a cone with two scoops; the scoops have the colour."""
    shade = brush.palette
    cone = straight("-54,12 54,12 0,99")
    brush.part(cone, STRAW)
    for groove in ("-40,20 3,62", "-8,20 15,62", "24,20 27,44"):
        for side in (-1, 1):
            brush.line(straight(groove, side=side), WOOD, 0.035)
    brush.line(cone)
    brush.part(oval(0, -0.44, 0.52, 0.46), shade.light)
    brush.part(oval(0, -0.88, 0.12, 0.12), CHERRY if shade.accent == GOLD else GOLD)
    brush.part(smooth("0,-34 50,-24 72,6 62,30 40,18 14,36 -14,20 -40,34 -66,24 -70,2 -50,-24"))
    brush.patch(oval(-0.24, -0.58, 0.1, 0.14, 30), SNOW)
    brush.patch(oval(-0.42, -0.04, 0.1, 0.12, 30), shade.light)
