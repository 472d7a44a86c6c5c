"""Twelve animals."""

from __future__ import annotations

from search_engine.sample.brush import Brush
from search_engine.sample.curves import arc, oval, segment, smooth, straight
from search_engine.sample.palette import AMBER, BLUSH, COAL, CREAM, SNOW


def fish(brush: Brush) -> None:
    """Paint a fish that swims to the right."""
    shade = brush.palette
    brush.part(smooth("-45,0 -95,-52 -84,0 -95,52"), shade.dark)
    brush.part(smooth("-30,-40 -12,-80 30,-72 42,-36"), shade.dark)
    brush.part(smooth("-5,42 -25,78 12,66 25,42"), shade.dark)
    brush.part(smooth("-62,0 -20,-50 35,-52 94,2 35,54 -20,50"))
    brush.patch(smooth("-30,30 20,22 70,20 32,46 -10,44"), shade.light)
    for x in (-0.28, 0.0):
        brush.line(arc(x, 0, 0.14, 0.3, -75, 75), shade.dark, 0.06)
    brush.inked(smooth("2,6 -26,0 -20,30 8,22"), shade.dark)
    brush.eye(0.52, -0.12, 0.15)
    brush.line(arc(0.72, 0.14, 0.13, 0.09, 60, 200), width=0.05)


def cat(brush: Brush) -> None:
    """Paint the face of a cat."""
    shade = brush.palette
    for side in (-1, 1):
        brush.part(smooth("74,10 82,-90 66,-86 10,-50", side=side))
        brush.patch(straight("66,-32 70,-72 34,-46", side=side), BLUSH)
    brush.part(oval(0, 0.14, 0.88, 0.72))
    for x, tip in ((-0.2, -0.34), (0, -0.24), (0.2, -0.34)):
        brush.line(segment(x, -0.52, x * 0.9, tip), shade.dark, 0.09)
    brush.patch(oval(0, 0.46, 0.42, 0.28), shade.light)
    for side in (-1, 1):
        brush.eye(side * 0.36, 0.04, 0.17)
        brush.patch(oval(side * 0.6, 0.36, 0.13, 0.08), BLUSH)
        brush.line(arc(side * 0.11, 0.44, 0.11, 0.1, 0, 180), width=0.05)
        for y in (0.3, 0.44):
            brush.wire(segment(side * 0.5, y + 0.06, side, y), width=0.035)
    brush.inked(smooth("-10,30 10,30 0,42"), BLUSH)


def rabbit(brush: Brush) -> None:
    """Paint a sitting rabbit, seen from the front."""
    shade = brush.palette
    for side in (-1, 1):
        brush.part(oval(side * 0.26, -0.6, 0.17, 0.42, side * 10))
        brush.patch(oval(side * 0.26, -0.58, 0.08, 0.3, side * 10), BLUSH)
    brush.part(oval(0, 0.55, 0.52, 0.44))
    brush.patch(oval(0, 0.62, 0.28, 0.3), shade.light)
    for side in (-1, 1):
        brush.part(oval(side * 0.38, 0.86, 0.26, 0.13), shade.light)
    brush.part(oval(0, -0.06, 0.52, 0.42))
    for side in (-1, 1):
        brush.eye(side * 0.22, -0.1, 0.09, white=False)
        brush.patch(oval(side * 0.36, 0.1, 0.1, 0.06), BLUSH)
    brush.inked(oval(0, 0.06, 0.08, 0.055), BLUSH)
    brush.patch(straight("-7,16 7,16 6,28 -6,28"), SNOW)
    brush.line(arc(0, 0.1, 0.12, 0.07, 10, 170), width=0.04)


def bird(brush: Brush) -> None:
    """Paint a small bird in profile."""
    shade = brush.palette
    brush.rod(straight("-5,50 -10,94"), AMBER, 0.05)
    brush.rod(straight("15,50 14,94"), AMBER, 0.05)
    brush.part(smooth("-40,10 -98,-28 -90,10 -50,36"), shade.dark)
    brush.part(straight("62,-62 100,-46 62,-30"), AMBER)
    brush.part(smooth("-62,14 -20,-12 12,-66 46,-82 76,-50 66,6 40,50 -10,62"))
    brush.patch(smooth("62,-10 56,22 28,50 0,54 30,20"), shade.light)
    brush.inked(smooth("30,-6 -10,-2 -62,20 -30,40 14,32"), shade.dark)
    brush.line(arc(-0.1, 0.1, 0.25, 0.16, 20, 110), shade.ink, 0.04)
    brush.eye(0.46, -0.5, 0.12)


