"""What a picture's metadata tells: which way up it is, and by which camera it was taken."""

from __future__ import annotations

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


def camera(exif: Image.Exif) -> str | None:
    """Return the camera's maker and model, the maker once."""
    maker, model = (
        " ".join(str(exif.get(tag, "")).replace("\0", " ").split())
        for tag in (ExifTags.Base.Make, ExifTags.Base.Model)
    )
    if maker and model.casefold().startswith(maker.casefold().split()[0]):
        maker = ""
    return f"{maker} {model}"[:_LONGEST_NAME].strip() or None
