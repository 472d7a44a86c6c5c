"""What every kind of index promises when it is filled, changed and saved."""

import numpy as np
import pytest

from tests.index.stores import (
    DIMENSION,
    assert_each_finds_itself,
    found,
    random_vectors,
)


def test_the_effort_is_saved(filled):
    """A store searches with the effort it was saved with."""
    if not filled.store.efforts:
        pytest.skip("there is no choice of effort")
    for effort in filled.store.efforts[:2]:
        filled.store.effort = effort
        again = filled.read_again()
        assert again.effort == effort
        assert effort in again.parameters.values()


def test_filled_from_its_source_it_holds_exactly_these(filled):
    """Made anew for some ids, a store knows those and no others, each once."""
    some = filled.ids[::2]
    filled.store.fill(np.concatenate([some, some[:1]]))
    assert filled.store.ids().tolist() == some.tolist()
    assert_each_finds_itself(filled, some[::7][filled.some])


def test_pictures_that_left_the_source_do_not_cost_answers(filled):
    """Where candidates have gone from the catalog meanwhile, others take their places."""
    query = random_vectors(1, seed=24)[0]
    coded = not filled.store.holds_vectors
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
    assert_each_finds_itself(filled, stay[::5][filled.some])


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
    assert_each_finds_itself(bench, range(0, 6000, 97)[bench.some])


def test_saved_and_loaded_it_is_the_same(filled):
    """After removal, save and reload, ids, scores and answers are as before."""
    filled.store.remove(filled.ids[1:3])
    again = filled.read_again()
    assert again.ids().tolist() == filled.store.ids().tolist()
    assert again.parameters == filled.store.parameters
    for query in random_vectors(10, seed=12):
        before, after = filled.store.search(query, 5), again.search(query, 5)
        assert found(before) == found(after)
        assert before.scores == pytest.approx(after.scores, abs=1e-6)
    filled.store = again
    filled.add([2], random_vectors(1, seed=13))
    assert_each_finds_itself(filled, [2])