def owl(brush: Brush) -> None:
    """Paint an owl with its two great eyes."""
    shade = brush.palette
    for side in (-1, 1):
        brush.part(straight("66,-30 70,-98 12,-72", side=side), shade.dark)
        brush.part(oval(side * 0.22, 0.9, 0.16, 0.09), AMBER)
    brush.part(smooth("0,-80 62,-62 74,10 50,76 0,92 -50,76 -74,10 -62,-62"))
    brush.patch(oval(0, 0.42, 0.44, 0.42), shade.light)
    for x, y in ((-0.2, 0.32), (0, 0.32), (0.2, 0.32), (-0.1, 0.5), (0.1, 0.5), (0, 0.68)):
        brush.line(arc(x, y, 0.08, 0.08, 0, 180), shade.dark, 0.045)
    for side in (-1, 1):
        brush.part(smooth("66,-14 84,30 60,72 48,30", side=side), shade.dark)
        brush.inked(oval(side * 0.3, -0.28, 0.33, 0.33), CREAM)
        brush.patch(oval(side * 0.28, -0.28, 0.19, 0.19), AMBER)
        brush.eye(side * 0.28, -0.28, 0.125, white=False)
    brush.inked(smooth("-10,-14 10,-14 0,12"), AMBER)


def turtle(brush: Brush) -> None:
    """Paint a walking turtle; its shell has the colour."""
    shade, skin = brush.palette, (158, 204, 122)
    for x in (-0.52, 0.42):
        brush.part(smooth("-17,30 -20,72 18,72 17,30", x=x), skin)
    brush.part(straight("-70,30 -100,46 -66,48"), skin)
    brush.part(smooth("50,24 60,-20 86,-32 100,-8 90,14 72,40"), skin)
    dome = smooth("-82,36 -62,-30 -6,-62 48,-30 68,36 0,46")
    brush.part(dome)
    brush.inked(straight("-28,-30 14,-30 28,-2 -7,20 -42,-2"), shade.light)
    for seam in ("-28,-30 -42,-48", "14,-30 26,-50", "28,-2 60,0", "-42,-2 -76,2", "-7,20 -7,38"):
        brush.line(straight(seam), width=0.045)
    brush.part(smooth("-86,32 -7,42 72,32 66,50 -7,56 -80,50"), shade.dark)
    brush.eye(0.8, -0.12, 0.085, white=False)
    brush.line(arc(0.88, 0.03, 0.09, 0.06, 40, 160), width=0.04)


def butterfly(brush: Brush) -> None:
    """Paint a butterfly with open wings."""
    shade = brush.palette
    for side in (-1, 1):
        brush.wire(smooth("4,-50 16,-80 34,-90", side=side, closed=False))
        brush.part(smooth("6,2 60,6 74,46 42,86 12,50", side=side), shade.dark)
        brush.part(smooth("6,-10 36,-66 86,-82 98,-34 64,10 10,10", side=side))
        brush.patch(smooth("22,-12 42,-52 78,-60 76,-26 50,-2", side=side), shade.light)
        brush.inked(oval(side * 0.66, -0.4, 0.12, 0.12), CREAM)
        brush.inked(oval(side * 0.42, 0.48, 0.13, 0.15), shade.light)
    brush.part(smooth("0,-56 11,-40 9,20 0,62 -9,20 -11,-40"), COAL)


def snail(brush: Brush) -> None:
    """Paint a snail; its shell has the colour."""
    shade, skin = brush.palette, (246, 214, 164)
    for x, tip in ((0.66, 0.6), (0.82, 0.94)):
        brush.rod(segment(x, -0.1, tip, -0.5), skin, 0.06)
        brush.part(oval(tip, -0.54, 0.075, 0.075), COAL)
    brush.part(smooth("-98,62 -50,46 30,44 50,10 72,-16 96,4 90,40 56,72 -30,74"), skin)
    brush.part(oval(-0.16, -0.06, 0.64, 0.62))
    brush.patch(oval(-0.2, -0.12, 0.4, 0.38), shade.light)
    brush.line(
        smooth(
            "-16,-8 -30,-6 -24,12 -2,10 6,-14 -14,-34 -46,-20 -50,14 -20,38 22,28 36,-10",
            closed=False,
        ),
        shade.dark,
        0.09,
    )
    brush.line(arc(0.82, 0.16, 0.1, 0.08, 10, 110), width=0.04)
    brush.patch(oval(0.66, 0.24, 0.07, 0.05), BLUSH)


