"""The thumbnails of a collection, one file for each content."""

from __future__ import annotations

import base64
import hashlib
import io
import logging
import os
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from search_engine import files

if TYPE_CHECKING:
    from PIL import Image

from search_engine.errors import CollectionError, passing_over

_LOG = logging.getLogger(__name__)

THUMBNAILS_FOLDER = "thumbnails"
_SIDE_COMPARED = 16
_MOST_DIFFERENCE = 24.0
"""Mean difference of grey values, of 256, between two small versions of one picture."""
_LARGEST = 500_000
"""Bytes; one has about ten thousand."""
_LARGEST_SIDE = 1_024
_BROKEN = (OSError, ValueError, SyntaxError, EOFError)
"""What Pillow raises for a broken file."""
_HASH = re.compile(r"[0-9a-f]{64}")
_FOLDER = re.compile(r"[0-9a-f]{2}")
_SUFFIX = ".jpg"
_OLD_SUFFIX = ".webp"  # what versions before 0.3 wrote; shown as long as it is there
_SUFFIXES = frozenset([_SUFFIX, _OLD_SUFFIX])
_WRITTEN = _SUFFIXES | {files.PARTIAL_SUFFIX}


def thumbnail_content(file: Path) -> tuple[bytes, str] | None:
    """Return a thumbnail and its kind, jpeg or webp; None if it was lost, or is none of ours."""
    try:
        content = files.read(file, _LARGEST)
    except OSError as error:
        _LOG.debug("a thumbnail is not shown: %s", error)
        return None
    kind = _kind(content)
    return (content, kind) if kind else None


def data_address(file: Path) -> str | None:
    """Return a thumbnail as a ``data:`` address; None if it was lost, or is none of ours."""
    found = thumbnail_content(file)
    return found and f"data:image/{found[1]};base64,{base64.b64encode(found[0]).decode()}"


def _kind(content: bytes) -> str | None:
    """Return the kind of picture that a file begins as, of those that are written here."""
    if content.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    return "webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else None


@contextmanager
def open_thumbnail(file: Path) -> Iterator[Image.Image]:
    """Return a thumbnail as a picture.

    Raises:
        OSError: It was lost, is broken, or is nothing that was written here.
    """
    from PIL import Image

    content = files.read(file, _LARGEST)
    with Image.open(io.BytesIO(content), formats=("JPEG", "WEBP")) as image:
        # Ours are small and in one pass; others may take minutes to decode.
        if max(image.size) > _LARGEST_SIDE or "progressive" in image.info:
            cause = f"{file.name} is no thumbnail"
            raise OSError(cause)
        yield image


