"""The files of a collection's pictures, and whether they still hold what was indexed."""

from __future__ import annotations

import logging
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from search_engine.collection.decoding import Refusal, content_hash, decode, read_content
from search_engine.collection.joined_folders import true_path
from search_engine.errors import (
    CollectionDamaged,
    PictureChanged,
    PictureMissing,
    Way,
    passing_over,
)
from search_engine.records import PictureRecord, SkipReason
from search_engine.records.soundness import is_sound

if TYPE_CHECKING:
    from PIL import Image

_LOG = logging.getLogger(__name__)


def path_of(collection: str, root: Path, record: PictureRecord) -> Path:
    """Return where a picture's file lies.

    Raises:
        CollectionDamaged: The catalog names a file outside its folder, or no picture.
    """
    if not is_sound(record):
        cause = f"The catalog of '{collection}' names a file that is none of its pictures"
        remedy = "Repair the collection."
        raise CollectionDamaged(
            cause, place=record.path, remedy=remedy, way=Way.REPAIR, about=collection
        )
    return true_path(root, record.path)


def content_of(collection: str, root: Path, record: PictureRecord) -> bytes:
    """Return the bytes of a picture's file, which are those that were indexed.

    Raises:
        PictureMissing: There is no such file now.
        PictureChanged: The file holds something else by now.
        PictureRefused: It cannot be read.
        CollectionDamaged: The catalog names a file outside its folder, or no picture.
    """
    file = path_of(collection, root, record)
    try:
        content = read_content(file)
    except Refusal as refusal:
        if refusal.reason is SkipReason.VANISHED:
            raise PictureMissing(str(file), collection) from refusal
        raise
    if content_hash(content) != record.content_hash:
        raise PictureChanged(str(file), collection)
    return content


def require_unchanged(collection: str, root: Path, record: PictureRecord) -> None:
    """Check that a picture's file holds what was indexed; raises as `content_of`.

    It is read only where its size or its date are not those of then.
    """
    file = path_of(collection, root, record)
    with passing_over(_LOG, "a picture's file is read to see what it is", OSError):
        facts = file.stat()
        is_same = (facts.st_size, facts.st_mtime_ns) == (record.size_bytes, record.modified_ns)
        if is_same and stat.S_ISREG(facts.st_mode):
            return
    content_of(collection, root, record)


def image_of(collection: str, root: Path, record: PictureRecord) -> Image.Image:
    """Return a picture as it is decoded for the model: upright, in RGB; raises as `content_of`."""
    return decode(content_of(collection, root, record)).image