def whale(brush: Brush) -> None:
    """Paint a whale that spouts."""
    shade, spray = brush.palette, (150, 214, 250)
    for side in (-1, 1):
        brush.rod(smooth("0,-36 6,-66 26,-76 34,-60", side=side, x=0.3, closed=False), spray, 0.08)
    brush.part(
        smooth("-68,6 -66,-30 -98,-52 -62,-60 -50,-42 -36,-58 -10,-50 -40,-20 -40,20"), shade.dark
    )
    body = smooth("-72,-2 -50,2 -20,-24 30,-40 82,-22 98,22 72,62 10,74 -50,56")
    brush.part(body)
    brush.within(body, CREAM, smooth("110,36 50,32 -10,46 -50,70 10,100 90,90"))
    brush.line(body, width=0.05)
    for x in (0.2, 0.42, 0.64):
        brush.line(segment(x, 0.46, x - 0.04, 0.66), (214, 196, 176), 0.04)
    brush.inked(smooth("10,30 24,34 10,74 -14,72"), shade.dark)
    brush.eye(0.56, 0.1, 0.1, white=False)
    brush.patch(oval(0.72, 0.26, 0.08, 0.05), BLUSH)


def crab(brush: Brush) -> None:
    """Paint a crab that holds its claws up."""
    shade = brush.palette
    for side in (-1, 1):
        for y in (0.16, 0.42, 0.68):
            brush.rod(smooth("40,-6 72,-10 88,14", side=side, y=y, closed=False), shade.dark, 0.08)
        brush.rod(smooth("42,10 76,-2 76,-30", side=side, closed=False), shade.main, 0.13)
        brush.part(smooth("56,-34 50,-70 70,-92 70,-62 86,-88 100,-60 88,-30", side=side))
        brush.rod(straight("18,-4 20,-34", side=side), shade.main, 0.07)
    brush.part(smooth("0,-20 44,-14 64,20 44,58 0,66 -44,58 -64,20 -44,-14"))
    brush.patch(oval(0, 0.04, 0.4, 0.12), shade.light)
    for side in (-1, 1):
        brush.part(oval(side * 0.2, -0.38, 0.13, 0.14), SNOW)
        brush.eye(side * 0.2, -0.37, 0.075, white=False)
        brush.patch(oval(side * 0.38, 0.34, 0.09, 0.06), BLUSH)
    brush.line(arc(0, 0.26, 0.18, 0.14, 15, 165), width=0.05)


def octopus(brush: Brush) -> None:
    """Paint an octopus from the front."""
    shade = brush.palette
    for side in (-1, 1):
        brush.rod(smooth("30,20 66,36 86,14 96,30", side=side, closed=False), shade.dark, 0.16)
        brush.rod(smooth("28,30 52,62 78,60 88,80", side=side, closed=False), shade.main, 0.17)
        brush.rod(smooth("14,34 16,70 34,90 50,88", side=side, closed=False), shade.main, 0.17)
    brush.part(smooth("0,-94 52,-72 62,-20 42,20 36,46 0,50 -36,46 -42,20 -62,-20 -52,-72"))
    for x, y, r in ((-0.26, -0.7, 0.1), (-0.42, -0.5, 0.06), (-0.1, -0.56, 0.05)):
        brush.patch(oval(x, y, r, r * 0.9), shade.light)
    for side in (-1, 1):
        brush.eye(side * 0.24, -0.1, 0.16)
        brush.patch(oval(side * 0.33, 0.12, 0.08, 0.05), BLUSH)
    brush.line(arc(0, 0.14, 0.13, 0.12, 10, 170), width=0.055)


def elephant(brush: Brush) -> None:
    """Paint the head of an elephant with its trunk."""
    shade = brush.palette
    for side in (-1, 1):
        brush.part(smooth("30,-50 74,-72 100,-30 86,20 50,30", side=side), shade.main)
        brush.patch(smooth("50,-40 74,-50 86,-24 76,6 54,12", side=side), BLUSH)
    for side in (-1, 1):
        brush.part(smooth("22,30 42,30 50,66 40,68", side=side), CREAM)
    brush.part(
        smooth(
            "0,-76 44,-60 54,-10 36,28 22,42 20,68 36,76 46,66 56,78 38,98 6,92 -12,66 -22,34 "
            "-36,28 -54,-10 -44,-60"
        )
    )
    for y, half in ((0.26, 0.14), (0.42, 0.12), (0.58, 0.1)):
        brush.line(arc(0.04, y - 0.05, half, 0.06, 20, 160), shade.dark, 0.05)
    for side in (-1, 1):
        brush.eye(side * 0.28, -0.14, 0.095, white=False)
        brush.line(arc(side * 0.28, -0.24, 0.12, 0.1, 215, 325), width=0.045)
        brush.patch(oval(side * 0.36, 0.08, 0.09, 0.06), BLUSH)
    brush.patch(oval(-0.16, -0.56, 0.16, 0.08, -18), shade.light)
