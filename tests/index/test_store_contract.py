"""What every kind of index promises of its answers, one suite for all of them."""

import io

import numpy as np
import pytest

from search_engine.errors import BadVectors, CollectionDamaged
from search_engine.index.exact_search import search_exactly
from search_engine.index.faiss_store import FaissStore
from search_engine.index.tuning import recall
from search_engine.records import IndexKind
from tests.index.stores import (
    DIMENSION,
    Originals,
    assert_each_finds_itself,
    found,
    random_vectors,
    unit,
)


def test_a_vector_finds_itself_first(filled):
    """Every vector is its own nearest neighbour, with a score of one."""
    assert_each_finds_itself(filled, filled.ids[filled.some])


def test_scores_are_cosines_best_first(filled):
    """Scores are the cosine similarities of the original vectors, in falling order."""
    query = random_vectors(1, seed=9)[0]
    result = filled.store.search(query, 5)
    expected = filled.originals(result.picture_ids) @ query
    assert result.scores == pytest.approx(expected, abs=1e-5)
    assert (np.diff(result.scores) <= 0).all()


def test_most_neighbours_are_the_true_ones(filled):
    """Even an approximate kind finds at least nine of ten true neighbours of foreign queries."""
    queries = random_vectors(50, seed=3)
    hits = sum(
        len(set(found(filled.store.search(q, 10))) & set(filled.truth(q, 10, filled.ids)))
        for q in queries
    )
    assert hits >= 0.9 * 50 * min(10, len(filled.ids))


def test_exact_kind_equals_the_plain_way(filled):
    """A store that says it is exact gives what comparing with everything gives."""
    if not filled.store.exact:
        pytest.skip("this kind is approximate at this size")
    for query in random_vectors(20, seed=4):
        assert found(filled.store.search(query, 6)) == filled.truth(query, 6, filled.ids)


def test_k_larger_than_the_index_gives_all_once(filled):
    """Asked for more than there are, a store gives each of them once and never −1."""
    result = filled.store.search(random_vectors(1, seed=5)[0], len(filled.ids) + 100)
    assert sorted(found(result)) == filled.ids.tolist()


def test_an_empty_store_answers_nothing(bench):
    """An index without vectors gives no neighbours instead of −1."""
    result = bench.store.search(random_vectors(1)[0], 5)
    assert found(result) == []
    assert len(bench.store) == 0


def test_a_filter_is_exact_under_every_kind(filled):
    """Within some ids the answer is the true one, complete, and never from outside."""
    rng = np.random.default_rng(1)
    for share in (0.01, 0.2, 0.9):
        within = rng.choice(filled.ids, max(1, int(share * len(filled.ids))), replace=False)
        query = random_vectors(1, seed=6)[0]
        result = filled.store.search(query, 12, within=within)
        assert found(result) == filled.truth(query, 12, within)


def test_a_filter_may_name_strangers_or_nobody(filled):
    """Ids that are not in the store are ignored; no ids give no answer."""
    query = random_vectors(1)[0]
    stranger_and_friend = np.array([999_999, filled.ids[0]])
    assert found(filled.store.search(query, 5, within=stranger_and_friend)) == [filled.ids[0]]
    assert found(filled.store.search(query, 5, within=np.array([], dtype=np.int64))) == []


def test_a_narrow_filter_never_answers_short(filled, monkeypatch):
    """If k pictures pass a filter, k come, the true ones, even where codes are asked for them."""
    monkeypatch.setattr("search_engine.index.faiss_store._SCANNED_UP_TO", 0)
    if filled.store.efforts:
        filled.store.effort = filled.store.efforts[0]
    rng = np.random.default_rng(7)
    for passing in (1, 15, 100):
        within = rng.choice(filled.ids, min(passing, len(filled.ids)), replace=False)
        for query in random_vectors(10, seed=passing):
            for k in (1, 10, len(within)):
                expected = filled.truth(query, k, within)
                assert found(filled.store.search(query, k, within)) == expected


