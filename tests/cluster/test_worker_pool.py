"""What becomes of batches whose workers are lost, with a stand-in for Ray that loses them."""

from collections import Counter
from itertools import count
from types import SimpleNamespace

import pytest

from search_engine.cluster import worker_pool
from search_engine.cluster.embedding_worker import (
    EmbeddedBatch,
    EmbeddedFile,
    FileToEmbed,
    WorkerJob,
)
from search_engine.cluster.worker_pool import Room, WorkerPool, rooms_of
from search_engine.errors import Trouble, WorkersUnavailable
from search_engine.records import ModelCard, SkipReason, WorkerPlace

CARD = ModelCard("some", "some-1", 4)
FILES = 100


class Lost(Exception):
    """A worker has ended."""


class Failed(Exception):
    """Something was wrong with a worker's program."""


class LossyRay:
    """Does all calls at once, and loses the workers that a test wants to be lost."""

    exceptions = SimpleNamespace(RayError=Lost, RayTaskError=Failed)

    def __init__(self, cores, loses=lambda worker, files: False, starts=lambda worker: True):
        self.cores, self.loses, self.starts = cores, loses, starts
        self.numbers = count(1)
        self.dead = set()
        self.most_in_hand = 0

    def nodes(self):
        """One machine."""
        return [{"Alive": True, "Resources": {"CPU": float(self.cores)}}]

    def remote(self, **_options):
        """Make workers of a class, which is not looked at."""
        return lambda _kind: SimpleNamespace(remote=self._worker)

    def _worker(self, _job, _cores, _device):
        number = next(self.numbers)
        return SimpleNamespace(
            number=number,
            prepare=SimpleNamespace(remote=lambda: Call(number, None)),
            embed=SimpleNamespace(remote=lambda files: Call(number, files)),
        )

    def wait(self, calls, num_returns, timeout):
        """Let one end."""
        in_hand = Counter(call.worker for call in calls if call.files)
        self.most_in_hand = max([self.most_in_hand, *in_hand.values()])
        return calls[:num_returns], calls[num_returns:]

    def get(self, call):
        """Give what a call brings, or lose its worker."""
        if call.files is None:
            if not self.starts(call.worker):
                raise Lost("no room for its model")  # noqa: EM101 - as Ray says it
            return EmbeddedBatch("here", CARD)
        if call.worker in self.dead or self.loses(call.worker, [f.number for f in call.files]):
            self.dead.add(call.worker)
            raise Lost
        return EmbeddedBatch("here", CARD, tuple(EmbeddedFile(f.number) for f in call.files))

    def kill(self, actor, no_restart):
        """It has ended."""
        self.dead.add(actor.number)


class Call:
    """A call of a worker."""

    def __init__(self, worker, files):
        self.worker, self.files = worker, files


def embedded(ray, cancelled=lambda: False, size=10):
    """Take a hundred files through a pool; give what came of them, in order."""
    pool = WorkerPool(ray, WorkerPlace(here=ray.cores), WorkerJob(CARD, FILES, None))
    pool.wait_for_one()
    files = [FileToEmbed(number, f"/{number}", 1) for number in range(FILES)]
    batches = iter([files[at : at + size] for at in range(0, FILES, size)])
    return [one for some in pool.embedded(batches, cancelled) for one in some]


def test_all_come_back_once():
    """And no worker has more than two batches at a time."""
    ray = LossyRay(3)
    assert sorted(one.number for one in embedded(ray)) == list(range(FILES))
    assert ray.most_in_hand == 2


def test_what_a_lost_worker_had_is_done_by_others():
    """All of it, once, and nothing is left out for that."""
    found = embedded(LossyRay(3, loses=lambda worker, files: worker in {1, 2}))
    assert sorted(one.number for one in found) == list(range(FILES))
    assert {one.reason for one in found} == {None}


def test_a_file_that_ends_every_worker_is_left_out_alone():
    """It is named, with a reason for which it is tried again; the others of its batch are there."""
    found = embedded(LossyRay(2, loses=lambda worker, files: 37 in files))
    assert sorted(one.number for one in found) == list(range(FILES))
    [left_out] = [one for one in found if one.reason]
    assert (left_out.number, left_out.reason) == (37, SkipReason.UNREADABLE)
    assert "ended each time" in left_out.detail
    assert not left_out.reason.lies_in_the_file


def test_a_wish_to_stop_ends_it():
    """Between batches; what is there by then is there."""
    ended = iter([False, False, True])
    found = embedded(LossyRay(2), cancelled=lambda: next(ended))
    assert 0 < len(found) < FILES


def test_workers_that_never_start_are_told():
    """With what Ray said of it, after some tries."""
    with pytest.raises(WorkersUnavailable, match="no room for its model"):
        embedded(LossyRay(2, starts=lambda worker: False))


def test_some_that_do_not_start_hold_nobody_up():
    """Those that do start embed all."""
    found = embedded(LossyRay(2, starts=lambda worker: worker != 1))
    assert sorted(one.number for one in found) == list(range(FILES))


def test_what_keeps_a_worker_from_working_is_told(monkeypatch):
    """And on which machine, before anything was embedded."""
    trouble = Trouble("It is not here", "/models", "Put it there.")
    ray = LossyRay(1)
    monkeypatch.setattr(ray, "get", lambda call: EmbeddedBatch("node7", trouble=trouble))
    with pytest.raises(WorkersUnavailable, match=r"It is not here \(/models on node7\)"):
        embedded(ray)


def test_a_cluster_without_workers_is_not_waited_for_for_ever(monkeypatch):
    """What was embedded is kept."""
    monkeypatch.setattr(worker_pool, "_SECONDS_WITHOUT_WORKERS", 0.0)
    monkeypatch.setattr(worker_pool, "_SECONDS_BETWEEN_LOOKS", 0.0)
    with pytest.raises(WorkersUnavailable, match="No worker was ready"):
        embedded(LossyRay(0))


def node(*, alive=True, **resources):
    """Describe a machine as Ray does."""
    return {"Alive": alive, "Resources": resources}


def test_there_is_room_for_a_worker_on_each_core():
    """Of all machines that are there; a dead one and a head that only leads have none."""
    nodes = [node(CPU=4.0), node(CPU=2.0), node(memory=1e9), node(alive=False, CPU=64.0)]
    assert rooms_of(nodes) == {Room(1): 6}
    assert rooms_of([node(memory=1e9)]) == {}


def test_there_is_room_for_a_worker_on_each_card():
    """Which shares the cores of its machine with the others; other machines only lead then."""
    nodes = [node(CPU=16.0, GPU=4.0), node(CPU=8.0, GPU=1.0), node(CPU=64.0)]
    assert rooms_of(nodes) == {Room(4, 1): 4, Room(8, 1): 1}
    assert {room.device for room in rooms_of(nodes)} == {"cuda"}
    assert Room().device == "cpu"
