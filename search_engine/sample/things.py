"""Things of the house."""

from __future__ import annotations

from search_engine.sample.brush import Brush
from search_engine.sample.curves import arc, box, oval, rounded, segment, smooth, star, straight
from search_engine.sample.palette import COAL, CREAM, GOLD, SLATE, SNOW, STEEL, WOOD


def umbrella(brush: Brush) -> None:
    """Paint an open umbrella."""
    shade = brush.palette
    brush.rod(smooth("0,-30 0,40 0,76 14,92 30,76", closed=False), WOOD, 0.08)
    brush.rod(straight("0,-80 0,-96"), WOOD, 0.07)
    canopy = smooth("-96,14 -84,-32 -44,-70 0,-82 44,-70 84,-32 96,14 66,0 34,14 0,0 -34,14 -66,0")
    brush.part(canopy)
    brush.within(canopy, shade.light, smooth("-34,30 -34,-30 0,-84 34,-30 34,30"))
    brush.within(canopy, shade.dark, smooth("64,30 60,-30 10,-84 80,-60 100,30"))
    brush.line(canopy)
    for side in (-1, 1):
        brush.line(smooth("0,-82 26,-40 34,14", side=side, closed=False), width=0.045)
        brush.line(smooth("0,-82 54,-46 66,0", side=side, closed=False), width=0.045)


def key(brush: Brush) -> None:
    """Paint an old key, lying."""
    shade = brush.palette
    brush.part(straight("50,8 50,46 66,46 66,30 76,30 76,42 92,42 92,8"), shade.dark)
    brush.rod(straight("-20,0 92,0"), shade.main, 0.17)
    brush.rod(arc(-0.5, 0, 0.34, 0.34, 0, 360), shade.main, 0.21)
    brush.part(box(-0.06, 0, 0.08, 0.2, 0.05), shade.light)
    brush.line(arc(-0.5, 0, 0.34, 0.34, 190, 280), shade.light, 0.07)
    brush.line(straight("12,-3 84,-3"), shade.light, 0.05)


def hat(brush: Brush) -> None:
    """Paint a top hat with a ribbon."""
    shade = brush.palette
    brush.part(oval(0, 0.56, 0.98, 0.24), shade.dark)
    body = smooth("-54,50 -50,0 -62,-66 0,-74 62,-66 50,0 54,50 0,64")
    brush.part(body)
    brush.part(oval(0, -0.66, 0.6, 0.14), shade.light)
    brush.within(body, shade.accent, straight("-80,20 0,32 80,20 80,46 0,60 -80,46"))
    brush.line(smooth("-50,20 0,30 50,20", closed=False))
    brush.line(arc(0, 0.5, 0.54, 0.14, 0, 180))
    brush.line(straight("-36,-36 -32,6"), shade.light, 0.09)


def book(brush: Brush) -> None:
    """Paint a closed book with a ribbon; its cover has the colour."""
    shade = brush.palette
    brush.part(straight("30,70 30,98 38,88 46,98 46,70"), shade.accent)
    brush.part(rounded(0.12, "-68,-88 70,-88 70,84 -68,84"), shade.dark)
    brush.inked(rounded(0.04, "-58,58 64,58 64,76 -58,76"), CREAM)
    brush.line(straight("-50,68 60,68"), STEEL, 0.03)
    brush.inked(rounded(0.1, "-68,-88 70,-88 70,56 -68,56"), shade.main)
    brush.inked(rounded(0.1, "-68,-88 -44,-88 -44,56 -68,56"), shade.dark)
    brush.inked(rounded(0.06, "-24,-64 52,-64 52,-12 -24,-12"), CREAM)
    for y, right in ((-0.46, 0.4), (-0.28, 0.2)):
        brush.line(segment(-0.12, y, right, y), SLATE, 0.055)
    brush.line(straight("-20,24 46,24"), shade.light, 0.08)


def clock(brush: Brush) -> None:
    """Paint an alarm clock."""
    shade = brush.palette
    for side in (-1, 1):
        brush.rod(straight("40,60 58,92", side=side), shade.dark, 0.13)
        brush.part(smooth("20,-66 50,-96 84,-66 70,-38", side=side), shade.dark)
    brush.rod(straight("0,-60 0,-86"), shade.dark, 0.1)
    brush.part(oval(0, -0.9, 0.14, 0.08), shade.dark)
    brush.part(oval(0, 0.12, 0.78, 0.78))
    brush.inked(oval(0, 0.12, 0.57, 0.57), CREAM)
    for x, y in ((0, -0.34), (0.46, 0.12), (0, 0.58), (-0.46, 0.12)):
        brush.patch(oval(x, y, 0.055, 0.055), SLATE)
    brush.line(straight("0,12 0,-24"), COAL, 0.085)
    brush.line(straight("0,12 26,28"), COAL, 0.085)
    brush.patch(oval(0, 0.12, 0.08, 0.08), (226, 60, 60))
    brush.line(arc(0, 0.12, 0.68, 0.68, 195, 250), shade.light, 0.07)


def gift(brush: Brush) -> None:
    """Paint a wrapped present with a bow."""
    shade = brush.palette
    for side in (-1, 1):
        brush.part(smooth("0,-42 24,-90 62,-92 62,-58 30,-40", side=side), shade.accent)
        brush.line(smooth("10,-50 30,-70 46,-74", side=side, closed=False), width=0.05)
    brush.part(box(0, 0.44, 0.72, 0.5))
    brush.patch(straight("36,4 68,4 68,88 36,88"), shade.dark)
    brush.inked(straight("-15,-10 15,-10 15,93 -15,93"), shade.accent)
    brush.part(box(0, -0.2, 0.86, 0.2), shade.light)
    brush.inked(straight("-17,-40 17,-40 17,0 -17,0"), shade.accent)
    brush.part(oval(0, -0.48, 0.14, 0.12), shade.accent)


