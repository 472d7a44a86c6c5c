"""Workers that are fed and emptied: two batches each at a time, so that none waits for us.

Ray starts a worker where there is room, and tells when one is lost; what is done about it is
decided here. Whatever a lost worker had in hand is given to another one. As a batch counts once,
when it comes back, nothing comes twice. Results are taken one batch at a time, and no worker is
handed more before they are: so memory does not grow with the collection.

Not `ray.data`, which was tried: 2.60 does not work through a client ("'Worker' object has no
attribute 'core_worker'"), which is how a machine outside of a cluster uses it; and what is done
about a file at which workers end could not be decided here.
"""

from __future__ import annotations

import logging
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from types import ModuleType
from typing import Any

from search_engine.cluster.embedding_worker import (
    EmbeddedBatch,
    EmbeddedFile,
    EmbeddingWorker,
    FileToEmbed,
    WorkerJob,
)
from search_engine.cluster.ray_session import ray_session, said_first
from search_engine.errors import Trouble, WorkersUnavailable, passing_over
from search_engine.records import CancelCheck, ModelCard, SkipReason
from search_engine.records.worker_place import WorkerPlace

_LOG = logging.getLogger(__name__)

_AT_ONCE = 2
"""Batches that a worker has: one in hand, and the next."""
_SECONDS_BETWEEN_LOOKS = 0.2
"""How long it takes at most until a wish to stop is noticed."""
_SECONDS_BETWEEN_COUNTS = 5.0
_SECONDS_WITHOUT_WORKERS = 600.0
"""A model of gigabytes may take minutes to load, and a machine as long to be started again."""
_MOST_FAILED_STARTS = 5
_LOST_TOGETHER = 2
"""So often a batch is lost as a whole; then its files go one by one."""
_LOST_ALONE = 2
"""So often a file may end a worker that reads nothing else; then it is left out."""


@dataclass(frozen=True)
class Room:
    """What a worker is given of a machine."""

    cores: int = 1
    cards: int = 0

    @property
    def device(self) -> str:
        """What its model runs on."""
        return "cuda" if self.cards else "cpu"


