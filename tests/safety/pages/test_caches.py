"""What tabs share is never closed, mixed up or out of date under one who reads it."""

import gc
import shutil
import threading
import weakref

import pytest
from playwright.sync_api import expect

from pages.ui.frame import resources
from search_engine import Filters, Library, Query, Settings, build_collection, plan_build
from search_engine.settings import MINI_MODEL
from tests.app.browser import LONG, chromium, idle
from tests.app.payloads import grid, of_collection
from tests.conftest import paint
from tests.safety.pages.serving import served

COLLECTIONS = 6


def add(name, root, settings, load, model_id="colours"):
    named, wanted = plan_build(root, settings, name=name, model_id=model_id)
    build_collection(named, wanted, settings, **({"load": load} if load else {}))


@pytest.fixture
def six(tmp_path, settings, load, monkeypatch):
    """Six collections of one red and one blue picture each."""
    monkeypatch.setattr("pages.ui.frame.resources.models.load_embedder", load)
    for number in range(COLLECTIONS):
        for salt, colour in enumerate(("red", "blue")):
            paint(tmp_path / f"c{number}" / colour / "a.png", colour, salt=10 * number + salt)
        add(f"c{number}", tmp_path / f"c{number}", settings, load)
    return [f"c{number}" for number in range(COLLECTIONS)]


def opened(settings, name):
    return resources.engine(name, Library(settings).summary(name).manifest)


def test_an_engine_that_made_room_still_answers(six, settings):
    """Whoever holds a collection goes on with it, however many others were opened since."""
    first = opened(settings, six[0])
    for name in six[1:]:
        opened(settings, name)
    assert opened(settings, six[0]) is not first
    assert first.search("red", 1).results[0].record.category == "red"
    assert first.catalog.pictures.categories() == {"blue": 1, "red": 1}


def test_an_engine_that_nobody_holds_is_let_go(six, settings):
    """What made room takes no memory and no file once the last tab is done with it."""
    gone = weakref.ref(opened(settings, six[0]))
    for name in six[1:]:
        opened(settings, name)
    gc.collect()
    assert gone() is None


def test_rebuilding_leaves_open_collections_as_they_are(six, settings, load):
    """Five new indexes later, the one that was open still answers."""
    from search_engine.building import rebuild_index

    first = opened(settings, six[0])
    for _ in range(5):
        rebuild_index(six[0], settings)
        assert opened(settings, six[0]) is not first
    assert first.search("red", 1).results[0].record.category == "red"


def test_a_catalog_put_back_is_opened_anew(six, settings, tmp_path):
    """Another catalog under the same name, with the same index, is not answered by the old one."""
    before = opened(settings, six[0])
    assert opened(settings, six[0]) is before
    folder = Library(settings).folder(six[0])
    shutil.copytree(folder, tmp_path / "backup")
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "backup", folder)
    after = opened(settings, six[0])
    assert after is not before
    assert after.search("red", 1).results[0].record.category == "red"


def test_collections_of_one_name_share_no_fact(six, settings, tmp_path, load):
    """A collection that was deleted and made anew of another folder is asked anew."""
    first = opened(settings, six[0])
    assert resources.category_counts(first) == {"blue": 1, "red": 1}
    assert resources.count(first, Filters(categories=frozenset(["red"]))) == 1
    assert resources.answer(first, Query.parse("red"), 1, Filters()).results
    del first
    Library(settings).remove(six[0])
    for number in range(3):
        paint(tmp_path / "other" / "green" / f"{number}.png", "green", salt=number)
    add(six[0], tmp_path / "other", settings, load)
    second = opened(settings, six[0])
    assert resources.category_counts(second) == {"green": 3}
    assert resources.count(second, Filters(categories=frozenset(["red"]))) == 0
    answer = resources.answer(second, Query.parse("red"), 1, Filters())
    assert answer.results[0].record.category == "green"


def test_queries_that_read_alike_are_two(six, settings):
    """Words and what those words would mean as a query are not answered from one another."""
    engine = opened(settings, six[0])
    as_words = Query.words("red - blue")
    difference = Query.parse("red - blue")
    one = resources.answer(engine, as_words, 2, Filters())
    other = resources.answer(engine, difference, 2, Filters())
    assert one.query == as_words
    assert other.query == difference


def test_a_thumbnail_that_was_made_again_is_shown(six, settings):
    """That it was missing is not remembered."""
    engine = opened(settings, six[0])
    record = next(iter(engine.catalog.pictures))
    file = engine.thumbnail_path(record)
    content = file.read_bytes()
    file.unlink()
    assert resources.thumbnail(engine, record) == ""
    file.write_bytes(content)
    assert resources.thumbnail(engine, record).startswith("data:image/jpeg")


