"""The content of files that may be known ones: read side by side, which can be stopped."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from search_engine.building.progress import ProgressMeter
from search_engine.capacity import usable_cores
from search_engine.collection.decoding import Refusal, Stopped, content_hash, read_content
from search_engine.collection.decoding.budget import CONTENTS
from search_engine.records import PictureFile
from search_engine.records.builds import Stage

_MOST = 16  # what reads, waits for the disk; what hashes, holds no lock


class Hasher:
    """Hashes files of one folder, and counts them."""

    def __init__(self, root: Path, meter: ProgressMeter) -> None:
        self._root = root
        self._meter = meter
        self.read = 0

    def __call__(self, files: Sequence[PictureFile]) -> dict[str, str | None]:
        """Return the content hash of each file by path, None for those that cannot be read.

        Raises:
            Stopped: The build was cancelled.
        """
        if not files:
            return {}
        self._meter.begin(Stage.COMPARE, len(files))
        hashes: dict[str, str | None] = {}
        pool = ThreadPoolExecutor(min(usable_cores(), _MOST), thread_name_prefix="hash")
        try:
            for file, digest in zip(files, pool.map(self._hash, files), strict=True):
                if self._meter.cancelled():
                    raise Stopped
                hashes[file.path] = digest
                self._meter.advance(len(hashes), 0, file.path, [])
        finally:
            pool.shutdown(cancel_futures=True)
        self.read += sum(digest is not None for digest in hashes.values())
        return hashes

    def _hash(self, file: PictureFile) -> str | None:
        try:
            with CONTENTS.reserve(file.size_bytes):
                return content_hash(read_content(self._root / file.path))
        except Refusal:
            return None
