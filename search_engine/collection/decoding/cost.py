"""How much memory decoding a picture takes at its peak, told from its head.

Measured with 49 million pixels of each mode and codec, as bytes a pixel; the tests measure again.
What is allocated for its own sake, and what a file lies about, is stopped by the limit that a
decoder in a process of its own has.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

from PIL import Image
from PIL.ImageFile import ImageFile
from PIL.TiffImagePlugin import TiffImageFile

from search_engine.collection.decoding.conversion import FOR_MODELS, CopySize
from search_engine.collection.decoding.depth import uncovering_cost

_BYTES = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2, "I;16N": 2}
"""That Pillow takes for a pixel of a mode; four for those that are not here."""
_WEBP_BYTES = 18
"""Two canvases of four bytes, a copy of one, Pillow's own and, lossless, the decoder's."""
_CHROMA = (1.0, 1.5, 2.0, 3.0)
"""Samples a pixel of HEVC without colour, with a quarter, half and all of it."""

_COMPRESSION, _PHOTOMETRIC, _ORIENTATION = 259, 262, 274
_BITS, _SAMPLES, _ROWS, _TILE_WIDTH, _TILE_LENGTH = 258, 277, 278, 322, 323
_YCBCR = 6


def webp_cost(size: tuple[int, int], copy: CopySize = FOR_MODELS) -> int:
    """Return the bytes for a WebP, most of which are taken as soon as it is opened."""
    return _WEBP_BYTES * size[0] * size[1] + copy.memory(size)


def decode_cost(
    image: Image.Image, content: bytes, coefficients: int = 0, copy: CopySize = FOR_MODELS
) -> int:
    """Return the bytes that loading and converting an opened picture will take.

    Args:
        image: Opened, told at which size to decode, not loaded.
        content: The bytes of its file, which are not counted.
        coefficients: Bytes in which a JPEG of several scans is held until the last of them.
        copy: How large it is to be.
    """
    more = _MORE.get(image.format or "", _nothing)(image, content)
    own = _pixels(image) * _bytes(image)
    return own + round(more) + coefficients + copy.memory(image.size)


def _pixels(image: Image.Image) -> int:
    return image.width * image.height


def _bytes(image: Image.Image) -> int:
    return _BYTES.get(image.mode, 4)


def _nothing(_image: Image.Image, _content: bytes) -> float:
    return 0


def _tiff(image: Image.Image, _content: bytes) -> float:
    """Count a strip or tile, which libtiff unpacks as a whole, and a second picture if it turns."""
    assert isinstance(image, TiffImageFile)  # noqa: S101 - tells the type checker what it is
    tags, pixels = image.tag_v2, _pixels(image)

    def number(tag: int, otherwise: int) -> int:
        value = tags.get(tag, otherwise)
        most = max(value) if isinstance(value, tuple) and value else value
        return most if isinstance(most, int) and most > 0 else otherwise

    photometric = number(_PHOTOMETRIC, 1)
    turned = pixels * _bytes(image) if number(_ORIENTATION, 1) != 1 else 0
    if number(_COMPRESSION, 1) == 1:
        return turned
    if _TILE_WIDTH in tags:
        piece = number(_TILE_WIDTH, 1) * number(_TILE_LENGTH, 1)
    else:
        piece = image.width * min(number(_ROWS, image.height), image.height)
    a_pixel = max(number(_SAMPLES, 1) * number(_BITS, 1) / 8, 4 * (photometric == _YCBCR))
    return float(turned + piece * a_pixel)


def _jpeg2000(image: Image.Image, content: bytes) -> float:
    """Count the largest tile, in four bytes a sample and once more in one or two."""
    at = content.find(b"\xff\x4f\xff\x51")
    head = content[at + 8 : at + 43] if at >= 0 else b""
    try:
        right, bottom, left, top, width, height, _, _, bands, depth = struct.unpack(">8IHB", head)
    except struct.error:
        width, height, right, bottom, left, top = *image.size, *image.size, 0, 0
        bands, depth = 4, 15
    tile = min(width, max(right - left, 1)) * min(height, max(bottom - top, 1))
    a_sample = 5 if depth & 127 < 8 else 6  # noqa: PLR2004 - bits of a byte
    return float(1.05 * tile * bands * a_sample)


def _in_python(image: Image.Image, _content: bytes) -> float:
    """Count what Pillow's decoders in Python gather, which grows by an eighth, and its copies."""
    codec = image.tile[0][0] if isinstance(image, ImageFile) and image.tile else ""
    if codec not in {"ppm", "ppm_plain", "bmp_rle"}:
        return 0
    gathered = 4 if image.mode == "I" else len(image.getbands())
    return 3.2 * gathered * _pixels(image)


def _avif(image: Image.Image, content: bytes) -> float:
    """Count the planes, the pixels made of them and a copy of those."""
    at = content.find(b"av1C")
    flags = content[at + 6] if 0 <= at < len(content) - 6 else 0b0100_0000
    bands = len(image.getbands())
    chroma = 0 if flags & 16 else 2 / ((1 + (flags >> 3 & 1)) * (1 + (flags >> 2 & 1)))
    planes = (1 + chroma + (bands == _WITH_ALPHA)) * (2 if flags & 64 else 1)
    return _pixels(image) * (planes + 2 * bands)


def _heif(image: Image.Image, content: bytes) -> float:
    """Count the planes of the decoder, those of the picture, and the pixels made of them."""
    at = content.find(b"hvcC")
    known = 0 <= at < len(content) - 22
    chroma = _CHROMA[content[at + 20] & 3 if known else 3]
    wide = 2 if not known or content[at + 21] & 7 else 1
    bands = len(image.getbands())
    planes = (chroma + (bands == _WITH_ALPHA)) * wide
    # Pillow's own picture is made when the planes are gone; decode_cost has counted it already.
    return _pixels(image) * max(bands, 2 * planes + bands - _bytes(image))


_WITH_ALPHA = 4

_MORE: dict[str, Callable[[Image.Image, bytes], float]] = {
    "PNG": uncovering_cost,
    "TIFF": _tiff,
    "JPEG2000": _jpeg2000,
    "PPM": _in_python,
    "BMP": _in_python,
    "DIB": _in_python,
    "AVIF": _avif,
    "HEIF": _heif,
}
