"""The distribution of scores, and two queries side by side."""

import numpy as np
import pytest

from search_engine.explore.score_distribution import (
    category_shares,
    compare_queries,
    rank_biased_overlap,
    rank_curve,
    ranks_of,
    score_histogram,
)
from search_engine.records import AllScores


def scored(*scores, first_id=1):
    ids = np.arange(first_id, first_id + len(scores))
    return AllScores(ids, np.array(scores, dtype=np.float32))


def test_the_histogram_counts_all_and_marks_the_shown():
    """Every picture is in one bin, and the shown ones are counted in theirs."""
    found = scored(0.1, 0.2, 0.3, 0.3, 0.9)
    bars = score_histogram(found, [5, 3], bins=8)
    assert bars.counts.sum() == 5
    assert (bars.counts[-1], bars.shown[-1]) == (1, 1)
    assert bars.counts[2] == 2
    assert bars.shown[2] == 1
    assert bars.shown.sum() == 2
    assert bars.edges[0] == pytest.approx(0.1)
    assert bars.edges[-1] == pytest.approx(0.9)


@pytest.mark.parametrize(
    "scores", [(), (0.5,), (0.5, 0.5), (0.5, np.nextafter(np.float32(0.5), 1))]
)
def test_scores_without_a_range_have_a_histogram(scores):
    """Nothing, or only equal scores, are no error."""
    bars = score_histogram(scored(*scores), [])
    assert bars.counts.sum() == len(scores)
    assert (np.diff(bars.edges) > 0).all()


def test_the_rank_curve_falls_from_the_best_to_the_last():
    """It begins with the best score, ends with the last, and never rises."""
    rng = np.random.default_rng(0)
    found = scored(*rng.random(5000))
    ranks, scores = rank_curve(found)
    assert (ranks[0], ranks[-1]) == (1, 5000)
    assert scores[0] == found.scores.max()
    assert scores[-1] == found.scores.min()
    assert (np.diff(scores) <= 0).all()
    assert len(ranks) <= 400
    assert rank_curve(scored())[0].size == 0


def test_ranks_are_those_of_the_sorted_list():
    """A picture's rank is its place, equal scores by id, unknown ids have none."""
    found = scored(0.5, 0.9, 0.5, 0.1)
    assert ranks_of(found, [2, 1, 3, 4, 99]) == [1, 2, 3, 4, None]


@pytest.mark.parametrize("values", [1, 3, 40, 10**6])
def test_ranks_and_tops_are_those_of_sorting_everything(values):
    """With many equal scores or none, ranks are the places in the sorted list, ties by id."""
    rng = np.random.default_rng(0)
    one, two = (scored(*rng.integers(0, values, 200) / values) for _ in range(2))
    order = [np.lexsort([found.picture_ids, -found.scores]) for found in (one, two)]
    rank = [{int(found.picture_ids[at]): n for n, at in enumerate(places, start=1)}
            for found, places in zip((one, two), order, strict=True)]  # fmt: skip
    assert ranks_of(one, one.picture_ids.tolist()) == [rank[0][i] for i in one.picture_ids]
    found = compare_queries(one, two, 20)
    tops = [{i for i, place in of.items() if place <= 20} for of in rank]
    assert found.shared == len(tops[0] & tops[1])
    assert {change.picture_id for change in found.changes} == tops[0] | tops[1]
    for change in found.changes:
        i = change.picture_id
        assert (change.first_rank, change.second_rank) == (rank[0][i], rank[1][i])
    better = [(min(c.first_rank, c.second_rank), c.first_rank) for c in found.changes]
    assert better == sorted(better)


def test_category_shares_and_lift():
    """A category that fills half of the top and a tenth of all has a lift of five."""
    of_all = np.repeat(np.arange(3), [10, 40, 50])
    shares = category_shares(["rare", "some", "many"], of_all, np.array([0, 0, 1, 1]))
    rare = next(share for share in shares if share.name == "rare")
    assert (rare.in_top, rare.share_of_top, rare.share_of_all) == (2, 0.5, 0.1)
    assert rare.lift == pytest.approx(5)
    assert [share.name for share in shares] == ["some", "rare", "many"]
    assert shares[-1].lift == 0
    assert (
        category_shares(["rare", "some", "many"], of_all, np.array([0, 0, 1, 1]), 2) == shares[:2]
    )


def test_equal_queries_agree_in_everything():
    """The same scores twice overlap fully and correlate with one."""
    found = scored(0.3, 0.1, 0.2)
    same = compare_queries(found, found, 2)
    assert (same.shared, same.jaccard, same.k) == (2, 1, 2)
    assert same.rank_biased_overlap == pytest.approx(1)
    assert same.correlation == pytest.approx(1)
    assert [(c.picture_id, c.first_rank, c.second_rank) for c in same.changes] == [
        (1, 1, 1),
        (3, 2, 2),
    ]


def test_opposite_queries_share_nothing():
    """Reversed scores have another top, and every change of rank is told."""
    found = compare_queries(scored(0.4, 0.3, 0.2, 0.1), scored(0.1, 0.2, 0.3, 0.4), 2)
    assert (found.shared, found.jaccard, found.rank_biased_overlap) == (0, 0, 0)
    assert found.correlation == pytest.approx(-1)
    ranks = {c.picture_id: (c.first_rank, c.second_rank) for c in found.changes}
    assert ranks == {1: (1, 4), 4: (4, 1), 2: (2, 3), 3: (3, 2)}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ([1, 2, 3], [1, 2, 3], 1.0),
        ([1, 2], [3, 4], 0.0),
        # agreement 0, 1: 1 × 0.9² + 0.1/0.9 × (0 × 0.9 + 1 × 0.9²)
        ([1, 2], [2, 1], 0.81 + 0.1 / 0.9 * 0.81),
        # agreement 1, 1/2: 0.5 × 0.81 + 0.1/0.9 × (0.9 + 0.5 × 0.81)
        ([1, 2], [1, 3], 0.405 + 0.1 / 0.9 * (0.9 + 0.405)),
        ([], [], 1.0),
    ],
)
def test_rank_biased_overlap_is_that_of_the_paper(first, second, expected):
    """Worked by hand from equation 32."""
    assert rank_biased_overlap(first, second) == pytest.approx(expected)


def test_early_ranks_weigh_more():
    """A swap at the top costs more than one at the end."""
    order = list(range(10))
    at_top = rank_biased_overlap(order, [1, 0, *order[2:]])
    at_end = rank_biased_overlap(order, [*order[:8], 9, 8])
    assert at_top < at_end < 1
