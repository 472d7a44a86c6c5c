"""What a picture's metadata tells: which way up it is, and by which camera it was taken."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import ExifTags, Image

_LOG = logging.getLogger(__name__)

TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What brings a picture upright, by EXIF orientation."""
_LONGEST_NAME = 200
_EXIF = ("exif", "Raw profile type exif")
_XMP = ("xmp", "XML:com.adobe.xmp")
SIDEWAYS = frozenset(TURNS[orientation] for orientation in (5, 6, 7, 8))


def exif_of(image: Image.Image) -> Image.Exif:
    """Return the EXIF of a loaded picture, empty where it is broken.

    Pillow adds the orientation of XMP where EXIF has none; that may be of a file that this one was
    made from, and viewers pass over it.
    """
    try:
        exif = image.getexif()
        if ExifTags.Base.Orientation in exif and any(name in image.info for name in _XMP):
            bare = Image.Image()
            bare.info = {name: image.info[name] for name in _EXIF if name in image.info}
            if ExifTags.Base.Orientation not in bare.getexif():
                del exif[ExifTags.Base.Orientation]
    except Exception as error:  # noqa: BLE001 - broken metadata must not cost a good picture
        _LOG.debug("the notes of a camera are passed over: %s", error)
        return Image.Exif()
    return exif


@contextmanager
def without_xmp(image: Image.Image) -> Iterator[None]:
    """Keep XMP from a reader that turns pictures while it loads them, as that of TIFF does."""
    kept = {name: image.info.pop(name) for name in _XMP if name in image.info}
    try:
        yield
    finally:
        image.info.update(kept)


def turn_of(exif: Image.Exif) -> Image.Transpose | None:
    """Return what brings the picture upright, None where it is."""
    return TURNS.get(exif.get(ExifTags.Base.Orientation, 1))


def camera(exif: Image.Exif) -> str | None:
    """Return the camera's maker and model, the maker once."""
    maker, model = (
        " ".join(str(exif.get(tag, "")).replace("\0", " ").split())
        for tag in (ExifTags.Base.Make, ExifTags.Base.Model)
    )
    if maker and model.casefold().startswith(maker.casefold().split()[0]):
        maker = ""
    return f"{maker} {model}"[:_LONGEST_NAME].strip() or None
