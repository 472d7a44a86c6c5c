"""Files to vectors: a decoder for each core, and threads that embed what they hand over.

Decoders are processes that take a file the whole way to what the model looks at. They are ahead of
the model, and that of the thread which stores the vectors, by little: no core waits for another,
and memory does not grow with the collection.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import TypeAlias, TypeVar

import numpy as np

from search_engine.collection.catalog import Catalog
from search_engine.collection.dating import by_name
from search_engine.collection.decoding import (
    CHILDREN,
    ReadPicture,
    ReadRequest,
    Refusal,
    Stopped,
    read,
)
from search_engine.collection.decoding.budget import CONTENTS
from search_engine.embedding import (
    PART_SIZE,
    Embedder,
    Lanes,
    Picture,
    PictureEmbedding,
)
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
from search_engine.records.builds import CancelCheck

BATCH_SIZE = 32
"""Pictures that are stored at once."""
_SECONDS_BETWEEN_LOOKS = 0.2
"""How long it takes at most until a wish to stop is noticed."""

FILES_TOGETHER = 8
"""Files that a decoder is asked for at once; asking takes Python's lock, and there is one."""

_T = TypeVar("_T")


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
    """What became of a task: facts with a picture or its vector, or the reason for neither."""

    task: Task
    facts: PictureFacts | None = None
    seen: Picture | None = None
    """What is left for the model to embed."""
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


_Begun: TypeAlias = "tuple[int, Future[list[TaskResult]]]"
"""So many files, which are being read."""


