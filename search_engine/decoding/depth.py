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
from PIL.TiffImagePlugin import TiffImageFile

_DEPTHS = (8, 10, 12, 16)
_FULL = 2**16 - 1
_TWELVE_BITS_ABOVE = 15
"""The largest number of twelve bits, without the lower eight."""
_BITS, _PHOTOMETRIC, _MOST_VALUE = 258, 262, 281
_DEEP = 16
_PGM_MOST = re.compile(
    rb"P[25]\s+(?:#[^\n]*\n\s*)*\d+\s+(?:#[^\n]*\n\s*)*\d+\s+(?:#[^\n]*\n\s*)*(\d+)"
)
_LOW_BYTES = {"RGB;16B": "RGB;16L", "RGBA;16B": "RGBA;16L"}
"""Pillow's words for upper bytes, and for what in such a file are the lower ones."""


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


def white_for(largest: float) -> float:
    """Return the largest number of the depth that a number needs."""
    return float(next((2**bits - 1 for bits in _DEPTHS if largest < 2**bits), _FULL))


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
    is_tiff = isinstance(image, TiffImageFile)
    return is_tiff and image.tag_v2.get(_PHOTOMETRIC, 1) == 0


def is_hidden(image: Image.Image, content: bytes) -> bool:
    """Tell whether a colour picture of 16 bits has nothing in its upper four, and looks black."""
    if image.mode not in {"RGB", "RGBA", "LA"} or not _is_deep(image, content):
        return False
    extrema = image.getextrema()[: len(image.getbands()) - image.mode.endswith("A") or None]
    return all(isinstance(most, tuple) and most[1] <= _TWELVE_BITS_ABOVE for most in extrema)


def _is_deep(image: Image.Image, content: bytes) -> bool:
    if image.format == "PNG":
        return content[24] == _DEEP
    if isinstance(image, TiffImageFile):
        return max(image.tag_v2.get(_BITS, (8,))) == _DEEP
    if image.format == "PPM":
        return b"65535" in content[:64]
    at = content.find(b"\xff\x4f\xff\x51") if image.format == "JPEG2000" else -1
    return at >= 0 and (content[at + 42] & 127) + 1 == _DEEP


def uncovered(image: Image.Image, content: bytes) -> Image.Image:
    """Return a colour picture whose upper bits are empty, as bright as it is meant."""
    low = _lower_bytes(image, content)
    bands = [
        _uncovered(above, below)
        for above, below in zip(image.split(), low.split() if low else image.split(), strict=True)
    ]
    if image.mode.endswith("A") and image.getextrema()[-1][1] > _TWELVE_BITS_ABOVE:  # type: ignore[index]
        bands[-1] = image.getchannel("A")
    made = Image.merge(image.mode, bands)
    made.info, made.format = image.info, image.format
    return made


def _uncovered(above: Image.Image, below: Image.Image) -> Image.Image:
    """Put twelve bits together, of which the upper eight are kept."""
    made = Image.new("L", above.size)
    for top, strip in strips(above):
        upper = np.asarray(strip, dtype=np.uint16)
        lower = np.asarray(below.crop((0, top, below.width, top + strip.height)), dtype=np.uint16)
        if above is below:
            lower = lower * 16
        values = (np.minimum(upper, _TWELVE_BITS_ABOVE) << 4) | (lower >> 4)
        made.paste(Image.fromarray(values.astype(np.uint8)), (0, top))
    return made


def _lower_bytes(image: Image.Image, content: bytes) -> Image.Image | None:
    """Decode a PNG once more, for the lower bytes of its numbers."""
    if image.format != "PNG":
        return None
    with Image.open(io.BytesIO(content), formats=("PNG",)) as again:
        tile = again.tile[0]  # type: ignore[attr-defined]
        words = _LOW_BYTES.get(str(tile.args))
        if words is None:
            return None
        again.tile = [tile._replace(args=words)]  # type: ignore[attr-defined]
        again.load()
        return again.copy()


AT_ONCE = 2**20
"""Pixels that are converted together; a mode on its way takes up to 16 bytes each."""


def strips(image: Image.Image, factor: int = 1) -> Iterator[tuple[int, Image.Image]]:
    """Cut a picture into strips, of a height that the factor divides, each with its top."""
    height = max(AT_ONCE // image.width // factor, 1) * factor
    for top in range(0, image.height, height):
        yield top, image.crop((0, top, image.width, min(top + height, image.height)))


def eight_bits(values: NDArray[np.float32], low: float, high: float) -> NDArray[np.uint8]:
    """Scale numbers between two to levels of 255; what lies outside is clipped."""
    scaled = (values - low) * (255 / max(high - low, 1e-12))
    return np.clip(scaled, 0, 255).round().astype(np.uint8)
