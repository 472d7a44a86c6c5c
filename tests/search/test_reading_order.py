"""Results are read in one order: matches first, the same on every page."""

from dataclasses import dataclass, replace

import pytest

from search_engine.search import read
from search_engine.search.reading_order import TOGETHER


@dataclass(frozen=True)
class Result:
    """What the order needs of a result."""

    rank: int
    match: float | None
    stands_out: bool | None


@dataclass(frozen=True)
class Answer:
    results: tuple[Result, ...]


def asked(matches):
    """Give a search over pictures whose matches, by rank, are these; and what was asked of it."""
    counts = []
    ranked = [Result(rank, match, match >= 50) for rank, match in enumerate(matches, 1)]

    def search(k):
        counts.append(k)
        return Answer(tuple(ranked[:k]))

    return search, counts


def test_a_match_comes_before_all_that_is_weaker_however_far_it_is():
    """Also where it is the last that was looked at."""
    matches = [90, 10, 20] + [5] * 100 + [70] + [1] * 200
    search, counts = asked(matches)
    first, last = read(search, 24), read(search, 300)
    assert [one.match for one in first.order[:4]] == [90, 70, 20, 10]
    assert last.order[: len(first.order)] == first.order
    assert [one.rank for one in last.order[TOGETHER:]] == list(range(TOGETHER + 1, 305))[:60]
    assert counts[0] == TOGETHER
    assert not first.has_more_matches


def test_as_many_are_looked_at_as_it_takes():
    """Until the last quarter holds no match; beyond, nothing stands out."""
    matches = [90] * 200 + [10] * 20 + [80] * 100 + [3] * 1000 + [60]
    search, counts = asked(matches)
    found = read(search, 1321)
    assert counts == [TOGETHER, 2 * TOGETHER, 1321]
    assert [one.match >= 50 for one in found.order[:300]] == [True] * 300
    assert [one.stands_out for one in found.order].count(True) == 300
    assert len(found.order) == len(found.answer.results) == 1321


def test_where_all_match_it_says_that_there_may_be_more():
    """It looks at no more than so many."""
    search, _ = asked([90] * 9000)
    assert read(search, 10).has_more_matches


@pytest.mark.parametrize("wanted", [1, 100])
def test_without_matches_the_order_is_that_of_ranks(wanted):
    """As where nothing is calibrated."""

    def search(k):
        return Answer(tuple(Result(rank, None, None) for rank in range(1, 31))[:k])

    found = read(search, wanted)
    assert [one.rank for one in found.order] == list(range(1, 31))


def test_pages_of_the_gallery_never_mix(gallery):
    """No match on a page after a weaker result; every picture once."""
    found = read(lambda k: gallery.search("an animal", k), 200)
    out = [result.stands_out for result in found.order]
    assert out == sorted(out, reverse=True)
    assert sum(out) == found.answer.verdict.matches > 12
    assert len({result.record.picture_id for result in found.order}) == 200
    assert replace(found.answer, results=()).query == found.answer.query
