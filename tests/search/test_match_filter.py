"""The filter on the match: wherever results are told or counted it lets the same through."""

from dataclasses import replace

import numpy as np
import pytest

from search_engine import Filters, SearchEngine
from search_engine.calibration import THRESHOLD, Presence
from search_engine.cards import card_of, read_card, replay, write_card
from search_engine.errors import BadInput
from search_engine.search import all_matches, count_matches, matching_ids, read

ANIMAL = "an animal"
CATS = frozenset({"cat", "dog"})


def over(engine, query, least, filters=None):
    """Return the ids of what matches so much, by the matches of everything."""
    scored = engine.score_all(query, filters)
    return set(scored.all.picture_ids[scored.matches >= least].tolist())


def ids(results):
    return [one.record.picture_id for one in results]


@pytest.mark.parametrize("least", [5, 50, 80, 99])
@pytest.mark.parametrize(
    "query", [ANIMAL, "a cat - night", "a dog + 0.5:#3", f"{ANIMAL} + good:#9"]
)
def test_everything_lets_the_same_through(gallery, query, least):
    """Results, their count, all scores, the order of reading, all matches, what is selected."""
    wanted, filters = over(gallery, query, least), Filters(min_match=least)
    usual, answer = gallery.search(query, 500), gallery.search(query, 500, filters)
    if usual.verdict.best_match < least:
        wanted = set()
    assert set(ids(answer.results)) == wanted
    assert answer.considered == len(wanted)
    assert min((one.match for one in answer.results), default=100) >= least
    assert ids(answer.results) == [one for one in ids(usual.results) if one in wanted]
    assert set(gallery.score_all(query, filters).all.picture_ids.tolist()) == wanted
    order = read(lambda k: gallery.search(query, k, filters), 24).order
    assert set(ids(order)) == wanted
    both = {one for one in wanted if one in over(gallery, query, THRESHOLD)}
    assert set(ids(all_matches(gallery, query, filters).results)) == both
    assert set(matching_ids(gallery, query, filters).tolist()) == both
    assert ids(gallery.search(query, 3, filters).results) == ids(answer.results[:3])


def test_it_is_about_what_other_filters_let_through(gallery):
    """Both together are what is in both."""
    filters = Filters(categories=CATS, min_match=60)
    found = gallery.search(ANIMAL, 500, filters)
    assert set(ids(found.results)) == over(gallery, ANIMAL, 60, Filters(categories=CATS)) != set()
    assert {one.record.category for one in found.results} <= CATS


def test_it_changes_no_verdict(gallery):
    """That stays the one of the query: a picture far down, once on top, makes nothing clearer."""
    for query in (ANIMAL, "a cat", "a tax form"):
        usual = gallery.search(query).verdict
        for least in (1, usual.best_match, 60):
            found = gallery.search(query, 100, Filters(min_match=least))
            assert found.verdict.best_match == pytest.approx(usual.best_match, rel=1e-4)
            assert found.verdict.presence is usual.presence
            if usual.presence is Presence.ABSENT:
                assert not any(one.stands_out for one in found.results)


def test_nothing_comes_where_nothing_near_matches_so_much(gallery):
    """The answer tells what the best would be; all matches of another threshold agree."""
    best = gallery.search("a tax form").verdict.best_match
    found = gallery.search("a tax form", 10, Filters(min_match=best + 1))
    assert (found.results, found.considered, found.verdict.matches) == ((), 0, 0)
    assert found.verdict.best_match == pytest.approx(best, rel=1e-4)
    assert all_matches(gallery, "a tax form", threshold=best + 1).results == ()
    low = gallery.search("a tax form", 500, Filters(min_match=best / 2))
    assert ids(low.results)
    assert set(ids(low.results)) == set(
        ids(all_matches(gallery, "a tax form", threshold=best / 2).results)
    )


def test_a_match_far_down_counts_only_where_one_is_near(gallery, monkeypatch):
    """As the verdict, which is about the nearest: it is no better for a picture beyond them."""
    monkeypatch.setattr("search_engine.search.scoring.JUDGED", 1)  # the nearest one alone
    scores = ((query, gallery.score_all(query)) for query in (ANIMAL, "a cat", "a red thing"))
    query, scored = next(
        (query, one) for query, one in scores if one.matches.max() > one.best_match + 0.01
    )
    nearest = gallery.search(query, 1).results[0].match
    highest = float(scored.matches.max())
    assert scored.best_match == pytest.approx(nearest, rel=1e-4)
    assert gallery.search(query, 500, Filters(min_match=(highest + nearest) / 2)).results == ()
    assert not len(matching_ids(gallery, query, Filters(min_match=(highest + nearest) / 2)))
    found = gallery.search(query, 500, Filters(min_match=nearest - 0.005))
    assert max(one.match for one in found.results) == pytest.approx(highest, rel=1e-4)
    assert found.verdict.best_match == pytest.approx(nearest, rel=1e-4)


