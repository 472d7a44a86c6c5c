"""The contract of every store, kept by vectors in a Milvus server, for each kind of index."""

import pytest

from search_engine.records import IndexKind
from tests.cluster.homes import a_home, filled_once, promises
from tests.index import test_store_changes, test_store_contract
from tests.index.stores import Bench

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


@pytest.fixture
def bench(one_milvus, case):
    with a_home(one_milvus.address) as home:
        yield Bench(case[0], home)


@pytest.fixture(scope="module")
def shelf():
    """Filled stores, which tests that change nothing share."""
    return {}


@pytest.fixture
def filled(one_milvus, case, shelf):
    yield from filled_once(one_milvus.address, case, shelf)
