"""A PNG without the chunks that are damaged and that its picture does not need."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_LENGTH_AND_CHECKSUM = 12
_PICTURE = (b"IHDR", b"PLTE", b"IDAT")
_END = b"IEND"
_IN_THE_PICTURE = b"tRNS"
_ANIMATION = (b"acTL", b"fcTL", b"fdAT")
_MOST_CHUNKS = 200_000


@dataclass(frozen=True, slots=True)
class _Chunk:
    kind: bytes
    data: memoryview
    is_sound: bool

    def __bytes__(self) -> bytes:
        checksum = zlib.crc32(self.data, zlib.crc32(self.kind))
        length = struct.pack(">I", len(self.data))
        return length + self.kind + bytes(self.data) + struct.pack(">I", checksum)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A PNG with an end and without damaged side chunks."""

    content: bytes
    dropped: tuple[str, ...]
    """Kinds of chunks that were left out."""
    has_end: bool
    """Whether the file had its own end."""


def cleaned(content: bytes, *, bare: bool = False) -> Cleaned | None:
    """Take out what is damaged beside the picture, or all beside it; None without a picture."""
    kept, dropped, has_end, has_picture = [_SIGNATURE], dict[str, None](), False, False
    for chunk in _chunks(content):
        if chunk.kind == _END:
            has_end = True
            break
        has_picture = has_picture or chunk.kind == b"IDAT"
        if _is_kept(chunk, bare=bare):
            kept.append(_as_it_is(chunk) if chunk.kind == b"IHDR" else bytes(chunk))
        else:
            dropped[chunk.kind.decode("ascii")] = None
    if not has_picture:
        return None
    kept.append(bytes(_Chunk(_END, memoryview(b""), is_sound=True)))
    return Cleaned(b"".join(kept), tuple(dropped), has_end)


def _is_kept(chunk: _Chunk, *, bare: bool) -> bool:
    if chunk.kind in _PICTURE:
        return True
    if chunk.kind in _ANIMATION:  # the first picture is all that is looked at
        return False
    return chunk.is_sound and (not bare or chunk.kind == _IN_THE_PICTURE)


def _as_it_is(chunk: _Chunk) -> bytes:
    """Keep a wrong checksum over the size, which no one can guess, wrong."""
    return bytes(chunk) if chunk.is_sound else bytes(chunk)[:-4] + bytes(4)


def _chunks(content: bytes) -> Iterator[_Chunk]:
    """Return the chunks, and go on at the next picture data where one has no sensible length."""
    view, at = memoryview(content), len(_SIGNATURE)
    for _ in range(_MOST_CHUNKS):
        if at + 8 > len(content):
            return
        length, kind = struct.unpack_from(">I4s", content, at)
        if not (kind.isalpha() and kind.isascii()) or not _fits(content, at, length, kind):
            found = min(
                (i for i in (content.find(kind, at + 4) for kind in _NEXT) if i > 0), default=0
            )
            if found < 4:  # noqa: PLR2004 - bytes of a length
                return
            at = max(found - 4, at + 1)
            if kind.isalpha() and kind.isascii() and kind not in _PICTURE:
                yield _Chunk(kind, memoryview(b""), is_sound=False)
            continue
        data = view[at + 8 : at + 8 + length]
        checksum = content[at + 8 + length : at + _LENGTH_AND_CHECKSUM + length]
        is_sound = checksum == struct.pack(">I", zlib.crc32(data, zlib.crc32(kind)))
        yield _Chunk(kind, data, is_sound)
        at += _LENGTH_AND_CHECKSUM + length


_NEXT = (b"IDAT", b"IEND")


def _fits(content: bytes, at: int, length: int, kind: bytes) -> bool:
    """Return whether a chunk ends in the file; picture data may be cut off."""
    return kind == b"IDAT" or at + _LENGTH_AND_CHECKSUM + length <= len(content)
