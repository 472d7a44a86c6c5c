"""The contract of every store, kept by vectors in a file of Milvus Lite."""

import pytest

from search_engine.records import IndexKind
from tests.cluster.homes import a_home, promises
from tests.index import test_store_changes, test_store_contract
from tests.index.stores import Bench

pytest.importorskip("milvus_lite", reason="the package milvus-lite is not installed")

globals().update(promises(test_store_contract, test_store_changes))


@pytest.fixture(scope="module")
def lite(tmp_path_factory):
    return f"milvus-lite://{tmp_path_factory.mktemp('lite')}/vectors.db"


@pytest.fixture(params=[7, 300], ids=["few", "some"])
def count(request):
    return request.param


@pytest.fixture
def bench(lite):
    with a_home(lite) as home:
        yield Bench(IndexKind.EXACT, home)
