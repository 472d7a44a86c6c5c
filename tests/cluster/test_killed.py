"""A Milvus that is killed: what it had taken is there again, and searches go on by themselves."""

import threading
import time

import numpy as np
import pytest

from search_engine.errors import StoreAway
from search_engine.records import IndexKind
from tests.cluster.homes import a_home, new_home
from tests.cluster.milvus_machines import MilvusCluster, OneMilvus, why_not
from tests.index.stores import Bench, found, random_vectors

_BATCH = 50
_WHOLE_WITHIN = 60


def written_until(bench, stop):
    """Write batches until told to stop or until one is refused; return the ids that were taken."""
    taken = []
    for start in range(0, 100_000, _BATCH):
        ids = np.arange(start, start + _BATCH) + 1
        try:
            bench.add(ids, random_vectors(_BATCH, seed=start))
        except StoreAway:
            break
        taken += ids.tolist()
        if stop.is_set():
            break
    return taken


@pytest.mark.long
def test_what_was_taken_is_there_after_a_kill(tmp_path, milvus_program, monkeypatch):
    """Killed while it is written to, a server has all that it had said yes to, and is searched."""
    with OneMilvus(tmp_path, milvus_program) as machines:
        bench, stop = Bench(IndexKind.EXACT, new_home(machines.address)), threading.Event()
        bench.add([999_999], random_vectors(1))
        monkeypatch.setattr("search_engine.cluster.milvus_collection.WRITING", (2.0,))
        killer = threading.Timer(2, lambda: machines.kill("all"))
        killer.start()
        taken = written_until(bench, stop)
        killer.join()
        assert len(taken) >= _BATCH
        with pytest.raises(StoreAway):
            bench.store.search(random_vectors(1)[0], 3)
        machines.start()
        there = wait_until_whole(lambda: bench.store._there.ids().tolist())
        assert set(taken) <= set(there)
        query = random_vectors(1, seed=77)[0]
        known = [one for one in there if one in bench.originals]
        assert found(bench.store.search(query, 5)) == bench.truth(query, 5, known)


def wait_until_whole(ask):
    """Ask until there is an answer; a server that starts again takes a while to find its rows."""
    end = time.monotonic() + _WHOLE_WITHIN
    while True:
        try:
            return ask()
        except StoreAway:
            assert time.monotonic() < end
            time.sleep(0.5)


@pytest.fixture
def cluster(tmp_path, milvus_program):
    """Seven processes: etcd, coordinators, a data node, an index node, two query nodes, a proxy."""
    if why := why_not(cluster=True):
        pytest.skip(why)
    with MilvusCluster(tmp_path, milvus_program) as machines:
        yield machines


def test_a_cluster_keeps_the_contract_in_short(cluster):
    """Written, replaced, removed, filtered and searched, a cluster holds what one server would."""
    with a_home(f"{cluster.address}?replicas=2") as home:
        bench = Bench(IndexKind.EXACT, home)
        ids = np.arange(1, 1201)
        bench.add(ids, random_vectors(1200))
        bench.add(ids[:10], random_vectors(10, seed=5))
        assert bench.store.remove(ids[-200:]) == 200
        assert bench.store.ids().tolist() == ids[:1000].tolist()
        for query in random_vectors(10, seed=8):
            assert found(bench.store.search(query, 12)) == bench.truth(query, 12, ids[:1000])
            odd = ids[:1000:2]
            assert found(bench.store.search(query, 12, within=odd)) == bench.truth(query, 12, odd)
        assert bench.read_again().ids().tolist() == ids[:1000].tolist()


@pytest.mark.long
def test_a_query_node_that_is_killed_costs_no_answer(cluster):
    """With two replicas searches go on while a node is lost, and all are right again soon."""
    with a_home(f"{cluster.address}?replicas=2") as home:
        bench = Bench(IndexKind.EXACT, home)
        ids = np.arange(1, 5001)
        bench.add(ids, random_vectors(5000))
        query = random_vectors(1, seed=8)[0]
        right = bench.truth(query, 24, ids)
        assert found(bench.store.search(query, 24)) == right
        cluster.kill("query1")
        began = time.monotonic()
        for _ in range(20):
            assert wait_until_whole(lambda: found(bench.store.search(query, 24))) == right
        assert time.monotonic() - began < _WHOLE_WITHIN
        cluster.start_query_node("query3")
        assert found(bench.store.search(query, 24)) == right
