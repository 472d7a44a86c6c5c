"""What the tests of stores share: every kind of index, empty, with few vectors and with many."""

import numpy as np
import pytest

from search_engine.index.store import CONCRETE_KINDS
from tests.index.stores import Bench, random_vectors


@pytest.fixture(params=CONCRETE_KINDS)
def bench(request):
    return Bench(request.param)


@pytest.fixture(params=[7, 1500], ids=["few", "many"])
def filled(bench, request):
    """Few is below, many above the number from which IVF clusters."""
    count = request.param
    bench.ids = np.arange(count) * 3 + 10
    bench.add(bench.ids, random_vectors(count))
    return bench
