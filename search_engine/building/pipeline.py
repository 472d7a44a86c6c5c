"""Files to vectors: a thread for each core, ahead of the one that stores them by a little.

Each thread takes a few files the whole way, so that no core waits for another: decoding, resizing
and the forward pass overlap by themselves, and memory does not grow with the collection.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from search_engine.collection.catalog import Catalog
from search_engine.collection.dating import by_name
from search_engine.collection.decoding import Refusal, content_hash, decode, read_content, thumbnail
from search_engine.collection.decoding.budget import CONTENTS
from search_engine.collection.thumbnails import Thumbnails
from search_engine.embedding import PART_SIZE, PROBE, Embedder, Lanes, PictureEmbedding
from search_engine.records import (
    READER,
    ModelCard,
    PictureFacts,
    PictureFile,
    PictureRecord,
    SkippedFile,
    SkipReason,
    Vectors,
)

BATCH_SIZE = 32
"""Pictures that are stored at once."""
_MANY = 4 * PROBE
"""For fewer tasks, finding the fastest precision would take longer than it saves."""
_MOST_THREADS = 16  # by then they wait for Python's lock


@dataclass(frozen=True, slots=True)
class Task:
    """A file to be embedded."""

    file: PictureFile
    record: PictureRecord | None = None
    """The picture whose file it is; None for a new one."""
    changed: bool = False
    """Whether the file is known to hold something else than before."""
    deaths: int = 0
    """How often a build died while it was reading the file, with many others at once or alone."""


@dataclass(frozen=True, slots=True)
class TaskResult:
    """What became of a task: facts with an image or a known vector, or the reason for neither."""

    task: Task
    facts: PictureFacts | None = None
    image: Image.Image | None = None
    vector: Vectors | None = None
    skip: SkippedFile | None = None
    is_fresh: bool = False
    """Whether it went through the model."""

    @property
    def known_facts(self) -> PictureFacts:
        """The facts of a file that was not skipped."""
        assert self.facts is not None  # noqa: S101 - tells the type checker what skip is None means
        return self.facts

    @property
    def is_lost(self) -> bool:
        """Whether the file is there, but holds no picture any more.

        A file that cannot be reached is not lost: the scan of the next build decides that.
        """
        return self.skip is not None and self.skip.reason.lies_in_the_file


class Reader:
    """Reads the files of one collection, and embeds what they show."""

    def __init__(
        self,
        root: Path,
        catalog: Catalog,
        model: ModelCard,
        thumbnails: Thumbnails,
        embedder: Embedder | None,
    ) -> None:
        """Without an embedder nothing but copies of known content is expected."""
        self._root = root
        self._catalog = catalog
        self._model = model
        self._thumbnails = thumbnails
        self._embedder = embedder

    def batches(self, tasks: Sequence[Task]) -> Generator[list[TaskResult], None, None]:
        """Take all tasks to vectors, a batch at a time.

        Files that a build may have died of come first, each alone; the others follow in order. The
        first of many batches is larger, and the fastest precision is found on it.
        """
        suspects = [task for task in tasks if task.deaths]
        for some in _cut(suspects, PART_SIZE):
            yield self._tuned([self._suspect(task) for task in some])
        yield from self._side_by_side_batches([task for task in tasks if not task.deaths])

    def _suspect(self, task: Task) -> TaskResult:
        """Read a file that a build died with where it can do no harm, and with no other."""
        if task.deaths > 1:
            detail = "the program ended twice while it was reading this file"
            return TaskResult(task, skip=skipped(task.file, SkipReason.CRASHED, detail))
        self._catalog.reading.begin_again(task.file)
        try:
            return self.read(task, isolated=True)
        finally:  # whatever went wrong, it was not the end of us
            self._catalog.reading.survived(task.file)

    def _side_by_side_batches(
        self, tasks: Sequence[Task]
    ) -> Generator[list[TaskResult], None, None]:
        threads = cores()
        with (
            self._side_by_side() as lanes,
            ThreadPoolExecutor(threads, thread_name_prefix="read") as pool,
        ):
            embed = lanes.embed if lanes else None
            first = PROBE if len(tasks) >= _MANY else BATCH_SIZE
            if tasks:
                self._begin(tasks[:first])
                yield self._tuned(list(pool.map(self.read, tasks[:first])))
            ahead: deque[list[Future[list[TaskResult]]]] = deque()
            try:
                for batch in _cut(tasks[first:], BATCH_SIZE):
                    self._begin(batch)
                    parts = _cut(batch, PART_SIZE)
                    ahead.append([pool.submit(self._taken, part, embed) for part in parts])
                    if len(ahead) * BATCH_SIZE > (threads + 1) * PART_SIZE + BATCH_SIZE:
                        yield _joined(ahead.popleft())
                while ahead:
                    yield _joined(ahead.popleft())
            finally:  # the caller may stop in the middle
                pool.shutdown(cancel_futures=True)

    def _begin(self, tasks: Sequence[Task]) -> None:
        self._catalog.reading.begin(task.file for task in tasks)

    def _side_by_side(self) -> AbstractContextManager[Lanes | None]:
        return self._embedder.side_by_side() if self._embedder else nullcontext()

    def _tuned(self, results: list[TaskResult]) -> list[TaskResult]:
        if self._embedder is None:
            return results
        is_probe = sum(result.image is not None for result in results) > BATCH_SIZE
        embed = self._embedder.tune if is_probe else self._embedder.embed_pictures
        return _with_vectors(results, embed)

    def _taken(self, tasks: Sequence[Task], embed: PictureEmbedding | None) -> list[TaskResult]:
        results = [self.read(task) for task in tasks]
        return _with_vectors(results, embed) if embed else results

    def read(self, task: Task, *, isolated: bool = False) -> TaskResult:
        """Read one file; what is wrong with it comes back as a skip.

        Raises:
            CollectionError: The thumbnail cannot be written.
        """
        try:
            with CONTENTS.reserve(task.file.size_bytes):
                content = read_content(self._root / task.file.path)
                digest = content_hash(content)
                known = self._known_copy(task, digest)
                if known:
                    return known
                picture = decode(content, digest, isolated=isolated)
                del content
        except Refusal as refusal:
            return TaskResult(task, skip=skipped(task.file, refusal.reason, refusal.detail))
        self._thumbnails.write(digest, thumbnail(picture.image))
        prepare = self._embedder.prepare if self._embedder else _as_it_is
        return TaskResult(task, _dated(picture.facts, task.file), prepare(picture.image))

    def _known_copy(self, task: Task, digest: str) -> TaskResult | None:
        """Take facts and vector from a picture of the same content, which need not be decoded."""
        found = self._catalog.vectors.of_content(self._model, digest)
        if found is None or not self._thumbnails.path(digest).exists():
            return None
        picture_id, vector = found
        twin = self._catalog.pictures.by_id([picture_id]).get(picture_id)
        if twin is None or twin.reader < READER:  # it is read again instead
            return None
        facts = PictureFacts(
            digest, twin.width, twin.height, twin.taken_at, twin.camera,
            twin.dated_by, twin.remark, twin.reader,
        )  # fmt: skip
        return TaskResult(task, _dated(facts, task.file), vector=vector)


def _dated(facts: PictureFacts, file: PictureFile) -> PictureFacts:
    """Have a picture's name say when it was taken, where nothing in the file does."""
    taken_at, dated_by = by_name(file.path, facts.taken_at, facts.dated_by)
    return replace(facts, taken_at=taken_at, dated_by=dated_by)