def balloon(brush: Brush) -> None:
    """Paint a balloon on its string."""
    shade = brush.palette
    brush.wire(smooth("0,50 10,64 -8,78 4,98", closed=False), SLATE, 0.06)
    brush.part(straight("0,40 13,58 -13,58"), shade.dark)
    brush.part(smooth("0,-98 50,-80 66,-32 44,16 0,46 -44,16 -66,-32 -50,-80"))
    brush.patch(smooth("50,-40 50,-10 26,18 2,36 30,-2"), shade.dark)
    brush.patch(oval(-0.32, -0.54, 0.11, 0.22, 28), SNOW)


def crown(brush: Brush) -> None:
    """Paint a crown with gems."""
    shade = brush.palette
    gem = (64, 156, 240) if shade.main[2] < 170 else (230, 60, 90)  # noqa: PLR2004 - no blue on blue
    for x, y in ((-0.86, -0.44), (0.86, -0.44), (0, -0.78)):
        brush.part(oval(x, y, 0.13, 0.13), shade.accent)
    brush.part(rounded(0.05, "-74,74 -88,-34 -40,10 0,-68 40,10 88,-34 74,74"))
    brush.patch(straight("0,-50 34,14 0,30"), shade.light)
    brush.part(box(0, 0.62, 0.8, 0.17), shade.dark)
    for x in (-0.48, 0, 0.48):
        brush.inked(oval(x, 0.62, 0.11, 0.1), gem)
    brush.inked(oval(0, 0.14, 0.13, 0.17), gem)


def bell(brush: Brush) -> None:
    """Paint a bell."""
    shade = brush.palette
    brush.part(oval(0, 0.76, 0.2, 0.2), shade.dark)
    brush.rod(arc(0, -0.78, 0.13, 0.13, 0, 360), shade.dark, 0.08)
    brush.part(smooth("0,-74 40,-58 54,-6 62,38 88,64 0,72 -88,64 -62,38 -54,-6 -40,-58"))
    brush.part(smooth("-90,60 0,50 90,60 84,74 0,78 -84,74"), shade.dark)
    brush.patch(smooth("-30,-46 -36,0 -44,34 -26,36 -18,0 -16,-50"), shade.light)


def lamp(brush: Brush) -> None:
    """Paint a table lamp; its shade has the colour."""
    shade = brush.palette
    brush.part(oval(0, 0.86, 0.46, 0.13), SLATE)
    brush.rod(straight("0,10 0,82"), STEEL, 0.1)
    brush.part(oval(0, 0.44, 0.16, 0.2), STEEL)
    brush.part(arc(0, 0.08, 0.2, 0.2, 0, 180), (255, 240, 150))
    cone = rounded(0.08, "-42,-90 42,-90 86,10 -86,10")
    brush.part(cone)
    brush.patch(straight("-32,-78 -12,-80 -28,0 -62,0"), shade.light)
    brush.patch(straight("36,-78 24,-80 48,0 72,0"), shade.dark)
    brush.wire(straight("50,10 50,42"), SLATE, 0.05)
    brush.part(oval(0.5, 0.46, 0.07, 0.07), GOLD)


def cup(brush: Brush) -> None:
    """Paint a steaming mug."""
    shade = brush.palette
    for x in (-0.4, -0.1, 0.2):
        brush.wire(smooth("0,-50 10,-64 -6,-78 6,-94", x=x, closed=False), STEEL, 0.09)
    brush.rod(smooth("48,-6 84,-10 90,28 50,50", closed=False), shade.main, 0.15)
    brush.part(smooth("-72,-28 -70,30 -60,84 -10,94 40,84 50,30 52,-28"))
    brush.part(oval(-0.1, -0.28, 0.62, 0.15), shade.dark)
    brush.patch(oval(-0.1, -0.25, 0.5, 0.1), (104, 62, 40))
    brush.patch(smooth("-54,-2 -54,34 -46,66 -32,66 -38,30 -36,0"), shade.light)


def guitar(brush: Brush) -> None:
    """Paint a guitar, leaning."""
    shade = brush.palette
    brush.rod(straight("10,-10 62,-72"), WOOD, 0.15)
    brush.part(rounded(0.05, "52,-76 74,-100 98,-80 76,-56"), shade.dark)
    brush.part(smooth("22,-20 36,12 20,30 22,72 -22,98 -74,82 -90,36 -62,2 -24,4 -8,-28"))
    brush.patch(smooth("-66,30 -52,16 -30,18 -50,40 -60,62"), shade.light)
    brush.inked(oval(-0.1, 0.24, 0.21, 0.21), (62, 38, 30))
    brush.line(straight("-58,56 -30,78"), shade.ink, 0.12)
    for shift in (-0.05, 0.0, 0.05):
        brush.line(straight("-44,67 68,-78", x=shift, y=shift), CREAM, 0.022)


def shirt(brush: Brush) -> None:
    """Paint a T-shirt."""
    shade = brush.palette
    brush.part(rounded(0.07, "-30,-78 -96,-40 -74,6 -48,-8 -50,86 50,86 48,-8 74,6 96,-40 30,-78"))
    for side in (-1, 1):
        brush.line(straight("48,-8 50,-36", side=side), width=0.045)
        brush.line(straight("70,-4 88,-42", side=side), shade.dark, 0.07)
    brush.patch(smooth("44,10 44,80 14,80 32,40"), shade.dark)
    brush.inked(smooth("-32,-78 32,-78 20,-56 0,-50 -20,-56"), shade.dark)
    brush.patch(star(0, 0.14, 0.28, 0.12, 5, 0.02), shade.light)