def rooms_of(nodes: Sequence[dict[str, Any]]) -> Counter[Room]:
    """Return how many workers the machines have room for: one for each core.

    Where any has graphics cards, one for each of these, which shares its machine's cores with the
    others; cores alone would only be the last to finish.
    """
    alive = [node.get("Resources", {}) for node in nodes if node.get("Alive")]
    found = [(int(has.get("CPU", 0)), int(has.get("GPU", 0))) for has in alive]
    with_cards = [(cores, cards) for cores, cards in found if cores and cards]
    rooms: Counter[Room] = Counter()
    for cores, cards in with_cards:
        workers = min(cores, cards)
        rooms[Room(cores // workers, 1)] += workers
    if not with_cards:
        rooms[Room()] += sum(cores for cores, _ in found)
    return +rooms


@dataclass
class _Batch:
    files: Sequence[FileToEmbed]
    losses: int = 0
    """How often a worker was lost that had it in hand."""

    @property
    def is_hopeless(self) -> bool:
        """Whether it is one file that ended one worker after the other."""
        return len(self.files) == 1 and self.losses >= _LOST_ALONE


@dataclass(eq=False)
class _Worker:
    actor: Any
    room: Room
    starting: Any
    """The call that is to say that it is ready; None once it did."""
    has: dict[Any, _Batch] = field(default_factory=dict)
    """What it is at, by call, in order."""


class WorkerPool:
    """The workers of one build."""

    def __init__(self, ray: ModuleType, place: WorkerPlace, job: WorkerJob) -> None:
        self._ray = ray
        self._place = place
        self._job = job
        self._workers: list[_Worker] = []
        self._waiting: deque[_Batch] = deque()
        self._failed_starts, self._last_failure = 0, ""
        self._counted = -_SECONDS_BETWEEN_COUNTS
        self._last_ready = time.monotonic()
        self.card = job.card
        """The model, with notes on the precision that pictures are embedded in."""

    @classmethod
    @contextmanager
    def open(
        cls, place: WorkerPlace, card: ModelCard, pictures: int, probe: FileToEmbed | None
    ) -> Iterator[WorkerPool]:
        """Have workers, of which one at least is ready.

        Args:
            place: Where they are.
            card: The model that all are to have.
            pictures: How many there are to embed, about.
            probe: One of them, which every machine must see.

        Raises:
            WorkersUnavailable: They cannot be reached, or one of them cannot work.
        """
        with ray_session(place) as ray:
            rooms = rooms_of(ray.nodes()).total()
            if not rooms:
                cause = "The Ray cluster has no processor to give"
                raise WorkersUnavailable(cause, place=str(place), remedy="Let machines join it.")
            pool = cls(ray, place, WorkerJob(card, -(-pictures // rooms), probe))
            try:
                pool.wait_for_one()
                yield pool
            finally:
                pool.close()

    def wait_for_one(self) -> None:
        """Wait until a worker is ready.

        Raises:
            WorkersUnavailable: None comes to be.
        """
        while not any(worker.starting is None for worker in self._workers):
            self._make_sure_of_workers()
            for _ in self._come_back():
                pass  # nobody has anything in hand yet

    def embedded(
        self, batches: Iterator[Sequence[FileToEmbed]], cancelled: CancelCheck
    ) -> Iterator[Sequence[EmbeddedFile]]:
        """Take all files to vectors, some at a time and in any order; end early if that is wished.

        Raises:
            WorkersUnavailable: No worker is left for long, or one of them cannot work.
        """
        while not cancelled():
            self._hand_out(batches)
            if not any(worker.has for worker in self._workers) and not self._waiting:
                return
            yield from self._come_back()
            self._make_sure_of_workers()

    def _hand_out(self, batches: Iterator[Sequence[FileToEmbed]]) -> None:
        for already in range(_AT_ONCE):
            for worker in self._workers:
                if worker.starting is None and len(worker.has) <= already:
                    batch = self._next(batches)
                    if batch is None:
                        return
                    worker.has[worker.actor.embed.remote(batch.files)] = batch

    def _next(self, batches: Iterator[Sequence[FileToEmbed]]) -> _Batch | None:
        if not self._waiting:
            self._waiting += [_Batch(files) for files in islice(batches, 1)]
        return self._waiting.popleft() if self._waiting else None

    def _come_back(self) -> Iterator[Sequence[EmbeddedFile]]:
        """Wait a moment for a call to end, and give what it brings, if that is files."""
        calls = {call: one for one in self._workers for call in (one.starting, *one.has) if call}
        if not calls:
            time.sleep(_SECONDS_BETWEEN_LOOKS)
            return
        try:
            ended, _ = self._ray.wait(list(calls), num_returns=1, timeout=_SECONDS_BETWEEN_LOOKS)
            found = [(calls[call], call, self._result(call)) for call in ended]
        except ConnectionError as error:
            cause = f"The connection to the Ray cluster broke: {said_first(error)}"
            remedy = "What was embedded is kept; the same again goes on from there."
            raise WorkersUnavailable(cause, place=str(self._place), remedy=remedy) from error
        for worker, call, result in found:
            if isinstance(result, EmbeddedBatch):
                yield from self._take(worker, call, result)
            else:
                yield from self._lose(worker, result)

    def _result(self, call: Any) -> EmbeddedBatch | Exception:  # noqa: ANN401 - one of Ray's
        """Return what a call ended with: a batch, or how its worker was lost."""
        errors = self._ray.exceptions
        try:
            found: EmbeddedBatch = self._ray.get(call)
        except errors.RayTaskError as error:
            _LOG.info("a worker failed: %s", error)
            cause = f"A worker failed: {type(error.cause).__name__}: {said_first(error.cause)}"
            remedy = "Every machine needs this program with all that it requires."
            raise WorkersUnavailable(cause, place=str(self._place), remedy=remedy) from error
        except errors.RayError as error:
            lost: Exception = error
            return lost
        return found

    def _take(
        self,
        worker: _Worker,
        call: Any,  # noqa: ANN401 - one of Ray's
        found: EmbeddedBatch,
    ) -> Iterator[Sequence[EmbeddedFile]]:
        if found.trouble:
            raise _as_error(found.trouble, found.node)
        if found.card and not self.card.notes:  # of the first one: machines may differ
            self.card = found.card
        self._last_ready, self._failed_starts = time.monotonic(), 0
        if call == worker.starting:
            worker.starting = None
        else:
            del worker.has[call]
            yield found.files

    def _lose(self, worker: _Worker, error: Exception) -> Iterator[Sequence[EmbeddedFile]]:
        """Give to others what a lost worker had; what ends one worker after the other is left."""
        _LOG.info("a worker was lost: %s", said_first(error))
        self._workers.remove(worker)
        self._kill(worker)
        self._counted = -_SECONDS_BETWEEN_COUNTS
        if worker.starting is not None:
            self._failed_starts += 1
            self._last_failure = said_first(error)
        again: list[_Batch] = []
        for batch in worker.has.values():
            batch.losses += not again  # the one in hand; the next was only waiting
            again += _parted(batch)
        left_out = [batch for batch in again if batch.is_hopeless]
        self._waiting.extendleft(batch for batch in reversed(again) if not batch.is_hopeless)
        if left_out:
            yield [_unread(batch.files[0]) for batch in left_out]

    def _make_sure_of_workers(self) -> None:
        """Start a worker wherever there is room for one more.

        Raises:
            WorkersUnavailable: None has been ready for long, or none ever comes to be.
        """
        now = time.monotonic()
        if any(worker.starting is None for worker in self._workers):
            self._last_ready = now
        elif now - self._last_ready > _SECONDS_WITHOUT_WORKERS:
            cause = f"No worker was ready for {_SECONDS_WITHOUT_WORKERS / 60:.0f} minutes"
            remedy = "Has the cluster still machines, and are they free? What is done is kept."
            raise WorkersUnavailable(cause, place=str(self._place), remedy=remedy)
        elif self._failed_starts >= _MOST_FAILED_STARTS:
            cause = f"No worker can be started: {self._last_failure}"
            remedy = "Every machine needs this program with all that it requires."
            raise WorkersUnavailable(cause, place=str(self._place), remedy=remedy)
        if now - self._counted >= _SECONDS_BETWEEN_COUNTS:
            self._counted = now
            there = Counter(worker.room for worker in self._workers)
            for room in (rooms_of(self._ray.nodes()) - there).elements():
                self._workers.append(self._started(room))

    def _started(self, room: Room) -> _Worker:
        remote = self._ray.remote(
            num_cpus=room.cores, num_gpus=room.cards, max_restarts=0, max_task_retries=0
        )(EmbeddingWorker)
        actor = remote.remote(self._job, room.cores, room.device)
        return _Worker(actor, room, actor.prepare.remote())

    def close(self) -> None:
        """End all workers, whatever they are at."""
        for worker in self._workers:
            self._kill(worker)
        self._workers.clear()

    def _kill(self, worker: _Worker) -> None:
        with passing_over(_LOG, "a worker has ended", Exception):
            self._ray.kill(worker.actor, no_restart=True)


def _parted(batch: _Batch) -> list[_Batch]:
    """Return a batch that was lost as it is, or file by file where that happened before."""
    if len(batch.files) == 1 or batch.losses < _LOST_TOGETHER:
        return [batch]
    return [_Batch([file]) for file in batch.files]


def _unread(file: FileToEmbed) -> EmbeddedFile:
    """Leave a file out, until the next run: it may have been the machines."""
    detail = "the worker that read it ended each time"
    return EmbeddedFile(file.number, reason=SkipReason.UNREADABLE, detail=detail)


def _as_error(trouble: Trouble, node: str) -> WorkersUnavailable:
    place = trouble.place if node in trouble.place else f"{trouble.place} on {node}".strip()
    return WorkersUnavailable(trouble.cause, place=place, remedy=trouble.remedy)