def test_an_example_finds_the_pictures_like_it(gallery):
    """A picture has matches, too, by how near the nearest pictures here are to one another."""
    least = gallery.search("#7", 10).results[2].match
    found = gallery.search("#7", 100, Filters(min_match=least))
    assert set(ids(found.results)) == over(gallery, "#7", least)
    assert ids(found.results)[0] == 7


def test_where_nothing_has_a_match_it_does_nothing_and_says_why(gallery):
    """A query that only excludes has none."""
    filters = Filters(min_match=80)
    found = gallery.search("- night", 20, filters)
    assert found.results == gallery.search("- night", 20).results
    why = gallery.measure.why_no_match(found)
    assert "only excludes" in why.cause
    assert gallery.measure.why_no_match(gallery.search(ANIMAL, 5, filters)) is None


def test_a_collection_that_is_not_calibrated_says_so(build, engine, settings, monkeypatch):
    """And all is found."""
    build()
    (settings.collections_folder / "pictures" / "calibration.npz").unlink()
    monkeypatch.setattr("search_engine.calibration.calibrator.QUICK_UP_TO", 3)
    opened = engine()
    found = opened.search("red", 50, Filters(min_match=80))
    assert len(found.results) == 12
    assert "not calibrated" in opened.measure.why_no_match(found).cause


@pytest.mark.parametrize("wrong", [-1, 100.5, float("nan")])
def test_a_match_that_no_picture_can_have(gallery, wrong):
    """It is an error, as a threshold is."""
    with pytest.raises(BadInput, match="from 0 to 100"):
        gallery.search(ANIMAL, 5, Filters(min_match=wrong))


def test_a_card_keeps_it_and_tells_who_fell_below(gallery):
    """Run again it gives the same; a result that matches less now is named so."""
    filters = Filters(min_match=70, path=("cat/", "dog/"))
    card = card_of(gallery, gallery.search("a cat", 5, filters), 5, filters)
    assert read_card(write_card(card)) == card
    assert replay(gallery, card).is_same
    weaker = next(one for one in gallery.search("a cat", 200).results if one.match < 70)
    result = replace(card.results[0], content_hash=weaker.record.content_hash)
    told = replay(gallery, replace(card, results=(result, *card.results[1:]))).differences
    assert [one.reason for one in told if one.reason] == ["its match is lower now"]


# How many matches there are of what one can filter by


def counted(engine, query, filters):
    """Count the matches of each category one by one, without the filter on categories."""
    there = all_matches(engine, query, replace(filters, categories=None)).results
    names = [one.record.category or "" for one in there]
    return {name: names.count(name) for name in names}


@pytest.mark.parametrize(
    "filters",
    [Filters(), Filters(categories=frozenset({"cat"})), Filters(path="*1.jpg"),
     Filters(min_match=90, categories=CATS)],
)  # fmt: skip
def test_matches_are_counted_in_each_category(gallery, filters):
    """Without the filter on categories itself; most first, and none is forgotten."""
    found = dict(count_matches(gallery, ANIMAL, filters).categories)
    assert {name: count for name, count in found.items() if count} == counted(
        gallery, ANIMAL, filters
    )
    assert set(found) == {name or "" for name in gallery.catalog.pictures.categories()}
    assert list(found.values()) == sorted(found.values(), reverse=True)


@pytest.fixture
def tagged(build, engine):
    """Pictures of colours, of which some that match “purple” are tagged, and some others."""
    build()
    opened: SearchEngine = engine()
    matching = matching_ids(opened, "purple").tolist()
    opened.catalog.tags.add([*matching[:3], *ids(opened.search("green", 2).results)], "warm")
    opened.catalog.tags.add(matching[:1], "fire")
    return opened, matching


def test_matches_are_counted_under_each_tag(tagged):
    """Without the filter on tags; a hidden picture counts no more than it is found."""
    opened, matching = tagged
    assert 4 <= len(matching) < 12
    fire = Filters(tags=frozenset({"fire"}))
    for filters in (Filters(), fire):
        assert dict(count_matches(opened, "purple", filters).tags) == {"warm": 3, "fire": 1}
    assert sum(count_matches(opened, "purple", fire).categories.values()) == 1
    opened.catalog.tags.hide(matching[:1])
    shown = count_matches(opened, "purple", Filters(hidden=False))
    assert dict(shown.tags) == {"warm": 2, "fire": 0}
    assert sum(shown.categories.values()) == len(matching) - 1
    among = np.array(sorted(matching), dtype=np.int64)
    assert opened.catalog.tags.counts(among) == {"fire": 1, "warm": 3}
    assert opened.catalog.tags.counts(among[:0]) == {"fire": 0, "warm": 0}
