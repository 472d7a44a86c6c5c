"""When a picture was taken, wherever its file says it, and what says it.

XMP is searched and not parsed: no entity is expanded and nothing is fetched, whatever it holds.
"""

from __future__ import annotations

import logging
import re
import struct
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from email.utils import parsedate_to_datetime

from PIL import ExifTags, Image

from search_engine.collection.dating import DatedBy, from_text
from search_engine.errors import passing_over

_LOG = logging.getLogger(__name__)

_MOST_XMP = 2**20
_XMP_START = b"<x:xmpmeta"
_XMP_NAMES = (
    "exif:DateTimeOriginal",
    "photoshop:DateCreated",
    "exif:DateTimeDigitized",
    "xmp:CreateDate",
    "xap:CreateDate",
)
_XMP_DATE = re.compile(
    rf"<?({'|'.join(_XMP_NAMES)})\s*(?:=\s*[\"']|(?:\s[^<>]{{0,200}})?>)\s*([0-9][^\"'<>]{{3,63}})"
)
_TEXT_KEYS = ("Creation Time", "creation time", "CreationTime", "create-date", "DateTimeOriginal")
_PNG_TIME = re.compile(rb"\0\0\0\x07tIME(.{7})", re.DOTALL)
_IPTC = 0x0404  # of Photoshop's resources
_IPTC_DAY, _IPTC_TIME = b"\x1c\x02\x37", b"\x1c\x02\x3c"

Date = tuple[str, DatedBy]


def dated(image: Image.Image, exif: Image.Exif, content: bytes) -> Date | tuple[None, None]:
    """Return when a loaded picture was taken, in ISO 8601 without a zone, and what says so.

    The camera's own note counts first, then what programs wrote, then the satellites' (which is
    the time of Greenwich), and last when the file was last changed.
    """
    for look in (_of_camera, _of_xmp, _of_texts, _of_satellites, _of_changes):
        # Broken metadata must not cost a good picture.
        with passing_over(_LOG, "a date is passed over", Exception):
            found = look(image, exif, content)
            if found:
                return found
    return None, None


def _first(texts: Iterator[object], by: DatedBy) -> Date | None:
    return next(((iso, by) for text in texts if (iso := from_text(text))), None)


def _of_camera(_image: Image.Image, exif: Image.Exif, _content: bytes) -> Date | None:
    details = exif.get_ifd(ExifTags.IFD.Exif)
    tags = (ExifTags.Base.DateTimeOriginal, ExifTags.Base.DateTimeDigitized)
    return _first((details.get(tag) for tag in tags), DatedBy.CAMERA)


def _of_xmp(image: Image.Image, _exif: Image.Exif, content: bytes) -> Date | None:
    text = _xmp(image, content)
    found = dict(reversed(_XMP_DATE.findall(text)))  # the first of each counts
    return _first((found.get(name) for name in _XMP_NAMES), DatedBy.XMP)


def _xmp(image: Image.Image, content: bytes) -> str:
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp")
    if packet is None and image.format in {"GIF", "JPEG2000"}:  # where Pillow does not look for it
        start = content.find(_XMP_START)
        packet = content[start : start + _MOST_XMP] if start >= 0 else b""
    if isinstance(packet, bytes):
        wide = b"\0" in packet[:64]
        packet = packet[:_MOST_XMP].replace(b"\0", b"") if wide else packet[:_MOST_XMP]
        return packet.decode("utf-8", "replace")
    return packet[:_MOST_XMP] if isinstance(packet, str) else ""


def _of_texts(image: Image.Image, _exif: Image.Exif, _content: bytes) -> Date | None:
    texts = [str(image.info.get(key, ""))[:64] for key in _TEXT_KEYS]
    found = _first((_plain(text) for text in texts if text), DatedBy.TEXT)
    return found or _of_iptc(image)


def _plain(text: str) -> str:
    """Write a date as e-mails have it, ``Sat, 4 May 2019 10:11:12 GMT``, the other way."""
    with suppress(ValueError, TypeError, IndexError):
        return parsedate_to_datetime(text).replace(tzinfo=None).isoformat()
    with suppress(ValueError):  # as the C library writes it
        return datetime.strptime(text, "%a %b %d %H:%M:%S %Y").isoformat()  # noqa: DTZ007
    return text


def _of_iptc(image: Image.Image) -> Date | None:
    block = (image.info.get("photoshop") or {}).get(_IPTC, b"")
    day, time = (_iptc_text(block, mark) for mark in (_IPTC_DAY, _IPTC_TIME))
    return _first(iter((f"{day}T{time[:6]}", day)), DatedBy.TEXT) if day else None


def _iptc_text(block: bytes, mark: bytes) -> str:
    at = block.find(mark)
    length = int.from_bytes(block[at + 3 : at + 5])
    return block[at + 5 : at + 5 + min(length, 16)].decode("ascii", "replace") if at >= 0 else ""


def _of_satellites(_image: Image.Image, exif: Image.Exif, _content: bytes) -> Date | None:
    details = exif.get_ifd(ExifTags.IFD.GPSInfo)
    day = details.get(ExifTags.GPS.GPSDateStamp)
    try:
        hour, minute, second = (int(part) for part in details[ExifTags.GPS.GPSTimeStamp])
        stamp = f"{day} {hour:02}:{minute:02}:{second:02}"
    except (KeyError, TypeError, ValueError, ArithmeticError):
        stamp = str(day or "")
    return _first(iter((stamp, day)), DatedBy.GPS)


def _of_changes(image: Image.Image, exif: Image.Exif, content: bytes) -> Date | None:
    found = _first(iter((exif.get(ExifTags.Base.DateTime),)), DatedBy.CAMERA)
    chunk = _PNG_TIME.search(content) if found is None and image.format == "PNG" else None
    if chunk:
        numbers = struct.unpack(">HBBBBB", chunk.group(1))
        day = "-".join(map(str, numbers[:3]))
        return _first(iter((f"{day} {':'.join(map(str, numbers[3:]))}",)), DatedBy.TEXT)
    return found
