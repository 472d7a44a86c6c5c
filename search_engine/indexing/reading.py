"""Files to decoded pictures, read ahead of the model by a few threads, in bounded memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from search_engine.catalog import Catalog
from search_engine.decoding import (
    Refusal,
    content_hash,
    decode,
    read_content,
    thumbnail,
)
from search_engine.embedding import PROBE
from search_engine.records import (
    ModelCard,
    PictureFacts,
    PictureFile,
    PictureRecord,
    SkippedFile,
    SkipReason,
    Vectors,
)
from search_engine.thumbnails import Thumbnails

BATCH_SIZE = 32
_MANY = 4 * PROBE
"""For fewer tasks, finding the fastest precision would take longer than it saves."""
_THREADS = 2
_BATCHES_AHEAD = 2
"""Decoded batches that wait for the model; more would cost memory and gain nothing."""


@dataclass(frozen=True, slots=True)
class Task:
    """A file to be embedded."""

    file: PictureFile
    record: PictureRecord | None = None
    """The picture whose file it is; None for a new one."""
    changed: bool = False
    """Whether the file is known to hold something else than before."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What became of a task: facts with an image or a known vector, or the reason for neither."""

    task: Task
    facts: PictureFacts | None = None
    image: Image.Image | None = None
    vector: Vectors | None = None
    skip: SkippedFile | None = None

    @property
    def known_facts(self) -> PictureFacts:
        """The facts of an arrival that was not skipped."""
        assert self.facts is not None  # noqa: S101 - tells the type checker what skip is None means
        return self.facts

    @property
    def is_lost(self) -> bool:
        """Whether the file is there, but holds no picture any more.

        A file that cannot be reached is not lost: the scan of the next build decides that.
        """
        return self.skip is not None and self.skip.reason.lies_in_the_file


class Reader:
    """Reads the files of one collection."""

    def __init__(
        self,
        root: Path,
        catalog: Catalog,
        model: ModelCard,
        thumbnails: Thumbnails,
        prepare: Callable[[Image.Image], Image.Image],
    ) -> None:
        self._root = root
        self._catalog = catalog
        self._model = model
        self._thumbnails = thumbnails
        self._prepare = prepare

    def batches(self, tasks: Sequence[Task]) -> Generator[list[Arrival], None, None]:
        """Read all files, in order, a batch at a time; the first of many is a larger one."""
        with ThreadPoolExecutor(_THREADS, thread_name_prefix="decode") as pool:
            ahead: deque[list[Future[Arrival]]] = deque()
            try:
                for batch in _cut(tasks):
                    ahead.append([pool.submit(self.read, task) for task in batch])
                    if len(ahead) > _BATCHES_AHEAD:
                        yield [future.result() for future in ahead.popleft()]
                while ahead:
                    yield [future.result() for future in ahead.popleft()]
            finally:  # the caller may stop in the middle
                pool.shutdown(cancel_futures=True)

    def read(self, task: Task) -> Arrival:
        """Read one file; what is wrong with it comes back as a skip."""
        try:
            content = read_content(self._root / task.file.path)
            digest = content_hash(content)
            known = self._known_copy(task, digest)
            if known:
                return known
            picture = decode(content, digest)
            self._thumbnails.write(picture.facts.content_hash, thumbnail(picture.image))
        except Refusal as refusal:
            return Arrival(task, skip=skipped(task.file, refusal.reason, refusal.detail))
        return Arrival(task, picture.facts, self._prepare(picture.image))

    def _known_copy(self, task: Task, digest: str) -> Arrival | None:
        """Take facts and vector from a picture of the same content, which need not be decoded."""
        found = self._catalog.vectors.of_content(self._model, digest)
        if found is None or not self._thumbnails.path(digest).exists():
            return None
        picture_id, vector = found
        twin = self._catalog.pictures.by_id([picture_id]).get(picture_id)
        if twin is None:
            return None
        facts = PictureFacts(digest, twin.width, twin.height, twin.taken_at, twin.camera)
        return Arrival(task, facts, vector=vector)


def _cut(tasks: Sequence[Task]) -> Iterator[Sequence[Task]]:
    first = PROBE if len(tasks) >= _MANY else BATCH_SIZE
    if tasks:
        yield tasks[:first]
    for start in range(first, len(tasks), BATCH_SIZE):
        yield tasks[start : start + BATCH_SIZE]


def skipped(file: PictureFile, reason: SkipReason, detail: str = "") -> SkippedFile:
    """Note that a file was left out."""
    return SkippedFile(file.path, reason, detail, file.size_bytes, file.modified_ns)
