"""What a decoder's complaint means for the file, in plain words; its own words go to the log."""

from __future__ import annotations

import io
import re

from PIL import Image

from search_engine.collection.decoding.refusal import Refusal, one_line
from search_engine.records import SkipReason

_DAMAGED, _KIND, _MEMORY = SkipReason.DAMAGED, SkipReason.UNSUPPORTED, SkipReason.TOO_MUCH_MEMORY
_BAD_HEAD = "its head is damaged"
_BAD_OR_SHORT_HEAD = "its head is damaged, or the file ends too early"
_BAD_PICTURE = "a part of its picture is damaged or missing"
_NO_SIZE = "its head says that it has no width or no height"
_LATE_HEIGHT = "a JPEG that says its height behind its picture (DNL)"
_LATE_HEIGHT_MARKER, _FRAMES = b"\xff\xdc\0\4", (b"\xff\xc0", b"\xff\xc1", b"\xff\xc2")
_NAMES = {"JPEG2000": "JPEG 2000", "HEIF": "HEIC", "WEBP": "WebP", "PPM": "PBM, PGM or PPM",
          "DIB": "BMP"}  # fmt: skip

_MEANINGS: tuple[tuple[re.Pattern[str], SkipReason, str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), reason, words)
    for pattern, reason, words in (
        (r"out of memory|memory allocation|allocation failed|security limit|decoder error -9",
         _MEMORY, "more than its decoder may take"),
        (r"bmp compression \((\d+)\)", _KIND, "BMP compression {}"),
        (r"bmp pixel depth \((\d+)\)", _KIND, "a BMP of {} bits for each pixel"),
        (r"bmp bitfields", _KIND, "a BMP whose colours lie in unusual bits"),
        (r"bmp header type \((\d+)\)", _KIND, "a BMP with a head of {} bytes"),
        (r"bmp palette", _DAMAGED, "its palette has an impossible size"),
        (r"cannot handle (\d+)-bit layers", _KIND, "a {}-bit JPEG"),
        (r"cannot handle (\d+)-layer", _KIND, "a JPEG of {} colours"),
        (r"windows media photo", _KIND, "JPEG XR"),
        (r"unknown data organization", _KIND, "a TIFF whose numbers are arranged unusually"),
        (r"unknown pixel mode", _KIND, "a TIFF of unusual colours"),
        (r"unknown filter category", _KIND, "a PNG whose rows are filtered in an unknown way"),
        (r"j2k image mode", _KIND, "a JPEG 2000 of unusual colours"),
        (r"no codec available|no decoder|unsupported codec|plugin.*loaded|compression scheme",
         _KIND, "packed in a way that no decoder here knows"),
        (r"color profile type|nclx", _KIND, "one whose colours are described unusually"),
        (r"unsupported (color|bit.?depth|depth|rgb)", _KIND, "one of unusual colours"),
        (r"data version|not implemented|not yet|feature", _KIND, "an unusual kind of {name}"),
        (r"primary item|pitm|non-?existing|empty image item", _DAMAGED,
         "it does not say which of its parts is the picture"),
        (r"ispe|size mismatch|image size|exceeds image dim", _DAMAGED,
         "its picture has not the size that its head says"),
        (r"'?[A-Z]HDR|IHDR", _DAMAGED, "the size in its head is damaged"),
        (r"maxval", _DAMAGED, "its head says an impossible largest number"),
        (r"plugin generated an error", _DAMAGED, _BAD_PICTURE),
        (r"unsupported|not supported|cannot handle", _KIND, "an unusual kind of {name}"),
    )
)  # fmt: skip
_ENDS = re.compile(
    r"truncated|end of file|\beof\b|not enough|insufficient|expected to read|requires a buffer|"
    r"out of range|no more images|too small|not found in gif|no content|incomplete",
    re.IGNORECASE,
)


def unopened(content: bytes, formats: tuple[str, ...]) -> Refusal:
    """Say why a file is refused that begins like a picture, and that its reader does not open."""
    said = ""
    if content[4:8] == b"ftyp":
        formats = ("AVIF",) if content[8:12] in {b"avif", b"avis"} else ("HEIF",)
    for name in formats:
        try:
            Image.OPEN[name][0](io.BytesIO(content), "").close()
        except Exception as error:  # noqa: BLE001 - readers raise nearly anything
            said = said or one_line(error)
    if "not identified by this driver" in said:
        is_late = formats == ("JPEG",) and _height_comes_late(content)
        reason, words = (_KIND, _LATE_HEIGHT) if is_late else (_DAMAGED, _NO_SIZE)
        return Refusal(reason, words, said=said)
    return _told(said, formats, _BAD_OR_SHORT_HEAD if _ENDS.search(said) else _BAD_HEAD)


def unloaded(error: Exception, formats: tuple[str, ...]) -> Refusal:
    """Say why a file is refused whose head was read, and whose picture was not."""
    return _told(one_line(error), formats, _BAD_PICTURE)


def _told(said: str, formats: tuple[str, ...], otherwise: str) -> Refusal:
    for pattern, reason, words in _MEANINGS:
        if found := pattern.search(said):
            name = _NAMES.get(formats[-1], formats[-1])
            return Refusal(reason, words.format(*found.groups(), name=name), said=said)
    return Refusal(_DAMAGED, otherwise, said=said)


def _height_comes_late(content: bytes) -> bool:
    places = [at for kind in _FRAMES if (at := content.find(kind)) >= 0]
    frame = min(places, default=0)
    return content[frame + 5 : frame + 7] == b"\0\0" and _LATE_HEIGHT_MARKER in content[frame:]
