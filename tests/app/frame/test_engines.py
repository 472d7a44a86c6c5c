"""A collection that a tab holds goes on answering, however many others are opened."""

import gc
import weakref

import pytest

from pages.ui.frame import resources
from pages.ui.frame.resources import engines
from search_engine import Library, build_collection, plan_build
from search_engine.building import rebuild_index
from search_engine.settings import DATA_VARIABLE
from tests.conftest import paint


@pytest.fixture
def names(settings, tmp_path, load, monkeypatch):
    """Two collections more than are held open."""
    monkeypatch.setenv(DATA_VARIABLE, str(settings.data_folder))
    monkeypatch.setattr("pages.ui.frame.resources.models.load_embedder", load)
    made = []
    for number in range(engines.ENGINES + 2):
        folder = tmp_path / f"folder {number}"
        paint(folder / "red" / "a.png", "red", salt=number)
        name, wanted = plan_build(folder, settings, name=f"c{number}", model_id="colours")
        build_collection(name, wanted, settings, load=load)
        made.append(name)
    return made


def test_an_engine_that_makes_room_is_not_closed_under_its_reader(names, settings):
    """Whoever still asks it gets an answer, not the advice to remove a healthy collection."""
    library = Library(settings)
    manifests = {name: library.summary(name).manifest for name in names}
    first = resources.engine(names[0], manifests[names[0]])
    for name in names[1:]:
        resources.engine(name, manifests[name])
    gc.collect()
    assert resources.engine(names[0], manifests[names[0]]) is not first  # it had made room
    assert first.search("red").results[0].record.path == "red/a.png"


def test_a_newer_generation_takes_the_place_of_the_one_before(names, settings):
    """A long build publishes many; only the last is held, whoever had an older one goes on."""
    library, gone = Library(settings), []
    for _ in range(3):
        engine = resources.engine(names[0], library.summary(names[0]).manifest)
        assert engine is resources.engine(names[0], library.summary(names[0]).manifest)
        gone.append(weakref.ref(engine))
        rebuild_index(names[0], settings)
    assert engine.search("red").results[0].record.path == "red/a.png"
    gc.collect()
    assert [one() is None for one in gone] == [True, True, False]
