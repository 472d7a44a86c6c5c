"""How bright the numbers of a deep picture are: 10, 12 or 14 bits often stand in 16.

Nothing tells so but the numbers themselves. A picture is stretched to the depth that its largest
number needs, of 8, 10, 12, 14, 16, 24, 32 and 64 bits, and never further: one that is dark in its
own depth stays dark, and a single bright pixel says that the upper bits are in use. What may well
be read in another way is told in a note, which becomes the picture's remark.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.ImageFile import ImageFile
from PIL.TiffImagePlugin import TiffImageFile

_DEPTHS = (8, 10, 12, 14, 16, 24, 32, 64)
_SIGNED_DEPTHS = (8, 10, 12, 14, 15, 24, 31, 63)
_FULL = 2**16 - 1
_FOURTEEN_BITS = 2**14 - 1
_FOURTEEN = "it is shown as 14 bits in 16; a picture of 16 bits that is very dark looks the same"
"""No photograph of 250 was so dark that it needs 13 or 14 bits of 16; cameras' converters write
them."""
_OVERSHOOT = 0.05
"""By which sharpening goes beyond black and white."""
_BRIGHTEST_LIGHT = 16
"""Floating point up to here is light, of which 1 is white paper; beyond are levels, as in 255."""
_ROUNDED_TWELVE_BITS, _ROUNDED_FOURTEEN_BITS = 16, 64
"""The largest numbers of these depths, without the lower eight bits, where they are rounded."""
_BITS, _PHOTOMETRIC, _MOST_VALUE = 258, 262, 281
_DEEP = 16
_GREY_WITH_ALPHA = 4  # of the kinds of PNG
_COLOURS = 3
_SAMPLED = 8
"""Of so many pixels of a row, and rows, one is looked at first."""
_BYTES_OF_COLOUR = 4
_MOST_UNCOVERED = 5 * 10**7
"""Pixels; these take four seconds of a processor. Of a larger PNG the lower bytes are not read."""
_TOO_LARGE = "it is very dark, and too large to look whether it is meant to be brighter"
_PGM_MOST = re.compile(
    rb"P[25]\s+(?:#[^\n]*\n\s*)*\d+\s+(?:#[^\n]*\n\s*)*\d+\s+(?:#[^\n]*\n\s*)*(\d+)"
)


def most_of(image: Image.Image, content: bytes, largest: float) -> tuple[float, str]:
    """Return the number that is white in 16-bit grey whose largest number is given, and a note."""
    declared = 0
    if isinstance(image, TiffImageFile):
        bits = image.tag_v2.get(_BITS, (_DEEP,))
        value = image.tag_v2.get(_MOST_VALUE, 0)
        value = max(value) if isinstance(value, tuple) and value else value
        declared = 2 ** int(bits[0]) - 1 if bits[0] < _DEEP else _declared(value)
    elif is_scaled(image, content):
        return _FULL, ""
    if not declared or largest > declared:
        declared = 0
    white = float(declared or white_for(largest))
    return white, note_on(white, declared)


def _declared(value: object) -> int:
    """Read a largest value as the depth it needs: programs write what occurs, too."""
    known = isinstance(value, int) and 0 < value < _FULL
    return 2 ** max(int(value).bit_length(), 8) - 1 if known and isinstance(value, int) else 0


def white_for(largest: float, *, signed: bool = False) -> float:
    """Return the largest number of the depth that a number needs; signed ones have a bit less."""
    depths = _SIGNED_DEPTHS if signed else _DEPTHS
    return float(next((2**bits - 1 for bits in depths if largest < 2**bits), largest))


def note_on(white: float, declared: float = 0) -> str:
    """Say what may be read in another way about whole numbers of which this one is white."""
    return _FOURTEEN if white == _FOURTEEN_BITS != declared else ""


def black_and_white(
    least: float, greatest: float, *, floating: bool, signed: bool = False
) -> tuple[float, float, str]:
    """Return which numbers of grey or colour are black and white, and a note if that is a guess.

    Floating point from 0 to 1 is as it is meant. A little more is light brighter than white, which
    becomes white; much more are levels of some depth. Numbers below zero measure something.
    """
    if floating and least >= -_OVERSHOOT and greatest <= 1 + _OVERSHOOT:
        return 0.0, 1.0, ""
    if least < 0:
        white = max(greatest, 1.0) if floating else greatest
    elif floating and greatest <= _BRIGHTEST_LIGHT:
        white = greatest
    else:
        white = white_for(greatest, signed=signed)
        if not floating:
            return 0.0, white, note_on(white)
    black = min(least, 0.0)
    return black, white, f"nothing says which number is white; it is shown as {white:,.6g}"


def is_scaled(image: Image.Image, content: bytes) -> bool:
    """Return whether a file says how many bits it has, and its numbers are 16 bits by now."""
    if image.format == "PPM":
        most = _PGM_MOST.match(content[:4096])
        return most is not None and int(most.group(1)) != _FULL
    if image.format == "JPEG2000":
        at = content.find(b"\xff\x4f\xff\x51")
        return at >= 0 and (content[at + 42] & 127) + 1 < _DEEP
    return False


def is_inverted(image: Image.Image) -> bool:
    """Return whether white is zero, which Pillow passes over in deep pictures."""
    return isinstance(image, TiffImageFile) and image.tag_v2.get(_PHOTOMETRIC, 1) == 0


def is_hidden(image: Image.Image, content: bytes) -> bool:
    """Return whether a colour picture of 16 bits has nothing in its upper two, and looks black."""
    if image.mode not in {"RGB", "RGBA"} or not _is_deep(image, content):
        return False
    some = image.resize([max(side // _SAMPLED, 1) for side in image.size], Image.Resampling.NEAREST)
    if not _is_dark(some):
        return False
    return _is_too_large(image) or _is_dark(image)


def _is_dark(image: Image.Image) -> bool:
    return max(_largest_of(image)[:_COLOURS]) <= _ROUNDED_FOURTEEN_BITS


def _is_too_large(image: Image.Image) -> bool:
    return image.format == "PNG" and image.width * image.height > _MOST_UNCOVERED


def uncovering_cost(image: Image.Image, content: bytes) -> int:
    """Return the bytes for the lower bytes of a PNG, should it have to be uncovered."""
    if image.mode not in {"RGB", "RGBA"} or not _is_deep(image, content) or _is_too_large(image):
        return 0
    return _BYTES_OF_COLOUR * image.width * image.height


def _is_deep(image: Image.Image, content: bytes) -> bool:
    if image.format == "PNG":
        return content[24] == _DEEP
    if isinstance(image, TiffImageFile):
        return bool(max(image.tag_v2.get(_BITS, (8,))) == _DEEP)
    if image.format == "PPM":
        return b"65535" in content[:64]
    at = content.find(b"\xff\x4f\xff\x51") if image.format == "JPEG2000" else -1
    return at >= 0 and (content[at + 42] & 127) + 1 == _DEEP


def _largest_of(image: Image.Image) -> list[int]:
    """Return the largest number of each band."""
    bands = cast("tuple[tuple[int, int], ...]", image.getextrema())
    return [most for _, most in bands]


def uncovered(image: Image.Image, content: bytes) -> tuple[Image.Image, str]:
    """Return a colour picture whose upper bits are empty, as bright as it is meant, and a note.

    Of a PNG the lower bytes are read as well; of other files only the upper ones are known. A PNG
    that is too large for that stays as dark as it is.
    """
    largest = _largest_of(image)
    keeps_alpha = len(largest) > _COLOURS and largest[_COLOURS] > _ROUNDED_FOURTEEN_BITS
    if image.format != "PNG":
        brightest = max(largest[:_COLOURS])
        most = 2**12 - 1 if brightest <= _ROUNDED_TWELVE_BITS else _FOURTEEN_BITS
        white = white_for(min(brightest * 256, most))
        levels = _levels_of(np.minimum(np.arange(256) * 256, most), white).tolist()
        same = list(range(256))
        bands = _COLOURS * levels + (same if keeps_alpha else levels) * (len(largest) - _COLOURS)
        made = image.point(bands)
    elif _is_too_large(image):
        return image, _TOO_LARGE
    else:
        made, white = _with_lower_bytes(image, content, keeps_alpha=keeps_alpha)
    made.info, made.format = image.info, image.format
    return made, note_on(white)


def _with_lower_bytes(
    upper: Image.Image, content: bytes, *, keeps_alpha: bool
) -> tuple[Image.Image, float]:
    """Return a PNG with its levels as they are meant, and which number is white."""
    lower, is_grey = _lower_bytes(upper, content)

    def numbers(top: int, strip: Image.Image) -> NDArray[np.uint16]:
        below = np.asarray(lower.crop((0, top, lower.width, top + strip.height)))
        if is_grey:
            below = below[..., (1, 1, 1, 3)]
        above = np.asarray(strip, dtype=np.uint16)
        both: NDArray[np.uint16] = (above << 8 | below).astype(np.uint16)
        return both

    largest = max(int(numbers(*part)[..., :_COLOURS].max()) for part in strips(upper))
    white = white_for(largest)
    levels = _levels_of(np.arange(2**16), white)
    for top, strip in strips(upper):
        made = levels[numbers(top, strip)]
        if keeps_alpha:
            made[..., _COLOURS] = np.asarray(strip)[..., _COLOURS]
        upper.paste(Image.fromarray(made), (0, top))
    return upper, white


def _levels_of(numbers: NDArray[Any], white: float) -> NDArray[np.uint8]:
    return eight_bits(numbers.astype(np.float32), 0, white)


def _lower_bytes(image: Image.Image, content: bytes) -> tuple[Image.Image, bool]:
    """Decode a PNG once more, for the lower bytes of its numbers; grey has them in two of four."""
    with Image.open(io.BytesIO(content), formats=("PNG",)) as again:
        assert isinstance(again, ImageFile)  # noqa: S101 - tells the type checker what was opened
        is_grey = content[25] == _GREY_WITH_ALPHA
        # Two numbers of 16 bits are four of 8; else what Pillow keeps are here the lower bytes.
        words = image.mode if is_grey else f"{image.mode};16L"
        again.tile = [again.tile[0]._replace(args=words)]
        again.load()
        return again, is_grey


AT_ONCE = 2**20
"""Pixels that are converted together; a mode on its way takes up to 16 bytes each."""


def strips(image: Image.Image, factor: int = 1) -> Iterator[tuple[int, Image.Image]]:
    """Cut a picture into strips, of a height that the factor divides, each with its top."""
    height = max(AT_ONCE // image.width // factor, 1) * factor
    for top in range(0, image.height, height):
        yield top, image.crop((0, top, image.width, min(top + height, image.height)))


def eight_bits(values: NDArray[np.floating], low: float, high: float) -> NDArray[np.uint8]:
    """Scale numbers between two to levels of 255; what lies outside is clipped."""
    levels: NDArray[np.floating] = values - values.dtype.type(low)
    levels *= 255 / max(high - low, 1e-12)
    np.clip(levels, 0, 255, out=levels)
    rounded: NDArray[np.uint8] = np.rint(levels, out=levels).astype(np.uint8)
    return rounded