def test_which_copy_to_keep_is_chosen_for_one_collection(
    settings, load, page, tmp_path, monkeypatch
):
    """A choice among the copies of one collection says nothing about another."""
    for name in ("one", "two"):
        for file in ("a.png", "b.png"):
            paint(tmp_path / name / "red" / file, "red")
        add(name, tmp_path / name, settings, load)
    monkeypatch.setattr("pages.ui.frame.resources.models.load_embedder", load)
    app = page("5_Clean_up.py", collection="one", show="Duplicates")

    def kept_in(name):
        app.selectbox(key="collection picker").set_value(name).run()
        app.query_params["show"] = "Duplicates"
        app.run()
        assert not app.exception
        return kept()

    def kept():
        return next(item["path"] for item in grid(app)["items"] if item["keep"])

    assert kept_in("one") == "red/a.png"
    first, second = grid(app)["items"]
    key = of_collection(app, f"group {first['id']}")
    app.session_state[key] = {"keep": second["id"]}
    app.run()
    app.session_state[key] = {"keep": None}
    app.run()
    assert kept() == "red/b.png"
    assert kept_in("two") == "red/a.png"
    assert kept_in("one") == "red/b.png"


@pytest.mark.long
def test_six_collections_in_two_tabs(tmp_path):
    """A tab goes on with its collection while another one opens five more."""
    settings = Settings(tmp_path / "data")
    for number in range(COLLECTIONS):
        for salt, colour in enumerate(("red", "green", "blue")):
            paint(tmp_path / f"c{number}" / colour / "a.png", colour, salt=10 * number + salt)
        add(f"c{number}", tmp_path / f"c{number}", settings, None, MINI_MODEL)
    with served(settings.data_folder) as server, chromium() as browser:
        context = browser.new_context()
        first, second = context.new_page(), context.new_page()
        first.goto(f"{server.address}/Search?collection=c0&q=red")
        first.locator("li .score").first.wait_for(timeout=LONG)
        idle(first)
        for number in range(1, COLLECTIONS):
            second.goto(f"{server.address}/Search?collection=c{number}&q=blue")
            second.locator("li .score").first.wait_for(timeout=LONG)
            idle(second)
        before = first.get_by_text("cosine", exact=False).count()
        box = first.get_by_placeholder("Search…")
        box.fill("something green")
        first.wait_for_url("**q=something+green**", timeout=LONG)
        idle(first)
        expect(first.locator("li .score").first).to_be_visible(timeout=LONG)
        assert first.get_by_text("damaged").count() == 0
        assert first.get_by_text("Remove the collection").count() == 0
        assert first.get_by_text("cosine", exact=False).count() == before


def test_a_folder_that_hangs_holds_up_no_other(six, settings, monkeypatch):
    """Where one folder does not answer, changes in the others are told, and the program can end."""
    from pages.ui.frame import folder_watch
    from search_engine.building.changes import changes_since_build

    def look(name, settings):
        if name == six[0]:
            threading.Event().wait()
        return changes_since_build(name, settings)

    monkeypatch.setattr(folder_watch, "changes_since_build", look)
    watch = folder_watch.FolderWatch()
    assert watch.look(six[0], "x", settings) is None
    monkeypatch.setattr(folder_watch, "_SECONDS_TO_WAIT", 30)
    assert watch.look(six[1], "x", settings).new == 0
    hanging = [one for one in threading.enumerate() if one.name == f"changes of {six[0]}"]
    assert [one.daemon for one in hanging] == [True]


def test_a_look_that_fails_breaks_no_page(six, settings, monkeypatch):
    """What changed is then not known, and that is all."""
    from pages.ui.frame import folder_watch

    def look(name, settings):
        raise RuntimeError(name)

    monkeypatch.setattr(folder_watch, "changes_since_build", look)
    assert folder_watch.FolderWatch().look(six[0], "x", settings) is None


@pytest.mark.parametrize("name", ["Home.py", "2_Search.py", "1_Build_index.py"])
def test_a_collection_that_is_deleted_meanwhile_breaks_no_page(
    six, settings, page, monkeypatch, name
):
    """Between the list of collections and a look into one, another tab may delete it."""
    app = page(name)
    names = Library.names

    def and_then_delete(self):
        found = names(self)
        for one in found:
            shutil.rmtree(self.folder(one))
        return found

    monkeypatch.setattr(Library, "names", and_then_delete)
    app.run()
    assert not app.exception
