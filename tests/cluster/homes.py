"""Places for the vectors of a test in a Milvus, and the promises that they have to keep."""

import inspect
import secrets
from contextlib import contextmanager

from search_engine.cluster import StoreAddress
from search_engine.index.store_home import StoreHome, names_in_milvus
from search_engine.records import FilterFacts


@contextmanager
def a_home(address, facts=lambda ids: [FilterFacts() for _ in ids]):
    """Give a catalog's place at an address; what was put there goes at the end."""
    home = StoreHome(StoreAddress.parse(address), secrets.token_hex(16), "pictures", facts)
    try:
        yield home
    finally:
        for name in names_in_milvus(home.identity):
            home.collection(name).drop()


def promises(*modules):
    """Return the tests of these modules that are about any store, by their names."""
    return {
        name: test
        for module in modules
        for name, test in vars(module).items()
        if name.startswith("test_") and {"bench", "filled"} & set(inspect.signature(test).parameters)
    }
