"""Whether a file holds more than the picture that is shown of it, told from its bytes alone.

Only the first frame or page of a file is decoded, and on white. So two files whose first pictures
are the same may still be different ones: animations, documents of several pages, pictures that
differ in what shines through. What a file says of that stands at its beginning or is counted by
passing over its parts; nothing is decoded.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable

from search_engine.collection.decoding.boxes import boxes
from search_engine.collection.decoding.refusal import Refusal
from search_engine.collection.decoding.structure import TIFF_STARTS
from search_engine.collection.decoding.tiff_layout import EXTRA, directory_of

_MOST_PARTS = 200_000
_TRANSPARENT_PNG = frozenset([4, 6])
_ANIMATED_WEBP, _TRANSPARENT_WEBP = 0x02, 0x10
_GIF_CONTROL, _GIF_EXTENSION, _GIF_PICTURE = 0xF9, 0x21, 0x2C
_VIEWS = re.compile(rb"\xff\xe2..MPF\0", re.DOTALL)
_PREVIEW, _VIEW_OF_MANY = 0x01, 0x02
_GAIN_MAPS = (b"hdrgm", b"21496", b"HDRGainMap")
"""Said of a second picture that only tells how bright the first one may shine."""
_PICTURE_ITEMS = frozenset([b"hvc1", b"av01", b"grid", b"iovl", b"iden", b"hev1", b"avc1", b"jpeg"])
_TRANSPARENT = (b"auxiliary:alpha", b"hevc:2015:auxid:1\0")
_SEQUENCES = frozenset([b"avis", b"msf1", b"hevc", b"hevx", b"hevm", b"hevs"])


def holds_more(content: bytes) -> bool:
    """Return whether a file has further frames or pages, or transparent parts.

    What cannot be told counts as more.
    """
    try:
        return any(look(content) for starts, look in _LOOKS if content.startswith(starts))
    except (struct.error, IndexError, ValueError, Refusal):
        return True


def _gif(content: bytes) -> bool:
    """Count pictures up to the second one; a transparent colour counts as well."""
    at, pictures = 13 + _table(content[10]), 0
    for _ in range(_MOST_PARTS):
        kind = content[at] if at < len(content) else None
        if kind == _GIF_EXTENSION:
            if content[at + 1] == _GIF_CONTROL and content[at + 3] & 1:
                return True
            at = _after_blocks(content, at + 2)
        elif kind == _GIF_PICTURE:
            pictures += 1
            if pictures > 1:
                return True
            at = _after_blocks(content, at + 11 + _table(content[at + 9]))
        else:
            return False
    return True


def _table(flags: int) -> int:
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _after_blocks(content: bytes, at: int) -> int:
    while at < len(content) and content[at]:
        at += content[at] + 1
    return at + 1


def _png(content: bytes) -> bool:
    if content[25] in _TRANSPARENT_PNG:
        return True
    at = 8
    for _ in range(_MOST_PARTS):
        if at + 8 > len(content):
            return False
        length, kind = struct.unpack_from(">I4s", content, at)
        if kind in {b"acTL", b"tRNS", b"fcTL"}:
            return True
        at += 12 + length
    return True


def _webp(content: bytes) -> bool:
    kind = content[12:16]
    if kind == b"VP8X":
        return bool(content[20] & (_ANIMATED_WEBP | _TRANSPARENT_WEBP))
    return kind == b"VP8L" and bool(content[24] & 0x10)


def _tiff(content: bytes) -> bool:
    """Look for a second directory, and for numbers beside those of the colours."""
    tags = directory_of(content)
    return bool(tags.next) or bool(tags.get(EXTRA))


def _jpeg(content: bytes) -> bool:
    """Return whether there are several views, as of stereo cameras; previews are none."""
    found = _VIEWS.search(content, 0, 2**20)
    if found is None:
        return False
    start = found.end()
    order = "<" if content[start : start + 2] == b"II" else ">"
    (first,) = struct.unpack_from(f"{order}I", content, start + 4)
    (count,) = struct.unpack_from(f"{order}H", content, start + first)
    for entry in range(start + first + 2, start + first + 2 + 12 * count, 12):
        tag, _, length, place = struct.unpack_from(f"{order}HHII", content, entry)
        if tag == 0xB002:  # noqa: PLR2004 - the list of the pictures
            kinds = [
                struct.unpack_from(f"{order}I", content, start + place + 16 * number)[0] >> 16
                for number in range(min(length // 16, _MOST_PARTS))
            ]
            others = {kind & 0xFF for kind in kinds[1:]} - {_PREVIEW}
            has_gain_map = any(name in content for name in _GAIN_MAPS)
            return _VIEW_OF_MANY in others or bool(others and not has_gain_map)
    return False


def _heif(content: bytes) -> bool:
    """Look for a sequence, for what shines through, and for several pictures that are shown."""
    end = len(content)
    (head,) = struct.unpack_from(">I", content)
    brands = {content[at : at + 4] for at in range(8, min(head, 256), 4)}
    for kind, start, stop in boxes(content, 0, end):
        if kind == b"moov":
            return True
        if kind == b"meta":
            meta = content[start:stop]
            is_transparent = any(name in meta for name in _TRANSPARENT)
            if is_transparent or _shown(content, start + 4, stop) > 1:
                return True
    return not brands.isdisjoint(_SEQUENCES)


def _shown(content: bytes, start: int, stop: int) -> int:
    """Count the pictures of a file that are no parts, previews or depths of others."""
    shown: set[int] = set()
    parts: set[int] = set()
    for kind, begin, end in boxes(content, start, stop):
        if kind == b"iinf":
            head = 6 if content[begin] == 0 else 8
            for name, at, _ in boxes(content, begin + head, end):
                if name == b"infe" and content[at + 3] & 1 == 0:
                    wide = content[at] > 2  # noqa: PLR2004 - the version of the box
                    (number,) = struct.unpack_from(">I" if wide else ">H", content, at + 4)
                    place = at + (10 if wide else 8)
                    if content[place : place + 4] in _PICTURE_ITEMS:
                        shown.add(number)
        elif kind == b"iref":
            parts |= _parts(content, begin, end)
    return len(shown - parts)


def _parts(content: bytes, begin: int, end: int) -> set[int]:
    sign = ">I" if content[begin] else ">H"
    width = struct.calcsize(sign)
    found: set[int] = set()
    for kind, at, _ in boxes(content, begin + 4, end):
        (source,) = struct.unpack_from(sign, content, at)
        if kind in {b"thmb", b"auxl"}:
            found.add(source)
        elif kind == b"dimg":
            (count,) = struct.unpack_from(">H", content, at + width)
            found.update(
                struct.unpack_from(sign, content, at + width + 2 + width * number)[0]
                for number in range(count)
            )
    return found


def _pnm(content: bytes) -> bool:
    """Return whether it is a PAM, the kind that may be transparent."""
    return content[1:2] == b"7"


def _bmp(content: bytes) -> bool:
    """Return whether it has 32 bits a pixel, of which eight may be transparency."""
    (bits,) = struct.unpack_from("<H", content, 28)
    return bool(bits == 32)  # noqa: PLR2004


def _jpeg2000(content: bytes) -> bool:
    """Return whether channels have meanings of their own, as transparency is."""
    return b"cdef" in content[:4096]


_LOOKS: tuple[tuple[bytes | tuple[bytes, ...], Callable[[bytes], bool]], ...] = (
    (b"\xff\xd8\xff", _jpeg),
    (b"\x89PNG\r\n\x1a\n", _png),
    ((b"GIF87a", b"GIF89a"), _gif),
    (b"RIFF", _webp),
    (b"BM", _bmp),
    (TIFF_STARTS, _tiff),
    (b"\0\0\0\x0cjP  ", _jpeg2000),
    (b"P", _pnm),
    (tuple(struct.pack(">I", size) + b"ftyp" for size in range(16, 129, 4)), _heif),
)
