"""What every kind of index promises, one suite for all of them."""

import io

import numpy as np
import pytest

from search_engine.errors import BadVectors, CollectionDamaged
from search_engine.index.exact_search import search_exactly
from search_engine.index.faiss_store import FaissStore
from search_engine.index.store import CONCRETE_KINDS
from search_engine.index.tuning import recall
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

    def __init__(self, kind):
        self.originals = Originals()
        self.store = FaissStore(kind, DIMENSION, self.originals)

    def add(self, ids, vectors):
        self.originals.update(zip(map(int, ids), vectors, strict=True))
        self.store.add(np.array(ids, dtype=np.int64), vectors)

    def truth(self, query, k, ids):
        scores = self.originals(ids) @ query
        return np.asarray(ids)[np.argsort(-scores)[:k]].tolist()


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


def found(neighbours):
    return neighbours.picture_ids.tolist()


def assert_each_finds_itself(bench, ids):
    for picture_id in ids:
        result = bench.store.search(bench.originals[int(picture_id)], 3)
        assert result.picture_ids[0] == picture_id
        assert result.scores[0] == pytest.approx(1, abs=1e-5)


def test_a_vector_finds_itself_first(filled):
    """Every vector is its own nearest neighbour, with a score of one."""
    assert_each_finds_itself(filled, filled.ids)


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
    assert filled.store.exact is (len(filled.ids) < 1000 or filled.store.kind is IndexKind.EXACT)
    assert filled.store.search(query, 3, within=filled.ids[:40]).exact


def test_all_scores_are_those_of_the_vectors(filled):
    """Every picture has its cosine: exactly, or from 8-bit codes that are off by 0.01 at most."""
    filled.store.remove(filled.ids[2:4])
    query = random_vectors(1, seed=22)[0]
    every = filled.store.score_all(query)
    assert every.picture_ids.tolist() == np.delete(filled.ids, [2, 3]).tolist()
    coded = filled.store.kind is IndexKind.IVF and not filled.store.exact
    assert every.exact is not coded
    expected = filled.originals(every.picture_ids) @ query
    assert every.scores == pytest.approx(expected, abs=0.01 if coded else 1e-5)


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


def test_the_effort_is_saved(filled):
    """A store searches with the effort it was saved with."""
    if not filled.store.efforts:
        pytest.skip("there is no choice of effort")
    for effort in filled.store.efforts[:2]:
        filled.store.effort = effort
        file = io.BytesIO()
        filled.store.save(file)
        file.seek(0)
        again = FaissStore.load(file, filled.store.kind, filled.originals, "memory")
        assert again.effort == effort
        assert effort in again.parameters.values()


def test_filled_from_its_source_it_holds_exactly_these(filled):
    """Made anew for some ids, a store knows those and no others, each once."""
    some = filled.ids[::2]
    filled.store.fill(np.concatenate([some, some[:1]]))
    assert filled.store.ids().tolist() == some.tolist()
    assert_each_finds_itself(filled, some[::7])


def test_pictures_that_left_the_source_do_not_cost_answers(filled):
    """Where candidates have gone from the catalog meanwhile, others take their places."""
    query = random_vectors(1, seed=24)[0]
    coded = filled.store.kind is IndexKind.IVF and not filled.store.exact
    for picture_id in filled.truth(query, 100, filled.ids) if coded else ():
        filled.originals[picture_id] = np.full(DIMENSION, np.nan, dtype=np.float32)
    result = filled.store.search(query, 5)
    assert len(result.picture_ids) == 5
    assert np.isfinite(result.scores).all()


@pytest.mark.parametrize("step", [3, 20], ids=["many go", "few go"])
def test_removed_vectors_are_never_found_again(filled, step):
    """What was removed is gone from count, ids and answers; the others stay."""
    gone, stay = filled.ids[::step], np.delete(filled.ids, np.s_[::step])
    assert filled.store.remove(gone) == len(gone)
    assert len(filled.store) == len(stay)
    assert filled.store.ids().tolist() == stay.tolist()
    everything = filled.store.search(filled.originals[int(gone[0])], len(filled.ids))
    assert sorted(found(everything)) == stay.tolist()
    for picture_id in gone[:20]:
        nearest = filled.store.search(filled.originals[int(picture_id)], 5)
        assert set(found(nearest)) <= set(stay.tolist())
    assert_each_finds_itself(filled, stay[::5])


def test_removing_strangers_changes_nothing(filled):
    """Removing ids that are not there counts none and loses none."""
    assert filled.store.remove(np.array([1, 2])) == 0
    assert len(filled.store) == len(filled.ids)


def test_removing_everything_and_starting_again(filled):
    """An emptied store is empty, and takes new vectors."""
    filled.store.remove(filled.ids)
    assert found(filled.store.search(random_vectors(1)[0], 3)) == []
    filled.add([5], random_vectors(1, seed=8))
    assert_each_finds_itself(filled, [5])


def test_adding_a_known_id_replaces_its_vector(filled):
    """The old vector of a replaced id is not found any more, the new one is."""
    some = filled.ids[:3]
    old = filled.originals(some)
    filled.add(some, random_vectors(3, seed=11))
    assert len(filled.store) == len(filled.ids)
    assert_each_finds_itself(filled, some)
    for picture_id, vector in zip(some, old, strict=True):
        result = filled.store.search(vector, len(filled.ids))
        score = result.scores[result.picture_ids == picture_id]
        assert score == pytest.approx(vector @ filled.originals[int(picture_id)], abs=1e-5)


def test_the_last_of_a_repeated_id_counts(bench):
    """An id given twice in one call has the vector given last."""
    first, last = random_vectors(2)
    bench.originals[4] = last
    bench.store.add(np.array([4, 4]), np.stack([first, last]))
    assert len(bench.store) == 1
    assert_each_finds_itself(bench, [4])


def test_growing_keeps_everything_findable(bench):
    """A store that grows in steps from nothing past its clustering size loses nobody."""
    vectors = random_vectors(6000, seed=2)
    for start in range(0, 6000, 600):
        bench.add(np.arange(start, start + 600), vectors[start : start + 600])
    assert len(bench.store) == 6000
    assert_each_finds_itself(bench, range(0, 6000, 97))


def test_saved_and_loaded_it_is_the_same(filled):
    """After removal, save and reload, ids, scores and answers are as before."""
    filled.store.remove(filled.ids[1:3])
    file = io.BytesIO()
    filled.store.save(file)
    file.seek(0)
    again = FaissStore.load(file, filled.store.kind, filled.originals, "memory")
    assert again.ids().tolist() == filled.store.ids().tolist()
    assert again.parameters == filled.store.parameters
    for query in random_vectors(10, seed=12):
        before, after = filled.store.search(query, 5), again.search(query, 5)
        assert found(before) == found(after)
        assert before.scores == pytest.approx(after.scores, abs=1e-6)
    filled.store = again
    filled.add([2], random_vectors(1, seed=13))
    assert_each_finds_itself(filled, [2])


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
