"""How a TIFF says that its picture is stored."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL.TiffImagePlugin import COMPRESSION_INFO, ImageFileDirectory_v2

from search_engine.collection.decoding.refusal import Refusal
from search_engine.records import SkipReason

Tags = ImageFileDirectory_v2

WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC = 256, 257, 258, 259, 262
FILL_ORDER, STRIPS, SAMPLES, ROWS, COUNTS = 266, 273, 277, 278, 279
PLANAR, PREDICTOR, TILE_WIDTH, TILE_LENGTH, TILES, TILE_COUNTS = 284, 317, 322, 323, 324, 325
EXTRA, FORMAT, PROFILE, XMP = 338, 339, 34675, 700
UNPACKED = frozenset(["raw", "tiff_lzw", "tiff_deflate", "tiff_adobe_deflate", "packbits",
                      "lzma", "zstd"])  # fmt: skip
"""Ways of packing that know nothing of what they pack."""
INTEGERS, SIGNED, FLOATS = 1, 2, 3
_NAMES = {0: "grey", 1: "grey", 2: "RGB", 3: "palette", 5: "CMYK", 6: "YCbCr", 8: "LAB", 9: "LAB",
          32803: "the raw numbers of a sensor", 32844: "LogL", 32845: "LogLuv"}  # fmt: skip
_KINDS = {1: "whole numbers", 2: "signed numbers", 3: "floating point", 5: "complex numbers",
          6: "complex numbers"}  # fmt: skip
_SEPARATE = 2
_KIND, _INNER = 254, 330
_PLAIN = "raw"
_MOST_LEVELS = 4
"""That are kept of a pixel."""
AT_ONCE = 2**21
"""Numbers that are looked at together."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How the numbers of a TIFF are stored."""

    width: int
    height: int
    bits: int
    samples: int
    format: int
    photometric: int
    planes: int
    predictor: int
    compression: str
    extra: tuple[int, ...]
    order: str
    """Of bytes: ``<`` or ``>``."""
    reversed_bits: bool
    rows_at_once: int
    """Of a strip or tile, which is unpacked as a whole."""

    @property
    def row_bytes(self) -> int:
        """Bytes of a row of one plane."""
        return -(-self.width * self.samples_a_plane * self.bits // 8)

    @property
    def samples_a_plane(self) -> int:
        """Numbers of a pixel that stand side by side."""
        return self.samples if self.planes == 1 else 1

    @property
    def memory(self) -> int:
        """Bytes that reading takes: the file's, those of all planes, and three times 8 bits."""
        unpacked = self.row_bytes * self.height * self.planes
        piece = self.row_bytes * min(self.rows_at_once, self.height)
        copied = 2 * unpacked if self.compression == _PLAIN else piece
        levels = self.width * self.height * min(self.samples, _MOST_LEVELS)
        return unpacked + copied + 3 * levels + 32 * AT_ONCE

    @property
    def is_deep_colour(self) -> bool:
        """Whether Pillow keeps but the upper half of the numbers."""
        return self.samples > 1 and self.bits > 8  # noqa: PLR2004 - bits of a byte

    @property
    def words(self) -> str:
        """The layout, for people."""
        name = _NAMES.get(self.photometric, f"photometric interpretation {self.photometric}")
        kind = _KINDS.get(self.format, f"sample format {self.format}")
        packed = "" if self.compression in UNPACKED else f", packed by {self.compression}"
        return f"a TIFF of {name}, {self.samples} × {self.bits} bits of {kind}{packed}"


def layout_of(content: bytes) -> tuple[Layout, ImageFileDirectory_v2]:
    """Read how a TIFF stores its first picture.

    Raises:
        Refusal: It does not say so, or the part of the file that does is missing.
    """
    tags = directory_of(content)
    try:
        bits = tags.get(BITS, (1,))
        samples = int(tags.get(SAMPLES, len(bits)))
        formats = tags.get(FORMAT, (1,))
        code = int(tags.get(COMPRESSION, 1))
        uniform = len(set(bits)) == 1 and len(set(formats)) == 1
        planes = samples if tags.get(PLANAR, 1) == _SEPARATE and samples > 1 else 1
        layout = Layout(
            width=int(tags[WIDTH]),
            height=int(tags[HEIGHT]),
            bits=int(bits[0]) if uniform else 0,
            samples=samples,
            format=int(formats[0]),
            photometric=int(tags.get(PHOTOMETRIC, 0)),
            planes=planes,
            predictor=int(tags.get(PREDICTOR, 1)),
            compression=COMPRESSION_INFO.get(code, f"method {code}"),
            extra=tuple(tags.get(EXTRA, ())),
            order="<" if content[:1] == b"I" else ">",
            reversed_bits=tags.get(FILL_ORDER, 1) != 1,
            rows_at_once=int(tags.get(TILE_LENGTH, tags.get(ROWS, tags[HEIGHT]))),
        )
    except (KeyError, ValueError, TypeError, IndexError) as error:
        cause = "it does not say how its picture is stored"
        raise Refusal(SkipReason.DAMAGED, cause) from error
    return layout, tags


def directory_of(content: bytes) -> Tags:
    """Read what a TIFF says of its first picture; ``next`` is where that of a second one is.

    Raises:
        Refusal: It says nothing, or the part of the file that does is missing.
    """
    file, header = io.BytesIO(content), _header(content)
    is_big = len(header) > 8  # noqa: PLR2004 - bytes of the usual head
    try:
        tags = Tags(header)
        count = content[tags.next : tags.next + (8 if is_big else 2)]
        number = int.from_bytes(count, "little" if content[:1] == b"I" else "big")
        end = tags.next + len(count) + number * (20 if is_big else 12)
        file.seek(tags.next)
        if end <= len(content):
            tags.load(file)
    except Exception as error:
        cause = "it does not say how its picture is stored"
        raise Refusal(SkipReason.DAMAGED, cause) from error
    if end > len(content) or not count:
        cause = "the end of the file is missing, with what says how the picture is stored"
        raise Refusal(SkipReason.DAMAGED, cause)
    return tags


def _header(content: bytes) -> bytes:
    return content[: 16 if content[2:4] in {b"+\0", b"\0+"} else 8]


def is_preview(tags: Tags) -> bool:
    """Return whether the first picture is a small one of others, as in cameras' raw files."""
    return bool(int(tags.get(_KIND, 0)) & 1) and _INNER in tags


def ends_too_early(content: bytes, tags: ImageFileDirectory_v2) -> bool:
    """Return whether a TIFF's picture goes on where the file has ended."""
    for places, sizes in ((STRIPS, COUNTS), (TILES, TILE_COUNTS)):
        pairs = zip(tags.get(places, ()), tags.get(sizes, ()), strict=False)
        if any(place + size > len(content) for place, size in pairs):
            return True
    return False
