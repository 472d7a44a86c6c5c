"""Pictures in one ZIP that unpacks everywhere, with the dates that they have."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime

from search_engine.collection import content_hash, read_content
from search_engine.errors import SearchEngineError
from search_engine.exchange.export_names import portable_name
from search_engine.files import tables
from search_engine.records import PictureRecord
from search_engine.search import SearchEngine

MOST_BYTES = 500_000_000
LEFT_OUT = "left_out.csv"
_LONGEST_NAME = 140
"""Bytes of UTF-8. Most file systems take 255; those that encrypt names, as many home folders and
network drives do, take 143."""
_FIRST, _LAST = datetime(1980, 1, 1), datetime(2107, 12, 31, 23, 59, 58)  # noqa: DTZ001 - a ZIP knows no zone


def as_zip(engine: SearchEngine, pictures: Iterable[tuple[int, PictureRecord]]) -> bytes:
    """Pack the pictures' files, each with its rank, which its name begins with.

    Files that are gone, hold something else than when they were indexed, or do not fit any more are
    left out and named in a table in the archive: who passes it on passes on what was shown.
    """
    target = io.BytesIO()
    missing: list[tuple[int, str, str]] = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for rank, record in pictures:
            try:
                content = read_content(engine.path(record))
            except (OSError, SearchEngineError):
                missing.append((rank, record.path, "missing, or cannot be read"))
                continue
            if content_hash(content) != record.content_hash:
                missing.append((rank, record.path, "changed since it was indexed"))
            elif target.tell() + len(content) > MOST_BYTES:
                missing.append((rank, record.path, "does not fit"))
            else:
                archive.writestr(_entry(rank, record), content)
        if missing:
            archive.writestr(LEFT_OUT, tables.as_csv(["rank", "path", "reason"], missing))
    return target.getvalue()


def _entry(rank: int, record: PictureRecord) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(numbered_name(rank, record.path), _date(record))
    entry.external_attr = 0o644 << 16
    return entry


def numbered_name(rank: int, path: str) -> str:
    """Name a file so that every system takes it, and takes no two for one.

    The end of the path is kept, where the file's own name and its type are.
    """
    name = portable_name(path)
    start = f"{rank:04}_"  # also makes it unlike any other, and unlike CON, NUL and their like
    end = name.rstrip(" .").encode()[-(_LONGEST_NAME - len(start)) :].decode(errors="ignore")
    return f"{start}{end}".rstrip(" .")


def _date(record: PictureRecord) -> tuple[int, int, int, int, int, int]:
    """Return when a picture was taken or, where nothing says that, when its file was changed."""
    try:
        moment = datetime.fromisoformat(record.taken_at or "").replace(tzinfo=None)
    except ValueError:
        moment = _changed(record)
    moment = max(_FIRST, min(moment, _LAST))
    return moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second


def _changed(record: PictureRecord) -> datetime:
    try:
        changed = datetime.fromtimestamp(record.modified_ns / 1e9, UTC).astimezone()
    except (OverflowError, ValueError, OSError):
        return _LAST if record.modified_ns > 0 else _FIRST
    return changed.replace(tzinfo=None)
