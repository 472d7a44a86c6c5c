"""Which collection a page is about, and what is offered where it has none."""

import pytest
from streamlit.testing.v1 import AppTest

from search_engine import build_collection, plan_build
from search_engine.collection.last_used import last_used, note_use
from search_engine.settings import SAMPLE_COLLECTION
from tests.app.conftest import ROOT
from tests.app.shown import button, labels, words
from tests.conftest import paint

PAGES = (
    "1_Build_index.py", "2_Search.py", "3_Categories.py", "4_Scores.py", "5_Clean_up.py",
    "6_Quality.py",
)  # fmt: skip


@pytest.fixture
def tab(settings):
    """Open a page in a tab of its own, not by way of Home."""

    def run(name, /, **address):
        app = AppTest.from_file(str(ROOT / "Home.py"), default_timeout=60)
        if name != "Home.py":
            app.switch_page(f"pages/{name}")
        for key, value in address.items():
            app.query_params[key] = value
        app.run()
        assert not app.exception
        return app

    return run


@pytest.fixture
def unfinished(settings, tmp_path, load):
    """A collection whose name comes first and whose first build was stopped."""
    paint(tmp_path / "aaa" / "one.png", "red")
    name, wanted = plan_build(tmp_path / "aaa", settings, model_id="colours")
    build_collection(name, wanted, settings, load=load, cancelled=lambda: True)
    return name


def test_what_is_ready_is_offered_while_something_else_is_built(page, unfinished, collection):
    """Home and Search begin with a collection that answers, whatever the alphabet says."""
    home = page("Home.py")
    assert not home.exception
    assert "nothing to search" not in words(home)
    assert home.text_input[0].label == "Search in “pictures”"
    search = page("2_Search.py", q="red")
    assert not search.exception
    assert search.session_state["collection"] == "pictures"


def test_whoever_chose_an_unfinished_collection_is_offered_the_others(page, unfinished, collection):
    """The page says why it cannot be searched, and what can."""
    app = page("2_Search.py", collection=unfinished)
    assert "“aaa” cannot be searched" in words(app)
    button(app, "pictures").click().run()
    assert not app.exception
    assert app.session_state["collection"] == "pictures"


@pytest.mark.parametrize("name", ["Home.py", *PAGES])
def test_the_collection_used_last_is_there_the_next_time(tab, collection, settings, load, name):
    """A new tab begins where the last one was, on whichever page."""
    paint(collection.parent / "second/red.png", "red")
    plan = plan_build(collection.parent / "second", settings, model_id="colours")
    build_collection(*plan, settings, load=load)
    assert tab(name).session_state["collection"] == "pictures"
    tab("2_Search.py", collection="second")
    assert tab(name).session_state["collection"] == "second"


@pytest.mark.parametrize("name", ["Home.py", *PAGES])
def test_what_is_not_ready_is_never_the_usual_one(tab, unfinished, collection, settings, name):
    """Not even where it was the one used last: its index may have gone meanwhile."""
    note_use(unfinished, settings)
    assert tab(name).session_state["collection"] == "pictures"


@pytest.mark.parametrize("name", PAGES[1:])
def test_every_page_that_shows_a_collection_uses_it(tab, collection, settings, load, name):
    """Whichever page it was opened on, it is the one that a new tab begins with."""
    paint(collection.parent / "second/red.png", "red")
    plan = plan_build(collection.parent / "second", settings, model_id="colours")
    build_collection(*plan, settings, load=load)
    tab(name, collection="second")
    assert last_used(settings) == "second"


@pytest.mark.parametrize("name", ["Home.py", *PAGES])
@pytest.mark.parametrize("link", ["nope", "![x](http://evil.example/a.png)", "../..", "a" * 3_000])
def test_a_link_to_a_collection_that_is_not_there_says_so(page, collection, name, link):
    """Nothing else answers in its place; those that are there are offered."""
    app = page(name, collection=link, q="red")
    assert not app.exception
    assert "There is no collection “" in app.warning[0].value
    assert "pictures" in labels(app)
    assert not any(box.key == "q" for box in app.text_input)
    button(app, "pictures").click().run()
    assert not app.exception
    assert app.session_state["collection"] == "pictures"
    assert "There is no collection" not in words(app)


@pytest.mark.parametrize("name", ["Home.py", *PAGES])
def test_the_sample_can_be_had_again_after_it_was_removed(page, no_sample, started, name):
    """Each page without a collection offers to draw it, and Home shows how it goes."""
    app = page(name)
    button(app, "Try the sample gallery").click().run()
    assert not app.exception
    assert [what[0] for what in started] == [SAMPLE_COLLECTION]


def test_the_sidebar_updates_by_itself(page, collection, settings, started):
    """“Update now” begins the update on the page where it is pressed."""
    paint(collection / "red/new.png", "red", salt=41)
    app = page("2_Search.py")
    app.button(key="sidebar/update").click().run()
    assert not app.exception
    assert [what[:2] for what in started] == [plan_build(collection, settings)]
