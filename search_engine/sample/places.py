"""Three places to be."""

from __future__ import annotations

from search_engine.sample.brush import Brush
from search_engine.sample.curves import box, oval, rounded, segment, smooth, straight
from search_engine.sample.palette import COAL, GLASS, GOLD, SLATE, SNOW, STEEL, WOOD

_LIT = (255, 236, 160)


def house(brush: Brush) -> None:
    """Paint a house with a gable; walls and roof have the colour."""
    shade = brush.palette
    brush.part(straight("36,-50 36,-90 60,-90 60,-30"), shade.dark)
    brush.part(box(0.48, -0.9, 0.17, 0.07, 0.03), STEEL)
    brush.part(straight("-72,-10 0,-70 72,-10 72,92 -72,92"), shade.main)
    brush.patch(straight("50,-10 69,0 69,88 50,88"), shade.dark)
    brush.part(rounded(0.05, "0,-98 98,-10 86,8 0,-66 -86,8 -98,-10"), shade.dark)
    brush.line(straight("-84,-10 0,-84"), shade.light, 0.06)
    brush.inked(oval(0, -0.26, 0.15, 0.15), _LIT)
    brush.inked(rounded(0.08, "-50,92 -50,30 -12,30 -12,92"), WOOD)
    brush.patch(oval(-0.2, 0.64, 0.045, 0.045), GOLD)
    brush.inked(box(0.3, 0.4, 0.2, 0.2, 0.03), GLASS)
    brush.line(straight("30,20 30,60"), SNOW, 0.05)
    brush.line(straight("10,40 50,40"), SNOW, 0.05)


def castle(brush: Brush) -> None:
    """Paint a castle with two towers and flags."""
    shade = brush.palette
    for side in (-1, 1):
        brush.wire(straight("66,-72 66,-98", side=side), COAL, 0.05)
        brush.part(straight("0,-99 26,-90 0,-80", x=side * 0.66), shade.accent)
        brush.part(straight("0,-80 32,-34 -32,-34", x=side * 0.66), shade.dark)
    brush.part(
        straight("-50,92 -50,-12 -34,-12 -34,4 -17,4 -17,-12 17,-12 17,4 34,4 34,-12 50,-12 50,92"),
        shade.light,
    )
    for side in (-1, 1):
        brush.part(straight("42,92 42,-34 90,-34 90,92", side=side))
        brush.inked(box(side * 0.66, 0.02, 0.09, 0.16), _LIT)
        for y in (0.4, 0.64):
            brush.line(segment(side * 0.66 - 0.14, y, side * 0.66 + 0.02, y), shade.dark, 0.06)
    brush.inked(smooth("-24,92 -24,50 0,26 24,50 24,92"), WOOD)
    for x in (-0.08, 0.08):
        brush.line(segment(x, 0.42, x, 0.9), COAL, 0.035)


def tent(brush: Brush) -> None:
    """Paint a camping tent, its door open."""
    shade = brush.palette
    for side in (-1, 1):
        brush.wire(straight("50,30 99,80", side=side), SLATE, 0.045)
    for side in (-1, 1):
        brush.rod(straight("-8,-56 12,-86", side=side), WOOD, 0.07)
    brush.part(rounded(0.05, "0,-72 92,80 -92,80"))
    brush.patch(straight("-3,-58 -30,-12 -66,74 -84,74"), shade.light)
    brush.inked(straight("0,-30 46,80 -46,80"), (64, 46, 66))
    brush.patch(straight("0,10 30,76 -30,76"), (92, 68, 84))
    for side in (-1, 1):
        brush.inked(smooth("0,-32 30,24 58,80 34,80 30,42", side=side), shade.dark)
    brush.line(straight("-94,80 94,80"))
