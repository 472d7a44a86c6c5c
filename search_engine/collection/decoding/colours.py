"""Which colours a picture's numbers are, and the same picture in sRGB.

A profile counts first; without one, what the format, the chunks of a PNG or the camera say. What is
nearly sRGB is left as it is. A profile that says nothing usable costs a remark and nothing else.
"""

from __future__ import annotations

import io
import logging
import struct
from functools import lru_cache

from PIL import ExifTags, Image

from search_engine.collection.decoding.boxes import boxes
from search_engine.collection.decoding.spaces import (
    D65_WHITE,
    SRGB_PRIMARIES,
    BadProfile,
    Correction,
    Space,
    adobe_rgb,
    gamma_curve,
    hybrid_curve,
    perceptual_curve,
    space_of_primaries,
    space_of_profile,
    srgb_curve,
)

_LOG = logging.getLogger(__name__)

BAD_PROFILE = "its colour profile cannot be used"
_MOST_PROFILES = 64
_LARGEST_PROFILE = 16 * 2**20
_GREY_MODES = frozenset(["1", "L", "LA", "La", "I", "F"])
_HEAD = 2**16
"""Bytes at the beginning of a file in which a format says its colours."""

_ADOBE, _UNCALIBRATED, _INTEROP_INDEX = 2, 0xFFFF, 1
_PRIMARIES = {
    9: ((0.708, 0.292, 0.170, 0.797, 0.131, 0.046), D65_WHITE),
    11: ((0.680, 0.320, 0.265, 0.690, 0.150, 0.060), (0.314, 0.351)),
    12: ((0.680, 0.320, 0.265, 0.690, 0.150, 0.060), D65_WHITE),
}
"""Of ITU-T H.273: BT.2020, DCI-P3, Display P3; others are those of sRGB, or nearly."""
_CURVES = {
    4: lambda: gamma_curve(2.2),
    5: lambda: gamma_curve(2.8),
    8: lambda: gamma_curve(1.0),
    16: perceptual_curve,
    18: hybrid_curve,
}
"""Others are shown as sRGB is."""


def profile_of(image: Image.Image, content: bytes) -> bytes | None:
    """Return the colour profile of an opened picture."""
    profile = image.info.get("icc_profile")
    if profile is None and image.format == "JPEG2000":
        profile = _profile_of_boxes(content)
    elif profile is None and image.format in {"BMP", "DIB"}:
        profile = _profile_of_bitmap(content)
    usable = isinstance(profile, bytes) and 0 < len(profile) <= _LARGEST_PROFILE
    return profile if usable else None


def in_srgb(
    small: Image.Image, image: Image.Image, exif: Image.Exif, content: bytes
) -> tuple[Image.Image, str | None]:
    """Return a working copy as RGB in sRGB, and a remark where its profile cannot be used.

    Args:
        small: The working copy, RGB, or CMYK where the profile is one of CMYK.
        image: What it was made of, loaded.
        exif: Its EXIF.
        content: The bytes of its file.
    """
    is_grey, profile = _is_grey(image), profile_of(image, content)
    if profile is None:
        correction = _without_profile(image, exif, content, is_grey=is_grey)
        return (correction.apply(small) if correction else small), None
    known = _known(profile)
    if known is _BROKEN:
        return small.convert("RGB"), BAD_PROFILE
    if known is _COMPLEX:
        return _by_littlecms(small, profile, is_grey=is_grey)
    if isinstance(known, Correction) and known.is_grey == is_grey and small.mode == "RGB":
        return known.apply(small), None
    return small.convert("RGB"), None


def _is_grey(image: Image.Image) -> bool:
    return image.mode in _GREY_MODES or image.mode.startswith("I;16")


_BROKEN, _COMPLEX = object(), object()


@lru_cache(maxsize=_MOST_PROFILES)
def _known(profile: bytes) -> object:
    """Return how a profile's colours become sRGB; None where they are."""
    try:
        space = space_of_profile(profile)
    except BadProfile as error:
        _LOG.debug("a colour profile is passed over: %s", error)
        return _BROKEN
    return _COMPLEX if space is None else _correction(space)


def _correction(space: Space) -> Correction | None:
    correction = Correction(space)
    return None if correction.changes_nothing else correction


