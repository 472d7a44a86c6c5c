"""From a file to an upright RGB picture, its facts and its thumbnail, or the reason why not."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import re
import threading
import warnings
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import pi_heif
from PIL import ExifTags, Image, ImageOps, PngImagePlugin, UnidentifiedImageError

from search_engine.errors import PictureRefused
from search_engine.records import PictureFacts, SkipReason

MAX_PIXELS = 200_000_000
"""The largest phone sensors give 199.8 million. As PNG, this many take 0.8 GB for a moment."""
MAX_BYTES = 512 * 1024 * 1024

WORKING_SIDE = 448
"""Shorter side in pixels that a decoded picture keeps at least: twice what CLIP looks at, so that
the model's own resizing decides what it sees."""
THUMBNAIL_SIDE = 320

_BACKGROUND = (255, 255, 255)  # what a viewer shows behind transparent pixels
_LONGEST_SIDE = 16 * WORKING_SIDE  # keeps the working copy of a very long strip small

# Named, so that a file cannot choose a reader that runs other programs (EPS) or is little tested.
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "DIB", "TIFF", "JPEG2000", "PPM", "AVIF",
            "HEIF")  # fmt: skip

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What brings a picture upright, by EXIF orientation."""
_SIDEWAYS = frozenset(_TURNS[orientation] for orientation in (5, 6, 7, 8))

_BLANKS = dict.fromkeys(map(ord, "\t\n\r\f\ufeff\u00a0\u200b\u200c\u200d\u00ad\u2028\u2029"), " ")

pi_heif.register_heif_opener()
PngImagePlugin.MAX_TEXT_CHUNK = 16 * 2**20  # a colour profile may be larger than Pillow expects
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


_BRANDS = frozenset(
    [b"avif", b"avis", b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"]
)
"""What AVIF and HEIC files are called in their first bytes."""


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
_TWO_AT_ONCE = threading.BoundedSemaphore(2)
_LARGE_PIXELS = 40_000_000  # sixteen threads with one each would hold some gigabytes


class Refusal(PictureRefused):
    """A file was refused; ``reason`` says why in a form that can be counted."""

    def __init__(self, reason: SkipReason, detail: str = "", *, place: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason), place=place)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class DecodedPicture:
    """A picture ready for the model."""

    image: Image.Image
    """RGB, upright, transparent parts on white; reduced, but no shorter side below
    ``WORKING_SIDE`` unless the picture itself is smaller, or a strip more than 16 times as long."""
    facts: PictureFacts


def read_content(path: Path) -> bytes:
    """Read a file whole.

    Raises:
        Refusal: It is empty, too large, gone, or the system does not let us read it.
    """
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > MAX_BYTES:
                raise _too_many_bytes(size)
            content = file.read(MAX_BYTES)
    except OSError as error:
        raise _refusal_by_system(error) from error
    if not content:
        raise Refusal(SkipReason.EMPTY)
    return content


def _too_many_bytes(size: int) -> Refusal:
    limits = f"{size // 2**20:,} MiB, more than the {MAX_BYTES // 2**20} we read"
    return Refusal(SkipReason.TOO_MANY_BYTES, limits)


def _refusal_by_system(error: OSError) -> Refusal:
    if isinstance(error, PermissionError):
        return Refusal(SkipReason.NO_PERMISSION)
    if isinstance(error, FileNotFoundError) or error.errno == errno.ENOTDIR:
        return Refusal(SkipReason.VANISHED)
    return Refusal(SkipReason.UNREADABLE, error.strerror or str(error))


def content_hash(content: bytes) -> str:
    """Give the SHA-256 of a file's bytes, hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def decode(content: bytes, digest: str | None = None) -> DecodedPicture:
    """Decode the bytes of a picture file; ``digest`` is their `content_hash`, if it is known.

    Large JPEGs are decoded at a reduced size, which is twice as fast or better.

    Raises:
        Refusal: The bytes are no picture, a damaged one, or one with too many pixels.
    """
    with _QUIET:
        try:
            return _decode(content, digest or content_hash(content))
        except Refusal:
            raise
        except UnidentifiedImageError as error:
            raise _unidentified(content) from error
        except MemoryError as error:
            raise Refusal(SkipReason.TOO_MANY_PIXELS, "not enough memory") from error
        except Exception as error:  # Pillow's readers raise nearly anything for damaged files
            raise Refusal(SkipReason.DAMAGED, _one_line(error)) from error


def _decode(content: bytes, digest: str) -> DecodedPicture:
    try:
        image = Image.open(io.BytesIO(content), formats=_FORMATS)
    except Image.DecompressionBombError as error:
        # Twice our limit, where Pillow itself says no, and the number of pixels only in words.
        pixels = re.search(r"\d+", str(error))
        raise _too_many_pixels(int(pixels.group()) if pixels else 2 * MAX_PIXELS) from error
    with image:
        width, height = image.size
        if width * height > MAX_PIXELS:
            raise _too_many_pixels(width * height)
        image.draft("RGB", (WORKING_SIDE, WORKING_SIDE))
        with _TWO_AT_ONCE if image.width * image.height > _LARGE_PIXELS else nullcontext():
            image.load()
            upright = _reduced(_as_rgb(image))
        exif = _exif(image)
        turn = _TURNS.get(exif.get(ExifTags.Base.Orientation, 1))
    if turn is not None:
        upright = upright.transpose(turn)
        if turn in _SIDEWAYS:
            width, height = height, width
    facts = PictureFacts(digest, width, height, _taken_at(exif), _camera(exif))
    return DecodedPicture(upright, facts)