def test_answers_say_whether_they_are_certain(filled):
    """An exact store and a narrow filter are certain; what a graph or clusters chose is not."""
    query = random_vectors(1, seed=21)[0]
    assert filled.store.search(query, 3).exact is filled.store.exact
    assert filled.store.exact is filled.compares_all
    assert filled.store.search(query, 3, within=filled.ids[:40]).exact


def test_all_scores_are_those_of_the_vectors(filled):
    """Every picture has its cosine: exactly, or from 8-bit codes that are off by 0.01 at most."""
    filled.store.remove(filled.ids[2:4])
    query = random_vectors(1, seed=22)[0]
    every = filled.store.score_all(query)
    assert every.picture_ids.tolist() == np.delete(filled.ids, [2, 3]).tolist()
    coded = not filled.store.holds_vectors
    assert every.exact is not coded
    expected = filled.originals(every.picture_ids) @ query
    assert every.scores == pytest.approx(expected, abs=0.01 if coded else 1e-5)


def test_many_are_scored_as_one_by_one(filled):
    """As many as are asked for, those of pictures that were removed left out."""
    filled.store.remove(filled.ids[2:4])
    queries = random_vectors(11, seed=24)
    every = filled.store.score_many(queries)
    assert every.shape == (len(filled.ids) - 2, 11)
    for place, query in enumerate(queries):
        assert every[:, place] == pytest.approx(filled.store.score_all(query).scores, abs=1e-6)


def test_more_effort_finds_more(filled):
    """Every kind that may miss answers can be turned up until it finds practically all."""
    queries = random_vectors(40, seed=23)
    truth = search_exactly([(filled.ids, filled.originals(filled.ids))], queries, 6).scores
    if not filled.store.efforts:
        assert filled.store.exact
        return
    shares = []
    for effort in (filled.store.efforts[0], filled.store.efforts[-1]):
        filled.store.effort = effort
        shares.append(recall(filled.store, queries, truth))
    assert shares[0] <= shares[1]
    assert shares[1] >= 0.995


def test_a_file_that_is_no_index_is_refused():
    """Loading something else is a clear error, not a crash."""
    with pytest.raises(CollectionDamaged, match="cannot be read"):
        FaissStore.load(io.BytesIO(b"nonsense" * 20), IndexKind.EXACT, Originals(), "here")


@pytest.mark.parametrize(
    "vector",
    [
        np.full(DIMENSION, np.nan),
        np.zeros(DIMENSION),
        np.ones(DIMENSION),
        np.r_[np.inf, np.zeros(DIMENSION - 1)],
        unit(np.ones(DIMENSION + 1)),
    ],
    ids=["nan", "zero", "too long", "infinite", "other dimension"],
)
def test_vectors_that_cannot_be_compared_are_refused(bench, vector):
    """A vector that would be unreachable or mis-scored is refused at the door, as is a query."""
    with pytest.raises(BadVectors):
        bench.store.add(np.array([1]), vector.astype(np.float32)[None])
    with pytest.raises(BadVectors):
        bench.store.search(vector.astype(np.float32), 1)
    assert len(bench.store) == 0


def test_many_are_answered_as_one_by_one(filled):
    """Asking many at once gives what asking each gives, and −1 is never taken for a picture."""
    filled.store.remove(filled.ids[:2])
    queries = random_vectors(40, seed=3)
    many = filled.store.search_many(queries, 10)
    assert many.picture_ids.shape == many.scores.shape == (40, min(10, len(filled.ids) - 2))
    alike = []
    for query, ids, scores in zip(queries, many.picture_ids, many.scores, strict=True):
        assert not np.isin(ids, filled.ids[:2]).any()
        known = ids[ids >= 0]
        assert scores[ids >= 0] == pytest.approx(filled.originals(known) @ query, abs=0.02)
        alike.append(np.isin(known, found(filled.store.search(query, 10))).mean())
    assert np.mean(alike) >= 0.9
    assert filled.store.search_many(queries[:0], 10).picture_ids.shape[0] == 0
