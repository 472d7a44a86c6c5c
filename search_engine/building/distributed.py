"""Files to vectors on workers: what `pipeline` does in this process, done elsewhere.

The catalog stays here, with its one writer. What comes back is facts, vectors and thumbnails, a
batch at a time; which of them is stored, skipped or was known is decided as for any other build.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from search_engine.building.pipeline import (
    BATCH_SIZE,
    Task,
    TaskResult,
    cut,
    dated,
    skipped,
    with_vector,
)
from search_engine.cluster import EmbeddedFile, FileToEmbed, WorkerPool
from search_engine.collection.joined_folders import true_path
from search_engine.collection.scanning import Comparison
from search_engine.collection.thumbnails import Thumbnails
from search_engine.errors import WorkersUnavailable
from search_engine.records import ModelCard, PictureFile, SkipReason
from search_engine.records.builds import CancelCheck
from search_engine.records.worker_place import WorkerPlace

_MOST_TRIED = 100


def workers_for(
    place: WorkerPlace, root: Path, difference: Comparison, model: ModelCard
) -> AbstractContextManager[WorkerPool]:
    """Have workers for what a build has to do.

    Raises:
        WorkersUnavailable: They cannot be reached, or one of them cannot work.
    """
    files = [*difference.added, *(file for _, file in difference.changed)]
    return WorkerPool.open(place, model, len(files), _probe(root, files))


def _probe(root: Path, files: Sequence[PictureFile]) -> FileToEmbed | None:
    """Choose a file that can be read here, and so must be readable for every worker."""
    for file in files[:_MOST_TRIED]:
        path = true_path(root, file.path)
        if os.access(path, os.R_OK):
            return FileToEmbed(0, str(path), file.size_bytes)
    return None


class DistributedReader:
    """Has workers read the files of one collection, and embed what they show."""

    def __init__(
        self, root: Path, thumbnails: Thumbnails, pool: WorkerPool, cancelled: CancelCheck
    ) -> None:
        self._root = root
        self._thumbnails = thumbnails
        self._pool = pool
        self._cancelled = cancelled

    @property
    def card(self) -> ModelCard:
        """The model as the workers have it, with the precision that they compute in."""
        return self._pool.card

    def batches(self, tasks: Sequence[Task]) -> Generator[list[TaskResult], None, None]:
        """Take all tasks to vectors, some at a time; end before the last if that is wished.

        Files that a build in one process may have died of come first, as there. Here they end a
        decoder, at worst a worker.

        Raises:
            CollectionError: A thumbnail cannot be written.
            WorkersUnavailable: The workers cannot be reached any more, or one of them cannot work.
        """
        for some in ([a for a in tasks if a.deaths], [a for a in tasks if not a.deaths]):
            for found in self._pool.embedded(self._orders(some), self._cancelled):
                yield [self._result(some[one.number], one) for one in found]

    def _orders(self, tasks: Sequence[Task]) -> Iterator[list[FileToEmbed]]:
        for numbers in cut(range(len(tasks)), BATCH_SIZE):
            yield [self._order(number, tasks[number].file) for number in numbers]

    def _order(self, number: int, file: PictureFile) -> FileToEmbed:
        return FileToEmbed(number, str(true_path(self._root, file.path)), file.size_bytes)

    def _result(self, task: Task, found: EmbeddedFile) -> TaskResult:
        if found.reason is SkipReason.VANISHED:
            self._make_sure_it_is_gone(task.file)
        if found.reason or found.facts is None or found.vector is None:
            reason = found.reason or SkipReason.UNREADABLE
            return TaskResult(task, skip=skipped(task.file, reason, found.detail))
        self._thumbnails.write(found.facts.content_hash, found.thumbnail)
        facts = dated(found.facts, task.file)
        return with_vector(TaskResult(task, facts), found.vector)

    def _make_sure_it_is_gone(self, file: PictureFile) -> None:
        """Tell a file that was deleted from a machine that lost sight of the folder."""
        path = true_path(self._root, file.path)
        if path.exists():
            cause = "A worker does not find a picture that is there"
            remedy = "Every machine must see the folder under the same path. What is done is kept."
            raise WorkersUnavailable(cause, place=str(path), remedy=remedy)
