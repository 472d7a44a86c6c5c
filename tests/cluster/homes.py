"""Places for the vectors of a test in a Milvus, and the promises that they have to keep."""

import hashlib
import inspect
import secrets
from contextlib import contextmanager

import numpy as np

from search_engine.cluster import StoreAddress, choose_store
from search_engine.collection.manifest import read_manifest
from search_engine.index.store_home import StoreHome, names_in_milvus
from search_engine.records import FilterFacts
from tests.index.stores import Bench, random_vectors


def new_home(address, facts=None):
    """Return the place of a catalog that nobody else is."""
    identity = secrets.token_hex(16)
    return StoreHome(StoreAddress.parse(address), identity, "pictures", facts or no_facts)


@contextmanager
def a_home(address, facts=None):
    """Give a catalog's place at an address; what was put there goes at the end."""
    home = StoreHome(
        StoreAddress.parse(address), secrets.token_hex(16), "pictures", facts or no_facts
    )
    try:
        yield home
    finally:
        for name in names_in_milvus(home.identity):
            home.collection(name).drop()


def lent(address, kind, shelf, count=0):
    """Lend a store with so many vectors, empty or as it was filled, to one test after another.

    To make a collection takes a Milvus three seconds, so a store that a test changed is emptied.
    """
    bench = shelf.pop((kind, count), None) or Bench(kind, new_home(address))
    bench.ids = np.arange(count) * 3 + 10
    if count and not bench.originals:
        bench.add(bench.ids, random_vectors(count))
    before, store, effort = dict(bench.originals), bench.store, bench.store.effort
    yield bench
    if bench.store is not store:
        bench.store.drop()
        return
    is_same = len(store) == count and before.keys() == bench.originals.keys()
    if not count or not is_same or any(before[one] is not bench.originals[one] for one in before):
        store.remove(store.ids())
        bench.originals.clear()
    store.effort = effort
    shelf[kind, count] = bench


def point_to(folder, before, after):
    """Let a published index name another server, as if that one had gone."""
    (note,), manifest = folder.glob("index.*.milvus"), folder / "manifest.json"
    checksum = read_manifest(folder).checksum
    note.write_text(note.read_text("utf-8").replace(before, after), "utf-8")
    digest = hashlib.sha256(note.read_bytes()).hexdigest()
    text = manifest.read_text("utf-8").replace(before, after).replace(checksum, digest)
    manifest.write_text(text, "utf-8")
    choose_store(after, folder.parent)


def no_facts(ids):
    """Say nothing of pictures."""
    return [FilterFacts() for _ in ids]


def promises(*modules, of=("bench", "filled")):
    """Return the tests of these modules that ask for one of these fixtures, by their names."""
    return {
        name: test
        for module in modules
        for name, test in vars(module).items()
        if name.startswith("test_") and set(of) & set(inspect.signature(test).parameters)
    }
