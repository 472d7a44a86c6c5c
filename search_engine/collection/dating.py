"""When a picture was taken, out of what cameras, programs and people write.

All of it becomes ISO 8601 without a zone: the time that a clock at the place showed. A date without
a time counts as midnight, at which hardly a picture is taken.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from search_engine.errors import BadInput
from search_engine.names import one_spelling


class DatedBy(StrEnum):
    """What says when a picture was taken; without any of it, the file's own date counts."""

    CAMERA = "camera"
    XMP = "file's text (XMP)"
    TEXT = "file's text"
    GPS = "GPS"
    NAME = "name"
    FILE = "file's own date"


FIRST_YEAR = 1826
"""The year of the first photograph; what is older is an unset clock."""
_FIRST_YEAR_OF_NAMES = 1990
_STAMP = re.compile(
    r"(?P<year>\d{4})(?P<sign>[-:/. ])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})"
    r"(?:(?:[T ]|\s+)(?P<hour>\d{1,2})(?::(?P<minute>\d{1,2}))?(?::(?P<second>\d{1,2}))?"
    r"(?:[.,]\d+)?\s*(?P<half>[AaPp][Mm])?.*)?",
    re.DOTALL,
)
_COMPACT = re.compile(
    r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)"
    r"(?:T(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?.*)?",
    re.DOTALL,
)
_ASKED = re.compile(r"([0-9]{4})(?:([-/.])([0-9]{1,2})(?:\2([0-9]{1,2}))?)?")
_NAME = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<sign>[-_.]?)(?P<month>\d\d)(?P=sign)(?P<day>\d\d)"
    r"(?:(?:[-_ T]|[-_ ]*\b(?:at|um|à|a las|alle|om|kl\.?)\b)?[-_ ]*"
    r"(?P<hour>\d\d?)(?P<point>[-_.: hH]?)(?P<minute>\d\d)"
    r"(?:(?:(?P=point)|[mM])(?P<second>\d\d))?s?"
    r"(?P<half>[\s\u202f_-]*[AaPp]\.?[Mm]\b)?)?"
    r"(?P<rest>\d*)"
)
"""A date in a name, with the time that often follows it."""
_MILLISECONDS = re.compile(r"(?:FB_IMG_|mmexport|wx_camera_|IMG_)(1[0-9]{12})(?!\d)", re.IGNORECASE)
_LONGEST_NAME = 255
_LONGEST_REST = 4  # digits of a second's parts, or a number that was put behind
_DAYS = timedelta(days=1)


def from_text(text: object) -> str | None:
    """Return a date that a camera or a program wrote, as ISO 8601; None for none, and for zeros.

    Read are ``2024:07:21 14:03:11`` as EXIF wants it, ISO 8601 with or without time and zone, other
    signs between the numbers, numbers of one digit, 24:00:00 and a leap second.
    """
    plain = str(text or "").replace("\0", " ").strip()[:64]
    found = _STAMP.fullmatch(plain) or _COMPACT.fullmatch(plain)
    moment = _moment(found) if found else None
    return moment.isoformat(timespec="seconds") if moment and moment.year >= FIRST_YEAR else None


def from_name(path: str) -> str | None:
    """Return the date in the name of a file, as phones and messengers give names; None for none.

    Only dates from 1990 to tomorrow are believed: other numbers look like dates by chance.
    """
    name = one_spelling(path.rpartition("/")[2][:_LONGEST_NAME])  # a Mac writes à in two
    for found in _NAME.finditer(name):
        moment = _named(found)
        if moment:
            return moment.isoformat(timespec="seconds")
    counted = _MILLISECONDS.search(name)
    if counted:
        moment = datetime.fromtimestamp(int(counted.group(1)) / 1000, UTC).astimezone()
        if _is_plausible(moment.date()):
            return moment.replace(tzinfo=None).isoformat(timespec="seconds")
    return None


def date_of(taken_at: str | None, dated_by: str | None, changed_ns: int | None) -> tuple[str, str]:
    """Return the date that filters use, in ISO 8601, and what says so, one of `DatedBy`.

    ``changed_ns`` is when its file was last changed, None where nobody knows.
    The date is empty where a file's own is none that a clock here can show, or not known.
    """
    if taken_at is not None:
        return taken_at, dated_by or DatedBy.CAMERA  # all that versions before 0.6 looked at
    if changed_ns is None:
        return "", DatedBy.FILE
    try:
        moment = datetime.fromtimestamp(changed_ns // 10**9)  # noqa: DTZ006 - as clocks here show
    except (ValueError, OverflowError, OSError):
        return "", DatedBy.FILE
    return moment.isoformat(timespec="seconds"), DatedBy.FILE


def as_asked(text: str) -> str:
    """Return a typed year, month or day as ``2024``, ``2024-05`` or ``2024-05-01``.

    Read are ``-``, ``/`` and ``.`` between the numbers, and numbers of one digit.

    Raises:
        BadInput: It is none, or there is no such day.
    """
    found = _ASKED.fullmatch(text.strip())
    with suppress(ValueError):  # there is no such day
        if found:
            return _written(int(found[1]), found[3], found[4])
    cause = f"“{text.strip()[:40]}” is no date"
    raise BadInput(cause, remedy="Write 2024, 2024-05 or 2024-05-31.")


def _written(year: int, month: str | None, day: str | None) -> str:
    whole = date(year, int(month or 1), int(day or 1)).isoformat()
    return whole if day else whole[:7] if month else whole[:4]


def in_words(date_and_time: str) -> str:
    """Write ISO 8601 with a blank, and without a midnight that nobody measured."""
    return date_and_time.removesuffix("T00:00:00").replace("T", " ")


def by_name(path: str, taken_at: str | None, dated_by: str | None) -> tuple[str | None, str | None]:
    """Return date and what says so for a file of this name, when nothing better is known."""
    if taken_at is not None and dated_by != DatedBy.NAME:
        return taken_at, dated_by
    named = from_name(path)
    return named, DatedBy.NAME if named else None


def _named(found: re.Match[str]) -> datetime | None:
    """Read a date in a name, without a time where what follows is none."""
    rest = found["rest"] or ""
    is_timed = found["hour"] is not None
    if not is_timed and rest:  # a longer number, of which this is a part
        return None
    if is_timed and not found["second"] and not found["point"]:
        if found.end("day") == found.start("hour"):
            return None
        is_timed = False  # a number that was put behind, as in 2019-05-04_0001
    moment = _moment(found, timed=is_timed and len(rest) <= _LONGEST_REST)
    moment = moment or _moment(found, timed=False)
    return moment if moment and _is_plausible(moment.date()) else None


def _is_plausible(day: date) -> bool:
    return day.year >= _FIRST_YEAR_OF_NAMES and day <= date.today() + _DAYS  # noqa: DTZ011 - as clocks here show


def _moment(found: re.Match[str], *, timed: bool = True) -> datetime | None:
    """Make a moment of numbers; None where there is no such day or time."""
    try:
        day = datetime(int(found["year"]), int(found["month"]), int(found["day"]))  # noqa: DTZ001 - cameras know no zone
        if not timed:
            return day
        hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
        half = (found.groupdict().get("half") or "").strip(" _-\u202f").lower()
        if half and 1 <= hour <= 12:  # noqa: PLR2004 - hours of half a day
            hour = hour % 12 + (12 if half.startswith("p") else 0)
        if (hour, minute, second) == (24, 0, 0):
            return day + _DAYS
        return day.replace(hour=hour, minute=minute, second=59 if second == 60 else second)  # noqa: PLR2004
    except (ValueError, OverflowError):
        return None
