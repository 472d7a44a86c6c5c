"""From the bytes of a file to an upright RGB picture and its facts, in the process we are in.

That is a decoder's own process (see `worker`); nobody else calls this.
"""

from __future__ import annotations

import io
import logging
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from functools import cache
from operator import methodcaller
from typing import TypeAlias

from PIL import Image, PngImagePlugin, UnidentifiedImageError

from search_engine.collection.decoding import complaints, depth, salvage, samples, tiff_layout
from search_engine.collection.decoding.budget import MAX_DECODING
from search_engine.collection.decoding.colours import BAD_PROFILE, in_srgb, profile_of
from search_engine.collection.decoding.conversion import FOR_MODELS, CopySize, working_copy
from search_engine.collection.decoding.cost import decode_cost, webp_cost
from search_engine.collection.decoding.dates import dated
from search_engine.collection.decoding.facts import SIDEWAYS, camera, exif_of, turn_of, without_xmp
from search_engine.collection.decoding.refusal import Refusal, one_line, too_much_memory
from search_engine.collection.decoding.structure import Structure, structure_of
from search_engine.records import PictureFacts, SkipReason
from search_engine.resizing import BICUBIC, resized

_LOG = logging.getLogger(__name__)

MAX_PIXELS = 200_000_000
"""The largest phone sensors give 199.8 million. As PNG, this many take 0.8 GB for a moment."""
THUMBNAIL_SIDE, LONGEST_THUMBNAIL = 320, 1_024
MORE_THAN_GIVEN = "more than it was given"

PngImagePlugin.MAX_TEXT_CHUNK = 16 * 2**20  # a colour profile may be larger than Pillow expects
Image.MAX_IMAGE_PIXELS = MAX_PIXELS

Reserve: TypeAlias = Callable[[int], AbstractContextManager[None]]
"""Waits until that many bytes of memory may be taken."""
_Layout: TypeAlias = tuple[tiff_layout.Layout, tiff_layout.Tags]
_Load: TypeAlias = Callable[[Image.Image], object]


@dataclass(frozen=True, slots=True)
class DecodedPicture:
    """A picture ready for the model."""

    image: Image.Image
    """RGB in sRGB, upright, transparent parts on white; reduced to the size that was asked for. For
    models no shorter side is below ``WORKING_SIDE``, unless the picture itself is smaller, or a
    strip more than 16 times as long."""
    facts: PictureFacts
    said: str = ""
    """Of a damaged one what its decoder says, in its own words, for the log alone."""


_PREVIEW = "only its small preview can be read, as of a camera's raw file"
_WHOLE = methodcaller("load")


@dataclass(frozen=True, slots=True)
class _Work:
    """A file to be decoded."""

    content: bytes
    digest: str
    structure: Structure
    reserve: Reserve
    uses_profile: bool
    size: CopySize


def decode_here(
    content: bytes,
    reserve: Reserve,
    *,
    digest: str = "",
    uses_profile: bool = True,
    size: CopySize = FOR_MODELS,
) -> DecodedPicture:
    """Decode the bytes of a picture file in this process.

    Args:
        content: All bytes of the file.
        reserve: Asked once for the memory, before it is taken.
        digest: Their `content_hash`; whoever knows it puts it into the facts.
        uses_profile: Whether colours are those that a profile says.
        size: How large it is to be.

    Raises:
        Refusal: The bytes are no picture, a damaged one, or one that takes too much.
    """
    work = _Work(content, digest, structure_of(content), _Once(reserve), uses_profile, size)
    with warnings.catch_warnings(action="ignore"):  # of odd metadata, which we do not rely on
        try:
            return _decoded(work)
        except Refusal:
            raise
        except MemoryError as error:
            raise Refusal(SkipReason.TOO_MUCH_MEMORY, MORE_THAN_GIVEN) from error
        except Exception as error:  # noqa: BLE001 - Pillow raises nearly anything for damaged files
            return _mended(work, error)


class _Once:
    """Asks for memory once; what is decoded again afterwards takes no more than at first."""

    def __init__(self, reserve: Reserve) -> None:
        self._reserve: Reserve | None = reserve

    def __call__(self, need: int) -> AbstractContextManager[None]:
        reserve, self._reserve = self._reserve, None
        return reserve(need) if reserve else nullcontext()


def _decoded(work: _Work, load: _Load = _WHOLE, remark: str = "") -> DecodedPicture:
    content, notes = work.content, [remark] if remark else []
    with ExitStack() as held:
        image, (width, height) = _loaded(work, load, held, notes)
        profile = profile_of(image, content) if work.uses_profile else None
        is_cmyk = (profile or b"")[16:20] == b"CMYK"
        small = working_copy(image, content, size=work.size, keeps_cmyk=is_cmyk, notes=notes)
        exif = exif_of(image)
        if work.uses_profile:
            small, note = in_srgb(small, image, exif, content)
        else:
            note = BAD_PROFILE
        notes += [note] if note else []
        notes += [_PREVIEW] if _is_preview(work) else []
        notes += [salvage.NO_END] if work.structure.has_no_end and not remark else []
        small, turn = work.size.settled(small), turn_of(exif)
        if turn is not None:
            small = small.transpose(turn)
            if turn in SIDEWAYS:
                width, height = height, width
        taken_at, dated_by = dated(image, exif, content)
        facts = PictureFacts(
            work.digest, width, height, taken_at, camera(exif), dated_by, "; ".join(notes) or None
        )
    return DecodedPicture(small, facts)


