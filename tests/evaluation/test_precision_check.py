"""The precision that twenty answers tell: which pictures are asked, and how far it holds."""

import numpy as np
import pytest

from search_engine.evaluation.precision_check import (
    FEWEST_ANSWERED,
    GOOD,
    CheckedPrecision,
    Judgement,
    plan_check,
    proposed,
    wilson_interval,
)

RIGHT, WRONG, UNSURE = Judgement


def planned(matches, seed="a red fish"):
    """Plan a check of pictures with these matches; each has the id of its place, and a hundred."""
    return plan_check(np.arange(100, 100 + len(matches)), np.asarray(matches, np.float32), seed)


def matches_of(pictures, strong):
    """Return matches that fall evenly: so many above the line."""
    return [*np.linspace(99, 51, strong), *np.linspace(49, 1, pictures - strong)]


def answered(check, is_right, unsure=()):
    """Let a person say of each picture whether it is right, and of some that they cannot tell."""
    answers = dict.fromkeys(unsure, UNSURE)
    while new := [one for one in check.asked(answers) if one not in answers]:
        answers |= {one: RIGHT if is_right(one) else WRONG for one in new}
    return answers


def test_the_interval_is_that_of_wilson():
    """As R. G. Newcombe, Statistics in Medicine 17 (1998), has it by method 3."""
    assert wilson_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson_interval(15, 148) == pytest.approx((0.0624, 0.1605), abs=1e-4)
    assert wilson_interval(0, 20) == pytest.approx((0, 0.1611), abs=1e-4)


