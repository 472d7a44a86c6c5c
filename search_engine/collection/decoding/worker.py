"""A process that decodes pictures for another one, which starts it with ``python -m``.

It says that it is ready; then, for each file that it is sent, it says how much memory it needs,
waits until it may have that, and answers with the picture or the reason why not. It ends when the
pipe that requests come on is closed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, TypeAlias

from search_engine.collection.decoding.content import MAX_BYTES
from search_engine.collection.decoding.frames import read_frame, write_frame
from search_engine.collection.decoding.limits import OPENING, Limits
from search_engine.collection.decoding.picture import DecodedPicture, Reserve, decode_here
from search_engine.collection.decoding.refusal import Refusal, one_line
from search_engine.collection.decoding.structure import structure_of

_MOST_SAID = 300
Work: TypeAlias = Callable[[bytes, Reserve], DecodedPicture]


def decode_alone(content: bytes, reserve: Reserve) -> DecodedPicture:
    """Decode as `decode_here` does; whoever asked knows the content's hash."""
    return decode_here(content, "", structure_of(content), reserve, alone=True)


class _Asking:
    """Asks the parent for memory."""

    def __init__(self, source: BinaryIO, target: BinaryIO, limits: Limits) -> None:
        self._source = source
        self._target = target
        self.limits = limits

    @contextmanager
    def reserve(self, need: int) -> Iterator[None]:
        """Take memory once the parent says so; waiting for that takes nothing of our time."""
        self.limits.off()
        write_frame(self._target, {"need": need})
        if read_frame(self._source, 0) is None:
            sys.exit()
        self.limits.on(need + OPENING)
        yield


def serve(work: Work) -> None:
    """Do the work for each file that comes on standard input, until that is closed."""
    source = os.fdopen(os.dup(0), "rb")
    target = os.fdopen(os.dup(1), "wb")
    silent = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1):  # decoders of other houses print what they like
        os.dup2(silent, stream)
    limits = Limits(source.fileno())
    write_frame(target, {"ready": True})
    while (frame := read_frame(source, MAX_BYTES)) is not None:
        words, pixels = _answer(frame[1], work, _Asking(source, target, limits))
        write_frame(target, words, pixels)


def _answer(content: bytes, work: Work, asking: _Asking) -> tuple[dict[str, Any], bytes]:
    asking.limits.on(OPENING + min(2 * len(content), OPENING))
    try:
        picture = work(content, asking.reserve)
    except Refusal as refusal:
        said = one_line(refusal.__cause__)[:_MOST_SAID] if refusal.__cause__ else ""
        said = refusal.said[:_MOST_SAID] or said
        return {"reason": str(refusal.reason), "detail": refusal.detail, "said": said}, b""
    finally:
        asking.limits.off()
    facts, image = picture.facts, picture.image
    words = {
        "size": image.size,
        "width": facts.width,
        "height": facts.height,
        "taken_at": facts.taken_at,
        "camera": facts.camera,
        "dated_by": facts.dated_by,
        "remark": facts.remark,
        "said": picture.said[:_MOST_SAID],
    }
    return words, image.tobytes()


if __name__ == "__main__":
    serve(decode_alone)