def _loaded(
    work: _Work, load: _Load, held: ExitStack, notes: list[str]
) -> tuple[Image.Image, tuple[int, int]]:
    """Open and load a picture at a size that is large enough; give it with its full size."""
    content, structure = work.content, work.structure
    if structure.canvas:
        _refuse_pixels(structure.canvas)
        held.enter_context(_checked(work.reserve, webp_cost(structure.canvas, work.size)))
    layout = _layout(content) if structure.formats == ("TIFF",) else None
    if layout and not samples.is_for_pillow(layout[0]):
        return _read_samples(work, *layout, notes)
    try:
        image = held.enter_context(_opened(content, structure.formats))
    except (UnidentifiedImageError, KeyError, TypeError):
        if layout is None or not samples.is_known(layout[0]):
            raise
        return _read_samples(work, *layout, notes)
    size = image.size
    _refuse_pixels(size)
    image.draft("RGB", work.size.draft(size))
    if not structure.canvas:
        held.enter_context(_checked(work.reserve, _need(work, image, layout)))
    if structure.is_filled_up and load is _WHOLE:
        cause = "image file is truncated"
        raise OSError(cause)
    with without_xmp(image):
        load(image)
    if depth.is_hidden(image, content):
        if layout:
            return _read_samples(work, *layout, notes)
        image, note = depth.uncovered(image, content)
        notes += [note] if note else []
    return image, size


def _need(work: _Work, image: Image.Image, layout: _Layout | None) -> int:
    need = decode_cost(image, work.content, work.structure.coefficients, work.size)
    if layout and layout[0].is_deep_colour:  # it may have to be read in another way
        need = max(need, min(layout[0].memory, MAX_DECODING))
    return need


def _is_preview(work: _Work) -> bool:
    layout = _layout(work.content) if work.structure.formats == ("TIFF",) else None
    return layout is not None and tiff_layout.is_preview(layout[1])


def _layout(content: bytes) -> _Layout | None:
    with suppress(Refusal):
        return tiff_layout.layout_of(content)
    return None


def _read_samples(
    work: _Work, layout: tiff_layout.Layout, tags: tiff_layout.Tags, notes: list[str]
) -> tuple[Image.Image, tuple[int, int]]:
    size = layout.width, layout.height
    _refuse_pixels(size)
    reserve = lambda need: _checked(work.reserve, need)  # noqa: E731 - shorter so
    return samples.read(work.content, layout, tags, reserve, notes), size


def _mended(work: _Work, error: Exception) -> DecodedPicture:
    """Decode a damaged file, if nearly all of its picture is there.

    Raises:
        Refusal: It is not, with what is missing.
    """
    why, formats = one_line(error), work.structure.formats
    is_unopened = isinstance(error, UnidentifiedImageError)
    refusal = complaints.unloaded(error, formats)
    if is_unopened:
        refusal = complaints.unopened(work.content, formats)
    if formats == ("TIFF",):
        layout, tags = tiff_layout.layout_of(work.content)
        if tiff_layout.ends_too_early(work.content, tags):
            why, refusal = "truncated", Refusal(SkipReason.DAMAGED, salvage.NO_END)
        elif is_unopened and not samples.is_known(layout):
            raise Refusal(SkipReason.UNSUPPORTED, layout.words) from error
    for attempt in salvage.attempts(work.content, formats, why):
        try:
            share = _share(work, attempt)
            if share >= salvage.LEAST_SHARE:
                mended = replace(work, content=attempt.content)
                remark = salvage.described(attempt, share)
                return replace(_decoded(mended, salvage.Ground(), remark), said=one_line(error))
        except Refusal as found:
            refusal = found
        except Exception as failure:  # noqa: BLE001 - this one leads to no picture; the next may
            _LOG.debug("it is not read as if %s: %s", attempt.remark, one_line(failure))
            refusal = salvage.refusal_after(attempt, refusal)
        else:
            refusal = Refusal(SkipReason.DAMAGED, salvage.described(attempt, share))
    raise refusal from error


def _share(work: _Work, attempt: salvage.Attempt) -> float:
    """Measure how much of a picture an attempt leads to."""
    if attempt.probes is None:
        return attempt.share or 0.0
    grounds = salvage.Ground(), salvage.Ground(salvage.OTHER_GROUND)
    for probe, ground in zip(attempt.probes, grounds, strict=True):
        with ExitStack() as held:
            _loaded(replace(work, content=probe), ground, held, [])
    return salvage.share_of(*grounds)


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
    return reserve(max(need, 1))


def _refuse_pixels(size: tuple[int, int]) -> None:
    if size[0] * size[1] > MAX_PIXELS:
        raise _too_many_pixels(size[0] * size[1])


def _too_many_pixels(pixels: int) -> Refusal:
    limits = f"{pixels // 10**6:,} million, more than the {MAX_PIXELS // 10**6} million we decode"
    return Refusal(SkipReason.TOO_MANY_PIXELS, limits)


def thumbnail(image: Image.Image) -> bytes:
    """Draw all of a picture as JPEG: its shorter side ``THUMBNAIL_SIDE`` pixels, never enlarged.

    The longer side ends at ``LONGEST_THUMBNAIL``, so that a panorama costs no more than others.
    WebP would be a sixth smaller, and takes 3.5 ms of a processor more: an eighth of a build.
    """
    shrunk = min(1, THUMBNAIL_SIDE / min(image.size), LONGEST_THUMBNAIL / max(image.size))
    width, height = (max(1, round(shrunk * length)) for length in image.size)
    small = resized(image, (width, height), (0, 0, *image.size), BICUBIC)
    target = io.BytesIO()
    small.save(target, "JPEG", quality=82)
    return target.getvalue()
