"""A process that decodes pictures for another one, which starts it with ``python -m``.

It says that it is ready. Then, for each file that it is sent, it answers with the picture or the
reason why not; for those that it is only told the places of, it reads the files too, writes their
thumbnails, and answers with no more than a model looks at. Before it takes much memory, it says how
much, and waits until it may have that. It ends when the pipe that requests come on is closed.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from PIL import Image

from search_engine.collection.decoding.content import MAX_BYTES, read_hashed
from search_engine.collection.decoding.conversion import CopySize
from search_engine.collection.decoding.frames import Frame, read_frame, write_frame
from search_engine.collection.decoding.limits import OPENING, Limits
from search_engine.collection.decoding.picture import (
    MORE_THAN_GIVEN,
    DecodedPicture,
    Reserve,
    decode_here,
    thumbnail,
)
from search_engine.collection.decoding.refusal import Refusal, one_line
from search_engine.collection.thumbnails import Thumbnails
from search_engine.errors import CollectionError, passing_over
from search_engine.records import SkipReason
from search_engine.records.model_inputs import ModelInput

_LOG = logging.getLogger(__name__)

UNASKED = 32 * 2**20
"""Bytes of memory that a decoder takes without asking; a picture of a megapixel needs no more."""
_MOST_SAID = 300
_SECONDS_SILENT = 1.0


class Decoder(Protocol):
    """Decodes a file as `decode_here` does."""

    def __call__(
        self, content: bytes, reserve: Reserve, *, uses_profile: bool = True, size: CopySize
    ) -> DecodedPicture:
        """Give the picture, or raise a Refusal."""


class _Parent:
    """The process that asks, as it is seen from here."""

    def __init__(self, source: BinaryIO, target: BinaryIO, place: int) -> None:
        self._source = source
        self._target = target
        self._place = place
        self._told = time.monotonic()
        self.limits = Limits(source.fileno())

    def requests(self) -> Iterator[Frame]:
        self.tell({"ready": True})
        while (frame := read_frame(self._source, MAX_BYTES)) is not None:
            self._told = time.monotonic()
            yield frame

    def tell(self, words: dict[str, Any], pixels: bytes = b"") -> None:
        write_frame(self._target, words, pixels)

    def at(self, file: int) -> None:
        """Note which file is next, for the case that it is our end; nobody is woken for that."""
        with passing_over(_LOG, "a place is not noted", OSError):  # the disk may be full
            os.lseek(self._place, 0, os.SEEK_SET)
            os.write(self._place, f"{file:<8}".encode())
        self.alive()

    def alive(self, _piece: memoryview | None = None) -> None:
        """Give a sign of life: at a file, and while one comes slowly, over a network say."""
        if time.monotonic() - self._told > _SECONDS_SILENT:
            self.tell({"alive": True})
            self._told = time.monotonic()

    @contextmanager
    def reserve(self, need: int) -> Iterator[None]:
        """Take memory once the parent says so; waiting for that takes nothing of our time."""
        if need > UNASKED:
            self.limits.off()
            self.tell({"need": need})
            if read_frame(self._source, 0) is None:
                sys.exit()
            self.limits.on(need + OPENING)
        yield


def serve(work: Decoder) -> None:
    """Do the work for each file that is asked for on standard input, until that is closed."""
    source = os.fdopen(os.dup(0), "rb")
    target = os.fdopen(os.dup(1), "wb")
    place = os.dup(2)
    silent = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):  # decoders of other houses print what they like
        os.dup2(silent, stream)
    parent = _Parent(source, target, place)
    for words, content in parent.requests():
        parent.tell(*_answer(words, content, work, parent))


def _answer(words: dict[str, Any], content: bytes, work: Decoder, parent: _Parent) -> Frame:
    if "files" not in words:
        return _or_refused(lambda _: _pictured(content, words, work, parent), "", parent)
    pictures, pixels = [], []
    try:
        for number, file in enumerate(words["files"]):
            parent.at(number)
            told, seen = _or_refused(lambda one: _read(one, words, work, parent), file, parent)
            pictures.append(told)
            pixels.append(seen)
    except CollectionError as error:
        return {"failed": error.cause, "place": error.place, "remedy": error.remedy}, b""
    return {"pictures": pictures}, b"".join(pixels)


def _or_refused(answer: Callable[[str], Frame], file: str, parent: _Parent) -> Frame:
    """Give an answer, or the reason why there is none."""
    try:
        return answer(file)
    except Refusal as refusal:
        return _refused(refusal), b""
    except MemoryError:
        return _refused(Refusal(SkipReason.TOO_MUCH_MEMORY, MORE_THAN_GIVEN)), b""
    finally:
        parent.limits.off()


def _read(file: str, words: dict[str, Any], work: Decoder, parent: _Parent) -> Frame:
    content, digest = read_hashed(Path(file), parent.alive)
    picture = _decoded(content, words, work, parent)
    looks_at = words["looks_at"] and ModelInput(*words["looks_at"])
    seen = looks_at.prepare(picture.image) if looks_at else picture.image
    jpeg = thumbnail(picture.image)
    parent.limits.off()  # a slow disk is no fault of the file's
    Thumbnails(Path(words["collection"])).write(digest, jpeg)
    told, pixels = _told(picture, seen)
    return told | {"hash": digest}, pixels


def _pictured(content: bytes, words: dict[str, Any], work: Decoder, parent: _Parent) -> Frame:
    picture = _decoded(content, words, work, parent)
    return _told(picture, picture.image)


def _decoded(
    content: bytes, words: dict[str, Any], work: Decoder, parent: _Parent
) -> DecodedPicture:
    parent.limits.on(OPENING + min(2 * len(content), OPENING))
    size = CopySize(words.get("longest"))
    return work(content, parent.reserve, uses_profile=words["uses_profile"], size=size)


def _told(picture: DecodedPicture, image: Image.Image) -> Frame:
    facts = picture.facts
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


def _refused(refusal: Refusal) -> dict[str, Any]:
    said = one_line(refusal.__cause__)[:_MOST_SAID] if refusal.__cause__ else ""
    said = refusal.said[:_MOST_SAID] or said
    return {"reason": str(refusal.reason), "detail": refusal.detail, "said": said}


if __name__ == "__main__":
    serve(decode_here)
