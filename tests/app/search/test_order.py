"""Results in other orders, apart, and marked: in the page and in its address."""

import re

import pytest

from pages.ui.frame.search_memory import changed_to
from pages.ui.frame.search_state import EMPTY, SearchState, as_address
from search_engine.query import MOST_MARKS
from search_engine.search import all_matches
from tests.app.payloads import grid
from tests.app.search.test_verdict import drawings  # noqa: F401 - a fixture
from tests.app.shown import words

ANIMALS = {"q": "an animal"}


def ids(app):
    return [item["id"] for item in grid(app)["items"]]


@pytest.fixture
def matching(gallery):
    """Ids of all that match, best match first."""
    return [result.record.picture_id for result in all_matches(gallery, "an animal").results]


def test_matches_can_be_shown_alone(drawings, matching):  # noqa: F811
    """All of them, on pages, and no line."""
    app = drawings("2_Search.py", **ANIMALS, shown="matches")
    assert not app.exception
    assert ids(app) == matching[:48]
    assert grid(app)["cuts"] == []
    assert f"{len(matching)} strong matches" in words(app)


@pytest.mark.parametrize("sort", ["date", "name", "size"])
def test_matches_are_sorted(drawings, gallery, matching, sort):  # noqa: F811
    """Only they are shown then, each once."""
    app = drawings("2_Search.py", **ANIMALS, sort=sort, per_page="48")
    assert not app.exception
    records = gallery.records(matching)
    by = {
        "date": lambda one: -(records[one].modified_ns // 10**9),
        "name": lambda one: records[one].path.rpartition("/")[2],
        "size": lambda one: -records[one].width * records[one].height,
    }[sort]
    assert sorted(ids(app)) == sorted(matching)
    assert list(map(by, ids(app))) == sorted(map(by, matching))


def test_matches_are_grouped_over_pages(drawings, gallery, matching):  # noqa: F811
    """Each group has its name and count."""
    app = drawings("2_Search.py", **ANIMALS, group="category", per_page="24")
    assert not app.exception
    records = gallery.records(matching)
    names = [records[one].category for one in ids(app)]
    assert names == sorted(names)
    cuts = grid(app)["cuts"]
    starts = [at for at, name in enumerate(names) if not at or name != names[at - 1]]
    assert [one["at"] for one in cuts] == starts
    whole = [one.category for one in records.values()]
    assert [one["text"] for one in cuts] == [
        f"{names[at]} · {whole.count(names[at])}" for at in starts
    ]


@pytest.mark.parametrize(
    ("group", "form"), [("month", r"\w+ \d{4}"), ("day", r"\w+, \d+ \w+ \d{4}")]
)
def test_dates_of_groups_are_words(drawings, group, form):  # noqa: F811
    """As May 2024, and Friday, 3 May 2024."""
    cuts = grid(drawings("2_Search.py", **ANIMALS, group=group))["cuts"]
    assert cuts
    assert all(re.fullmatch(rf"{form} · \d+", one["text"]) for one in cuts)


def test_nothing_that_matches_is_told_with_a_way_on(drawings):  # noqa: F811
    """What is nearest is a click away."""
    app = drawings("2_Search.py", q="a tax form", sort="name")
    assert not app.exception
    assert any("No strong match" in note.value for note in app.info)
    next(one for one in app.button if one.label == "Show the nearest results").click().run()
    assert len(ids(app)) == 48


def test_what_has_no_match_is_shown_as_usual(drawings):  # noqa: F811
    """With the reason why it is not sorted."""
    app = drawings("2_Search.py", q="- night", sort="name")
    assert not app.exception
    assert len(ids(app)) == 48
    assert "only excludes has no matches" in words(app)


def test_marks_of_the_address_change_what_is_found(drawings, gallery):  # noqa: F811
    """Good ones are shown as such, bad ones not at all; chips tell of both."""
    plain = ids(drawings("2_Search.py", **ANIMALS))
    good, bad = plain[3], plain[0]
    app = drawings("2_Search.py", **ANIMALS, good=str(good), bad=str(bad))
    assert not app.exception
    assert bad not in ids(app)
    assert ids(app) != [one for one in plain if one != bad]
    assert [item["id"] for item in grid(app)["items"] if item["good"]] == [good]
    assert [part["text"] for part in grid(app)["legend"]][1:] == ["your marks"]
    for label in ("Clear good marks", "Clear bad marks"):
        next(one for one in app.button if one.label == label).click().run()
    assert ids(app) == plain


@pytest.mark.parametrize("text", ["x", "-1", "0", "9" * 40, "1.5", "١"])
def test_marks_that_cannot_be_ids_are_passed_over(drawings, text):  # noqa: F811
    """As all that makes no sense in an address."""
    app = drawings("2_Search.py", **ANIMALS, good=text)
    assert not app.exception
    assert not any(item["good"] for item in grid(app)["items"])


def test_other_words_drop_the_marks():
    """They were about answers to the words before; filters and orders keep them."""
    asked = SearchState(q="a fish", good=(1,), bad=(2, 3))
    assert changed_to(asked, "q", "a boat") == SearchState(q="a boat")
    assert changed_to(asked, "q", "a fish") == asked
    assert changed_to(asked, "sort", "name").marks == asked.marks
    assert as_address(asked) == "q=a+fish&good=1&bad=2&bad=3"
    assert SearchState(good=(1, 2), bad=(2,)).marks.good == (1,)
    assert not EMPTY.only_matches
    assert MOST_MARKS > 100
