"""How bright the numbers of a deep picture are: 10, 12 or 14 bits often stand in 16.

Nothing tells so but the numbers themselves. A picture is stretched to the depth that its largest
number needs, of 8, 10, 12 and 16 bits, and never further: one that is dark in its own depth stays
dark, and a single bright pixel says that the upper bits are in use.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.ImageFile import ImageFile
from PIL.TiffImagePlugin import TiffImageFile

_DEPTHS = (8, 10, 12)
_FULL = 2**16 - 1
_ROUNDED_TWELVE_BITS = 16
"""The largest number of twelve bits, without the lower eight, where it is rounded."""
_BITS, _PHOTOMETRIC, _MOST_VALUE = 258, 262, 281
_DEEP = 16
_GREY_WITH_ALPHA = 4  # of the kinds of PNG
_PGM_MOST = re.compile(
    rb"P[25]\s+(?:#[^\n]*\n\s*)*\d+\s+(?:#[^\n]*\n\s*)*\d+\s+(?:#[^\n]*\n\s*)*(\d+)"
)


def most_of(image: Image.Image, content: bytes, largest: float) -> float:
    """Return the number that is white in 16-bit grey whose largest number is given."""
    declared = 0
    if isinstance(image, TiffImageFile):
        bits = image.tag_v2.get(_BITS, (_DEEP,))
        value = image.tag_v2.get(_MOST_VALUE, 0)
        value = max(value) if isinstance(value, tuple) and value else value
        declared = 2 ** int(bits[0]) - 1 if bits[0] < _DEEP else _declared(value)
    elif is_scaled(image, content):
        return _FULL
    return float(declared) if declared and largest <= declared else white_for(largest)


def _declared(value: object) -> int:
    """Read a largest value as the depth it needs: programs write what occurs, too."""
    known = isinstance(value, int) and 0 < value < _FULL
    return 2 ** max(int(value).bit_length(), 8) - 1 if known and isinstance(value, int) else 0


def white_for(largest: float, *, signed: bool = False) -> float:
    """Return the largest number of the depth that a number needs; signed ones have 15 bits."""
    depths = (*_DEPTHS, 15 if signed else 16)
    return float(next((2**bits - 1 for bits in depths if largest < 2**bits), _FULL))


def is_scaled(image: Image.Image, content: bytes) -> bool:
    """Tell whether a file says how many bits it has, and its numbers are 16 bits by now."""
    if image.format == "PPM":
        most = _PGM_MOST.match(content[:4096])
        return most is not None and int(most.group(1)) != _FULL
    if image.format == "JPEG2000":
        at = content.find(b"\xff\x4f\xff\x51")
        return at >= 0 and (content[at + 42] & 127) + 1 < _DEEP
    return False


def is_inverted(image: Image.Image) -> bool:
    """Tell whether white is zero, which Pillow passes over in deep pictures."""
    return isinstance(image, TiffImageFile) and image.tag_v2.get(_PHOTOMETRIC, 1) == 0


def is_hidden(image: Image.Image, content: bytes) -> bool:
    """Tell whether a colour picture of 16 bits has nothing in its upper four, and looks black."""
    if image.mode not in {"RGB", "RGBA"} or not _is_deep(image, content):
        return False
    return max(_largest(band) for band in _colours(image)) <= _ROUNDED_TWELVE_BITS


def _is_deep(image: Image.Image, content: bytes) -> bool:
    if image.format == "PNG":
        return content[24] == _DEEP
    if isinstance(image, TiffImageFile):
        return bool(max(image.tag_v2.get(_BITS, (8,))) == _DEEP)
    if image.format == "PPM":
        return b"65535" in content[:64]
    at = content.find(b"\xff\x4f\xff\x51") if image.format == "JPEG2000" else -1
    return at >= 0 and (content[at + 42] & 127) + 1 == _DEEP


def _colours(image: Image.Image) -> tuple[Image.Image, ...]:
    return image.split()[: len(image.getbands()) - image.mode.endswith("A")]


def _largest(band: Image.Image) -> int:
    most = band.getextrema()[1]
    return int(most) if isinstance(most, int | float) else 0


def uncovered(image: Image.Image, content: bytes) -> Image.Image:
    """Return a colour picture whose upper bits are empty, as bright as it is meant.

    Of a PNG the lower bytes are read as well; of other files only the upper ones are known.
    """
    upper, low = image.split(), _lower_bytes(image, content)
    pairs = list(zip(upper, low.split() if low else upper, strict=True))
    colours = pairs[: len(_colours(image))]
    white = white_for(max(_largest_of(*pair) for pair in colours))
    bands = [_uncovered(*pair, white) for pair in colours]
    if len(pairs) > len(colours):
        is_whole = _largest(pairs[-1][0]) > _ROUNDED_TWELVE_BITS
        bands.append(pairs[-1][0] if is_whole else _uncovered(*pairs[-1], white))
    made = Image.merge(image.mode, bands)
    made.info, made.format = image.info, image.format
    return made


def _largest_of(upper: Image.Image, lower: Image.Image) -> int:
    return max(int(values.max()) for _, values in _together(upper, lower))


def _together(upper: Image.Image, lower: Image.Image) -> Iterator[tuple[int, NDArray[np.uint16]]]:
    """Give strips of 16 bits, each with its top; without lower bytes these are made up."""
    for top, strip in strips(upper):
        above = np.asarray(strip, dtype=np.uint16)
        if lower is upper:
            yield top, np.minimum(above * 256, 2**12 - 1).astype(np.uint16)
        else:
            below = lower.crop((0, top, lower.width, top + strip.height))
            yield top, (above << 8 | np.asarray(below, dtype=np.uint16)).astype(np.uint16)


def _uncovered(upper: Image.Image, lower: Image.Image, white: float) -> Image.Image:
    made = Image.new("L", upper.size)
    for top, values in _together(upper, lower):
        made.paste(Image.fromarray(eight_bits(values.astype(np.float32), 0, white)), (0, top))
    return made


def _lower_bytes(image: Image.Image, content: bytes) -> Image.Image | None:
    """Decode a PNG once more, for the lower bytes of its numbers."""
    if image.format != "PNG":
        return None
    with Image.open(io.BytesIO(content), formats=("PNG",)) as again:
        assert isinstance(again, ImageFile)  # noqa: S101 - tells the type checker what was opened
        is_grey = content[25] == _GREY_WITH_ALPHA
        # Two numbers of 16 bits are four of 8; else what Pillow keeps are here the lower bytes.
        words = image.mode if is_grey else f"{image.mode};16L"
        again.tile = [again.tile[0]._replace(args=words)]
        again.load()
        bands = again.split()
        return Image.merge("RGBA", (*bands[1:2] * 3, bands[3])) if is_grey else again.copy()


AT_ONCE = 2**20
"""Pixels that are converted together; a mode on its way takes up to 16 bytes each."""


def strips(image: Image.Image, factor: int = 1) -> Iterator[tuple[int, Image.Image]]:
    """Cut a picture into strips, of a height that the factor divides, each with its top."""
    height = max(AT_ONCE // image.width // factor, 1) * factor
    for top in range(0, image.height, height):
        yield top, image.crop((0, top, image.width, min(top + height, image.height)))


def eight_bits(values: NDArray[np.floating], low: float, high: float) -> NDArray[np.uint8]:
    """Scale numbers between two to levels of 255; what lies outside is clipped."""
    levels: NDArray[np.floating] = (values - low) * (255 / max(high - low, 1e-12))
    return levels.clip(0, 255).round().astype(np.uint8)
