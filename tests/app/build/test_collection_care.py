"""The care of a collection in the app: out of reach, moved, renamed, verified."""

import shutil

import pytest

from search_engine import Library, SearchEngine, build_collection, plan_build
from search_engine.building.moved_folders import plan_move
from search_engine.errors import CollectionBusy
from search_engine.jobs.control import Jobs, JobStatus
from search_engine.records.builds import BuildOrder
from tests.app.shown import button, words
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


@pytest.mark.parametrize("name", ["Home.py", "1_Build_index.py", "2_Search.py"])
def test_a_folder_that_is_gone_is_told_everywhere_alike(page, collection, tmp_path, name):
    """Sidebar and page say the same sentence, and each leads to the choice of the new place."""
    shutil.move(collection, tmp_path / "elsewhere")
    app = page(name, q="red") if name == "2_Search.py" else page(name)
    assert not app.exception
    told = f"Its folder {collection} is not there now. Was it moved, or is its drive not connected?"
    assert words(app).count(told) == 2
    assert "ready" not in " ".join(one.value for one in app.caption)
    app.button(key="sidebar/new place").click().run()
    assert not app.exception
    assert "Where is it now?" in [one.label for one in app.text_input]
    assert f"Choose “{tmp_path.name}”" in [one.label.replace("\\", "") for one in app.button]


def test_the_new_place_is_given_on_the_card(build, collection, started, tmp_path):
    """A box on the card takes the collection over; a folder of other pictures is refused."""
    shutil.move(collection, tmp_path / "elsewhere")
    paint(tmp_path / "other/a.png", "red", salt=200)
    app = build()
    app.text_input(key="new place of pictures").set_value(str(tmp_path / "other")).run()
    app.button(key="take over pictures").click().run()
    assert "None of the pictures of 'pictures' is in this folder" in words(app)
    assert not started
    app.text_input(key="new place of pictures").set_value(str(tmp_path / "elsewhere")).run()
    assert not app.exception
    assert "100% of its 12 pictures are here" in words(app)
    app.button(key="take over pictures").click().run()
    ((name, wanted, _),) = started
    assert (name, wanted.root) == ("pictures", tmp_path / "elsewhere")


def test_the_old_place_typed_leads_to_the_new_one(build, collection, tmp_path):
    """Whoever types where a collection was is told whose folder that is."""
    shutil.move(collection, tmp_path / "elsewhere")
    app = build()
    app.text_input(key="folder").set_value(str(collection)).run()
    assert not app.exception
    assert "This was the folder of “pictures”" in words(app)


def test_the_sidebar_follows_a_collection_that_was_taken_over(
    page, collection, settings, load, tmp_path
):
    """What was seen before is asked anew once a build ended, though it made no new index."""
    app = page("2_Search.py")
    shutil.move(collection, tmp_path / "elsewhere")
    (tmp_path / "elsewhere/red/0.png").rename(tmp_path / "elsewhere/away.png")
    build_collection(*plan_move("pictures", tmp_path / "elsewhere", settings), settings, load=load)
    paint(tmp_path / "elsewhere/red/new.png", "red", salt=41)
    app.run()
    assert not app.exception
    assert "not there now" not in words(app)
    assert "Files changed since the last update:** 1 new" in words(app)


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
    other = next(one for one in app.expander if one.label.startswith("Index it as another"))
    assert not other.proto.expanded
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


@pytest.mark.parametrize(
    ("refusing", "press"),
    [
        ("pages.ui.build.collection_actions.rebuild_index", "Rebuild the index"),
        ("search_engine.collection.deleted.DeletedCollections.delete", "Delete the collection"),
        ("pages.ui.build.check_panel.check_collection", "Check"),
    ],
)
def test_an_action_that_is_refused_leaves_the_page(build, collection, monkeypatch, refusing, press):
    """Whatever an action of a collection says, all that is below it stays."""
    error = CollectionBusy("Another build is at work")

    def refuse(*_, **__):
        raise error

    monkeypatch.setattr(refusing, refuse)
    app = build()
    app.text_input(key="delete pictures").set_value("pictures").run()
    next(one for one in app.button if one.label == press).click().run()
    assert not app.exception
    assert "Another build is at work" in words(app)
    assert "History" in [one.label for one in app.expander]
    assert "Try the sample gallery" in [one.label for one in app.button]


def test_a_collection_gets_another_name(build, collection, settings):
    """The page goes on with it under the new name; a bad name says why it is none."""
    app = build()
    app.text_input(key="new name of pictures").set_value("a/b")
    button(app, "Rename").click().run()
    assert "cannot be the name of a collection" in words(app)
    assert {"Delete the collection", "Check"} <= {one.label for one in app.button}
    app = build()
    app.text_input(key="new name of pictures").set_value("Best of 2024")
    button(app, "Rename").click().run()
    assert not app.exception
    assert Library(settings).names() == ["Best of 2024"]
    assert [one.value for one in app.toast] == ["“pictures” is renamed to “Best of 2024”."]
    assert [one.value for one in app.subheader] == ["Best of 2024"]
    assert "Renamed from “pictures”" in words(app)
    app.run()
    assert not app.toast
    with SearchEngine.open("Best of 2024", settings) as engine:
        assert len(engine) == 12
    app.button(key="undo renaming").click().run()
    assert Library(settings).names() == ["pictures"]
    assert "Renamed from" not in words(app)
