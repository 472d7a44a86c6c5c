"""The app asks before it loads a model that only a collection names."""

import pytest

from search_engine.embedding import is_trusted
from search_engine.jobs.control import JobState
from tests.app.payloads import grid, paths


@pytest.fixture
def stranger(collection, settings):
    """The collection ``pictures``, whose model nobody chose on this machine."""
    settings.models_file.unlink()


def confirm(app):
    """Press the button that confirms the model."""
    next(button for button in app.button if button.label.startswith("I trust it")).click().run()
    return app


def test_words_wait_for_a_confirmation(page, stranger, settings):
    """The search page names the model, and answers once a person has confirmed it."""
    app = page("2_Search.py", q="purple")
    assert not app.exception
    assert "colours" in app.warning[0].value
    assert not is_trusted("colours", settings)
    confirm(app)
    assert is_trusted("colours", settings)
    assert paths(grid(app))[0].startswith("purple/")


def test_a_build_waits_for_a_confirmation(page, stranger, settings, monkeypatch):
    """Update starts nothing before the collection's own model is confirmed."""
    started = []
    monkeypatch.setattr(
        "pages.ui.frame.resources.places.Jobs.start", lambda *what: started.append(what)
    )
    app = page("1_Build_index.py")
    next(button for button in app.button if button.label == "Update").click().run()
    assert not started
    assert "colours" in app.warning[0].value
    confirm(app)
    next(button for button in app.button if button.label == "Update").click().run()
    assert len(started) == 1


def test_a_named_model_is_chosen_when_the_build_starts(
    page, no_sample, pictures, settings, monkeypatch
):
    """The form is a choice at the press of the button, not while it is filled in."""
    monkeypatch.setattr("pages.ui.frame.resources.places.Jobs.start", lambda *_: JobState.NONE)
    app = page("1_Build_index.py")
    app.text_input(key="folder").set_value(str(pictures)).run()
    app.selectbox[0].set_value("clip-ViT-B-16").run()
    assert not is_trusted("clip-ViT-B-16", settings)
    next(button for button in app.button if button.label.startswith("Index ")).click().run()
    assert is_trusted("clip-ViT-B-16", settings)
