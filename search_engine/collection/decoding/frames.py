"""What this process and a decoder say to each other over pipes: a little JSON, then bytes.

Nothing is unpickled, and every length is checked before anything of that length is read, so that a
decoder which was taken over by a file can say no more than a wrong picture.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any, BinaryIO, TypeAlias

_LENGTH = struct.Struct(">I")
_MOST_WORDS = 2**16

Frame: TypeAlias = tuple[dict[str, Any], bytes]


class BadFrame(Exception):
    """The other side breaks the rules, or has ended in the middle of a frame."""


def write_frame(target: BinaryIO, words: Mapping[str, object], content: bytes = b"") -> None:
    """Write a frame; ``content`` may be empty.

    Raises:
        OSError: The other side has gone.
    """
    text = json.dumps({**words, "bytes": len(content)}).encode()
    target.write(_LENGTH.pack(len(text)) + text)
    target.write(content)
    target.flush()


def read_frame(source: BinaryIO, most: int) -> Frame | None:
    """Read a frame with up to ``most`` bytes of content; None where the other side has ended.

    Raises:
        BadFrame: It is too large, broken or incomplete.
    """
    start = source.read(_LENGTH.size)
    if not start:
        return None
    try:
        (length,) = _LENGTH.unpack(start)
        words = json.loads(_exactly(source, length, _MOST_WORDS))
        size = words["bytes"]
    except (struct.error, ValueError, TypeError, KeyError, RecursionError) as error:
        raise BadFrame(repr(error)) from error
    if not isinstance(words, dict) or not isinstance(size, int):
        raise BadFrame(repr(size))
    return words, _exactly(source, size, most)


def _exactly(source: BinaryIO, size: int, most: int) -> bytes:
    if not 0 <= size <= most:
        cause = f"{size} bytes where up to {most} may be"
        raise BadFrame(cause)
    content = source.read(size)
    if len(content) != size:
        cause = f"{len(content)} bytes where {size} should be"
        raise BadFrame(cause)
    return content
