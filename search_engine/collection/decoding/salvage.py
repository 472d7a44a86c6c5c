"""What can be kept of a file that is damaged or ends too early, and how much of it is the picture.

Pillow can be told to put up with such files, but only for all threads at once. So the bytes are
mended, or a picture is taken as far as its decoder came. To know how far that is, it is decoded on
two different grounds: rows that are the same on both were in the file, the others nobody knows.
"""

from __future__ import annotations

import logging
import random
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PIL import Image
from PIL.ImageFile import ImageFile

from search_engine.collection.decoding import png_chunks
from search_engine.collection.decoding.boxes import bytes_needed
from search_engine.collection.decoding.refusal import Refusal
from search_engine.collection.decoding.scans import scans_of
from search_engine.records import SkipReason

_LOG = logging.getLogger(__name__)

LEAST_SHARE = 0.9
"""Of a picture's rows that must be there. With a tenth of a photograph gone at an edge, what it
shows is still what it showed; of half a picture that is not known."""
NO_END = "the end of the file is missing"
_NO_PICTURE = "it ends before its picture begins"
_MOST_NAMED = 5
_PARTLY_DAMAGED = "a part of the file is damaged"
GROUND, OTHER_GROUND = 128, 32
_END_OF_JPEG = b"\xff\xd9"
_PADDINGS = (b"\0", b"\xff", b"\x55", b"\xaa")
_LONGEST_NOISE = 2**25


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to read a damaged file."""

    content: bytes
    """What is decoded in the end."""
    remark: str
    probes: tuple[bytes, bytes] | None = None
    """What is decoded to measure how much is there, each on its own ground."""
    share: float | None = None
    """How much is there, where the bytes tell it."""


class Ground:
    """Loads an opened picture as far as it goes, over a plain ground, and notes its rows."""

    def __init__(self, grey: int = GROUND) -> None:
        self._grey = grey
        self.rows: Sequence[int] = ()

    def __call__(self, image: Image.Image) -> None:
        """Load it.

        Raises:
            Exception: Nothing of it can be loaded.
        """
        assert isinstance(image, ImageFile)  # noqa: S101 - tells the type checker what was opened
        prepare = image.load_prepare

        def prepare_on_ground() -> None:
            prepare()
            image.im.paste(_ink(image.mode, self._grey), (0, 0, *image.im.size))

        image.load_prepare = prepare_on_ground  # type: ignore[method-assign]
        try:
            image.load()
        except Exception as error:
            _LOG.debug("its decoder ends with %s: %s", type(error).__name__, error)
            if image._im is None:  # noqa: SLF001 - there is no other way to ask
                raise
            image.tile = []
            image._size = image.im.size  # noqa: SLF001 - TIFF has turned it already
            image.load()
        self.rows = [
            zlib.crc32(image.crop((0, y, image.width, y + 1)).tobytes())
            for y in range(image.height)
        ]


def _ink(mode: str, grey: int) -> int | float | tuple[int, ...]:
    if mode == "1":
        return 255 * (grey > OTHER_GROUND)
    if mode in {"P", "PA"}:
        return int(grey > OTHER_GROUND) if mode == "P" else (int(grey > OTHER_GROUND), 255)
    if mode == "F":
        return float(grey)
    bands = Image.getmodebands(mode)
    return grey if bands == 1 else (grey,) * bands


def share_of(first: Ground, second: Ground) -> float:
    """Return how many rows of a picture do not depend on the ground."""
    same = sum(a == b for a, b in zip(first.rows, second.rows, strict=True))
    return same / max(len(first.rows), 1)


def described(attempt: Attempt, share: float) -> str:
    """Say what is odd about a picture of which this much is there."""
    missing = max(round(100 * (1 - share)), 1)
    remark = attempt.remark
    return f"{remark}, with up to {missing} % of the picture" if share < 1 else remark


def refusal_after(attempt: Attempt, refusal: Refusal) -> Refusal:
    """Say that the end is missing rather than what that does to a decoder."""
    lacks_end = attempt.remark == NO_END
    return Refusal(SkipReason.DAMAGED, attempt.remark) if lacks_end else refusal


def attempts(content: bytes, formats: Sequence[str], why: str) -> Iterator[Attempt]:
    """Return the attempts at a file that Pillow refuses, best first.

    Args:
        content: All bytes of the file.
        formats: Pillow's readers for it.
        why: What Pillow says.

    Raises:
        Refusal: It is known that too little is there.
    """
    yield from _ATTEMPTS.get(formats[0], _as_far_as_it_goes)(content, why)


def _as_far_as_it_goes(content: bytes, why: str) -> Iterator[Attempt]:
    remark = NO_END if "truncated" in why else _PARTLY_DAMAGED
    yield Attempt(content, remark, (content, content))


def _jpeg2000(content: bytes, why: str) -> Iterator[Attempt]:
    is_whole = content.rstrip(b"\0").endswith(_END_OF_JPEG)
    return _as_far_as_it_goes(content, why if is_whole else "truncated")


def _jpeg(content: bytes, _why: str) -> Iterator[Attempt]:
    content = content.rstrip(b"\0")  # what was never fetched is often filled up with zeros
    whole, scans = content + _END_OF_JPEG, scans_of(content)
    if scans.has_end:  # its damage lies elsewhere
        return
    if scans.is_hopeless:
        detail = (
            f"{NO_END}, with most of the picture"
            if scans.scans
            else "it ends before its picture begins"
        )
        raise Refusal(SkipReason.DAMAGED, detail)
    if scans.lacks_restarts:
        yield Attempt(whole, NO_END, (content, content))
    elif scans.lacks_means:
        yield Attempt(whole, NO_END, (whole, content + _noise(scans.size) + _END_OF_JPEG))
    elif scans.is_fine:
        yield Attempt(whole, f"{NO_END}; it may be less sharp than it was", share=1.0)
    else:
        raise Refusal(SkipReason.DAMAGED, f"{NO_END}, with all but a very coarse picture")


def _noise(size: tuple[int, int]) -> bytes:
    """Return as many bytes as half the picture may take, none of which begins a marker."""
    blocks = 3 * (size[0] // 8 + 1) * (size[1] // 8 + 1)
    noise = random.Random(0).randbytes(min(8 * blocks, _LONGEST_NOISE))  # noqa: S311 - nothing secret
    return noise.replace(b"\xff", b"\xfe")


def _png(content: bytes, why: str) -> Iterator[Attempt]:
    for bare in (False, True):
        mended = png_chunks.cleaned(content, bare=bare)
        if mended is None:
            raise Refusal(SkipReason.DAMAGED, _NO_PICTURE)
        if not mended.has_end:
            remark = NO_END
        elif mended.dropped and "truncated" not in why:
            notes = ", ".join(mended.dropped[:_MOST_NAMED])
            remark = f"damaged notes beside the picture were passed over ({notes})"
        else:
            remark = _PARTLY_DAMAGED
        yield Attempt(mended.content, remark, (mended.content, mended.content))


def _webp(content: bytes, _why: str) -> Iterator[Attempt]:
    needed, total = bytes_needed(content), 8 + int.from_bytes(content[4:8], "little")
    if len(content) < total:
        # Pixels come in the order of the bytes; most paddings are not taken by the decoder.
        share, missing = min(len(content) / max(needed, 1), 1.0), min(total, 3 * len(content))
        for padding in _PADDINGS:
            yield Attempt(content.ljust(missing, padding), NO_END, share=share)


def _heif(content: bytes, _why: str) -> Iterator[Attempt]:
    missing = min(bytes_needed(content) - len(content), 2 * len(content))
    if missing > 0 and b"mdat" in content:
        padded = [content + padding * missing for padding in _PADDINGS]
        for other in padded[1:]:
            yield Attempt(padded[0], NO_END, (padded[0], other))


_ATTEMPTS: dict[str, Callable[[bytes, str], Iterator[Attempt]]] = {
    "JPEG": _jpeg,
    "PNG": _png,
    "WEBP": _webp,
    "AVIF": _heif,
    "JPEG2000": _jpeg2000,
}
