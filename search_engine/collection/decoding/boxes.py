"""The boxes that WebP, HEIC, AVIF and JPEG 2000 are made of."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_MOST_BOXES = 1000


def bytes_needed(content: bytes) -> int:
    """Return how many bytes a WebP has up to the end of its first picture, or all of a HEIC.

    More than there are says that the file ends too early.
    """
    return _webp_needs(content) if content.startswith(b"RIFF") else _heif_needs(content)


def _webp_needs(content: bytes) -> int:
    at = 12
    for _ in range(_MOST_BOXES):
        if at + 8 > len(content):
            break
        kind, length = struct.unpack_from("<4sI", content, at)
        if kind in {b"VP8 ", b"VP8L", b"ANMF"}:
            return at + 8 + int(length)
        at += 8 + length + (length & 1)
    return 8 + int.from_bytes(content[4:8], "little")


def _heif_needs(content: bytes) -> int:
    return max((end for _, _, end in boxes(content, 0, len(content))), default=0)


def boxes(content: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield the kind of each box between two places, and where its content begins and ends."""
    for _ in range(_MOST_BOXES):
        if start + 8 > end:
            return
        length, kind = struct.unpack_from(">I4s", content, start)
        head = 8
        if length == 1 and start + 16 <= len(content):
            (length,), head = struct.unpack_from(">Q", content, start + 8), 16
        elif length == 0:
            length = end - start
        if length < head:
            return
        yield kind, start + head, start + int(length)
        start += int(length)
