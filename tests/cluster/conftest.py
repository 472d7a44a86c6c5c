"""What the tests of stores elsewhere share: a Milvus on this machine, empty and filled stores."""

import numpy as np
import pytest

from tests.cluster.milvus_machines import OneMilvus, why_not
from tests.index.stores import random_vectors


@pytest.fixture(scope="session")
def milvus_program(tmp_path_factory):
    """The server, unpacked."""
    if why := why_not():
        pytest.skip(why)
    return tmp_path_factory.mktemp("program")


@pytest.fixture(scope="session")
def one_milvus(tmp_path_factory, milvus_program):
    """A Milvus in one process."""
    with OneMilvus(tmp_path_factory.mktemp("milvus"), milvus_program) as machines:
        yield machines


@pytest.fixture
def filled(bench, count):
    """A store with so many vectors."""
    bench.ids = np.arange(count) * 3 + 10
    bench.add(bench.ids, random_vectors(count))
    return bench
