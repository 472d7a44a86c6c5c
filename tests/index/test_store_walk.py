"""The contract of every kind of index as a random walk, beside a dictionary that does the same."""

import io

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from search_engine.errors import BadVectors
from search_engine.index import faiss_indexes
from search_engine.index.store import CONCRETE_KINDS, load_store, new_store
from search_engine.records import IndexKind

DIMENSION = 8
_FEW = 60
"""From so many vectors on, approximate kinds cluster in these walks; a thousand else."""

_OFF_BY = 0.25
"""Codes are off by so much at most where so few vectors taught them; by 0.01 else."""

IDS = st.integers(min_value=1, max_value=400)
SEEDS = st.integers(min_value=0, max_value=10_000)
CALM = settings(
    max_examples=12, stateful_step_count=25, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


def vectors(count, seed):
    """Draw vectors of length one around a shared direction, as those of pictures are."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(count, DIMENSION)) + np.linspace(1, 2, DIMENSION)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


class Walk(RuleBasedStateMachine):
    """Adds, removes, saves and asks; ``truth`` is what is in the store."""

    kind = None
    new_home = staticmethod(lambda: None)
    """Gives the place of the vectors, if they do not lie in the store itself."""

    def __init__(self):
        super().__init__()
        self.home = self.new_home()
        self.originals = {}
        """Of every id that was ever given, as a catalog that lags behind has them."""
        self.truth = {}
        self.store = new_store(self.kind, DIMENSION, self.source, self.home)

    def source(self, ids):
        """Give the vectors of ids."""
        rows = [self.originals[int(number)] for number in ids]
        return np.array(rows, dtype=np.float32).reshape(-1, DIMENSION)

    def put(self, ids, seed):
        """Add vectors under ids, in the store and in the dictionary."""
        rows = vectors(len(ids), seed)
        for number, row in zip(ids, rows, strict=True):
            self.originals[number] = self.truth[number] = row
        self.store.add(np.array(ids, dtype=np.int64), rows)

    @initialize(count=st.integers(min_value=0, max_value=150), seed=SEEDS)
    def begin(self, count, seed):
        """Begin with nothing, with few, or with many."""
        if count:
            self.put(list(range(1, count + 1)), seed)

    @rule(ids=st.lists(IDS, min_size=1, max_size=40, unique=True), seed=SEEDS)
    def add(self, ids, seed):
        """Add some; those that are there get the new vector."""
        self.put(ids, seed)

    @rule(ids=st.lists(IDS, max_size=60))
    def remove(self, ids):
        """Remove some, named twice and strangers among them; only those that were there count."""
        gone = {number for number in ids if self.truth.pop(number, None) is not None}
        assert self.store.remove(np.array(ids, dtype=np.int64)) == len(gone)

    @precondition(lambda self: self.truth)
    @rule(share=st.sampled_from([0.1, 0.5, 1.0]), seed=SEEDS)
    def remove_a_share_twice(self, share, seed):
        """What was removed is not there to be removed again."""
        count = max(1, round(share * len(self.truth)))
        ids = np.random.default_rng(seed).choice(sorted(self.truth), count, replace=False)
        for number in ids.tolist():
            del self.truth[number]
        assert self.store.remove(ids) == count
        assert self.store.remove(ids) == 0

    @precondition(lambda self: len(self.truth) > 10)
    @rule(seed=SEEDS)
    def remove_a_few_between_queries(self, seed):
        """What goes after a query is not among the results of the next one."""
        (query,) = vectors(1, seed)
        for number in np.random.default_rng(seed).choice(sorted(self.truth), 3, replace=False):
            del self.truth[int(number)]
            assert self.store.remove(np.array([number])) == 1
            found = self.store.search(query, len(self.truth) + 3).picture_ids
            assert sorted(found.tolist()) == sorted(self.truth)
            many = self.store.search_many(query[None], len(self.truth) + 3).picture_ids[0]
            assert set(many[many >= 0].tolist()) <= self.truth.keys()

    @rule()
    def fill(self):
        """Make it anew of what is there."""
        self.store.fill(np.array(sorted(self.truth), dtype=np.int64))

    @rule()
    def save_and_load(self):
        """Go on with what was saved."""
        file = io.BytesIO()
        self.store.save(file)
        file.seek(0)
        self.store = load_store(file, self.kind, self.source, "memory", self.home)

    @rule(length=st.sampled_from([0.0, 0.8, 0.99, 1.01, 1.2, np.nan]), number=IDS)
    def refuse(self, length, number):
        """A vector that is not of length one changes nothing."""
        with pytest.raises(BadVectors):
            self.store.add(np.array([number]), vectors(1, number) * np.float32(length))

    @rule(k=st.integers(min_value=1, max_value=200), seed=SEEDS)
    def search(self, k, seed):
        """As many answers as there are, each with its own cosine, best first."""
        (query,) = vectors(1, seed)
        found = self.store.search(query, k)
        ids = found.picture_ids.tolist()
        assert len(set(ids)) == len(ids) == min(k, len(self.truth))
        self.check(query, ids, found.scores, 1e-5)
        if found.exact:
            assert ids == self.nearest(query, k, self.truth)

    @rule(ids=st.lists(IDS, max_size=80, unique=True), k=st.integers(1, 50), seed=SEEDS)
    def search_within(self, ids, k, seed):
        """Within some ids the answer is the true one under every kind."""
        (query,) = vectors(1, seed)
        found = self.store.search(query, k, np.array(ids, dtype=np.int64))
        there = [number for number in ids if number in self.truth]
        assert found.picture_ids.tolist() == self.nearest(query, k, there)

    @rule(k=st.integers(1, 20), seed=SEEDS)
    def search_many(self, k, seed):
        """Every row names pictures that are there, or none."""
        queries = vectors(3, seed)
        if self.store.efforts:
            self.store.effort = self.store.efforts[0]  # so that it answers short
        found = self.store.search_many(queries, k)
        for query, ids, scores in zip(queries, found.picture_ids, found.scores, strict=True):
            known = ids >= 0
            self.check(query, ids[known].tolist(), scores[known], _OFF_BY)
            assert np.isneginf(scores[~known]).all()

    @rule(seed=SEEDS)
    def score_all(self, seed):
        """Every picture once, in the order of the ids."""
        (query,) = vectors(1, seed)
        found = self.store.score_all(query)
        assert found.picture_ids.tolist() == sorted(self.truth)
        self.check(
            query, found.picture_ids.tolist(), found.scores, 1e-5 if found.exact else _OFF_BY
        )

    @precondition(lambda self: self.truth)
    @rule(seed=SEEDS)
    def find_itself(self, seed):
        """A vector finds itself first, with a cosine of one."""
        number = int(np.random.default_rng(seed).choice(sorted(self.truth)))
        found = self.store.search(self.truth[number], 1)
        assert found.scores[0] == pytest.approx(1, abs=1e-5)
        assert self.truth[int(found.picture_ids[0])] @ self.truth[number] > 1 - 1e-5

    @invariant()
    def the_same_are_there(self):
        """Count and ids are those of the dictionary."""
        assert len(self.store) == len(self.truth)
        assert self.store.ids().tolist() == sorted(self.truth)

    def check(self, query, ids, scores, tolerance):
        """Compare answers with the dictionary."""
        assert set(ids) <= self.truth.keys()
        expected = [float(self.truth[number] @ query) for number in ids]
        assert np.asarray(scores, dtype=float) == pytest.approx(expected, abs=tolerance)
        if tolerance < 1e-4 and len(ids) > 1 and ids != sorted(ids):
            assert (np.diff(scores) <= 1e-6).all()

    def nearest(self, query, k, ids):
        """Return the true nearest, best first."""
        return sorted(ids, key=lambda number: -float(self.truth[number] @ query))[:k]


@pytest.mark.parametrize("kind", CONCRETE_KINDS)
def test_a_random_walk_agrees_with_a_dictionary(kind, monkeypatch):
    """Whatever is added, removed twice, saved and asked, the store is what the dictionary is."""
    monkeypatch.setattr(faiss_indexes, "APPROXIMATE_FROM", _FEW)
    machine = type(f"Walk of {kind}", (Walk,), {"kind": kind})
    run_state_machine_as_test(machine, settings=CALM)


def test_what_was_not_found_is_no_picture():
    """Clusters that are not looked into are missing from the answer, not filled up by another."""
    ids, rows = np.arange(1, 1501), vectors(1500, 3)
    store = new_store(IndexKind.IVF, DIMENSION, lambda asked: rows[asked - 1])
    store.add(ids, rows)
    store.effort = store.efforts[0]
    found = store.search_many(rows[:5], len(ids))
    missing = found.picture_ids < 0
    assert missing.any(axis=1).all()
    assert (found.picture_ids[missing] == -1).all()
    assert np.isneginf(found.scores[missing]).all()
    for row, number in zip(found.picture_ids, ids, strict=False):
        known = row[row > 0].tolist()
        assert len(set(known)) == len(known)
        assert known[0] == number