def _as_it_is(image: Image.Image) -> Image.Image:
    return image


def _cut(tasks: Sequence[Task], size: int) -> Iterator[Sequence[Task]]:
    for start in range(0, len(tasks), size):
        yield tasks[start : start + size]


def _joined(parts: Sequence[Future[list[TaskResult]]]) -> list[TaskResult]:
    return [result for part in parts for result in part.result()]


def _with_vectors(results: Sequence[TaskResult], embed: PictureEmbedding) -> list[TaskResult]:
    images = [result.image for result in results if result.image]
    vectors = iter(embed(images) if images else ())
    return [_with_vector(a, next(vectors)) if a.image else a for a in results]


def _with_vector(result: TaskResult, vector: Vectors) -> TaskResult:
    if np.isfinite(vector).all():
        return replace(result, vector=vector, image=None, is_fresh=True)
    skip = skipped(result.task.file, SkipReason.BAD_VECTOR)
    return replace(result, skip=skip, image=None, is_fresh=True)


def cores() -> int:
    """Count the cores that this process may use, up to what one Python process can keep busy."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(usable or 1, _MOST_THREADS)


def skipped(file: PictureFile, reason: SkipReason, detail: str = "") -> SkippedFile:
    """Note that a file was left out."""
    stamp = (file.size_bytes, file.modified_ns, file.changed_ns)
    return SkippedFile(file.path, reason, detail, *stamp, READER)
