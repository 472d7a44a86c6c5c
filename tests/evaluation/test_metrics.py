"""The figures of a ranking are those of the books and of an independent library."""

from itertools import pairwise, permutations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, ndcg_score

from search_engine.embedding import unit_rows
from search_engine.errors import BadInput
from search_engine.evaluation import metrics
from search_engine.evaluation.distinct import repeated
from search_engine.explore.score_distribution import rank_biased_overlap


def found(scores, right):
    return metrics.relevant_ranks(np.array(scores, dtype=np.float32), np.array(right, dtype=bool))


def test_average_precision_worked_by_hand():
    """Right at ranks 1, 3 and 6: the mean of 1/1, 2/3 and 3/6."""
    ranks = found([6, 5, 4, 3, 2, 1], [1, 0, 1, 0, 0, 1])
    assert ranks.average_precision == pytest.approx((1 + 2 / 3 + 3 / 6) / 3)
    assert found([3, 2, 1], [0, 0, 0]).average_precision == 0
    assert found([3, 2, 1], [1, 1, 1]).average_precision == 1


def test_equal_scores_take_one_place():
    """Whichever way equal scores lie, the figure is the same: precision where they end."""
    assert found([5, 5, 5, 1], [1, 0, 0, 1]).average_precision == pytest.approx((1 / 3 + 2 / 4) / 2)
    figures = {
        found([5, 5, 5, 1], [*order, 1]).average_precision for order in permutations([1, 0, 0])
    }
    assert len(figures) == 1


@pytest.mark.parametrize("values", [3, 40, 10**9])
def test_average_precision_is_that_of_scikit_learn(values):
    """With many equal scores or none, to 1e-9."""
    rng = np.random.default_rng(values)
    for right in (1, 7, 150):
        scores = (rng.integers(0, values, 400) / values).astype(np.float32)
        labels = rng.permutation(np.arange(400) < right)
        expected = average_precision_score(labels, scores)
        ranks = found(scores, labels)
        assert ranks.average_precision == pytest.approx(expected, abs=1e-9)
        assert metrics.estimate_average_precision(ranks).value == pytest.approx(expected, abs=1e-9)


def test_ndcg_is_that_of_scikit_learn():
    """For the first ten of a ranking without equal scores."""
    rng = np.random.default_rng(0)
    for right in (1, 4, 60):
        labels = rng.permutation(np.arange(100) < right)
        scores = np.arange(100, 0, -1)
        expected = ndcg_score([labels], [scores], k=10)
        assert metrics.ndcg(labels[:10], right) == pytest.approx(expected, abs=1e-9)
    assert metrics.ndcg(np.array([True, False, True]), 2) == pytest.approx(
        1.5 / (1 + 1 / np.log2(3))
    )


def test_chance_is_the_mean_over_all_orders():
    """Two right among five, over every order there is."""
    orders = set(permutations([1, 1, 0, 0, 0]))
    expected = np.mean([found([5, 4, 3, 2, 1], order).average_precision for order in orders])
    assert metrics.chance_of(5, 2) == pytest.approx(expected)
    assert metrics.chance_of(1, 1) == 1
    assert metrics.chance_of(9, 9) == pytest.approx(1)


def test_intervals_hold_what_they_should():
    """About as wide as the normal approximation, the same each time, and nothing if all agree."""
    values = np.random.default_rng(1).normal(0.5, 0.1, 400)
    one = metrics.mean(values)
    assert one == metrics.mean(values)
    assert one.low < one.value < one.high
    half = 1.96 * values.std() / 20
    assert (one.high - one.low) / 2 == pytest.approx(half, rel=0.15)
    assert metrics.mean(np.full(9, 0.25)) == metrics.Estimate(0.25, 0.25, 0.25)
    part = metrics.share(90, 100)
    assert part.value == 0.9
    assert (part.high - part.low) / 2 == pytest.approx(1.96 * 0.03, rel=0.2)
    assert metrics.share(0, 0) == metrics.mean(np.array([])) == metrics.Estimate(0, 0, 0)


def test_the_interval_of_an_average_precision_is_that_of_drawing_by_hand():
    """Right pictures are drawn with repetition, scored by scikit-learn with weights."""
    rng = np.random.default_rng(2)
    labels = rng.permutation(np.arange(300) < 40)
    scores = (rng.random(300) + 0.4 * labels).astype(np.float32)
    own = metrics.estimate_average_precision(found(scores, labels))
    drawn = []
    for _ in range(400):
        weights = np.ones(300)
        weights[labels] = np.bincount(rng.integers(0, 40, 40), minlength=40)
        drawn.append(average_precision_score(labels, scores, sample_weight=weights))
    low, high = np.percentile(drawn, [2.5, 97.5])
    assert own.low == pytest.approx(low, abs=0.02)
    assert own.high == pytest.approx(high, abs=0.02)


@pytest.mark.parametrize("k", [0, -1, 1001])
def test_numbers_of_answers_that_nobody_reads_are_refused(k):
    """With a remedy."""
    with pytest.raises(BadInput, match="from 1 to"):
        metrics.check_k(k)


def test_what_is_near_to_a_kept_one_above_is_repeated():
    """A chain of neighbours keeps its first, and the third, which is near only to a repeated."""
    angles = np.array([0.0, 0.1, 0.2, 1.0])
    vectors = unit_rows(np.stack([np.cos(angles), np.sin(angles)], axis=1))
    assert repeated(vectors).tolist() == [False, True, False, False]
    assert repeated(vectors[:0]).tolist() == []


def test_rank_biased_overlap_on_the_example_of_the_paper():
    """Webber et al. compare abcdefg with zcavwxy: two in common from depth three on."""
    overlaps = [0, 0, 2 / 3, 2 / 4, 2 / 5, 2 / 6, 2 / 7]
    p = 0.9
    expected = 2 / 7 * p**7 + (1 - p) / p * sum(a * p**d for d, a in enumerate(overlaps, start=1))
    assert rank_biased_overlap("abcdefg", "zcavwxy", p) == pytest.approx(expected, abs=1e-12)
    assert expected == pytest.approx(0.2882, abs=1e-4)


def test_rank_biased_overlap_falls_with_noise():
    """The more a ranking is disturbed, the less of it is left."""
    rng = np.random.default_rng(0)
    scores = np.arange(100, 0, -1)
    order = np.argsort(-scores).tolist()
    figures = [
        np.mean(
            [
                rank_biased_overlap(order, np.argsort(-(scores + rng.normal(0, s, 100))).tolist())
                for _ in range(30)
            ]
        )
        for s in (0, 1, 3, 10, 30, 300)
    ]
    assert figures[0] == pytest.approx(1, abs=1e-12)
    assert all(before > after for before, after in pairwise(figures))
    assert figures[-1] < 0.3