class Thumbnails:
    """Square pictures by content hash, spread over 256 folders."""

    def __init__(self, collection_folder: Path) -> None:
        self.folder = collection_folder / THUMBNAILS_FOLDER

    def path(self, content_hash: str) -> Path:
        """Return where a content's thumbnail lies, if it has been made; always in the folder."""
        file = self._place(content_hash)
        older = file.with_suffix(_OLD_SUFFIX)
        return older if not file.exists() and older.exists() else file

    def _place(self, content_hash: str) -> Path:
        name = content_hash
        if not _HASH.fullmatch(name):  # it may lead anywhere; the hash of it leads to no thumbnail
            name = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
        return self.folder / name[:2] / f"{name}{_SUFFIX}"

    def write(self, content_hash: str, jpeg: bytes) -> None:
        """Write a thumbnail beside its place and move it there.

        Raises:
            CollectionError: It cannot be written.
        """
        file = self._place(content_hash)
        try:
            files.make_folder(self.folder)
            files.make_folder(file.parent)
            files.write(file, jpeg)
        except OSError as error:
            cause = f"The thumbnails cannot be written: {error.strerror or error}"
            remedy = "Is the disk full, or the folder not writable? What was embedded is kept."
            raise CollectionError(cause, place=str(file.parent), remedy=remedy) from error

    def made(self) -> set[str]:
        """Return the content hashes that have a thumbnail."""
        found: set[str] = set()
        unread = partial(passing_over, _LOG, "a folder of thumbnails is passed over", OSError)
        with unread(), os.scandir(self.folder) as folders:
            for folder in folders:
                with unread(), os.scandir(folder) as entries:
                    names = (entry.name.rpartition(".") for entry in entries)
                    found |= {stem for stem, _, end in names if f".{end}" in _SUFFIXES}
        return found

    def is_whole(self, content_hash: str) -> bool | None:
        """Return whether a thumbnail is a file with beginning and end; None where there is none."""
        try:
            content = files.read(self.path(content_hash), _LARGEST)
        except FileNotFoundError:
            return None
        except OSError as error:
            _LOG.debug("a thumbnail is not whole: %s", error)
            return False
        is_jpeg = content.startswith(b"\xff\xd8") and content.endswith(b"\xff\xd9")
        return is_jpeg or (content.startswith(b"RIFF") and content[8:12] == b"WEBP")

    def shows(self, content_hash: str, image: Image.Image) -> bool:
        """Return whether a thumbnail that is there shows this picture."""
        from PIL import ImageChops, ImageOps, ImageStat

        try:
            with open_thumbnail(self.path(content_hash)) as kept:
                before = kept.convert("L").resize((_SIDE_COMPARED, _SIDE_COMPARED))
        except _BROKEN as error:
            _LOG.debug("a thumbnail shows nothing: %s", error)
            return False
        now = ImageOps.fit(image.convert("L"), (_SIDE_COMPARED, _SIDE_COMPARED))
        return ImageStat.Stat(ImageChops.difference(before, now)).mean[0] <= _MOST_DIFFERENCE

    def remove(self, content_hash: str) -> None:
        """Delete a thumbnail, so that it is made anew."""
        files.remove_if_plain(self.path(content_hash))

    def sheet(self, content_hashes: Sequence[str], side: int, columns: int) -> bytes:
        """Put thumbnails of ``side`` pixels on one WebP picture, row by row.

        Those that are lost stay grey.
        """
        from PIL import Image

        rows = max(1, -(-len(content_hashes) // columns))
        sheet = Image.new("RGB", (columns * side, rows * side), (128, 128, 128))
        for place, content_hash in enumerate(content_hashes):
            lost = passing_over(_LOG, "a thumbnail stays grey", *_BROKEN)
            with lost, open_thumbnail(self.path(content_hash)) as image:
                small = image.convert("RGB").resize((side, side), Image.Resampling.BOX)
                sheet.paste(small, (place % columns * side, place // columns * side))
        target = io.BytesIO()
        sheet.save(target, "WEBP", quality=70, method=2)
        return target.getvalue()

    def remove_all_but(self, content_hashes: Collection[str]) -> int:
        """Delete thumbnails of other contents, and what crashes left; count the files.

        Nothing but what was written here is touched, and no link is followed.
        """
        removed = 0
        for folder in _folders(self.folder):
            for name in _names(folder):
                stem, _, suffix = name.rpartition(".")
                is_ours = _HASH.match(stem) and f".{suffix}" in _WRITTEN
                if is_ours and stem not in content_hashes:
                    removed += files.remove_if_plain(folder / name)
            files.remove_leftovers(folder, at_once=True)
        return removed


def _folders(folder: Path) -> list[Path]:
    """List the folders of thumbnails that are made here; a link is none."""
    if folder.is_symlink():
        return []
    found = [folder / name for name in _names(folder) if _FOLDER.fullmatch(name)]
    return [path for path in found if path.is_dir() and not path.is_symlink()]


def _names(folder: Path) -> list[str]:
    with passing_over(_LOG, "a folder of thumbnails is passed over", OSError):
        return os.listdir(folder)  # noqa: PTH208 - names alone, of perhaps thousands
    return []
