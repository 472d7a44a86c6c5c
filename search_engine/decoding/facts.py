"""What a picture's metadata tells: which way up it is, when and by which camera it was taken."""

from __future__ import annotations

from datetime import datetime

from PIL import ExifTags, Image

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
SIDEWAYS = frozenset(TURNS[orientation] for orientation in (5, 6, 7, 8))


def exif_of(image: Image.Image) -> Image.Exif:
    """Return the EXIF of a loaded picture, empty where it is broken."""
    try:
        return image.getexif()
    except Exception:  # noqa: BLE001 - broken metadata must not cost a good picture
        return Image.Exif()


def turn_of(exif: Image.Exif) -> Image.Transpose | None:
    """Return what brings the picture upright, None where it is."""
    return TURNS.get(exif.get(ExifTags.Base.Orientation, 1))


def taken_at(exif: Image.Exif) -> str | None:
    """Return when the picture was taken, in ISO 8601 without a zone."""
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


def camera(exif: Image.Exif) -> str | None:
    """Return the camera's maker and model, the maker once."""
    maker, model = (
        " ".join(str(exif.get(tag, "")).replace("\0", " ").split())
        for tag in (ExifTags.Base.Make, ExifTags.Base.Model)
    )
    if maker and model.casefold().startswith(maker.casefold().split()[0]):
        maker = ""
    return f"{maker} {model}"[:_LONGEST_NAME].strip() or None
