"""Which model a build uses: what is here is offered, what is typed is checked before it begins."""

import shutil
from dataclasses import asdict

import pytest

from search_engine import ScanRules, build_collection, plan_build
from search_engine.embedding import trust
from search_engine.errors import ModelUnavailable, Trouble
from search_engine.files import documents
from search_engine.jobs.control import JobState
from search_engine.records import CollectionSettings, IndexKind
from search_engine.settings import MINI_MODEL
from tests.app.shown import button, labels, model_box, words
from tests.conftest import paint

IN_A_FOLDER = "in a folder"


@pytest.fixture
def model(tmp_path, settings):
    """A model in a folder of this machine."""
    folder = tmp_path / "models" / "my-clip"
    shutil.copytree(settings.mini_model_folder, folder)
    return folder


@pytest.fixture
def form(page, pictures, no_sample):
    """The form, filled in for a folder, with a model in a folder to be named."""
    app = page("1_Build_index.py")
    app.text_input(key="folder").set_value(str(pictures)).run()
    return model_box(app).set_value(IN_A_FOLDER).run()


def folder_box(app):
    return next(one for one in app.text_input if one.label == "Folder with the model")


def can_begin(app):
    return any(label.startswith("Index ") for label in labels(app))


def test_a_folder_with_a_model_is_taken_in_any_spelling(form, model):
    """Quotes around it, as a file manager copies them, are no part of the path."""
    assert not can_begin(form)
    assert "Choose…" in labels(form)
    folder_box(form).set_value(f'"{model}"').run()
    assert not form.exception
    assert can_begin(form)
    assert "Model: my-clip in" in words(form)


def test_the_folder_above_a_model_offers_the_model(form, model):
    """Nothing can begin with it; a click takes the model below."""
    folder_box(form).set_value(str(model.parent)).run()
    assert "no model in this folder itself" in words(form)
    assert not can_begin(form)
    button(form, "my-clip").click().run()
    assert not form.exception
    assert folder_box(form).value == str(model)
    assert can_begin(form)


@pytest.mark.parametrize("name", ["models/my-clop", "pictures"])
def test_a_folder_without_a_model_is_told_before_a_build(form, model, tmp_path, name):
    """A mistyped path and a folder of something else begin nothing, and no hub is spoken of."""
    folder_box(form).set_value(str(tmp_path / name)).run()
    assert not form.exception
    assert not can_begin(form)
    assert "hub" not in words(form)
    if name == "pictures":
        assert "There is no model in this folder" in words(form)
    else:
        assert any("my-clip" in label for label in labels(form))


def test_a_path_where_a_name_is_asked_for_is_a_path(form, model):
    """Whoever pastes a path into the box for the hub is understood; what is no name is told."""
    model_box(form).set_value("").run()
    box = next(one for one in form.text_input if one.label.startswith("Name of the model"))
    box.set_value(str(model)).run()
    assert can_begin(form)
    box = next(one for one in form.text_input if one.label.startswith("Name of the model"))
    box.set_value("no such name!").run()
    assert not form.exception
    assert "it is no folder here, and no name of the hub" in words(form)
    assert not can_begin(form)


def test_no_download_is_promised_that_cannot_be(page, pictures, no_sample):
    """Where downloads are switched off, list and look before the build say what is not here."""
    app = page("1_Build_index.py")
    app.text_input(key="folder").set_value(str(pictures)).run()
    assert "is not on this machine, where downloads are switched off" in words(app)
    assert not [one for one in model_box(app).options if "download" in one]
    assert "a model in a folder of this machine…" in model_box(app).options


def test_a_model_in_use_is_offered_for_the_next_folder(page, pictures, model, settings, no_sample):
    """A folder that was chosen once is in the list, and first where the usual model is not here."""
    trust(str(model), settings)
    name, wanted = plan_build(pictures, settings, model_id=str(model))
    build_collection(name, wanted, settings)
    paint(pictures.parent / "second/red.png", "red")
    app = page("1_Build_index.py")
    app.text_input(key="folder").set_value(str(pictures.parent / "second")).run()
    assert not app.exception
    assert model_box(app).value == str(model)
    assert any("used by “pictures”" in one for one in model_box(app).options)


@pytest.mark.parametrize("failed", ["clip-ViT-B-16", "/nowhere/my-clip"])
def test_after_a_failure_all_stays_but_the_model(page, pictures, no_sample, ended, failed):
    """Name, kind and rules are as they were; the model that failed does not come first."""
    wanted = CollectionSettings(pictures, ScanRules(exclude=("red/",)), failed, IndexKind.HNSW)
    jobs = ended(JobState.FAILED, "Trip", trouble=Trouble.of(ModelUnavailable("It is not here")))
    documents.write(jobs._request_file("Trip"), asdict(wanted))
    app = page("Home.py")
    button(app, "Use another model").click().run()
    assert not app.exception
    assert model_box(app).value == IN_A_FOLDER
    assert folder_box(app).value == ("" if failed == "clip-ViT-B-16" else failed)
    assert app.text_input(key="new name").value == "Trip"
    assert IndexKind.HNSW in [one.value for one in app.selectbox]
    assert "red/" in [one.value for one in app.text_area]
    model_box(app).set_value(MINI_MODEL).run()
    assert can_begin(app)