def _unidentified(content: bytes) -> Refusal:
    if content[4:8] == b"ftyp" and content[8:12] in _BRANDS:
        return Refusal(SkipReason.DAMAGED, "the file ends too early")
    return Refusal(SkipReason.NOT_A_PICTURE, _kind_of(content))


def _too_many_pixels(pixels: int) -> Refusal:
    limits = f"{pixels // 10**6:,} million, more than the {MAX_PIXELS // 10**6} million we decode"
    return Refusal(SkipReason.TOO_MANY_PIXELS, limits)


def _kind_of(content: bytes) -> str:
    start = content[:512].decode("utf-8", errors="replace").rstrip("\ufffd").translate(_BLANKS)
    # A picture format's first bytes hold control characters or are no UTF-8; prose has neither.
    is_text = start and start.isprintable() and "\ufffd" not in start
    return "its content is text" if is_text else "its content is in no format we read"


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def _as_rgb(image: Image.Image) -> Image.Image:
    if image.mode in {"I", "F"} or image.mode.startswith("I;16"):
        return _deep_grey_as_rgb(image)
    if image.has_transparency_data:
        layer = image if image.mode == "RGBA" else image.convert("RGBA")
        if _factor(layer) > 1:
            layer = _reduced(layer.convert("RGBa")).convert("RGBA")
        ground = Image.new("RGBA", layer.size, _BACKGROUND)
        return Image.alpha_composite(ground, layer).convert("RGB")
    return _reduced(image) if image.mode == "RGB" else image.convert("RGB")


def _deep_grey_as_rgb(image: Image.Image) -> Image.Image:
    """Scale 16-bit, 32-bit and floating point grey to 8 bit, which Pillow would clip to white."""
    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image) // 257).astype(np.uint8)).convert("RGB")
    values = np.asarray(image, dtype=np.float32)
    known = values[np.isfinite(values)]
    if known.size:
        values = np.nan_to_num(values, nan=0, posinf=known.max(), neginf=known.min())
    else:
        values = np.zeros_like(values)
    low, high = float(values.min()), float(values.max())
    if image.mode == "F" and low >= 0 and high <= 1:
        low, high = 0.0, 1.0
    elif low >= 0 and high <= 2**16 - 1 and image.mode != "F":
        low, high = 0.0, 2.0**16 - 1
    scaled = (values - low) * (255 / max(high - low, 1e-12))
    return Image.fromarray(scaled.round().astype(np.uint8)).convert("RGB")


def _reduced(image: Image.Image) -> Image.Image:
    # Averaging whole pixels down to twice the needed size loses nothing that is seen afterwards.
    factor = _factor(image)
    return image.reduce(factor) if factor > 1 else image


def _factor(image: Image.Image) -> int:
    return max(min(image.size) // WORKING_SIDE, max(image.size) // _LONGEST_SIDE)


def _exif(image: Image.Image) -> Image.Exif:
    try:
        return image.getexif()
    except Exception:  # noqa: BLE001 - broken metadata must not cost a good picture
        return Image.Exif()


def _taken_at(exif: Image.Exif) -> str | None:
    try:
        details = exif.get_ifd(ExifTags.IFD.Exif)
    except Exception:  # noqa: BLE001 - broken metadata must not cost a good picture
        details = {}
    stamps = (
        details.get(ExifTags.Base.DateTimeOriginal),
        details.get(ExifTags.Base.DateTimeDigitized),
        exif.get(ExifTags.Base.DateTime),
    )
    return next((iso for stamp in stamps if (iso := _iso_date(stamp))), None)


def _iso_date(stamp: object) -> str | None:
    """Turn EXIF's ``2024:07:21 14:03:11`` into ISO 8601; None for the zeros of unset clocks."""
    day, _, time = str(stamp or "").strip("\0 ").partition(" ")
    try:
        moment = datetime.fromisoformat(f"{day.replace(':', '-')}T{time[:8]}")
    except ValueError:
        return None
    return moment.isoformat(timespec="seconds")


def _camera(exif: Image.Exif) -> str | None:
    maker, model = (
        " ".join(str(exif.get(tag, "")).replace("\0", " ").split())
        for tag in (ExifTags.Base.Make, ExifTags.Base.Model)
    )
    if maker and model.casefold().startswith(maker.casefold().split()[0]):
        maker = ""
    return f"{maker} {model}".strip() or None


def thumbnail(image: Image.Image) -> bytes:
    """Draw a picture's square middle as JPEG, ``THUMBNAIL_SIDE`` pixels wide, never enlarged.

    WebP would be a sixth smaller, and takes 3.5 ms of a processor more: an eighth of a build.
    """
    side = min(THUMBNAIL_SIDE, *image.size)
    square = ImageOps.fit(image, (side, side), Image.Resampling.HAMMING)
    target = io.BytesIO()
    square.save(target, "JPEG", quality=82)
    return target.getvalue()