def test_twenty_pictures_are_spread_over_the_matches():
    """One in each part of the pool, most above the line, in a mixed order; no two alike."""
    check = planned(matches_of(1000, 130))
    asked = check.asked({})
    places = sorted(one - 100 for one in asked)
    assert [place // 10 for place in places] == list(range(20))
    assert sum(check.match_of(one) >= 50 for one in asked) == 13
    assert asked != sorted(asked)
    assert (len(check), check.strong) == (20, 130)


def test_the_same_question_asks_the_same_pictures():
    """Whatever the order in which they are scored; another question asks others."""
    matches = np.array(matches_of(1000, 130), np.float32)
    ids = np.arange(100, 1100)
    shuffled = np.random.default_rng(3).permutation(1000)
    again = plan_check(ids[shuffled], matches[shuffled], "a red fish")
    assert again.asked({}) == planned(matches).asked({})
    assert set(planned(matches, "a boat").asked({})) != set(planned(matches).asked({}))


def test_each_picture_of_a_part_is_as_likely():
    """Over a thousand questions each of ten comes about a hundred times in its part."""
    matches = matches_of(1000, 130)
    seen = [one - 100 for seed in range(1000) for one in planned(matches, str(seed)).asked({})]
    counts = np.bincount(seen, minlength=200)
    assert len(counts) == 200
    assert 60 < counts.min() <= counts.max() < 145


def test_few_matches_are_looked_at_in_full():
    """Then each figure is exact, also that of a few pictures."""
    check = planned(matches_of(300, 3))
    answers = answered(check, lambda one: one < 105)
    figures = check.figures(answers)
    assert sorted(answers) == list(range(100, 120))
    assert all(figure.is_exact for figure in figures)
    assert {(one.low, one.high) for one in figures} == {
        (p, p) for p in {f.precision for f in figures}
    }
    line = next(one for one in figures if one.threshold == 50)
    assert (line.pictures, line.precision) == (3, 1)
    assert figures[-1].precision == 5 / 20
    assert line.text == "100 % right from a match of 50 % up (all 3 looked at)"


def test_in_place_of_a_picture_nobody_can_judge_comes_its_neighbour():
    """Of the same part of the pool, so that all thresholds stay equally well looked at."""
    check = planned(matches_of(1000, 130))
    before = check.asked({})
    after = check.asked({before[4]: UNSURE})
    assert [one for one in after if one not in before] == [after[4]]
    assert (after[4] - 100) // 10 == (before[4] - 100) // 10
    whole_part = dict.fromkeys(range(100, 110), UNSURE)
    assert len(check.asked(whole_part)) == 19
    assert check.figures(answered(check, bool, whole_part))[-1].answered == 19


def test_without_another_to_ask_the_interval_holds_both_answers():
    """Three of twenty that nobody can judge: from all wrong to all right, no more is possible."""
    check = planned(matches_of(20, 8))
    figure = check.figures(answered(check, lambda one: one < 116, unsure=(103, 105, 118)))[-1]
    assert (figure.right, figure.answered, figure.pictures) == (14, 17, 20)
    assert figure.precision == pytest.approx(14 / 17)
    assert 14 / 20 <= figure.low < figure.high <= 17 / 20


def test_thresholds_are_round_and_take_in_just_the_pictures_they_count():
    """As few digits as tell them from the next picture; the line is one of them."""
    matches = [*np.linspace(99.99, 98, 50), *np.linspace(90, 51, 80), *np.linspace(49, 1, 870)]
    check = planned(matches)
    figures = check.figures(answered(check, bool))
    exact = np.array(matches, np.float32).astype(float)
    for figure in figures:
        assert (exact >= figure.threshold).sum() == figure.pictures
        assert figure.threshold == round(figure.threshold, 2)
        assert figure.answered >= FEWEST_ANSWERED
    assert [one.threshold for one in figures] == sorted(
        (f.threshold for f in figures), reverse=True
    )
    assert 50 in {one.threshold for one in figures}


def test_equal_matches_are_not_put_apart():
    """A threshold between pictures with the same match would take in others than were counted."""
    check = planned([100.0] * 80 + [10.0] * 920)
    figures = check.figures(answered(check, bool))
    assert [(one.threshold, one.pictures) for one in figures] == [(50, 80)]


def test_what_comes_nowhere_near_is_not_asked():
    """Below one per cent nobody is asked; there may be nothing to ask at all."""
    check = planned([90.0] * 3 + [1.5, 0.9, 0.0])
    assert len(check) == 4
    nothing = planned([0.9] * 30)
    assert (len(nothing), nothing.asked({}), nothing.figures({})) == (0, [], [])


def test_nearly_all_match():
    """Where the pool cannot hold all matches, the line is not said to have fewer than it has."""
    check = planned(np.linspace(99, 60, 39))
    figures = check.figures(answered(check, bool))
    assert (len(check), len(check.picture_ids)) == (20, 20)
    assert min(one.threshold for one in figures) > 60


def test_too_few_answers_tell_nothing():
    """Four tell no figure, five do; none at all is no error."""
    check = planned(matches_of(1000, 130))
    first = sorted(check.asked({}))[:5]
    assert check.figures({}) == []
    assert check.figures(dict.fromkeys(first[:4], RIGHT)) == []
    assert check.figures(dict.fromkeys(first, RIGHT))[0].answered == 5
    assert proposed([]) is None


def test_the_lowest_good_threshold_is_proposed():
    """Where none is good, that which is best for certain."""
    figures = [
        CheckedPrecision(90, 50, 6, 6, 1.0, 0.61, 1.0),
        CheckedPrecision(70, 80, 18, 20, GOOD, 0.70, 0.97),
        CheckedPrecision(60, 90, 15, 20, 0.75, 0.53, 0.89),
    ]
    assert proposed(figures) == figures[1]
    assert proposed(figures[2:]) == figures[2]
    assert figures[2].text == "75 % right from a match of 60 % up (53–89 %, 20 looked at)"


@pytest.mark.parametrize("slope", [0.0, 4.0, 30.0])
def test_the_interval_holds_the_truth(slope):
    """In 500 simulated sessions, at a random threshold and at the proposed one: ≥ 93 %.

    Whether matches tell right from wrong well, somewhat, or not at all.
    """
    chance = np.random.default_rng(20)
    held = {"random": [], "proposed": []}
    for session in range(500):
        pictures, strong = int(chance.integers(200, 2000)), int(chance.integers(21, 150))
        check = planned(matches_of(pictures, strong), str(session))
        above = np.linspace(1, -1, len(check.picture_ids))
        level = chance.uniform(-2, 4)
        right = chance.random(len(above)) < 1 / (1 + np.exp(-(level + slope * above)))
        figures = check.figures(answered(check, lambda one, right=right: right[one - 100]))
        chosen = {"random": figures[chance.integers(len(figures))], "proposed": proposed(figures)}
        for way, figure in chosen.items():
            truth = right[: figure.pictures].mean()
            held[way].append(figure.low - 1e-9 <= truth <= figure.high + 1e-9)
    print({way: np.mean(some) for way, some in held.items()})  # noqa: T201 - figures
    assert np.mean(held["random"]) >= 0.93
    assert np.mean(held["proposed"]) >= 0.93
