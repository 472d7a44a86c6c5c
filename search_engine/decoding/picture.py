"""From the bytes of a file to an upright RGB picture and its facts, in the process we are in."""

from __future__ import annotations

import io
import re
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from PIL import Image, ImageOps, PngImagePlugin, UnidentifiedImageError

from search_engine.decoding.budget import MAX_DECODING
from search_engine.decoding.conversion import WORKING_SIDE, working_copy
from search_engine.decoding.cost import decode_cost, webp_cost
from search_engine.decoding.dates import dated
from search_engine.decoding.facts import SIDEWAYS, camera, exif_of, turn_of
from search_engine.decoding.refusal import Refusal, one_line, too_much_memory
from search_engine.decoding.structure import Structure, kind_of
from search_engine.records import PictureFacts, SkipReason

MAX_PIXELS = 200_000_000
"""The largest phone sensors give 199.8 million. As PNG, this many take 0.8 GB for a moment."""
THUMBNAIL_SIDE = 320

PngImagePlugin.MAX_TEXT_CHUNK = 16 * 2**20  # a colour profile may be larger than Pillow expects
Image.MAX_IMAGE_PIXELS = MAX_PIXELS

Reserve: TypeAlias = Callable[[int], AbstractContextManager[None]]
"""Waits until that many bytes of memory may be taken."""


@dataclass(frozen=True, slots=True)
class DecodedPicture:
    """A picture ready for the model."""

    image: Image.Image
    """RGB, upright, transparent parts on white; reduced, but no shorter side below
    ``WORKING_SIDE`` unless the picture itself is smaller, or a strip more than 16 times as long."""
    facts: PictureFacts


class _Quiet:
    """Silences warnings, which are the whole process's, while any thread is inside.

    Pillow warns of odd metadata, which we do not rely on.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._filters = warnings.catch_warnings()

    def __enter__(self) -> None:
        with self._lock:
            self._inside += 1
            if self._inside == 1:
                self._filters = warnings.catch_warnings(action="ignore")
                self._filters.__enter__()

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                self._filters.__exit__(None, None, None)


_QUIET = _Quiet()


def decode_here(
    content: bytes, digest: str, structure: Structure, reserve: Reserve
) -> DecodedPicture:
    """Decode the bytes of a picture file in this process.

    Args:
        content: All bytes of the file.
        digest: Their `content_hash`.
        structure: What `structure_of` says of them.
        reserve: Asked for the memory before it is taken.

    Raises:
        Refusal: The bytes are no picture, a damaged one, or one that takes too much.
    """
    with _QUIET:
        try:
            return _decoded(content, digest, structure, reserve)
        except Refusal:
            raise
        except UnidentifiedImageError as error:
            raise _unidentified(content) from error
        except MemoryError as error:
            raise Refusal(SkipReason.TOO_MUCH_MEMORY, "more than it was given") from error
        except Exception as error:  # Pillow's readers raise nearly anything for damaged files
            raise Refusal(SkipReason.DAMAGED, one_line(error)) from error


def _decoded(content: bytes, digest: str, structure: Structure, reserve: Reserve) -> DecodedPicture:
    with ExitStack() as held:
        if structure.canvas:
            _refuse_pixels(structure.canvas)
            held.enter_context(_checked(reserve, webp_cost(structure.canvas)))
        image = held.enter_context(_opened(content, structure.formats))
        width, height = image.size
        _refuse_pixels(image.size)
        image.draft("RGB", (WORKING_SIDE, WORKING_SIDE))
        if not structure.canvas:
            need = decode_cost(image, content, structure.coefficients)
            held.enter_context(_checked(reserve, need))
        image.load()
        upright = working_copy(image)
        exif = exif_of(image)
        turn = turn_of(exif)
        if turn is not None:
            upright = upright.transpose(turn)
            if turn in SIDEWAYS:
                width, height = height, width
        taken_at, dated_by = dated(image, exif, content)
        facts = PictureFacts(digest, width, height, taken_at, camera(exif), dated_by)
    return DecodedPicture(upright, facts)


@contextmanager
def _opened(content: bytes, formats: tuple[str, ...]) -> Iterator[Image.Image]:
    if "HEIF" in formats:
        _know_foreign_formats()
    try:
        image = Image.open(io.BytesIO(content), formats=formats)
    except Image.DecompressionBombError as error:
        # Twice our limit, where Pillow itself says no, and the number of pixels only in words.
        pixels = re.search(r"\d+", str(error))
        raise _too_many_pixels(int(pixels.group()) if pixels else 2 * MAX_PIXELS) from error
    with image:
        yield image


@cache
def _know_foreign_formats() -> None:
    import pi_heif
    from PIL import AvifImagePlugin

    # One thread each: several pictures are decoded at once. The rest is not looked at.
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    pi_heif.register_heif_opener(
        decode_threads=1, thumbnails=False, depth_images=False, aux_images=False
    )


def _checked(reserve: Reserve, need: int) -> AbstractContextManager[None]:
    if need > MAX_DECODING:
        raise too_much_memory(need, MAX_DECODING)
    return reserve(need)


def _refuse_pixels(size: tuple[int, int]) -> None:
    if size[0] * size[1] > MAX_PIXELS:
        raise _too_many_pixels(size[0] * size[1])


def _too_many_pixels(pixels: int) -> Refusal:
    limits = f"{pixels // 10**6:,} million, more than the {MAX_PIXELS // 10**6} million we decode"
    return Refusal(SkipReason.TOO_MANY_PIXELS, limits)


def _unidentified(content: bytes) -> Refusal:
    if content[4:8] == b"ftyp":
        return Refusal(SkipReason.DAMAGED, "the file ends too early")
    return Refusal(SkipReason.NOT_A_PICTURE, kind_of(content))


def thumbnail(image: Image.Image) -> bytes:
    """Draw a picture's square middle as JPEG, ``THUMBNAIL_SIDE`` pixels wide, never enlarged.

    WebP would be a sixth smaller, and takes 3.5 ms of a processor more: an eighth of a build.
    """
    side = min(THUMBNAIL_SIDE, *image.size)
    square = ImageOps.fit(image, (side, side), Image.Resampling.HAMMING)
    target = io.BytesIO()
    square.save(target, "JPEG", quality=82)
    return target.getvalue()
