"""The thumbnails of a collection, one file for each content."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Collection, Sequence
from pathlib import Path

THUMBNAILS_FOLDER = "thumbnails"


class Thumbnails:
    """Square WebP pictures by content hash, spread over 256 folders."""

    def __init__(self, collection_folder: Path) -> None:
        self.folder = collection_folder / THUMBNAILS_FOLDER

    def path(self, content_hash: str) -> Path:
        """Tell where the thumbnail of a content lies, if it has been made."""
        return self.folder / content_hash[:2] / f"{content_hash}.webp"

    def write(self, content_hash: str, webp: bytes) -> None:
        """Write a thumbnail beside its place and move it there."""
        file = self.path(content_hash)
        file.parent.mkdir(parents=True, exist_ok=True)
        # Two threads may hold copies of one picture.
        beside = file.with_suffix(f".{os.getpid()}-{id(webp)}.partial")
        beside.write_bytes(webp)
        beside.replace(file)

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
            if file.suffix != ".webp" or file.stem not in content_hashes:
                with contextlib.suppress(OSError):  # a viewer on Windows may have it open
                    file.unlink()
                    removed += 1
        return removed
