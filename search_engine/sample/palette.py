"""What the ten colours look like, and the few colours that details have in every picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from search_engine.sample.chance import Chance
from search_engine.sample.scenes import Colour

Rgb: TypeAlias = tuple[int, int, int]

CREAM: Rgb = (255, 246, 226)
SNOW: Rgb = (252, 253, 255)
COAL: Rgb = (36, 34, 48)
STEEL: Rgb = (196, 204, 218)
SLATE: Rgb = (98, 106, 126)
WOOD: Rgb = (166, 112, 66)
BARK: Rgb = (120, 78, 46)
STRAW: Rgb = (232, 176, 98)
LEAF: Rgb = (92, 176, 82)
MOSS: Rgb = (54, 128, 66)
GLASS: Rgb = (190, 230, 250)
GOLD: Rgb = (255, 206, 72)
AMBER: Rgb = (246, 158, 52)
BLUSH: Rgb = (255, 158, 168)
CHERRY: Rgb = (218, 56, 74)

_NAVY: Rgb = (30, 24, 52)
_DEEP: dict[Colour, Rgb] = {
    Colour.RED: (96, 0, 40),
    Colour.ORANGE: (160, 30, 0),
    Colour.YELLOW: (206, 96, 0),
    Colour.PINK: (170, 20, 110),
}
"""Where the shade of a warm colour goes; yellow would turn to olive on its way to navy."""

_MAIN: dict[Colour, Rgb] = {
    Colour.RED: (224, 44, 52),
    Colour.ORANGE: (250, 136, 28),
    Colour.YELLOW: (255, 212, 44),
    Colour.GREEN: (58, 172, 78),
    Colour.BLUE: (40, 112, 228),
    Colour.PURPLE: (134, 72, 206),
    Colour.PINK: (250, 134, 188),
    Colour.BROWN: (138, 86, 48),
    Colour.BLACK: (50, 52, 62),
    Colour.WHITE: (247, 248, 251),
}


def mix(first: Rgb, second: Rgb, share: float) -> Rgb:
    """Blend two colours; ``share`` 0 is the first, 1 the second."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


@dataclass(frozen=True, slots=True)
class Palette:
    """The shades one object is painted in."""

    main: Rgb
    light: Rgb
    dark: Rgb
    ink: Rgb
    """Outlines; darker than everything else, in the hue of the object."""
    accent: Rgb
    """A second colour that stands out from the main one, for small details only."""


def palette_of(colour: Colour, chance: Chance) -> Palette:
    """Mix the shades of a colour, a little different every time."""
    main = _vary(_MAIN[colour], chance)
    accent = CHERRY if colour in {Colour.YELLOW, Colour.ORANGE, Colour.BROWN} else GOLD
    if colour is Colour.BLACK:
        return Palette(main, (104, 108, 124), (30, 31, 40), (14, 14, 20), accent)
    if colour is Colour.WHITE:
        return Palette(main, (255, 255, 255), (208, 214, 226), (84, 90, 110), accent)
    dark = mix(main, _DEEP.get(colour, _NAVY), 0.3)
    return Palette(main, mix(main, SNOW, 0.42), dark, mix(dark, _NAVY, 0.64), accent)


def _vary(rgb: Rgb, chance: Chance) -> Rgb:
    shift = chance.uniform(-7, 7)
    red, green, blue = (
        min(255, max(0, round(part + shift + chance.uniform(-4, 4)))) for part in rgb
    )
    return red, green, blue
