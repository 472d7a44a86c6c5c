"""The contract of every store, kept by vectors in a Milvus server, for each kind of index."""

import pytest

from search_engine.cluster.milvus_server import WRITING
from search_engine.records import IndexKind
from tests.cluster.homes import lent, promises
from tests.index import test_store_changes, test_store_contract
from tests.index.stores import found, random_vectors

globals().update(promises(test_store_contract, test_store_changes))

FEW, MANY = 7, 1500
"""Milvus makes clusters and graphs of segments from 1,024 vectors on."""
USUAL = [(IndexKind.IVF, MANY)]
LONG = [(IndexKind.EXACT, FEW), (IndexKind.EXACT, MANY), (IndexKind.HNSW, MANY)]
"""Each takes half a minute; the exact kind is in the usual tests of a file of Milvus Lite."""
CASES = [*USUAL, *(pytest.param(case, marks=pytest.mark.long) for case in LONG)]


@pytest.fixture(params=CASES, ids=[f"{kind} {count}" for kind, count in USUAL + LONG])
def case(request):
    return request.param


@pytest.fixture(scope="module")
def shelf():
    """The stores that the tests of this file share."""
    return {}


@pytest.fixture
def bench(one_milvus, case, shelf):
    yield from lent(one_milvus.address, case[0], shelf)


@pytest.fixture
def filled(one_milvus, case, shelf):
    kind, count = case
    yield from lent(one_milvus.address, kind, shelf, count)


def test_sealed_by_the_server_it_answers_as_before(filled):
    """Once the server has made clusters or a graph of the rows, searches find nearly the same."""
    store, queries = filled.store, random_vectors(40, seed=31)
    there = store._there
    there.server.call("flush", WRITING, collection_name=there.name)
    there.server.call("release_collection", WRITING, collection_name=there.name)
    there._load(WRITING)
    if store.efforts:
        store.effort = store.efforts[-1]
    hits = [
        len(set(found(store.search(query, 10))) & set(filled.truth(query, 10, filled.ids)))
        for query in queries
    ]
    assert sum(hits) >= 0.98 * 40 * min(10, len(filled.ids))
    some = filled.ids[::3]
    for query in queries[:10]:
        assert found(store.search(query, 6, within=some)) == filled.truth(query, 6, some)
