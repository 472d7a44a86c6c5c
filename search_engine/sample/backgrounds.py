"""The ten backgrounds, calm enough for every object to stand out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from search_engine.sample.chance import Chance
from search_engine.sample.light import bands, cluster, disc, glow, gradient, hill, land, ribbon
from search_engine.sample.palette import SNOW, Rgb, mix
from search_engine.sample.scenes import Background

if TYPE_CHECKING:
    from PIL import Image

_PASTELS: tuple[Rgb, ...] = (
    (255, 224, 210), (255, 238, 200), (220, 242, 216), (208, 234, 248),
    (226, 222, 250), (252, 220, 236), (238, 232, 222), (208, 240, 234),
)  # fmt: skip


def paint_background(background: Background, side: int, chance: Chance) -> Image.Image:
    """Paint a square background of ``side`` pixels."""
    return _PAINTERS[background](side, chance)


def _plain(side: int, chance: Chance) -> Image.Image:
    tone = chance.choice(_PASTELS)
    canvas = gradient(side, mix(tone, SNOW, 0.3), mix(tone, (120, 110, 140), 0.12))
    glow(canvas, 0.5, 0.45, 0.62, mix(tone, SNOW, 0.75), 0.8)
    return canvas


def _sky(side: int, chance: Chance) -> Image.Image:
    canvas = gradient(side, (70, 150, 232), (126, 192, 246), (206, 234, 252))
    for _ in range(chance.randint(3, 5)):
        _cumulus(
            canvas, chance.random(), chance.uniform(0.06, 0.95), chance.uniform(0.5, 1.1), chance
        )
    return canvas


def _cumulus(canvas: Image.Image, x: float, y: float, size: float, chance: Chance) -> None:
    puffs = [
        ((step - 2) * 0.045 * size, -0.4 * radius * size, radius * size * chance.uniform(0.85, 1.2))
        for step, radius in enumerate((0.03, 0.05, 0.065, 0.05, 0.03))
    ]
    cluster(canvas, x, y, puffs, SNOW, 0.72)


def _sea(side: int, chance: Chance) -> Image.Image:
    canvas = gradient(side, (150, 210, 246), (222, 242, 250), (222, 242, 250))
    horizon = chance.uniform(0.26, 0.36)
    water: tuple[Rgb, ...] = (
        (110, 200, 222),
        (64, 166, 208),
        (34, 128, 190),
        (22, 98, 164),
        (16, 76, 138),
    )
    for step, fill in enumerate(water):
        height = horizon + step * (1 - horizon) / 5
        edge = hill(side, height, 0.004 + 0.004 * step, 2.6 - 0.3 * step, chance.uniform(0, 6))
        land(canvas, edge, fill, mix(fill, (10, 60, 120), 0.25))
        ribbon(canvas, edge, 0.012 + 0.006 * step, SNOW, 0.55)
    return canvas


def _grass(side: int, chance: Chance) -> Image.Image:
    canvas = gradient(side, (140, 208, 244), (218, 242, 248), (230, 246, 236))
    greens: tuple[Rgb, ...] = ((170, 218, 120), (132, 198, 92), (98, 174, 74))
    for step, fill in enumerate(greens):
        edge = hill(side, 0.44 + 0.17 * step, 0.03, chance.uniform(0.6, 1.2), chance.uniform(0, 6))
        land(canvas, edge, mix(fill, SNOW, 0.18), fill, mix(fill, (40, 110, 50), 0.3))
    for _ in range(30):
        x, y = chance.random(), chance.uniform(0.6, 0.98)
        petal = chance.choice(((255, 246, 170), SNOW, (150, 206, 96), (150, 206, 96)))
        disc(canvas, x, y, 0.002 + 0.007 * (y - 0.4) * chance.random(), petal, 0.85)
    return canvas


def _night(side: int, chance: Chance) -> Image.Image:
    canvas = gradient(side, (14, 18, 58), (36, 36, 96), (78, 66, 140))
    glow(canvas, chance.uniform(0.2, 0.8), 0.9, 0.6, (128, 104, 190), 0.5)
    for _ in range(46):
        shine = chance.random()
        x, y = chance.random(), chance.uniform(0, 0.86)
        disc(canvas, x, y, 0.0025 + 0.004 * shine**3, (255, 250, 220), round(0.5 + 0.5 * shine, 1))
        if shine > 0.9:  # noqa: PLR2004 - one star in ten glows
            glow(canvas, x, y, 0.03, (220, 216, 255), 0.5)
    land(canvas, hill(side, 0.9, 0.025, 1.3, chance.uniform(0, 6)), (24, 22, 62), (16, 16, 46))
    return canvas


def _stripes(side: int, chance: Chance) -> Image.Image:
    tone = chance.choice(_PASTELS)
    canvas = gradient(side, mix(tone, SNOW, 0.62), mix(tone, SNOW, 0.45))
    slope = chance.choice(((1.0, 0.0), (0.0, 1.0), (0.72, 0.7), (0.72, -0.7)))
    bands(canvas, mix(tone, (150, 116, 168), 0.26), slope, chance.uniform(0.055, 0.085))
    return canvas


def _dots(side: int, chance: Chance) -> Image.Image:
    tone = chance.choice(_PASTELS)
    canvas = gradient(side, mix(tone, SNOW, 0.62), mix(tone, SNOW, 0.45))
    fill, step = mix(tone, (150, 116, 168), 0.28), 1 / chance.randint(5, 7)
    shift_x, shift_y = chance.uniform(0, step), chance.uniform(0, step)
    for row in range(-1, round(1 / step) + 2):
        for column in range(-1, round(1 / step) + 2):
            x = (column + row % 2 / 2) * step + shift_x
            disc(canvas, x, row * step + shift_y, step * 0.24, fill)
    return canvas


def _sunset(side: int, chance: Chance) -> Image.Image:
    canvas = gradient(
        side, (92, 58, 140), (206, 84, 134), (252, 138, 96), (255, 206, 120), (255, 206, 120)
    )
    x = chance.uniform(0.2, 0.8)
    glow(canvas, x, 0.72, 0.5, (255, 226, 140), 0.75)
    disc(canvas, x, 0.72, 0.11, (255, 240, 180))
    far = hill(side, 0.735, 0.012, 1.4, chance.uniform(0, 6))
    land(canvas, far, (186, 84, 110), (150, 62, 104), (104, 44, 92))
    land(canvas, hill(side, 0.86, 0.025, 0.8, chance.uniform(0, 6)), (84, 38, 84), (58, 28, 68))
    return canvas


def _snow(side: int, chance: Chance) -> Image.Image:
    canvas = gradient(side, (134, 168, 206), (188, 210, 232), (222, 234, 246))
    for step, fill in enumerate(((206, 222, 240), (228, 238, 249), (247, 250, 254))):
        edge = hill(side, 0.52 + 0.16 * step, 0.03, chance.uniform(0.5, 1), chance.uniform(0, 6))
        land(canvas, edge, SNOW, fill, mix(fill, (150, 180, 220), 0.35))
    for _ in range(44):
        disc(
            canvas,
            chance.random(),
            chance.random(),
            chance.choice((0.005, 0.008, 0.011)),
            SNOW,
            0.9,
        )
    return canvas


def _desert(side: int, chance: Chance) -> Image.Image:
    canvas = gradient(side, (250, 196, 128), (254, 224, 172), (255, 240, 208))
    for step, fill in enumerate(((240, 196, 128), (230, 174, 100), (214, 150, 80))):
        edge = hill(side, 0.5 + 0.17 * step, 0.045, chance.uniform(0.5, 0.9), chance.uniform(0, 6))
        land(canvas, edge, mix(fill, SNOW, 0.15), fill, mix(fill, (150, 84, 40), 0.3))
        ribbon(canvas, edge, 0.03, (255, 232, 180), 0.7)
    return canvas


_PAINTERS: dict[Background, Callable[[int, Chance], Image.Image]] = {
    Background.PLAIN: _plain,
    Background.SKY: _sky,
    Background.SEA: _sea,
    Background.GRASS: _grass,
    Background.NIGHT: _night,
    Background.STRIPES: _stripes,
    Background.DOTS: _dots,
    Background.SUNSET: _sunset,
    Background.SNOW: _snow,
    Background.DESERT: _desert,
}
