"""The page that builds, in every state."""

import os
import re
import time

import psutil
import pytest

from search_engine import Library, build_collection, plan_build
from search_engine.jobs.control import Jobs, JobState, JobStatus
from search_engine.records.builds import BuildProgress, Stage
from tests.app.shown import button, words
from tests.conftest import paint


@pytest.fixture
def build(page):
    """Open the page that builds."""
    return lambda **wanted: page("1_Build_index.py", **wanted)


def note(settings, state, **facts):
    """Write how the last build of ``pictures`` is, as the process of a build does."""
    process = psutil.Process(os.getpid())
    began = time.time() + 1  # after the last build of the collection, to the second
    status = JobStatus(state, process.pid, process.create_time(), began, **facts)
    jobs = Jobs(settings)
    jobs._folder.mkdir(parents=True, exist_ok=True)
    jobs.write("pictures", status)


def test_with_nothing_indexed_it_asks_for_a_folder(build, no_sample):
    """An empty start asks for a folder and offers no action on a collection."""
    app = build()
    assert not app.exception
    assert app.text_input(key="folder").value == ""
    assert "Update" not in [one.label for one in app.button]


def test_a_folder_that_does_not_exist_is_explained(build, no_sample, tmp_path):
    """A mistyped folder is named, with what to do."""
    app = build()
    app.text_input(key="folder").set_value(str(tmp_path / "nowhere")).run()
    assert not app.exception
    assert "There is no such folder" in words(app)


def test_a_folder_without_pictures_is_explained(build, no_sample, tmp_path):
    """There is nothing to start where there is nothing to index."""
    (tmp_path / "empty").mkdir()
    app = build()
    app.text_input(key="folder").set_value(str(tmp_path / "empty")).run()
    assert "no picture in this folder" in words(app)
    assert not [one for one in app.button if one.label.startswith("Index ")]


def test_the_preview_says_what_will_be_done(build, no_sample, pictures):
    """Counts, types, size, time and kind of index are told before anything is done."""
    app = build()
    app.text_input(key="folder").set_value(str(pictures)).run()
    assert not app.exception
    assert {metric.label: metric.value for metric in app.metric} == {
        "New": "12", "Changed": "0", "Missing": "0", "Unchanged": "0",
    }  # fmt: skip
    assert "12 png" in words(app)
    assert "About 1 s for 12 pictures (a rough estimate" in words(app)
    assert "Index: exact, which compares with everything" in words(app)
    assert button(app, "Index 12 pictures")


def test_the_preview_of_a_known_folder_tells_the_changes(build, collection):
    """Only what is new, changed, moved or gone is work."""
    paint(collection / "red/new.png", "red", salt=40)
    (collection / "blue/0.png").unlink()
    (collection / "red/0.png").rename(collection / "red/renamed.png")
    app = build()
    assert "1 new, 1 moved, 1 missing" in words(app)
    app.text_input(key="folder").set_value(str(collection)).run()
    found = {metric.label: metric.value for metric in app.metric}
    assert (found["New"], found["Missing"], found["Unchanged"]) == ("1", "1", "10")
    assert found["Moved"] == "1"
    assert button(app, "Update (1 picture)")


def test_a_running_build_is_watched(build, collection, settings):
    """Stage, counts, rate, time to go and the current file are shown, and it can be stopped."""
    progress = BuildProgress(Stage.EMBED, 30, 120, 2, 4.5, 20.0, "red/0.png")
    note(settings, JobState.RUNNING, progress=progress)
    app = build()
    assert not app.exception
    assert button(app, "Pause").disabled is False
    bar = app.get("progress")[0].proto.text.replace("\\", "")
    assert "30 of 120 · 4.5/s · 20 s to go · 2 skipped" in bar
    assert "red/0.png" in words(app)
    assert "Delete the collection" not in [one.label for one in app.button]


def test_a_build_that_has_no_picture_yet_says_what_it_does_and_how_long(
    build, collection, settings
):
    """A count of nothing would look hung: the first pictures take longest, and seconds run."""
    note(settings, JobState.RUNNING, progress=BuildProgress(Stage.EMBED, 0, 260))
    bar = build().get("progress")[0].proto.text.replace("\\", "")
    assert "the first of 260 pictures, which take longest" in bar
    assert "s since it began" in bar


@pytest.mark.parametrize(
    ("state", "facts", "message"),
    [
        (JobState.DONE, {"counts": (("added", 3), ("unchanged", 9)), "seconds": 75}, "1 min 15 s"),
        (JobState.DONE, {"counts": (("added", 3), ("unchanged", 9)), "seconds": 2}, "3 new"),
        (JobState.CANCELLED, {}, "What was done is kept"),
        (JobState.FAILED, {"error": "The hub cannot be reached. Take mini."}, "Take mini."),
    ],
)
def test_how_the_last_build_ended_is_told(build, collection, settings, state, facts, message):
    """Done, stopped and failed builds say what happened."""
    note(settings, state, **facts)
    app = build()
    assert not app.exception
    assert message in words(app)


