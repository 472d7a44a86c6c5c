"""The thumbnails of a collection, one file for each content."""

from __future__ import annotations

import base64
import contextlib
import io
import os
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from search_engine import files

if TYPE_CHECKING:
    from PIL import Image

THUMBNAILS_FOLDER = "thumbnails"
_SIDE_COMPARED = 16
_MOST_DIFFERENCE = 24.0
"""Mean difference of grey values, of 256, between two small versions of one picture."""
_SUFFIX = ".jpg"
_OLD_SUFFIX = ".webp"  # what versions before 0.3 wrote; shown as long as it is there


def data_address(file: Path) -> str | None:
    """Give a thumbnail as a ``data:`` address; None if it was lost."""
    with contextlib.suppress(OSError):
        kind = "webp" if file.suffix == _OLD_SUFFIX else "jpeg"
        return f"data:image/{kind};base64,{base64.b64encode(file.read_bytes()).decode()}"
    return None


class Thumbnails:
    """Square pictures by content hash, spread over 256 folders."""

    def __init__(self, collection_folder: Path) -> None:
        self.folder = collection_folder / THUMBNAILS_FOLDER

    def path(self, content_hash: str) -> Path:
        """Tell where the thumbnail of a content lies, if it has been made."""
        file = self._place(content_hash)
        older = file.with_suffix(_OLD_SUFFIX)
        return older if not file.exists() and older.exists() else file

    def _place(self, content_hash: str) -> Path:
        return self.folder / content_hash[:2] / f"{content_hash}{_SUFFIX}"

    def write(self, content_hash: str, jpeg: bytes) -> None:
        """Write a thumbnail beside its place and move it there."""
        file = self._place(content_hash)
        file.parent.mkdir(parents=True, exist_ok=True)
        # Two threads may hold copies of one picture.
        beside = file.with_suffix(f".{os.getpid()}-{id(jpeg)}.partial")
        beside.write_bytes(jpeg)
        beside.replace(file)

    def is_whole(self, content_hash: str) -> bool | None:
        """Tell whether a thumbnail is a file with beginning and end; None where there is none."""
        try:
            with files.open_own(self.path(content_hash)) as file:
                content = file.read()
        except FileNotFoundError:
            return None
        except OSError:
            return False
        is_jpeg = content.startswith(b"\xff\xd8") and content.endswith(b"\xff\xd9")
        return is_jpeg or (content.startswith(b"RIFF") and content[8:12] == b"WEBP")

    def shows(self, content_hash: str, image: Image.Image) -> bool:
        """Tell whether a thumbnail that is there shows this picture."""
        from PIL import Image, ImageChops, ImageOps, ImageStat

        try:
            with files.open_own(self.path(content_hash)) as file, Image.open(file) as kept:
                before = kept.convert("L").resize((_SIDE_COMPARED, _SIDE_COMPARED))
        except OSError:
            return False
        now = ImageOps.fit(image.convert("L"), (_SIDE_COMPARED, _SIDE_COMPARED))
        return ImageStat.Stat(ImageChops.difference(before, now)).mean[0] <= _MOST_DIFFERENCE

    def remove(self, content_hash: str) -> None:
        """Delete a thumbnail, so that it is made anew."""
        with contextlib.suppress(OSError):  # a viewer on Windows may have it open
            self.path(content_hash).unlink()

    def sheet(self, content_hashes: Sequence[str], side: int, columns: int) -> bytes:
        """Put thumbnails of ``side`` pixels on one WebP picture, row by row.

        Those that are lost stay grey.
        """
        from PIL import Image

        rows = max(1, -(-len(content_hashes) // columns))
        sheet = Image.new("RGB", (columns * side, rows * side), (128, 128, 128))
        for place, content_hash in enumerate(content_hashes):
            with contextlib.suppress(OSError), Image.open(self.path(content_hash)) as image:
                small = image.convert("RGB").resize((side, side), Image.Resampling.BOX)
                sheet.paste(small, (place % columns * side, place // columns * side))
        target = io.BytesIO()
        sheet.save(target, "WEBP", quality=70, method=2)
        return target.getvalue()

    def remove_all_but(self, content_hashes: Collection[str]) -> int:
        """Delete thumbnails of other contents, and what crashes left; count the files."""
        removed = 0
        for file in self.folder.glob("*/*"):
            if file.suffix not in {_SUFFIX, _OLD_SUFFIX} or file.stem not in content_hashes:
                with contextlib.suppress(OSError):  # a viewer on Windows may have it open
                    file.unlink()
                    removed += 1
        return removed
