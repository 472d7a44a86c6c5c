"""The contract of every store, kept by vectors in a Milvus server, for each kind of index."""

import pytest

from search_engine.records import IndexKind
from tests.cluster.homes import a_home, promises
from tests.index import test_store_changes, test_store_contract
from tests.index.stores import Bench

globals().update(promises(test_store_contract, test_store_changes))

FEW, MANY = 7, 1500
"""Milvus makes clusters and graphs of segments from 1,024 vectors on."""
CASES = [(IndexKind.EXACT, FEW), (IndexKind.EXACT, MANY), (IndexKind.HNSW, MANY), (IndexKind.IVF, MANY)]


@pytest.fixture(params=CASES, ids=[f"{kind} {count}" for kind, count in CASES])
def case(request):
    return request.param


@pytest.fixture
def count(case):
    return case[1]


@pytest.fixture
def bench(one_milvus, case):
    with a_home(one_milvus.address) as home:
        yield Bench(case[0], home)
