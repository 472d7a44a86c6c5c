"""Six vehicles."""

from __future__ import annotations

from search_engine.sample.brush import Brush
from search_engine.sample.curves import arc, box, oval, rounded, segment, smooth, straight
from search_engine.sample.palette import (
    AMBER,
    CHERRY,
    COAL,
    CREAM,
    GLASS,
    GOLD,
    SLATE,
    SNOW,
    STEEL,
    WOOD,
)


def _wheel(brush: Brush, x: float, y: float, radius: float) -> None:
    brush.part(oval(x, y, radius, radius), COAL)
    brush.patch(oval(x, y, radius * 0.55, radius * 0.55), STEEL)
    brush.patch(oval(x, y, radius * 0.22, radius * 0.22), SLATE)


def car(brush: Brush) -> None:
    """Paint a small car that drives to the right."""
    shade = brush.palette
    brush.part(smooth("-62,-2 -46,-46 -10,-58 24,-52 56,-4"), shade.main)
    brush.inked(rounded(0.06, "-50,-8 -38,-42 -4,-46 -4,-8"), GLASS)
    brush.inked(rounded(0.06, "8,-8 8,-46 24,-42 44,-8"), GLASS)
    brush.part(smooth("-94,10 -78,-10 -20,-10 50,-10 86,2 98,30 90,46 0,48 -90,46 -98,30"))
    brush.patch(straight("-90,30 92,30 88,43 -88,43"), shade.dark)
    brush.line(straight("-72,0 36,0"), shade.light, 0.06)
    brush.line(straight("2,-6 2,30"), width=0.04)
    brush.line(straight("-20,12 -8,12"), width=0.05)
    brush.inked(oval(0.86, 0.14, 0.08, 0.09), GOLD)
    brush.inked(oval(-0.9, 0.16, 0.05, 0.08), CHERRY)
    for x in (-0.52, 0.52):
        _wheel(brush, x, 0.46, 0.24)


def boat(brush: Brush) -> None:
    """Paint a sailing boat; hull and sails have the colour."""
    shade = brush.palette
    brush.rod(straight("-4,-94 -4,40"), WOOD, 0.07)
    brush.part(straight("-4,-96 -42,-86 -4,-74"), shade.accent)
    brush.part(smooth("8,-76 44,-40 80,22 40,24 8,22 10,-30"))
    brush.patch(smooth("20,-46 40,-20 60,12 36,14 20,12"), shade.light)
    brush.part(smooth("-16,-56 -16,22 -50,24 -70,20 -42,-20"), shade.light)
    hull = smooth("-92,40 0,44 96,34 80,66 50,86 -50,86 -78,66")
    brush.part(hull)
    brush.within(hull, CREAM, straight("-100,54 100,50 100,62 -100,66"))
    brush.within(hull, shade.dark, straight("-100,72 100,68 100,100 -100,100"))
    brush.line(hull)


def rocket(brush: Brush) -> None:
    """Paint a starting rocket."""
    shade = brush.palette
    brush.part(smooth("-20,60 20,60 16,84 0,102 -16,84"), AMBER)
    brush.patch(smooth("-8,64 8,64 0,88"), (255, 236, 140))
    for side in (-1, 1):
        brush.part(smooth("30,10 66,46 66,84 28,60", side=side), shade.dark)
    brush.part(smooth("0,-98 26,-66 40,-12 34,42 24,64 -24,64 -34,42 -40,-12 -26,-66"))
    brush.patch(smooth("-24,-46 -30,-10 -24,40 -14,40 -18,-10 -12,-60"), shade.light)
    brush.inked(smooth("0,-98 22,-70 25,-58 0,-52 -25,-58 -22,-70"), shade.dark)
    brush.inked(oval(0, -0.14, 0.2, 0.2), SNOW)
    brush.patch(oval(0, -0.14, 0.13, 0.13), (110, 190, 236))
    brush.part(smooth("-7,34 7,34 6,74 -6,74"), shade.dark)


def plane(brush: Brush) -> None:
    """Paint an airliner that climbs to the right."""
    shade = brush.palette
    brush.part(straight("-72,-12 -98,-66 -76,-66 -42,-16"), shade.dark)
    brush.part(straight("-4,-14 -12,-66 10,-66 36,-14"), shade.dark)
    brush.part(smooth("-96,-16 -50,-22 40,-24 82,-14 99,8 80,24 20,28 -50,18 -86,2"))
    brush.patch(smooth("-60,10 20,16 84,12 72,22 20,24 -40,17"), shade.light)
    brush.inked(smooth("66,-14 80,-12 90,0 70,0"), GLASS)
    for x in (-0.42, -0.2, 0.02, 0.24, 0.46):
        brush.inked(oval(x, -0.03, 0.065, 0.075), GLASS, 0.035)
    brush.part(straight("10,12 -34,78 -8,78 42,14"), shade.main)
    brush.line(straight("16,24 -14,68"), shade.light, 0.06)
    brush.part(box(0.14, 0.52, 0.13, 0.08), STEEL)
    brush.part(straight("-70,2 -96,30 -80,32 -46,6"), shade.main)


def bus(brush: Brush) -> None:
    """Paint a city bus that drives to the right."""
    shade = brush.palette
    brush.part(box(0, 0, 0.96, 0.58, 0.16))
    brush.patch(box(0, 0.43, 0.92, 0.12, 0.05), shade.dark)
    brush.line(straight("-84,-46 84,-46"), shade.light, 0.08)
    for x in (-0.7, -0.3, 0.1):
        brush.inked(box(x, -0.12, 0.17, 0.2, 0.05), GLASS)
        brush.line(segment(x - 0.06, -0.02, x + 0.04, -0.2), SNOW, 0.05)
    brush.inked(box(0.7, -0.08, 0.2, 0.26, 0.06), GLASS)
    brush.inked(box(0.4, 0.12, 0.08, 0.34, 0.03), GLASS)
    brush.line(straight("-90,20 24,20"), shade.light, 0.07)
    brush.inked(oval(0.9, 0.34, 0.06, 0.08), GOLD)
    for x in (-0.5, 0.54):
        _wheel(brush, x, 0.58, 0.22)


def train(brush: Brush) -> None:
    """Paint a steam engine that drives to the right."""
    shade = brush.palette
    for x, y, radius in ((0.2, -0.86, 0.11), (0.42, -0.84, 0.15)):
        brush.part(oval(x, y, radius, radius), SNOW)
    brush.part(rounded(0.03, "36,-30 30,-66 68,-66 62,-30"), shade.dark)
    brush.part(straight("80,40 100,74 60,74"), SLATE)
    brush.part(box(-0.52, -0.1, 0.34, 0.56, 0.05))
    brush.part(box(-0.52, -0.64, 0.46, 0.1, 0.06), shade.dark)
    brush.inked(box(-0.52, -0.28, 0.19, 0.18, 0.05), GLASS)
    brush.part(box(0.28, 0.08, 0.56, 0.34, 0.14))
    brush.part(arc(0.12, -0.26, 0.16, 0.18, 180, 360), shade.accent)
    brush.line(straight("-14,-10 76,-10"), shade.light, 0.08)
    for x in (0.14, 0.5):
        brush.line(segment(x, -0.24, x, 0.4), shade.dark, 0.07)
    brush.part(box(-0.02, 0.48, 0.86, 0.12, 0.05), shade.dark)
    brush.inked(oval(0.84, 0.02, 0.08, 0.1), GOLD)
    for x, radius in ((-0.52, 0.28), (0.08, 0.2), (0.52, 0.2)):
        _wheel(brush, x, 0.92 - radius, radius)
