"""Several folders for one collection, in the form and from a card."""

import pytest

from search_engine import Library, build_collection, plan_build
from search_engine.building import Folders
from search_engine.collection import folders_of
from tests.app.shown import button, labels, words
from tests.conftest import paint


@pytest.fixture
def places(tmp_path):
    """Three folders with a picture each."""
    names = ("Photos", "Scans", "Mobile")
    return [paint(tmp_path / name / "1.png", salt=ord(name[1])).parent for name in names]


@pytest.fixture
def built(places, settings, load):
    """A collection of the first two, open on the page."""
    name, wanted = plan_build(Folders(tuple(places[:2])), settings, name="mine", model_id="colours")
    build_collection(name, wanted, settings, load=load)
    return name


def type_folder(app, folder):
    app.text_input(key="folder").set_value(str(folder)).run()
    assert not app.exception


def test_folders_are_added_one_by_one(page, places, started, no_sample):
    """Each stands above the box; one build is begun for all, named after them."""
    app = page("1_Build_index.py")
    type_folder(app, places[0])
    button(app, "Add another folder").click().run()
    assert app.text_input(key="folder").value == ""
    assert "Photos" in words(app)
    type_folder(app, places[1])
    button(app, "Index 2 pictures").click().run()
    ((name, wanted, *_),) = started
    assert name == "Photos-and-Scans"
    assert list(folders_of(wanted.root).values()) == places[:2]


def test_one_is_removed_again(page, places, no_sample):
    """Then the other is a plain folder."""
    app = page("1_Build_index.py")
    type_folder(app, places[0])
    button(app, "Add another folder").click().run()
    type_folder(app, places[1])
    button(app, "Remove").click().run()
    assert "Index 1 picture" in labels(app)
    assert "Photos" not in words(app)


def test_a_folder_in_another_is_refused_with_the_cause(page, places, no_sample):
    """Its pictures are in already."""
    paint(places[0] / "below" / "2.png")
    app = page("1_Build_index.py")
    type_folder(app, places[0])
    button(app, "Add another folder").click().run()
    type_folder(app, places[0] / "below")
    assert any("lies in" in one.value for one in app.error)
    assert not [one for one in labels(app) if one.startswith("Index ")]


def test_a_card_leads_to_its_folders(page, built, places, started):
    """One more is added to the collection; its pictures are the only new ones."""
    app = page("1_Build_index.py", collection=built)
    button(app, "Folders…").click().run()
    assert app.text_input(key="new name").value == built
    type_folder(app, places[2])
    found = {metric.label: metric.value for metric in app.metric}
    assert found["New"] == "1"
    app.button(key="build").click().run()
    ((name, wanted, *_),) = started
    assert name == built
    assert set(folders_of(wanted.root).values()) == set(places)


def test_a_folder_goes_only_where_somebody_says_so(page, built, places, settings, started, load):
    """Removed from the form it is asked about; then its pictures are counted as removed."""
    app = page("1_Build_index.py", collection=built)
    button(app, "Folders…").click().run()
    app.button(key="remove folder 1").click().run()
    assert any("has a folder more" in one.value for one in app.error)
    (asked,) = [one for one in app.checkbox if one.label.startswith("Take ")]
    asked.check().run()
    assert not app.error
    app.button(key="build").click().run()
    ((name, wanted, *_),) = started
    assert wanted.root == places[0]
    report = build_collection(name, wanted, settings, load=load)
    assert (report.removed, report.moved) == (1, 1)
    assert Library(settings).summary(built).folders == (str(places[0]),)
