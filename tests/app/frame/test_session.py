"""What a tab remembers of one collection says nothing of another."""

import pytest
import streamlit as st

from pages.ui.frame import session
from pages.ui.frame.search_state import SearchState
from search_engine import Library, SearchEngine, build_collection, plan_build
from tests.conftest import paint

CHOSEN = session.CollectionKey("chosen in a test", {})


@pytest.fixture(autouse=True)
def tab(monkeypatch):
    """A tab of its own."""
    monkeypatch.setattr(st, "session_state", {})
    return st.session_state


@pytest.fixture
def opened(tmp_path, settings, load):
    """Make and open a collection of one picture, which is picture 1 of it."""

    def make(name):
        paint(tmp_path / name / "red" / "a.png", "red")
        _, wanted = plan_build(tmp_path / name, settings, name=name, model_id="colours")
        build_collection(name, wanted, settings, load=load)
        return SearchEngine.open(name, settings, load=load)

    return make


def test_a_choice_is_kept_for_its_collection(opened):
    """It is there when the tab comes back, and nowhere else."""
    one, two = opened("one"), opened("two")
    CHOSEN.of(one).put({1: 2})
    assert CHOSEN.of(two).get() == {}
    CHOSEN.of(two).put({1: 3})
    assert CHOSEN.of(one).get() == {1: 2}
    assert CHOSEN.of(one).take() == {1: 2}
    assert CHOSEN.of(one).get() == {}
    assert CHOSEN.of(two).get() == {1: 3}


def test_a_collection_made_anew_is_another(opened, settings):
    """Its name and its ids are those of one that was deleted, its pictures are not."""
    one = opened("one")
    CHOSEN.of(one).put({1: 2})
    session.enter_collection(one)
    widget = session.of_collection("page of 3")
    one.close()
    Library(settings).remove("one")
    again = opened("one")
    assert CHOSEN.of(again).get() == {}
    session.enter_collection(again)
    assert session.of_collection("page of 3") != widget


def test_widgets_are_named_for_their_collection(opened):
    """Streamlit knows a widget by its name, so that two collections have two."""
    names = []
    for name in ("one", "two", "one"):
        session.enter_collection(opened(name))
        names.append(session.of_collection("page of 3"))
    assert names[0] == names[2] != names[1]


def test_another_collection_keeps_only_the_words(opened):
    """Filters, terms and pages are about the pictures of the one before."""
    session.choose_collection("one")
    session.ask(SearchState(q="red", t=("#1",), category=("x",), page=3, subject=1))
    session.choose_collection("one")
    assert session.search().subject == 1
    session.choose_collection("two")
    assert session.search() == SearchState(q="red")
    assert not session.is_filled()


def test_a_collection_made_anew_keeps_only_the_words(opened, settings):
    """Picture 1 is another one now; what was asked for in the meantime of others is no matter."""
    asked = SearchState(q="red", t=("#1",), category=("x",))
    one = opened("one")
    session.enter_collection(one)
    session.ask(asked)
    session.enter_collection(one)
    assert session.search() == asked
    one.close()
    Library(settings).remove("one")
    session.enter_collection(opened("one"))
    assert session.search() == SearchState(q="red")
    assert not session.is_filled()


def test_a_key_is_unset_until_it_is_put():
    """And again once it was taken."""
    key = session.Key("a test", 7)
    assert (key.get(), key.is_set()) == (7, False)
    key.put(0)
    assert (key.get(), key.is_set()) == (0, True)
    assert (key.take(), key.get(), key.is_set()) == (0, 7, False)