def test_a_build_that_died_is_told(build, collection, settings):
    """A process that is gone without a word is not shown as running for ever."""
    note(settings, JobState.RUNNING)
    jobs = Jobs(settings)
    gone = JobStatus(JobState.RUNNING, 2**22 + 1, 1.0, time.time() + 1)
    jobs.write("pictures", gone)
    app = build()
    assert "stopped unexpectedly" in words(app)
    assert button(app, "Update")


def test_the_sidebar_tells_what_changed_since(build, collection):
    """New and gone files are counted without being asked for."""
    paint(collection / "red/new.png", "red", salt=41)
    (collection / "blue/0.png").unlink()
    app = build()
    assert "Files changed since the last update:** 1 new, 1 missing" in words(app)


def test_another_collection_can_be_chosen_although_a_link_named_one(
    build, collection, settings, load, tmp_path
):
    """The choice in the sidebar wins over the address it came with, and becomes the address."""
    from search_engine import build_collection

    paint(tmp_path / "second/one.png", "green")
    name, wanted = plan_build(tmp_path / "second", settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    app = build(collection="pictures")
    assert app.subheader[0].value == "pictures"
    app.selectbox(key="collection picker").select("second").run()
    assert not app.exception
    assert app.subheader[0].value == "second"
    assert app.query_params["collection"] in ("second", ["second"])


def test_what_was_left_out_is_a_table(build, pictures, settings, load, monkeypatch):
    """Every skipped file is named with its reason."""
    from search_engine import build_collection

    (pictures / "broken.jpg").write_bytes(b"x")
    name, wanted = plan_build(pictures, settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    app = build()
    table = app.dataframe[0].value
    assert table["Path"].tolist() == ["broken.jpg"]
    assert table["Reason"].iloc[0].startswith("not a picture")


def test_rebuilding_makes_a_new_generation(build, collection, settings):
    """The index is made anew from the catalog, for which no model is loaded."""
    library = Library(settings)
    before = library.summary("pictures").manifest
    app = button(build(), "Rebuild the index").click().run()
    assert not app.exception
    after = library.summary("pictures").manifest
    assert (after.generation, after.count) == (before.generation + 1, before.count)


def test_other_capitals_delete_nothing_and_are_told(build, collection):
    """A name in other capitals is not the name, and the page says what is missing."""
    app = build()
    app.text_input(key="delete pictures").set_value("Pictures").run()
    assert "Upper and lower case matter: it is “pictures”" in words(app)
    assert button(app, "Delete the collection").disabled


def test_deleting_leaves_the_pictures(build, collection, settings):
    """The collection goes once its name is typed, every picture stays."""
    app = build()
    app.text_input(key="delete pictures").set_value("pictures").run()
    app = button(app, "Delete the collection").click().run()
    assert not app.exception
    assert Library(settings).names() == []
    assert len(list(collection.rglob("*.png"))) == 12


def test_a_card_says_which_folder_model_and_build(page, collection, settings, load):
    """Each collection tells its folder, pictures, model and last build; others can be opened."""
    paint(collection.parent / "second/red.png", "red")
    plan = plan_build(collection.parent / "second", settings, model_id="colours")
    build_collection(*plan, settings, load=load)
    app = page("1_Build_index.py", collection="pictures")
    assert f"folder: {collection}" in words(app)
    assert f"folder: {collection.parent / 'second'}" in words(app)
    assert re.search(r"12 pictures · model colours · last build \d+ [A-Z][a-z]+ \d{4}", words(app))
    history = app.dataframe[-1].value
    assert list(history.columns)[:3] == ["Started", "Result", "New"]
    assert history["Result"].tolist() == ["Done"]
    button(app, "More").click().run()
    assert not app.exception
    assert [one.value for one in app.subheader] == ["second", "pictures"]


def test_every_card_can_be_acted_on(page, collection, settings, load, started):
    """What changed, an update, another name and a deletion need no choosing first."""
    paint(collection.parent / "second/red.png", "red")
    plan = plan_build(collection.parent / "second", settings, model_id="colours")
    build_collection(*plan, settings, load=load)
    paint(collection.parent / "second/new.png", "blue")
    app = page("1_Build_index.py", collection="pictures")
    assert "Since the last update: 1 new" in words(app)
    app.button(key="update second").click().run()
    assert [what[0] for what in started] == ["second"]
    app = page("1_Build_index.py", collection="pictures")
    app.text_input(key="new name of second").set_value("third")
    [one for one in app.button if one.label == "Rename"][-1].click().run()
    assert not app.exception
    assert Library(settings).names() == ["pictures", "third"]
    assert app.session_state["collection"] == "pictures"
    app.text_input(key="delete third").set_value("third").run()
    app.button(key="delete now third").click().run()
    assert not app.exception
    assert Library(settings).names() == ["pictures"]
    assert app.session_state["collection"] == "pictures"


def test_deleting_leads_to_no_missing_link(page, collection, settings):
    """After a deletion the page is about what is left, not about the name in its address."""
    app = page("1_Build_index.py", collection="pictures")
    app.text_input(key="delete pictures").set_value("pictures").run()
    button(app, "Delete the collection").click().run()
    assert not app.exception
    assert "There is no collection" not in words(app)
