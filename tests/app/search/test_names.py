"""Rules and names in the app: what a collection leaves out, and filters that fit nothing."""

import pytest

from search_engine import Library, RuleChange, build_collection, plan_build
from tests.app.build.test_build import words
from tests.conftest import paint


@pytest.fixture
def ruled(pictures, settings, load, monkeypatch):
    """A collection that leaves two colours out."""
    rules = RuleChange(exclude=("red", "blue/"))
    name, wanted = plan_build(pictures, settings, model_id="colours", rules=rules)
    build_collection(name, wanted, settings, load=load)
    monkeypatch.setattr("pages.ui.frame.resources.models.load_embedder", load)
    return pictures


def button(app, label):
    return next(one for one in app.button if one.label.replace("\\", "").startswith(label))


def area(app, label):
    return next(one for one in app.text_area if one.label == label)


def test_the_form_begins_with_the_rules_of_the_collection(ruled, page):
    """They are shown, told with what they leave out, and can be changed and reset."""
    app = page("1_Build_index.py")
    assert "Leaves out red, blue/" in words(app)
    app.text_input(key="folder").set_value(str(ruled)).run()
    assert area(app, "Leave out").value == "red\nblue/"
    assert "By these rules 2 folders are left out" in words(app)
    area(app, "Leave out").set_value("red\ngren").run()
    assert "“gren” is to be left out, but fits nothing" in words(app)
    area(app, "Take in only").set_value("fish").run()
    assert "No picture of this folder gets past the rules" in words(app)
    button(app, "Take everything in").click().run()
    assert area(app, "Leave out").value == area(app, "Take in only").value == ""
    assert "By these rules" not in words(app)


def test_a_form_that_is_left_as_it_is_keeps_the_rules(ruled, page, settings):
    """Whoever only brings a collection up to date changes nothing about them."""
    app = page("1_Build_index.py")
    app.text_input(key="folder").set_value(str(ruled)).run()
    assert not app.exception
    _, wanted = plan_build(ruled, settings)
    assert wanted.rules.exclude == ("red", "blue/")


def test_a_link_with_an_unknown_category_says_so(collection, page):
    """It names the category, offers one that is near, and takes it at a click."""
    app = page("2_Search.py", q="red", category="Rad")
    assert "There is no category “Rad”" in words(app)
    button(app, "Take “red”").click().run()
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
    assert app.multiselect(key="category").value == ["Café"]
    assert "There is no category" not in words(app)


def test_a_path_that_fits_nothing_is_told_with_what_would(collection, page):
    """Half a word finds nothing; the pattern around it is offered, and taken at a click."""
    app = page("2_Search.py", q="red", path="yell")
    assert "No path fits “yell”" in words(app)
    button(app, "Take “*yell*”").click().run()
    assert app.text_input(key="path").value == "*yell*"
    assert "No path fits" not in words(app)


def test_a_dash_before_a_word_is_noted(collection, page):
    """The way of searches in the web is told, with an offer of what was meant."""
    app = page("2_Search.py", q="red -blue")
    assert "“-blue”" in words(app)
    button(app, "Ask red - blue").click().run()
    assert app.text_input(key="q").value == "red - blue"
