"""Filters that fit nothing, and a minus that is none: told with what was meant."""

import pytest

from search_engine import Library, build_collection, plan_build
from tests.app.payloads import address, grid, opened, paths
from tests.app.shown import button, labels, words
from tests.conftest import paint


def test_a_link_with_an_unknown_category_says_so(collection, page):
    """It names the category, offers one that is near, and takes it at a click."""
    app = page("2_Search.py", q="red", category="Rad")
    assert "There is no category “Rad”" in words(app)
    button(app, "Take “red”").click().run()
    opened(app, "filters open")
    assert app.multiselect(key="category").value == ["red"]
    assert "There is no category" not in words(app)


@pytest.mark.parametrize("linked", ["CAFÉ", "Cafe\u0301", "café"])
def test_a_link_finds_a_category_in_any_spelling(collection, page, settings, load, linked):
    """Case and the way of writing letters make no difference where one category is meant."""
    paint(collection / "Cafe\u0301" / "a.png", "red", salt=77)
    name, wanted = plan_build(collection, settings)
    build_collection(name, wanted, settings, load=load)
    with Library(settings).open_catalog("pictures") as catalog:
        assert "Café" in catalog.pictures.categories()
    app = page("2_Search.py", q="red", category=linked)
    opened(app, "filters open")
    assert app.multiselect(key="category").value == ["Café"]
    assert "There is no category" not in words(app)


def test_a_path_that_fits_nothing_is_told_with_what_would(collection, page):
    """Half a word finds nothing; the pattern around it is offered, and taken at a click."""
    app = page("2_Search.py", q="red", path="yell")
    assert "No path fits “yell”" in words(app)
    button(app, "Take “*yell*”").click().run()
    assert "Path: *yell*" in labels(app)
    assert "No path fits" not in words(app)


def test_several_paths_find_what_fits_any_of_them(collection, page):
    """One is typed after another, each has a chip, and goes by it; a link of before has one."""
    app = page("2_Search.py", q="red", path="yellow/")
    assert {path.partition("/")[0] for path in paths(grid(app))} == {"yellow"}
    opened(app, "filters open")
    app.text_input(key="path").set_value("blue/").run()
    assert app.text_input(key="path").value == ""
    assert {path.partition("/")[0] for path in paths(grid(app))} == {"yellow", "blue"}
    assert address(app)["search"].endswith("&path=yellow%2F&path=blue%2F")
    button(app, "Path: yellow/").click().run()
    assert {path.partition("/")[0] for path in paths(grid(app))} == {"blue"}
    app = page("2_Search.py", q="red", path=["blue/", "gren"])
    assert "No path fits “gren”" not in words(app)
    app = page("2_Search.py", q="red", path=["nowhere", "yell"])
    assert "No path fits “nowhere”" in words(app)


def test_a_dash_before_a_word_is_noted(collection, page):
    """The way of searches in the web is told, with an offer of what was meant."""
    app = page("2_Search.py", q="red -blue")
    assert "“-blue”" in words(app)
    button(app, "Search for red - blue").click().run()
    assert app.text_input(key="q").value == "red - blue"
