"""Hidden pictures are not found unless they are asked for, and leaving them out costs nothing."""

import numpy as np
import pytest

from search_engine import Filters
from search_engine.cards import card_of, read_card, replay, write_card
from search_engine.search import all_matches

OPEN = Filters(hidden=False)


@pytest.fixture
def opened(build, engine):
    build()
    return engine()


def paths(answer):
    return [one.record.path for one in answer.results]


def hide(engine, *found):
    catalog = engine.catalog
    ids = [one.picture_id for one in catalog.pictures if one.path.startswith(found)]
    return catalog.tags.hide(ids)


def test_hidden_pictures_are_found_only_where_they_are_asked_for(opened):
    """By nobody who says so; by who measures; alone where only they are asked for."""
    everything = paths(opened.search("red", 20))
    hide(opened, "red/0", "blue/1")
    left = [path for path in everything if path not in {"red/0.png", "blue/1.png"}]
    answer = opened.search("red", 20, OPEN)
    assert paths(answer) == left
    assert answer.considered == opened.search("red", 1, OPEN).considered == 10
    assert paths(opened.search("red", 20)) == everything
    only = opened.search("red", 20, Filters(hidden=True))
    assert (paths(only), only.considered) == (["red/0.png", "blue/1.png"], 2)
    scored = opened.score_all("red", OPEN).all
    assert sorted(one.record.picture_id for one in answer.results) == scored.picture_ids.tolist()
    assert len(opened.score_all("red").all.scores) == 12


def test_scores_ranks_and_verdict_are_those_of_the_rest(opened):
    """Ranks count what is found; the verdict is on the collection, not on a filtered part."""
    before = {one.record.path: one.score for one in opened.search("red", 20).results}
    hide(opened, "red/0")
    answer = opened.search("red", 3, OPEN)
    assert [one.rank for one in answer.results] == [1, 2, 3]
    assert {one.record.path: one.score for one in answer.results} == {
        path: pytest.approx(before[path]) for path in paths(answer)
    }
    assert answer.verdict is None or not answer.verdict.filtered


@pytest.mark.parametrize("k", [1, 2, 5, 20])
def test_no_answer_is_short_however_many_are_hidden(opened, k):
    """As many as asked for, if there are as many: the best of what is left, in order."""
    everything = paths(opened.search("red", 20))
    for number in range(11):
        hide(opened, everything[number])
        assert paths(opened.search("red", k, OPEN)) == everything[number + 1 :][:k]
    hide(opened, everything[-1])
    answer = opened.search("red", k, OPEN)
    assert (answer.results, answer.considered) == ((), 0)


def test_other_filters_hold_as_well(opened):
    """A category, a tag and a score, each less what is hidden."""
    hide(opened, "red/0")
    red = Filters(categories=frozenset({"red"}), hidden=False)
    assert paths(opened.search("red", 9, red)) == ["red/1.png"]
    opened.catalog.tags.add(range(1, 20), "all")
    tagged = Filters(tags=frozenset({"ALL"}), hidden=False)
    assert len(opened.search("red", 20, tagged).results) == 11
    best = Filters(min_score=0.99, hidden=False)
    assert paths(opened.search("red", 20, best)) == ["red/1.png"]


def test_nothing_is_listed_to_leave_hidden_ones_out(opened, monkeypatch):
    """A list of all others takes as long as a search in full, of a million."""
    hide(opened, "red/0")

    def listed(*_):
        raise AssertionError

    monkeypatch.setattr(opened.catalog.pictures, "matching", listed)
    within = []
    search = opened.store.search

    def noted(vector, k, within_ids=None):
        within.append(within_ids)
        return search(vector, k, within_ids)

    monkeypatch.setattr(opened.store, "search", noted)
    assert paths(opened.search("red", 1, OPEN)) == ["red/1.png"]
    assert within == [None]
    with pytest.raises(AssertionError):
        opened.search("red", 1, Filters(hidden=True))


def test_what_is_full_of_hidden_ones_is_asked_twice(opened, monkeypatch):
    """Then they are not looked at again, instead of asking for ever more."""
    everything = paths(opened.search("red", 20))
    hide(opened, *everything[:6])
    within = []
    search = opened.store.search

    def noted(vector, k, within_ids=None):
        within.append(within_ids)
        return search(vector, k, within_ids)

    monkeypatch.setattr(opened.store, "search", noted)
    assert paths(opened.search("red", 2, OPEN)) == everything[6:8]
    first, second = within
    assert first is None
    assert not np.isin(second, opened.catalog.tags.hidden_ids()).any()
    assert len(second) == 6


def test_hiding_is_seen_by_who_has_it_open(opened, engine):
    """The next search of another process leaves it out, without a new index."""
    other = engine()
    assert paths(other.search("red", 1, OPEN)) == ["red/0.png"]
    hide(opened, "red/0")
    assert paths(other.search("red", 1, OPEN)) == ["red/1.png"]
    assert other.manifest.made_of == other.catalog.version


def test_a_replay_says_that_a_picture_is_hidden_now(opened):
    """A card keeps what was asked for; one that says nothing of hidden pictures finds them."""
    kept = {
        filters: write_card(card_of(opened, opened.search("red", 2, filters), 2, filters))
        for filters in (OPEN, Filters())
    }
    hide(opened, "red/0")
    now = replay(opened, read_card(kept[OPEN]))
    left = next(one for one in now.differences if one.path == "red/0.png")
    assert left.reason == "it is hidden now"
    assert replay(opened, read_card(kept[Filters()])).is_same


def test_all_matches_leave_hidden_ones_out(indexed_gallery):
    """Every match but those."""
    found = all_matches(indexed_gallery, "fish").results
    one = found[0].record.picture_id
    indexed_gallery.catalog.tags.hide([one])
    try:
        left = all_matches(indexed_gallery, "fish", OPEN).results
    finally:
        indexed_gallery.catalog.tags.show([one])
    assert [r.record.picture_id for r in left] == [r.record.picture_id for r in found[1:]]