def _by_littlecms(
    small: Image.Image, profile: bytes, *, is_grey: bool
) -> tuple[Image.Image, str | None]:
    from PIL import ImageCms

    kind = {b"RGB ": "RGB", b"CMYK": "CMYK", b"GRAY": "L"}.get(profile[16:20])
    if kind != ("L" if is_grey else small.mode):
        return small.convert("RGB"), None
    try:
        made = ImageCms.profileToProfile(
            small.convert("L") if is_grey else small,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")),
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            "RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError, ValueError) as error:
        _LOG.debug("a colour profile is passed over: %s", error)
        made = None
    return (small.convert("RGB"), BAD_PROFILE) if made is None else (made, None)


def _without_profile(
    image: Image.Image, exif: Image.Exif, content: bytes, *, is_grey: bool
) -> Correction | None:
    if image.format == "PNG" and "srgb" in image.info:
        return None
    codes = _codes(image, content)
    if codes is not None:
        return None if is_grey else _of_codes(*codes)
    if image.format == "PNG":
        gamma, primaries = image.info.get("gamma"), image.info.get("chromaticity")
        if gamma or primaries:
            return _of_png(gamma, primaries, is_grey=is_grey)
    return _of_adobe() if not is_grey and _says_adobe(exif) else None


def _codes(image: Image.Image, content: bytes) -> tuple[int, int] | None:
    """Return what a HEIC, AVIF or PNG says of primaries and curve in the numbers of H.273."""
    told = image.info.get("nclx_profile")
    if isinstance(told, dict):
        return int(told["color_primaries"]), int(told["transfer_characteristics"])
    if image.format == "AVIF":
        at = content.find(b"colrnclx", 0, _HEAD)
        return struct.unpack_from(">HH", content, at + 8) if 0 <= at < len(content) - 12 else None
    if image.format == "PNG":
        at = content.find(b"\0\0\0\4cICP", 0, _HEAD)
        return (content[at + 8], content[at + 9]) if 0 <= at < len(content) - 10 else None
    return None


@lru_cache(maxsize=_MOST_PROFILES)
def _of_codes(primaries: int, transfer: int) -> Correction | None:
    curve = _CURVES.get(transfer, srgb_curve)()
    colours, white = _PRIMARIES.get(primaries, (SRGB_PRIMARIES, D65_WHITE))
    return _correction(space_of_primaries(colours, white, curve))


@lru_cache(maxsize=_MOST_PROFILES)
def _of_png(
    gamma: float | None, primaries: tuple[float, ...] | None, *, is_grey: bool
) -> Correction | None:
    usable = gamma is not None and 0.1 < gamma < 5  # noqa: PLR2004 - others are no screens
    curve = gamma_curve(1 / gamma) if usable and gamma else srgb_curve()
    if is_grey:
        return _correction(Space.grey(curve))
    white, colours = (primaries[:2], primaries[2:]) if primaries else (D65_WHITE, SRGB_PRIMARIES)
    try:
        return _correction(space_of_primaries(colours, (white[0], white[1]), curve))
    except BadProfile:
        return None


@lru_cache(maxsize=1)
def _of_adobe() -> Correction:
    return Correction(adobe_rgb())


def _says_adobe(exif: Image.Exif) -> bool:
    """Return whether a camera says Adobe RGB, which the standard has it do by the name R03."""
    try:
        details = exif.get_ifd(ExifTags.IFD.Exif)
        space = details.get(ExifTags.Base.ColorSpace)
        if space != _UNCALIBRATED:
            return bool(space == _ADOBE)
        name = exif.get_ifd(ExifTags.IFD.Interop).get(_INTEROP_INDEX)
    except Exception as error:  # noqa: BLE001 - broken metadata must not cost a good picture
        _LOG.debug("the colours that a camera notes are passed over: %s", error)
        return False
    return str(name).strip("\0 ") == "R03"


def _profile_of_boxes(content: bytes) -> bytes | None:
    """Find the profile in the head of a JP2."""
    for kind, start, end in boxes(content, 0, len(content)):
        if kind == b"jp2h":
            for inner, at, until in boxes(content, start, min(end, len(content))):
                if inner == b"colr" and content[at : at + 1] in {b"\2", b"\3"}:
                    return content[at + 3 : until]
    return None


def _profile_of_bitmap(content: bytes) -> bytes | None:
    """Find the profile that a bitmap of version 5 has behind its pixels."""
    at = 14 if content.startswith(b"BM") else 0
    if content[at : at + 1] != b"\x7c" or content[at + 56 : at + 60] != b"DEBM":
        return None
    offset, size = struct.unpack_from("<II", content, at + 112)
    return content[at + offset : at + offset + size]
