"""The contract of every store, kept by vectors in a file of Milvus Lite."""

import numpy as np
import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from search_engine.records import IndexKind
from tests.cluster.homes import a_home, new_home, promises
from tests.index import test_store_changes, test_store_contract
from tests.index.stores import Bench, found, random_vectors
from tests.index.test_store_walk import CALM, Walk

pytest.importorskip("milvus_lite", reason="the package milvus-lite is not installed")

globals().update(promises(test_store_contract, test_store_changes))


@pytest.fixture(scope="module")
def lite(tmp_path_factory):
    return f"milvus-lite://{tmp_path_factory.mktemp('lite')}/vectors.db"


@pytest.fixture
def count():
    return 300


@pytest.fixture
def bench(lite):
    with a_home(lite) as home:
        yield Bench(IndexKind.EXACT, home)


def test_a_random_walk_agrees_with_a_dictionary(lite):
    """Whatever is added, removed twice, saved and asked, the store is what the dictionary is."""
    kind = {"kind": IndexKind.EXACT, "new_home": staticmethod(lambda: new_home(lite))}
    short = settings(CALM, max_examples=1, stateful_step_count=15)
    run_state_machine_as_test(type("WalkInLite", (Walk,), kind), settings=short)


def test_what_needs_several_messages_is_whole(bench, monkeypatch):
    """Ids, vectors and filters come and go in portions, and none is lost between two."""
    where = "search_engine.cluster.milvus_collection."
    portions = {
        "MOST_RESULTS": 40, "_IDS_AT_ONCE": 30, "_VECTORS_AT_ONCE": 20, "_BYTES_AT_ONCE": 4096,
    }  # fmt: skip
    for name, value in portions.items():
        monkeypatch.setattr(where + name, value)
    ids = np.arange(1, 201)
    bench.add(ids, random_vectors(200))
    assert bench.store.ids().tolist() == ids.tolist()
    assert bench.store.held(ids[::-1]) == pytest.approx(bench.originals(ids[::-1]))
    monkeypatch.setattr("search_engine.index.milvus_store._SCANNED_UP_TO", 0)
    query, odd = random_vectors(1, seed=3)[0], ids[::2]
    assert found(bench.store.search(query, 12, within=odd)) == bench.truth(query, 12, odd)
    assert bench.store.remove(ids[50:]) == 150
    assert bench.store.ids().tolist() == ids[:50].tolist()
