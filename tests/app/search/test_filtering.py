"""Filters that one can see: the match, counts beside categories and tags, and what they let in."""

import csv
import io
import json

import pytest

from pages.ui.search import downloads
from search_engine import SearchEngine
from search_engine.cards import SavedQueries
from tests.app.payloads import choose, grid, opened, paths
from tests.app.shown import button, labels, words


@pytest.fixture
def search(page, collection):
    """Open the search page of the collection."""
    return lambda **wanted: page("2_Search.py", **wanted)


def test_the_match_filters_all_that_is_shown_counted_and_kept(search, settings, monkeypatch):
    """Grid, count, downloads and saved query have the same pictures; the chip takes it away."""
    made = {}
    offered = downloads.st.download_button
    monkeypatch.setattr(
        downloads.st, "download_button",
        lambda label, data, *more, **named: made.update({label: data}) or offered(
            label, b"", *more, **named
        ),
    )  # fmt: skip
    app = search(q="red", min_match="80")
    assert not app.exception
    there = paths(grid(app))
    assert sorted(there) == ["red/0.png", "red/1.png"]
    assert "2 of 12 pictures pass the filters" in words(app)
    assert "Match 80 % or more" in labels(app)
    choose(app, "download").run()
    rows = csv.DictReader(io.StringIO(made["Table (CSV)"]().decode("utf-8-sig")))
    assert ["/".join(row["path"].split("/")[-2:]) for row in rows] == there
    card = json.loads(made["Result card (JSON)"]())
    assert (card["filters"]["min_match"], [one["path"] for one in card["results"]]) == (80, there)
    choose(app, "download")
    next(one for one in app.button if one.label == "Save").click().run()
    kept = SavedQueries(settings.collections_folder / "pictures").read("red")
    assert kept.filters.min_match == 80
    button(app, "Match 80 % or more").click().run()
    assert len(grid(app)["items"]) == 12
    opened(app, "filters open")
    app.slider(key="min_match").set_value(95.0).run()
    assert len(grid(app)["items"]) == 2


def test_a_match_that_nothing_has_is_told_with_the_best(search):
    """And weaker matches are a click away."""
    app = search(q="red + green", min_match="100")
    assert grid(app) is None
    assert "No picture matches 100 % or more. The best match is" in app.info[0].value
    button(app, "Show weaker matches").click().run()
    assert len(grid(app)["items"]) == 12


def test_where_nothing_has_a_match_it_is_said_why_it_does_not_filter(search):
    """A query that only excludes has none; all is shown."""
    app = search(q="- red", min_match="80")
    assert len(grid(app)["items"]) == 12
    assert "“Match 80 % or more” does not filter here" in words(app)
    assert "only excludes" in words(app)
    assert "does not filter" not in words(search(q="red", min_match="80"))


def test_matches_are_counted_beside_categories_and_tags(search, settings, load):
    """Of the query, without the filter itself, most first; all pictures where nothing is asked."""
    with SearchEngine.open("pictures", settings, load=load) as engine:
        ids = [one.record.picture_id for one in engine.search("purple", 3).results]
        away = [one.record.picture_id for one in engine.search("yellow", 1).results]
        engine.catalog.tags.add([*ids, *away], "mine")
    counts = []
    for filters in ({}, {"category": "green"}):
        app = opened(search(q="purple", **filters), "filters open")
        shown = [one.split(" · ") for one in app.multiselect(key="category").options]
        counts.append({name: int(count) for name, count in shown})
        numbers = [int(count) for _, count in shown]
        assert numbers == sorted(numbers, reverse=True)
        assert (counts[-1]["purple"], counts[-1]["yellow"], len(shown)) == (2, 0, 6)
        assert app.multiselect(key="tag").options == [f"mine · {0 if filters else 3}"]
    assert counts[0] == counts[1]
    app = opened(search(q=""), "filters open")
    assert [one.split(" · ")[1] for one in app.multiselect(key="category").options] == ["2"] * 6
    assert app.multiselect(key="tag").options == ["mine · 4"]
    app = opened(search(q="- blue"), "filters open")
    assert [one.split(" · ")[1] for one in app.multiselect(key="category").options] == ["2"] * 6
