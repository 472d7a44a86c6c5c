"""What the numbers of a picture mean as colours: primaries, and how bright each number is.

The profiles of phones, cameras and editors are a matrix and three curves. These are read here, so
that no other code sees what a stranger wrote; anything more is left to LittleCMS, in a process of
its own (see `profiles`).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Numbers = NDArray[np.float64]

_STEPS = 9
"""Of each colour, at which a space is compared with sRGB."""
_FINE = 4096
"""Steps of brightness; near black, one is less than a level."""
_AT_ONCE = 2**16
"""Pixels that are turned together; with 2²⁰, which no cache holds, it takes twice as long."""
_SAME = 1.5
"""Mean difference in levels of 255 below which a space is taken for sRGB."""
_D50 = np.array([0.9642, 1.0, 0.8249])
_BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)
D65_WHITE = (0.3127, 0.3290)
SRGB_PRIMARIES = (0.64, 0.33, 0.30, 0.60, 0.15, 0.06)
_ADOBE_PRIMARIES = (0.64, 0.33, 0.21, 0.71, 0.15, 0.06)
_ADOBE_GAMMA = 563 / 256
_WHITE_OF_PQ, _WHITE_OF_HLG = 203, 0.265
_BEND = 0.0031308
"""Brightness below which the curve of sRGB is a line."""
_MOST_POINTS = 2**16


class BadProfile(ValueError):
    """A profile that says nothing usable."""


@dataclass(frozen=True, slots=True)
class Space:
    """A matrix and curves."""

    curves: Numbers
    """Shape (3, steps), or (1, steps) for grey: how bright numbers from 0 to 1 are, from 0 to 1."""
    matrix: Numbers
    """Shape (3, 3): from brightness in this space to that in sRGB."""

    @classmethod
    def grey(cls, curve: Numbers) -> Space:
        """Return a space of brightness alone."""
        return cls(curve[None], np.eye(3))


def space_of_profile(profile: bytes) -> Space | None:
    """Read an ICC profile; None for one that is more than a matrix and curves.

    Raises:
        BadProfile: It is broken.
    """
    try:
        return _space_of_profile(profile)
    except (struct.error, IndexError, KeyError, ValueError, ArithmeticError) as error:
        raise BadProfile(repr(error)) from error


def _space_of_profile(profile: bytes) -> Space | None:
    kind, target, magic = profile[16:20], profile[20:24], profile[36:40]
    if magic != b"acsp":
        cause = "it is no profile"
        raise BadProfile(cause)
    tags = _tags(profile)
    if kind == b"GRAY" and b"kTRC" in tags:
        return Space.grey(_curve(tags[b"kTRC"]))
    names = (b"rTRC", b"gTRC", b"bTRC", b"rXYZ", b"gXYZ", b"bXYZ")
    if kind != b"RGB " or target != b"XYZ " or not tags.keys() >= set(names):
        return None
    curves = np.stack([_curve(tags[name]) for name in names[:3]])
    columns = np.stack([_xyz(tags[name]) for name in names[3:]], axis=1)
    if not 0.1 < columns[1].sum() < 10:  # noqa: PLR2004 - white is 1
        cause = "its white is not white"
        raise BadProfile(cause)
    return Space(curves, _from_xyz() @ columns)


def _tags(profile: bytes) -> dict[bytes, bytes]:
    (count,) = struct.unpack_from(">I", profile, 128)
    found: dict[bytes, bytes] = {}
    for number in range(min(count, 200)):
        name, offset, size = struct.unpack_from(">4sII", profile, 132 + 12 * number)
        found.setdefault(name, profile[offset : offset + size])
    return found


def _xyz(tag: bytes) -> Numbers:
    numbers = np.array(struct.unpack_from(">3i", tag, 8)) / 65536
    if np.abs(numbers).max() > 4:  # noqa: PLR2004 - white is about 1
        cause = "a primary colour is impossible"
        raise BadProfile(cause)
    return numbers


def _curve(tag: bytes) -> Numbers:
    x, (kind, count) = _ramp(), struct.unpack_from(">4s4xI", tag)
    if kind == b"para":
        return _parametric(x, tag)
    if kind != b"curv" or count > _MOST_POINTS:
        cause = f"a curve of the kind {kind!r}"
        raise BadProfile(cause)
    if count == 0:
        return x
    points: Numbers = np.array(struct.unpack_from(f">{count}H", tag, 12), dtype=np.float64)
    if count == 1:
        return gamma_curve(float(points[0]) / 256)
    return np.interp(x, np.linspace(0, 1, count), points / 65535).astype(np.float64)


def _parametric(x: Numbers, tag: bytes) -> Numbers:
    """Evaluate one of the five formulas of ICC.1, section 10.18."""
    (form,) = struct.unpack_from(">H", tag, 8)
    count = (1, 3, 4, 5, 7)[form]
    told = [number / 65536 for number in struct.unpack_from(f">{count}i", tag, 12)]
    gamma, a, b, c, d, e, f = told + [1.0, 0.0, 0.0, 0.0, 0.0, 0.0][count - 1 :]
    if form == 0:
        d = 0.0
    elif count < len((gamma, a, b, c, d)):  # it begins where its base is zero, at c
        c, d, e, f = 0.0, -b / a, c, c
    with np.errstate(all="ignore"):
        y: Numbers = np.where(x >= d, np.maximum(a * x + b, 0.0) ** gamma + e, c * x + f)
    return np.nan_to_num(y).clip(0, 1)


def space_of_primaries(
    primaries: tuple[float, ...], white: tuple[float, float], curve: Numbers
) -> Space:
    """Return the space of three primaries and a white, each as x and y, with one curve for all.

    Raises:
        BadProfile: No colours can be made of these.
    """
    try:
        pairs = zip(primaries[::2], primaries[1::2], strict=True)
        columns = np.stack([_lit(x, y) for x, y in pairs], axis=1)
        lit_white = _lit(*white)
        columns = columns * np.linalg.solve(columns, lit_white)
        cones = (_BRADFORD @ _D50) / (_BRADFORD @ lit_white)
        adapted = np.linalg.inv(_BRADFORD) @ np.diag(cones) @ _BRADFORD @ columns
    except (np.linalg.LinAlgError, ArithmeticError, ValueError) as error:
        raise BadProfile(repr(error)) from error
    if not np.isfinite(adapted).all() or np.abs(adapted).max() > 10:  # noqa: PLR2004 - white is about 1
        cause = "its primaries are no colours"
        raise BadProfile(cause)
    return Space(np.tile(curve, (3, 1)), _from_xyz() @ adapted)


def adobe_rgb() -> Space:
    """Return the space that cameras call Adobe RGB."""
    return space_of_primaries(_ADOBE_PRIMARIES, D65_WHITE, gamma_curve(_ADOBE_GAMMA))


def gamma_curve(gamma: float) -> Numbers:
    """Return the curve of a power."""
    return _ramp() ** min(max(gamma, 0.05), 20)


def srgb_curve() -> Numbers:
    """Return the curve of sRGB."""
    return to_light(_ramp())


def perceptual_curve() -> Numbers:
    """Return the curve of PQ (SMPTE ST 2084), white being 203 candelas a square metre."""
    power = _ramp() ** (1 / 78.84375)
    light = np.maximum(power - 0.8359375, 0) / (18.8515625 - 18.6875 * power)
    return np.minimum(light ** (1 / 0.1593017578125) * 10_000 / _WHITE_OF_PQ, 1)


def hybrid_curve() -> Numbers:
    """Return the curve of HLG (BT.2100), white being at three quarters."""
    x = _ramp()
    bright = (np.exp((x - 0.55991073) / 0.17883277) + 0.28466892) / 12
    light = np.where(x <= 1 / 2, x**2 / 3, bright)
    return np.minimum((light / _WHITE_OF_HLG) ** 1.2, 1)


def _ramp() -> Numbers:
    return np.linspace(0, 1, 1025)


def to_light(x: Numbers) -> Numbers:
    """Return the brightness of numbers of sRGB."""
    return np.where(x <= _BEND * 12.92, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)


def from_light(y: Numbers) -> Numbers:
    """Return numbers of sRGB for brightness from 0 to 1."""
    y = np.clip(y, 0, 1)
    return np.where(y <= _BEND, y * 12.92, 1.055 * y ** (1 / 2.4) - 0.055)


def _lit(x: float, y: float) -> Numbers:
    return np.array([x / y, 1.0, (1 - x - y) / y])


@lru_cache(maxsize=1)
def _from_xyz() -> Numbers:
    """Return the matrix from XYZ, white being D50, to the brightness of sRGB."""
    return np.linalg.inv(
        np.array(
            [
                [0.43607, 0.38515, 0.14307],
                [0.22249, 0.71687, 0.06061],
                [0.01392, 0.09708, 0.71410],
            ]
        )
    )


class Correction:
    """Turns the numbers of one space into those of sRGB."""

    def __init__(self, space: Space) -> None:
        steps = np.linspace(0, 1, 256)
        self._light = [
            np.interp(steps, _ramp(), curve).astype(np.float32) for curve in space.curves
        ]
        self._matrix = (space.matrix * (_FINE - 1)).astype(np.float32)
        self._numbers = (255 * from_light(np.linspace(0, 1, _FINE))).round().astype(np.uint8)

    @property
    def is_grey(self) -> bool:
        """Whether the numbers are one of brightness, and not three of colour."""
        return len(self._light) == 1

    @property
    def changes_nothing(self) -> bool:
        """Whether the space is nearly sRGB."""
        steps = np.linspace(0, 255, _STEPS).round().astype(np.uint8)
        if self.is_grey:
            before = steps[None]
            after = self.apply(Image.fromarray(before))
            return _are_same(before[..., None], np.asarray(after))
        cube = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(1, -1, 3)
        return _are_same(cube, np.asarray(self.apply(Image.fromarray(cube))))

    def apply(self, image: Image.Image) -> Image.Image:
        """Return an RGB picture in sRGB, a strip at a time; of a grey space, a grey one."""
        made = Image.new("RGB", image.size)
        height = max(_AT_ONCE // image.width, 1)
        for top in range(0, image.height, height):
            strip = image.crop((0, top, image.width, min(top + height, image.height)))
            made.paste(self._applied(strip), (0, top))
        return made

    def _applied(self, strip: Image.Image) -> Image.Image:
        bands = strip.split()
        if self.is_grey:
            light = self._light[0] * (_FINE - 1)
            return bands[0].point(self._numbers[light.astype(np.int16)].tolist()).convert("RGB")
        light = [
            np.take(curve, np.asarray(band), mode="clip")
            for curve, band in zip(self._light, bands, strict=True)
        ]
        return Image.merge("RGB", [self._band(light, row) for row in self._matrix])

    def _band(self, light: list[NDArray[np.float32]], row: NDArray[np.float32]) -> Image.Image:
        # Band by band: with the colours of a pixel side by side it takes ten times as long.
        sums = light[0] * row[0]
        sums += light[1] * row[1]
        sums += light[2] * row[2]
        np.clip(sums, 0, _FINE - 1, out=sums)
        return Image.fromarray(np.take(self._numbers, sums.astype(np.int16), mode="clip"))


def _are_same(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> bool:
    return bool(np.abs(before.astype(np.int16) - after).mean() < _SAME)
