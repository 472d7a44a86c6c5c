"""The model is loaded before it is needed, once, and a page that waits for it says so."""

import threading
import time

import pytest
import streamlit as st

from pages.ui.frame.model_warming import ModelWarming
from search_engine.embedding import is_on_this_machine, load_embedder, trust
from search_engine.errors import ModelUnavailable
from search_engine.settings import DEFAULT_MODEL, MINI_MODEL
from tests.app.shown import words

KEY = (MINI_MODEL, "as it is")


@pytest.fixture
def warming(monkeypatch):
    monkeypatch.setattr("pages.ui.frame.model_warming._SECONDS_AFTER_A_PAGE", 0)
    return ModelWarming()


def until(told):
    for _ in range(400):
        if told():
            return
        time.sleep(0.02)
    pytest.fail("it did not come about")


def test_a_model_is_loaded_once_and_handed_to_who_asks_first(warming, settings):
    """Whoever begins it again, or asks while it is loaded, waits for the one load."""
    loads, go = [], threading.Event()

    def load():
        go.wait(20)
        loads.append(object())
        return loads[-1]

    warming.begin(KEY, load, settings)
    warming.begin(KEY, load, settings)
    assert warming.is_under_way(KEY)
    until(lambda: warming.seconds(KEY) > 0.05)  # which every page tells alike
    assert warming.seconds(("another", "")) == 0
    threading.Timer(0.1, go.set).start()
    assert warming.take(KEY, load) is loads[0]
    assert len(loads) == 1
    assert warming.is_taken(KEY)
    warming.begin(KEY, load, settings)
    assert not warming.is_under_way(KEY)


@pytest.mark.parametrize("model", ["somebody/model", DEFAULT_MODEL])
def test_what_needs_a_yes_or_a_download_is_left_alone(model, warming, settings, monkeypatch):
    """A collection's own model needs to be confirmed, and nothing is fetched unasked."""
    monkeypatch.setattr("search_engine.embedding.loading.cached_model", lambda _name: None)
    loads = []
    warming.begin((model, ""), lambda: loads.append(1), settings)
    until(lambda: not warming.is_under_way((model, "")))
    assert loads == []


def test_only_a_model_that_is_here_is_on_this_machine(settings, monkeypatch):
    """The bundled one is; one from the hub only once it was fetched."""
    monkeypatch.setattr("search_engine.embedding.loading.cached_model", lambda _name: None)
    assert is_on_this_machine(MINI_MODEL, settings)
    assert not is_on_this_machine(DEFAULT_MODEL, settings)


def test_a_model_that_fails_beforehand_is_told_by_who_needs_it(warming, settings):
    """The failure is not raised where nobody waits, and not kept: it may be mended by then."""
    tries = []

    def load():
        tries.append(1)
        cause = "its files are broken"
        raise ModelUnavailable(cause)

    warming.begin(KEY, load, settings)
    until(lambda: not warming.is_under_way(KEY))
    with pytest.raises(ModelUnavailable, match="broken"):
        warming.take(KEY, load)
    assert len(tries) == 2
    assert not warming.is_taken(KEY)


def test_models_are_loaded_one_after_another(settings, monkeypatch):
    """Transformers cannot be imported by two threads at once."""
    at_once, most, lock = 0, [], threading.Lock()

    def loaded(*_):
        nonlocal at_once
        with lock:
            at_once += 1
            most.append(at_once)
        time.sleep(0.05)
        with lock:
            at_once -= 1

    monkeypatch.setattr("search_engine.embedding.loading._loaded_embedder", loaded)
    threads = [threading.Thread(target=load_embedder, args=(n, settings)) for n in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1, 1, 1, 1]


@pytest.fixture
def here(collection, settings, load, monkeypatch):
    """The collection's model, chosen on this machine and lying on it; what happened to it."""
    happened = []

    def told(model_id, where):
        if where == settings:  # not what a page of the test before begins only now
            happened.append("loaded")
        return load(model_id, where)

    def skeleton(**size):
        happened.append("skeleton")
        return drawn(**size)

    drawn = st.skeleton
    trust("colours", settings)
    monkeypatch.setattr("pages.ui.frame.model_warming.is_on_this_machine", lambda *_: True)
    monkeypatch.setattr("pages.ui.frame.resources.models.load_embedder", told)
    monkeypatch.setattr(st, "skeleton", skeleton)
    return happened


def test_home_warms_the_model_of_its_collection(here, page, monkeypatch):
    """Nobody has asked anything yet."""
    monkeypatch.setattr("pages.ui.frame.model_warming._SECONDS_AFTER_A_PAGE", 0)
    assert not page().exception
    until(lambda: here == ["loaded"])


def test_a_first_search_shows_at_once_that_it_waits(here, page, monkeypatch):
    """Places for pictures are there before the model is, and gone with the answer."""
    # Home, which is on the way, would warm it first where Search takes long: on a busy machine,
    # or as the first page of this process, which imports the most.
    monkeypatch.setattr("pages.ui.frame.model_warming._SECONDS_AFTER_A_PAGE", 60)
    app = page("2_Search.py", q="red")
    assert not app.exception
    assert here[0] == "skeleton"
    assert here.count("loaded") == 1
    assert not app.get("skeleton")
    assert "Loading the model" not in words(app)
    here.clear()
    assert not page("2_Search.py", q="green").exception
    assert here == []
