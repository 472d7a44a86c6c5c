"""Pictures at the size of a screen: large files and odd formats that were looked at last."""

from __future__ import annotations

import io
import logging
import os
import re
from collections.abc import Collection
from pathlib import Path

from search_engine import files
from search_engine.collection.decoding.routes import decode
from search_engine.errors import passing_over

_LOG = logging.getLogger(__name__)

SCREEN_FOLDER = "screen"
SCREEN_SIDE = 2048
"""Pixels of the longer side."""
MOST_BYTES = 256_000_000
"""Of all in a collection: some five hundred pictures."""
_LARGEST = 16_000_000
_HASH = re.compile(r"[0-9a-f]{64}")
_FILE = re.compile(r"[0-9a-f]{64}\.jpg")


class ScreenCopies:
    """JPEG files by content hash in a collection's folder; those unseen for longest make room."""

    def __init__(self, collection_folder: Path) -> None:
        self._folder = collection_folder / SCREEN_FOLDER

    def of(self, content_hash: str, content: bytes) -> bytes:
        """Return a picture, upright and in sRGB, at most ``SCREEN_SIDE`` wide and high, as JPEG.

        Args:
            content_hash: Of its file.
            content: All bytes of that.

        Raises:
            Refusal: The bytes are no picture, a damaged one, or one that takes too much.
        """
        kept = self.kept(content_hash)
        if kept is not None:
            return kept
        target = io.BytesIO()
        image = decode(content, content_hash, longest=SCREEN_SIDE).image
        image.save(target, "JPEG", quality=88)
        self._keep(content_hash, target.getvalue())
        return target.getvalue()

    def kept(self, content_hash: str) -> bytes | None:
        """Return the copy of a content, if it is there, and have it stay for longer."""
        if not _HASH.fullmatch(content_hash):  # it may lead anywhere
            return None
        file = self._folder / f"{content_hash}.jpg"
        with passing_over(_LOG, "there is no copy for the screen", OSError):
            content = files.read(file, _LARGEST)
            if content.startswith(b"\xff\xd8\xff"):
                os.utime(file, follow_symlinks=False)
                return content
        return None

    def remove_all_but(self, content_hashes: Collection[str]) -> None:
        """Delete the copies of other contents."""
        for file, _ in self._by_use():
            if file.stem not in content_hashes:
                files.remove_if_plain(file)

    def _keep(self, content_hash: str, jpeg: bytes) -> None:
        """Write a copy, if that can be done; it is only faster to have it."""
        if not _HASH.fullmatch(content_hash):
            return
        with passing_over(_LOG, "a copy for the screen is not kept", OSError):
            files.make_folder(self._folder)
            files.write(self._folder / f"{content_hash}.jpg", jpeg)
            self._make_room()

    def _make_room(self) -> None:
        by_use = self._by_use()
        total = sum(size for _, size in by_use)
        for file, size in by_use[:-1]:
            if total <= MOST_BYTES:
                return
            files.remove_if_plain(file)
            total -= size
        files.remove_leftovers(self._folder)

    def _by_use(self) -> list[tuple[Path, int]]:
        """Return the copies with their bytes, those unseen for longest first; a link is none."""
        found = []
        with passing_over(_LOG, "the copies for the screen are not looked at", OSError):
            if self._folder.is_symlink():
                return []
            with os.scandir(self._folder) as entries:
                for entry in entries:
                    if _FILE.fullmatch(entry.name):
                        facts = entry.stat(follow_symlinks=False)
                        found.append((facts.st_mtime_ns, Path(entry.path), facts.st_size))
        return [(file, size) for _, file, size in sorted(found)]
