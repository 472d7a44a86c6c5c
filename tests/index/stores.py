"""A store of vectors with its originals, and the plain way to compare it with."""

import io

import numpy as np
import pytest

from search_engine.index.store import load_store, new_store
from search_engine.records import IndexKind

DIMENSION = 32


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)


def random_vectors(count, seed=0):
    """Vectors around a shared direction, as those of pictures are."""
    rng = np.random.default_rng(seed)
    return unit(rng.normal(size=(count, DIMENSION)) + rng.normal(size=DIMENSION))


class Originals(dict):
    """What the catalog is for a store: the vector of every id it was ever given."""

    def __call__(self, ids):
        rows = [self[int(picture_id)] for picture_id in ids]
        return np.array(rows, dtype=np.float32).reshape(-1, DIMENSION)


class Bench:
    """A store with its originals, and the plain way to compare it with."""

    def __init__(self, kind, home=None):
        self.originals = Originals()
        self.home = home
        """Where the vectors lie, if not in the store itself."""
        self.some = slice(None, None, 11 if home else 1)
        """Which vectors are looked for one by one: a server takes longer to reply."""
        self.store = new_store(kind, DIMENSION, self.originals, home)

    @property
    def compares_all(self):
        """Whether a search certainly finds the nearest; Faiss makes no clusters of few vectors."""
        few = self.home is None and len(self.store) < 1000
        return few or self.store.kind is IndexKind.EXACT

    def read_again(self):
        """Return what was saved of the store."""
        file = io.BytesIO()
        self.store.save(file)
        file.seek(0)
        return load_store(file, self.store.kind, self.originals, "memory", self.home)

    def add(self, ids, vectors):
        self.originals.update(zip(map(int, ids), vectors, strict=True))
        self.store.add(np.array(ids, dtype=np.int64), vectors)

    def truth(self, query, k, ids):
        scores = self.originals(ids) @ query
        return np.asarray(ids)[np.argsort(-scores)[:k]].tolist()


def found(neighbours):
    return neighbours.picture_ids.tolist()


def assert_each_finds_itself(bench, ids):
    for picture_id in ids:
        result = bench.store.search(bench.originals[int(picture_id)], 3)
        assert result.picture_ids[0] == picture_id
        assert result.scores[0] == pytest.approx(1, abs=1e-5)
