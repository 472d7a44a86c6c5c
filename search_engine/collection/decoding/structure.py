"""What a file is made of, told from its bytes alone, before any decoder sees it.

Decoders take a file at its word: fifty thousand scans are decoded one after the other, a comment
of 200 MB is read byte by byte. So what a file has of each is counted first, at the speed of a
search in memory. Too much of it is refused; what is only unusual is decoded in the time and memory
that a decoder has.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass

from search_engine.collection.decoding.kinds import no_picture
from search_engine.collection.decoding.refusal import Refusal, too_slow
from search_engine.records import SkipReason

MAX_SCANS = 500
"""Encoders write 10, hand-made scripts up to 100; libjpeg-turbo's own tools take 500."""
MAX_SCANNED_PIXELS = 10 * 10**9
"""Pixels of all scans of a JPEG together, which takes 4 s: 50 scans of the largest picture."""
MAX_SEGMENTS = 4096
MAX_EXIF_SEGMENTS = 64  # one is usual; Pillow joins them in a time that grows with the square
_FEW_ZEROS = 64  # more than any encoder writes in a row
MAX_JUNK = 2**20
"""Bytes between the segments of a JPEG, which Pillow passes over one at a time."""
MAX_CHUNKS = 200_000
"""Of PNG and WebP. A PNG of the largest size has 65,000 chunks of the usual 8 KiB."""
MAX_PACKED_CHUNKS = 64
"""Compressed texts and profiles of a PNG, of which each may grow to 16 MiB."""
MAX_BLOCKS = 500_000
"""Of a GIF before its first picture."""
MAX_PNM_HEADER = 2**16

_HEIF_BRANDS = frozenset(
    b"avif avis heic heix heim heis hevc hevx hevm hevs mif1 msf1".split()
)  # fmt: skip
_JPEG_LS = b"\xff\xd8\xff\xf7"
TIFF_STARTS = (b"MM\0*", b"II*\0", b"MM*\0", b"II\0*", b"MM\0+", b"II+\0")
_JPEG2000_STARTS = (b"\xff\x4f\xff\x51", b"\0\0\0\x0cjP  \r\n\x87\n")
_DIB_STARTS = tuple(struct.pack("<I", size) for size in (12, 40, 52, 56, 64, 108, 124))

_ALONE = frozenset([*range(0xD0, 0xDA), 0xC8, *range(0xF0, 0xFE)])
"""Second bytes of the JPEG markers that have no length."""
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE = frozenset([0xC2, 0xC6, 0xCA, 0xCE])
_SCAN, _END, _EXIF = 0xDA, 0xD9, 0xE1
_MARKER = re.compile(rb"\xff[^\x00\xff]")
_MARKER_IN_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_PNM = re.compile(rb"P(?:[1-6f]|0CMYK|yP|yRGBA|yCMYK)(?=[ \t\n\v\f\r])")
_PNM_BLANKS = re.compile(rb"(?:[ \t\n\v\f\r]+|#[^\r\n]*)*")
_PNM_WORD = re.compile(rb"[^ \t\n\v\f\r#]+")


@dataclass(frozen=True, slots=True)
class Structure:
    """What can be said of a file without decoding it."""

    formats: tuple[str, ...]
    """Pillow's readers for it."""
    canvas: tuple[int, int] | None = None
    """Width and height, where the decoder makes room for the picture as soon as it is opened."""
    coefficients: int = 0
    """Bytes in which a JPEG of several scans is held until the last of them, at full size."""
    has_no_end: bool = False
    """Whether a PNG lacks the chunk that says that it is whole."""
    is_filled_up: bool = False
    """Whether a JPEG goes over into zeros, which a decoder takes for a picture."""


def structure_of(content: bytes) -> Structure:
    """Look through a file.

    Raises:
        Refusal: It is in no format that is read, or has too much of something.
    """
    if content.startswith(_JPEG_LS):
        raise no_picture(content)
    for starts, look in _LOOKS:
        if content.startswith(starts):
            return look(content)
    if content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS:
        return Structure(("AVIF", "HEIF"))
    raise no_picture(content)


def _jpeg(content: bytes) -> Structure:
    at, junk, exif, frame = 2, 0, 0, _Frame()
    for _ in range(MAX_SEGMENTS):
        marker = _MARKER.search(content, at, at + MAX_JUNK - junk)
        if marker is None:
            if at + MAX_JUNK - junk < len(content):
                raise Refusal(SkipReason.DAMAGED, "there is no picture after its first bytes")
            return Structure(("JPEG",))  # it ends too early, which Pillow says
        junk += marker.start() - at
        at, code = marker.end(), content[marker.end() - 1]
        if code in _ALONE:
            continue
        if code == _SCAN:
            held = 0
            # Else its first scan has all, and libjpeg takes a second one for an error.
            if frame.kind in _PROGRESSIVE or content[at + 2 : at + 3] < bytes([len(frame.layers)]):
                _refuse_scans(content, at, frame.width * frame.height)
                held = frame.coefficients
            filled = _is_filled_up(content)
            return Structure(("JPEG",), coefficients=held, is_filled_up=filled)
        if code in _FRAMES:
            frame = _frame(content, at, code)
        exif += code == _EXIF and content.startswith(b"Exif\0\0", at + 2)
        if exif > MAX_EXIF_SEGMENTS:
            raise too_slow(MAX_EXIF_SEGMENTS, "Exif segments")
        at += max(2, int.from_bytes(content[at : at + 2]))
    raise too_slow(MAX_SEGMENTS, "segments before its picture")


def _is_filled_up(content: bytes) -> bool:
    if any(content[-_FEW_ZEROS:]):
        return False
    return not content.rstrip(b"\0").endswith(b"\xff\xd9")


