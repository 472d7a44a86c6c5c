"""After background texts were changed, or the method, who searches learns what is to be done."""

import pytest

from search_engine import SearchEngine
from search_engine.calibration import CALIBRATION_FILE, stored
from search_engine.errors import CollectionError
from search_engine.settings import BACKGROUND_FILE


@pytest.fixture
def large(run, pictures, settings, monkeypatch):
    """A collection that is too large to be measured again while somebody waits."""
    assert run("index", pictures, "--model", "mini")[0] == 0
    monkeypatch.setattr("search_engine.calibration.calibrator.QUICK_UP_TO", 3)
    (settings.data_folder / BACKGROUND_FILE).write_text("a chanterelle\n")
    return pictures


def test_a_search_says_that_an_update_brings_matches_back(run, large):
    """On standard error, with the remedy, which helps."""
    _, _, err = run("search", "red")
    assert "has no matches until its next update, because the background texts were changed" in err
    with SearchEngine.open(large.name) as engine:
        assert engine.measure.texts_changed()
        with pytest.raises(CollectionError, match=r"texts changed since .* Update it"):
            engine.measure.require_matches()
    assert run("index", large)[0] == 0
    _, _, err = run("search", "red")
    assert "until its next update" not in err
    with SearchEngine.open(large.name) as engine:
        assert not engine.measure.texts_changed()
        assert engine.search("red").verdict is not None


def test_what_was_never_measured_has_nothing_to_do_with_texts(run, large, settings):
    """Then it is only said that scores are not calibrated yet."""
    (settings.collections_folder / large.name / CALIBRATION_FILE).unlink()
    assert "background texts were changed" not in run("search", "red")[2]


def test_an_older_method_is_no_damage(run, pictures, settings, monkeypatch, caplog):
    """It is measured again without a warning."""
    monkeypatch.setattr(stored, "_METHOD", stored._METHOD - 1)
    assert run("index", pictures, "--model", "mini")[0] == 0
    monkeypatch.undo()
    monkeypatch.setenv("IMAGE_SEARCH_DATA", str(settings.data_folder))
    caplog.set_level("INFO")
    with SearchEngine.open(pictures.name, settings) as engine:
        engine.embedder()
        assert engine.search("red").verdict is not None
    told = {one.getMessage(): one.levelname for one in caplog.records}
    text = f"the calibration of pictures is made again: it was made by method {stored._METHOD - 1}"
    assert told[text] == "INFO"
    assert "WARNING" not in told.values()
