"""The thumbnails of a collection, one file for each content.

============================  =============  ======================================================
file                          written by     what it shows
============================  =============  ======================================================
``ab/abc….uncropped.jpg``     0.6 and later  all of the picture, in its proportions
``ab/abc….jpg``               0.3 to 0.5     its square middle
``ab/abc….webp``              before 0.3     its square middle
============================  =============  ======================================================

Those of before are shown as they are. When one is made anew it is uncropped, and the one before it
goes; a build makes none anew that is there.
"""

from __future__ import annotations

import base64
import hashlib
import io
import logging
import os
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
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
_SUFFIX = ".uncropped.jpg"
_SQUARES = (".jpg", ".webp")
_SUFFIXES = frozenset([_SUFFIX, *_SQUARES])
_QUALITY = 85


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
    """Return the square middle as a ``data:`` address; None if it was lost, or is none of ours."""
    found = thumbnail_content(file)
    if found is None:
        return None
    content, kind = found
    try:
        with _opened(content, file.name) as image:
            if image.width != image.height:
                content, kind = _as_jpeg(square_middle(image)), "jpeg"
    except _BROKEN as error:
        _LOG.debug("a thumbnail is not shown: %s", error)
        return None
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def _as_jpeg(image: Image.Image) -> bytes:
    target = io.BytesIO()
    image.save(target, "JPEG", quality=_QUALITY)
    return target.getvalue()


def square_middle(image: Image.Image) -> Image.Image:
    """Return the square in the middle of a picture, as wide as its shorter side."""
    side = min(image.size)
    left, top = ((length - side) // 2 for length in image.size)
    return image.crop((left, top, left + side, top + side))


def _kind(content: bytes) -> str | None:
    """Return the kind of picture that a file begins as, of those that are written here."""
    if content.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    return "webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else None


def open_thumbnail(file: Path) -> AbstractContextManager[Image.Image]:
    """Return a thumbnail as a picture; `square_middle` of it is there in all versions.

    Raises:
        OSError: It was lost, is broken, or is nothing that was written here.
    """
    return _opened(files.read(file, _LARGEST), file.name)


@contextmanager
def _opened(content: bytes, name: str) -> Iterator[Image.Image]:
    from PIL import Image

    with Image.open(io.BytesIO(content), formats=("JPEG", "WEBP")) as image:
        # Ours are small and in one pass; others may take minutes to decode.
        if max(image.size) > _LARGEST_SIDE or "progressive" in image.info:
            cause = f"{name} is no thumbnail"
            raise OSError(cause)
        yield image


class Thumbnails:
    """Small pictures by content hash, spread over 256 folders."""

    def __init__(self, collection_folder: Path) -> None:
        self.folder = collection_folder / THUMBNAILS_FOLDER

    def path(self, content_hash: str) -> Path:
        """Return where a content's thumbnail lies, if it has been made; always in the folder."""
        file = self._place(content_hash)
        if file.exists():
            return file
        return next((square for square in self._squares(content_hash) if square.exists()), file)

    def is_uncropped(self, content_hash: str) -> bool:
        """Return whether a content's thumbnail shows all of it, not a square of its middle."""
        return self.path(content_hash).name.endswith(_SUFFIX)

    def _squares(self, content_hash: str) -> Iterator[Path]:
        file = self._place(content_hash)
        stem = file.name.removesuffix(_SUFFIX)
        return (file.with_name(f"{stem}{suffix}") for suffix in _SQUARES)

    def _place(self, content_hash: str) -> Path:
        name = content_hash
        if not _HASH.fullmatch(name):  # it may lead anywhere; the hash of it leads to no thumbnail
            name = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
        return self.folder / name[:2] / f"{name}{_SUFFIX}"

    def write(self, content_hash: str, jpeg: bytes) -> None:
        """Write a thumbnail beside its place and move it there; a square of before goes.

        Raises:
            CollectionError: It cannot be written.
        """
        file = self._place(content_hash)
        try:
            files.make_folder(self.folder)
            files.make_folder(file.parent)
            files.write(file, jpeg)
            for square in self._squares(content_hash):
                files.remove_if_plain(square)
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
                    names = (entry.name.partition(".") for entry in entries)
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
                before = ImageOps.fit(kept.convert("L"), (_SIDE_COMPARED, _SIDE_COMPARED))
        except _BROKEN as error:
            _LOG.debug("a thumbnail shows nothing: %s", error)
            return False
        now = ImageOps.fit(image.convert("L"), (_SIDE_COMPARED, _SIDE_COMPARED))
        return ImageStat.Stat(ImageChops.difference(before, now)).mean[0] <= _MOST_DIFFERENCE

    def remove(self, content_hash: str) -> None:
        """Delete a thumbnail, so that it is made anew."""
        files.remove_if_plain(self.path(content_hash))

    def sheet(self, content_hashes: Sequence[str], side: int, columns: int) -> bytes:
        """Put squares of ``side`` pixels on one WebP picture, row by row.

        Those that are lost stay grey.
        """
        from PIL import Image

        rows = max(1, -(-len(content_hashes) // columns))
        sheet = Image.new("RGB", (columns * side, rows * side), (128, 128, 128))
        for place, content_hash in enumerate(content_hashes):
            lost = passing_over(_LOG, "a thumbnail stays grey", *_BROKEN)
            with lost, open_thumbnail(self.path(content_hash)) as image:
                square = square_middle(image.convert("RGB"))
                small = square.resize((side, side), Image.Resampling.BOX)
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
                stem, _, suffix = name.partition(".")
                is_ours = _HASH.fullmatch(stem) and f".{suffix}" in _SUFFIXES
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