@dataclass(frozen=True, slots=True)
class _Frame:
    width: int = 0
    height: int = 0
    layers: tuple[tuple[int, int], ...] = ()
    """Blocks of eight by eight, across and down, that each has of a unit."""
    kind: int = 0xC0

    @property
    def coefficients(self) -> int:
        """Bytes in which all coefficients are held."""
        across = 8 * max((across for across, _ in self.layers), default=1)
        down = 8 * max((down for _, down in self.layers), default=1)
        units = -(-self.width // across) * -(-self.height // down)
        return 2 * 64 * units * sum(across * down for across, down in self.layers)


def _frame(content: bytes, at: int, kind: int) -> _Frame:
    head = content[at : at + 8].ljust(8, b"\0")
    height, width, count = struct.unpack_from(">HHB", head, 3)
    samplings = content[at + 9 : at + 8 + 3 * count : 3]
    layers = tuple((max(sampling >> 4, 1), max(sampling & 15, 1)) for sampling in samplings)
    return _Frame(width, height, layers, kind)


def _refuse_scans(content: bytes, at: int, pixels: int) -> None:
    most = min(MAX_SCANS, MAX_SCANNED_PIXELS // max(pixels, 1))
    if content.count(b"\xff\xda", at) < most:  # as a rule; what follows the picture counts too
        return
    scans = 1
    for _ in range(4 * MAX_SEGMENTS):
        at += max(2, int.from_bytes(content[at : at + 2]))
        marker = _MARKER_IN_SCAN.search(content, at)
        if marker is None or content[marker.end() - 1] == _END:
            return
        at = marker.end()
        scans += content[at - 1] == _SCAN
        if scans > most:
            raise too_slow(most, f"scans of {pixels:,} pixels each")
    raise too_slow(4 * MAX_SEGMENTS, "segments")


def _png(content: bytes) -> Structure:
    at, packed = 8, 0
    has_no_end = True
    for _ in range(MAX_CHUNKS):
        if at + 8 > len(content):
            break
        length, kind = struct.unpack_from(">I4s", content, at)
        if kind == b"IEND":
            has_no_end = False
            break
        at += 12 + length
        if kind in {b"IDAT", b"fdAT"}:
            continue
        packed += kind in {b"iCCP", b"zTXt", b"iTXt"}
        if packed > MAX_PACKED_CHUNKS:
            raise too_slow(MAX_PACKED_CHUNKS, "compressed texts and profiles")
    else:
        raise too_slow(MAX_CHUNKS, "chunks")
    return Structure(("PNG",), has_no_end=has_no_end)


def _gif(content: bytes) -> Structure:
    flags = content[10] if len(content) > 10 else 0  # noqa: PLR2004 - where GIF has them
    at = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    blocks = 0
    while blocks < MAX_BLOCKS:
        kind = content[at : at + 1]
        if kind in {b"", b",", b";"}:
            return Structure(("GIF",))
        at, blocks = at + 1, blocks + 1
        if kind == b"!":
            at += 1
            while (size := int.from_bytes(content[at : at + 1])) and blocks < MAX_BLOCKS:
                at, blocks = at + 1 + size, blocks + 1
            at += 1
    raise too_slow(MAX_BLOCKS, "blocks before its first picture")


def _webp(content: bytes) -> Structure:
    if content[8:12] != b"WEBP":
        raise no_picture(content)
    at = 12
    for _ in range(MAX_CHUNKS):
        if at + 8 > len(content):
            return Structure(("WEBP",), canvas=_webp_size(content))
        (length,) = struct.unpack_from("<4xI", content, at)
        at += 8 + length + (length & 1)
    raise too_slow(MAX_CHUNKS, "chunks")


def _webp_size(content: bytes) -> tuple[int, int] | None:
    kind, start = content[12:16], content[20:30].ljust(10, b"\0")
    if kind == b"VP8X":
        return int.from_bytes(start[4:7], "little") + 1, int.from_bytes(start[7:10], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(start[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", start, 6)
        return width & 0x3FFF, height & 0x3FFF
    return None


def _bmp(_content: bytes) -> Structure:
    return Structure(("BMP",))


def _dib(_content: bytes) -> Structure:
    return Structure(("DIB",))


def _pnm(content: bytes) -> Structure:
    head = content[:MAX_PNM_HEADER]
    magic = _PNM.match(head)
    if magic is None:
        raise no_picture(content)
    at, words = magic.end(), 2 if head[1:2] in b"14" else 3
    for _ in range(words):
        start = _PNM_BLANKS.match(head, at)
        word = _PNM_WORD.match(head, start.end() if start else at)
        if word is None and len(head) == MAX_PNM_HEADER:
            raise Refusal(SkipReason.DAMAGED, f"its head has more than {MAX_PNM_HEADER:,} bytes")
        at = word.end() if word else at
    return Structure(("PPM",))


def _tiff(_content: bytes) -> Structure:
    return Structure(("TIFF",))


def _jpeg2000(_content: bytes) -> Structure:
    return Structure(("JPEG2000",))


_LOOKS: tuple[tuple[bytes | tuple[bytes, ...], Callable[[bytes], Structure]], ...] = (
    (b"\xff\xd8\xff", _jpeg),
    (b"\x89PNG\r\n\x1a\n", _png),
    ((b"GIF87a", b"GIF89a"), _gif),
    (b"RIFF", _webp),
    (b"BM", _bmp),
    (TIFF_STARTS, _tiff),
    (_JPEG2000_STARTS, _jpeg2000),
    (b"P", _pnm),
    (_DIB_STARTS, _dib),
)
