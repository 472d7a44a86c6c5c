"""The form that asks for a build: it begins with what a collection has, and sends what is shown."""

import os

import pytest

from search_engine import RuleChange, ScanRules, build_collection, plan_build
from tests.app.shown import button, labels, model_box, words
from tests.conftest import paint


def test_a_known_folder_keeps_its_model_rules_and_kind(page, collection, settings, started):
    """The form shows what the collection has, and sends that and no model that nobody chose."""
    name, wanted = plan_build(collection, settings)
    app = page("1_Build_index.py")
    app.text_input(key="folder").set_value(str(collection)).run()
    assert model_box(app).value == "colours"
    button(app, "Update").click().run()
    assert not app.exception
    assert [what[:2] for what in started] == [(name, wanted)]
    assert wanted.model_id == "colours"


def test_another_model_is_counted_and_asked_about(page, collection, started):
    """All pictures are to be embedded again; nothing starts before that is confirmed."""
    app = page("1_Build_index.py")
    app.text_input(key="folder").set_value(str(collection)).run()
    model_box(app).set_value("clip-ViT-B-16").run()
    found = {metric.label: metric.value for metric in app.metric}
    assert (found["New"], found["To embed again"]) == ("0", "12")
    assert "**12 unchanged pictures to embed again**" in words(app)
    assert "About 1 s for 12 pictures" in words(app)
    app.button(key="build").click().run()
    assert [what[:2] for what in started] == []


def test_another_one_without_a_name_is_no_choice(page, pictures, no_sample):
    """Where the model is still to be named, nothing can be started."""
    app = page("1_Build_index.py")
    app.text_input(key="folder").set_value(str(pictures)).run()
    model_box(app).set_value("").run()
    assert "Name the model" in words(app)
    assert not [label for label in labels(app) if label.startswith("Index ")]


def test_a_folder_whose_name_is_no_text_can_be_asked_about(page, no_sample, tmp_path):
    """Names that are not UTF-8 make no widget fall over."""
    folder = tmp_path / os.fsdecode(b"odd \xff")
    paint(folder / "red/0.png", "red")
    (tmp_path / "plain").symlink_to(folder)
    app = page("1_Build_index.py")
    app.text_input(key="folder").set_value(str(tmp_path / "plain")).run()
    assert not app.exception
    assert "Index 1 picture" in labels(app)


def test_a_form_that_is_open_follows_what_another_build_changed(
    page, collection, settings, started, load
):
    """Rules that were changed meanwhile are not undone by a form that was filled in before."""
    app = page("1_Build_index.py")
    app.text_input(key="folder").set_value(str(collection)).run()
    name, wanted = plan_build(collection, settings, rules=ScanRules(exclude=("red/*",)))
    build_collection(name, wanted, settings, load=load)
    app.run()
    app.button(key="build").click().run()
    assert not app.exception
    assert [what[:2] for what in started] == [(name, wanted)]


@pytest.fixture
def ruled(pictures, settings, load, monkeypatch):
    """A collection that leaves two colours out."""
    rules = RuleChange(exclude=("red", "blue/"))
    name, wanted = plan_build(pictures, settings, model_id="colours", rules=rules)
    build_collection(name, wanted, settings, load=load)
    monkeypatch.setattr("pages.ui.frame.resources.models.load_embedder", load)
    return pictures


def area(app, label):
    return next(one for one in app.text_area if one.label == label)


def test_the_form_begins_with_the_rules_of_the_collection(ruled, page):
    """They are shown, told with what they leave out, and can be changed and reset."""
    app = page("1_Build_index.py")
    assert "Skips red, blue/" in words(app)
    app.text_input(key="folder").set_value(str(ruled)).run()
    assert area(app, "Skip").value == "red\nblue/"
    assert "By these rules 2 folders are excluded" in words(app)
    area(app, "Skip").set_value("red\ngren").run()
    assert "“gren” is to be excluded, but fits nothing" in words(app)
    area(app, "Include only").set_value("fish").run()
    assert "No picture of this folder gets past the rules" in words(app)
    button(app, "Include everything").click().run()
    assert area(app, "Skip").value == area(app, "Include only").value == ""
    assert "By these rules" not in words(app)


def test_a_form_that_is_left_as_it_is_keeps_the_rules(ruled, page, settings):
    """Whoever only brings a collection up to date changes nothing about them."""
    app = page("1_Build_index.py")
    app.text_input(key="folder").set_value(str(ruled)).run()
    assert not app.exception
    _, wanted = plan_build(ruled, settings)
    assert wanted.rules.exclude == ("red", "blue/")