class Reader:
    """Reads the files of one collection, and embeds what they show."""

    def __init__(
        self,
        root: Path,
        catalog: Catalog,
        model: ModelCard,
        embedder: Embedder | None,
        cancelled: CancelCheck = lambda: False,
    ) -> None:
        """Without an embedder nothing but copies of known content is expected."""
        self._root = root
        self._catalog = catalog
        self._model = model
        self._embedder = embedder
        self._cancelled = cancelled

    @property
    def card(self) -> ModelCard | None:
        """The model as it is by now: in which precision it computes, it finds out at work."""
        return self._embedder.card if self._embedder else None

    def batches(self, tasks: Sequence[Task]) -> Generator[list[TaskResult], None, None]:
        """Take all tasks to vectors, a batch at a time; end before the last if that is wished.

        Files that a build may have died of come first, each alone; the others follow in order. The
        fastest precision is found on the first of them, where that pays.
        """
        with ExitStack() as held:
            reading = held.enter_context(_threads(CHILDREN.most, "read"))
            held.callback(CHILDREN.stop, self)  # we may end in the middle of a file
            try:
                suspects = [task for task in tasks if task.deaths]
                for some in cut(suspects, PART_SIZE):
                    yield self._plainly([self._suspect(task, reading) for task in some])
                yield from self._usual([task for task in tasks if not task.deaths], reading)
            except Stopped:
                return

    def _suspect(self, task: Task, reading: ThreadPoolExecutor) -> TaskResult:
        """Read a file that a build died with where it is with no other."""
        if task.deaths > 1:
            detail = "the program ended twice while it was reading this file"
            return TaskResult(task, skip=skipped(task.file, SkipReason.CRASHED, detail))
        self._catalog.reading.begin_again(task.file)
        try:
            return self._result(reading.submit(self.read, [task]))[0]
        finally:  # whatever went wrong, it was not the end of us
            self._catalog.reading.survived(task.file)

    def _usual(
        self, tasks: Sequence[Task], reading: ThreadPoolExecutor
    ) -> Generator[list[TaskResult], None, None]:
        begun = self._read_ahead(tasks, reading)
        begun = chain(list(islice(begun, 1)), begun)  # read while the model gets ready
        probe = self._embedder.get_ready(len(tasks)) if self._embedder else 0
        if probe:
            yield self._tuned(self._read(_some(begun, probe)))
        done: list[TaskResult] = []
        with ExitStack() as held:
            lanes = held.enter_context(self._side_by_side())
            embedding = held.enter_context(_threads(lanes.count, "embed"))
            held.callback(CHILDREN.stop, self)  # those who embed wait for those who read
            parts: deque[Future[list[TaskResult]]] = deque()
            while (part := _some(begun, lanes.part_size)) or parts:
                if part:
                    parts.append(embedding.submit(self._embedded, part, lanes.embed))
                if len(parts) > 2 * lanes.count or not part:
                    done = done + self._result(parts.popleft())
                if len(done) >= BATCH_SIZE:
                    yield done
                    done = []
        if done:
            yield done

    def _read_ahead(self, tasks: Sequence[Task], reading: ThreadPoolExecutor) -> Iterator[_Begun]:
        """Have files read in order, a few at a time and always some more than are asked for."""
        together = max(1, min(FILES_TOGETHER, len(tasks) // (4 * CHILDREN.most)))
        ahead: deque[_Begun] = deque()
        for batch in cut(tasks, BATCH_SIZE):
            self._catalog.reading.begin(task.file for task in batch)
            ahead += [(len(some), reading.submit(self.read, some)) for some in cut(batch, together)]
            while len(ahead) > 2 * CHILDREN.most:
                yield ahead.popleft()
        yield from ahead

    def _read(self, begun: Sequence[_Begun]) -> list[TaskResult]:
        return [result for _, some in begun for result in self._result(some)]

    def _side_by_side(self) -> AbstractContextManager[Lanes]:
        if self._embedder is None:
            return nullcontext(Lanes(_nothing, 1, PART_SIZE))
        return self._embedder.side_by_side()

    def _tuned(self, results: Sequence[TaskResult]) -> list[TaskResult]:
        return self._vectors_of(results, self._embedder.tune if self._embedder else _nothing)

    def _plainly(self, results: Sequence[TaskResult]) -> list[TaskResult]:
        embed = self._embedder.embed_pictures if self._embedder else _nothing
        return self._vectors_of(results, embed)

    def _result(self, future: Future[_T]) -> _T:
        """Wait for a result, or for the wish to stop.

        Raises:
            Stopped: That is there.
        """
        while not wait([future], _SECONDS_BETWEEN_LOOKS).done:
            if self._cancelled():
                raise Stopped
        return future.result()

    def read(self, tasks: Sequence[Task]) -> list[TaskResult]:
        """Read some files; what is wrong with one comes back as a skip.

        Raises:
            CollectionError: A thumbnail cannot be written.
            Stopped: Nobody waits for them any more.
        """
        seen = self._embedder.looks_at if self._embedder else None
        files = [self._root / task.file.path for task in tasks]
        request = ReadRequest(files, self._catalog.folder, seen)
        with CONTENTS.reserve(max(task.file.size_bytes for task in tasks)):
            found = read(request, owner=self)
        return [_result_of(task, one) for task, one in zip(tasks, found, strict=True)]

    def _embedded(self, begun: Sequence[_Begun], embed: PictureEmbedding) -> list[TaskResult]:
        return self._vectors_of([one for _, some in begun for one in some.result()], embed)

    def _vectors_of(
        self, results: Sequence[TaskResult], embed: PictureEmbedding
    ) -> list[TaskResult]:
        """Embed what was read, except for copies of what is known, which need no model."""
        known = self._known_vectors([a.facts.content_hash for a in results if a.facts])
        copies = [_with_known(result, known) for result in results]
        return _with_vectors(copies, embed)

    def _known_vectors(self, content_hashes: Sequence[str]) -> dict[str, Vectors]:
        found = self._catalog.vectors.of_contents(self._model, content_hashes)
        twins = self._catalog.pictures.by_id(picture_id for picture_id, _ in found.values())
        current = {twin.content_hash for twin in twins.values() if twin.reader >= READER}
        return {content: vector for content, (_, vector) in found.items() if content in current}


@contextmanager
def _threads(count: int, name: str) -> Iterator[ThreadPoolExecutor]:
    """Have threads; what they have not begun by the end is dropped."""
    pool = ThreadPoolExecutor(count, thread_name_prefix=name)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _some(begun: Iterator[_Begun], pictures: int) -> list[_Begun]:
    """Take what holds so many pictures, or a few more."""
    some: list[_Begun] = []
    while sum(count for count, _ in some) < pictures and (one := next(begun, None)):
        some.append(one)
    return some


def _result_of(task: Task, found: ReadPicture | Refusal) -> TaskResult:
    if isinstance(found, Refusal):
        return TaskResult(task, skip=skipped(task.file, found.reason, found.detail))
    return TaskResult(task, dated(found.facts, task.file), found.seen)


def dated(facts: PictureFacts, file: PictureFile) -> PictureFacts:
    """Have a picture's name say when it was taken, where nothing in the file does."""
    taken_at, dated_by = by_name(file.path, facts.taken_at, facts.dated_by)
    return replace(facts, taken_at=taken_at, dated_by=dated_by)


def cut(tasks: Sequence[_T], size: int) -> Iterator[Sequence[_T]]:
    """Cut into pieces of a size, the last of which may be smaller."""
    for start in range(0, len(tasks), size):
        yield tasks[start : start + size]


def _nothing(_pictures: Sequence[Picture]) -> Vectors:
    """Stand for a model where nothing is to be embedded."""
    raise AssertionError


def _with_known(result: TaskResult, known: dict[str, Vectors]) -> TaskResult:
    vector = known.get(result.facts.content_hash) if result.facts else None
    return result if vector is None else replace(result, seen=None, vector=vector)


def _with_vectors(results: Sequence[TaskResult], embed: PictureEmbedding) -> list[TaskResult]:
    pictures = [result.seen for result in results if result.seen is not None]
    vectors = iter(embed(pictures) if pictures else ())
    return [a if a.seen is None else with_vector(a, next(vectors)) for a in results]


def with_vector(result: TaskResult, vector: Vectors) -> TaskResult:
    """Give a picture its vector, or leave it out if that is none."""
    if np.isfinite(vector).all():
        return replace(result, vector=vector, seen=None, is_fresh=True)
    skip = skipped(result.task.file, SkipReason.BAD_VECTOR)
    return replace(result, skip=skip, seen=None, is_fresh=True)


def skipped(file: PictureFile, reason: SkipReason, detail: str = "") -> SkippedFile:
    """Note that a file was left out."""
    stamp = (file.size_bytes, file.modified_ns, file.changed_ns)
    return SkippedFile(file.path, reason, detail, *stamp, READER)
