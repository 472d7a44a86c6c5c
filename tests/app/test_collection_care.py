"""The care of a collection in the app: out of reach, moved, renamed, verified."""

import shutil

import pytest

from search_engine import Library, SearchEngine, build_collection, plan_build
from search_engine.builds import BuildOrder
from search_engine.jobs import Jobs, JobStatus
from tests.app.test_build import button, words
from tests.conftest import paint


@pytest.fixture
def build(page):
    """Open the page that builds."""
    return lambda **wanted: page("1_Build_index.py", **wanted)


@pytest.fixture
def started(monkeypatch):
    """Note which builds are started, instead of starting them."""
    calls = []

    def start(_jobs, name, wanted, order=None):
        calls.append((name, wanted, order))
        return JobStatus()

    monkeypatch.setattr(Jobs, "start", start)
    return calls


@pytest.fixture
def away(collection, settings, load):
    """The collection after two of its folders were found empty."""
    for name in ("red", "blue"):
        for file in (collection / name).iterdir():
            file.unlink()
    (collection / "a.nef").write_bytes(b"raw")
    build_collection(*plan_build(collection, settings), settings, load=load)
    return collection


def test_what_is_out_of_reach_is_named_with_a_way_to_forget_it(build, away, started):
    """Each place is named, nothing is forgotten without two clicks, and those say what happens."""
    app = build()
    assert not app.exception
    text = words(app)
    assert "4 pictures out of reach" in text
    assert "“red” is there, but holds no picture any more: 2 pictures" in text
    assert "1 .nef (RAW of a camera)" in text
    app.button(key="forget red of pictures").click().run()
    app.button(key="forget  of pictures").click().run()
    assert [(name, order) for name, _, order in started] == [
        ("pictures", BuildOrder(forget=("red",))),
        ("pictures", BuildOrder(forget=("",))),
    ]


def test_the_sidebar_says_what_is_out_of_reach(page, away):
    """It stands on every page, and nothing is called gone."""
    app = page("2_Search.py")
    told = " ".join(one.value for one in app.sidebar.markdown).replace("\\", "")
    assert "Out of reach:** “blue”, “red”" in told
    assert "gone" not in told


def test_results_out_of_reach_are_marked(page, away):
    """They are found, and the page says that their files are not there."""
    app = page("2_Search.py", q="red")
    assert not app.exception
    assert "Out of reach at the last update: 4 pictures on this page" in words(app)


def test_results_of_a_folder_that_is_gone_say_so(page, collection, tmp_path):
    """Whoever wants to open one learns why that cannot be."""
    shutil.move(collection, tmp_path / "elsewhere")
    app = page("2_Search.py", q="red")
    assert not app.exception
    assert "is not there now" in words(app)


def test_verify_asks_for_every_file(build, collection, started):
    """The button starts a build that reads all files again."""
    button(build(), "Verify").click().run()
    assert [(name, order) for name, _, order in started] == [("pictures", BuildOrder(verify=True))]


def test_a_moved_folder_is_offered_to_be_taken_over(build, collection, settings, started, tmp_path):
    """Before anything is embedded, the page says whose folder it is; a click takes it over."""
    shutil.move(collection, tmp_path / "elsewhere")
    app = build()
    app.text_input(key="folder").set_value(str(tmp_path / "elsewhere")).run()
    assert not app.exception
    assert "This is the folder of **“pictures”**, moved" in words(app)
    assert "100% of its 12 pictures are here" in words(app)
    app.button(key="take over").click().run()
    ((name, wanted, _),) = started
    with Library(settings).open_catalog("pictures") as catalog:
        before = catalog.settings
    assert (name, wanted.root) == ("pictures", tmp_path / "elsewhere")
    assert (wanted.model_id, wanted.kind) == (before.model_id, before.kind)


def test_another_folder_is_not_offered(build, collection, tmp_path):
    """A folder of its own is indexed as one."""
    paint(tmp_path / "other/a.png", "red", salt=200)
    app = build()
    app.text_input(key="folder").set_value(str(tmp_path / "other")).run()
    assert "This is the folder of" not in words(app)
    app.text_input(key="folder").set_value(str(collection)).run()
    assert "This is the folder of" not in words(app)


def test_a_collection_gets_another_name(build, collection, settings):
    """The page goes on with it under the new name; a bad name says why it is none."""
    app = build()
    app.text_input(key="new name of pictures").set_value("a/b")
    button(app, "Rename").click().run()
    assert "cannot be the name of a collection" in words(app)
    app = build()
    app.text_input(key="new name of pictures").set_value("Best of 2024")
    button(app, "Rename").click().run()
    assert not app.exception
    assert Library(settings).names() == ["Best of 2024"]
    assert "Collection “Best of 2024”" in " ".join(one.value for one in app.subheader)
    with SearchEngine.open("Best of 2024", settings) as engine:
        assert len(engine) == 12
