"""How builds ended is told on Build index and Home, in words of the app, with the way on."""

import re
from dataclasses import asdict

import pytest

from search_engine import ScanRules, build_collection, plan_build
from search_engine.errors import (
    BadFolder,
    CollectionBusy,
    CollectionDamaged,
    CollectionError,
    ModelNotConfirmed,
    ModelUnavailable,
    Trouble,
    Way,
)
from search_engine.files import documents
from search_engine.jobs.control import Jobs, JobState
from search_engine.records import CollectionSettings, IndexKind
from search_engine.settings import SAMPLE_COLLECTION
from tests.app.shown import button, labels, words
from tests.conftest import paint

FLAG = re.compile(r"--[a-z]|python -m|HF_|\bcommand\b")


def test_the_outcome_tells_what_is_gone_from_what_became_unreadable(page, collection, ended):
    """Two deleted and one cut short are two gone and one no longer readable."""
    counts = (("moved", 1), ("removed", 2), ("lost", 1), ("unchanged", 8))
    ended(JobState.DONE, counts=counts)
    app = page("1_Build_index.py")
    assert "1 moved · 2 gone · 1 no longer readable" in app.success[0].value


@pytest.mark.parametrize("name", ["Home.py", "1_Build_index.py"])
def test_a_failure_is_told_by_name_until_it_is_dismissed(page, collection, ended, name):
    """Whichever collection is chosen, and after a reload, until a person puts it away."""
    ended(JobState.FAILED, "holiday", trouble=Trouble("The disk is full", remedy="Make room."))
    for app in (page(name), page(name)):
        assert not app.exception
        assert "“holiday” could not be built" in words(app)
        assert "The disk is full" in words(app)
    button(app, "Dismiss").click().run()
    assert "holiday" not in words(page(name))


@pytest.mark.parametrize(
    ("error", "offered"),
    [
        (ModelUnavailable("It is not here", remedy="Fetch it."), "Use another model"),
        (ModelNotConfirmed("colours"), "Use another model"),
        (BadFolder("It is gone", place="/x", remedy="Is it connected?"), "Choose another folder"),
        (CollectionError("The catalog cannot be used: the disk is full"), "Try again"),
        (CollectionBusy("Another build is at work"), "Try again"),
        (CollectionDamaged("Odd", way=Way.REPAIR, about="pictures"), "Check and repair"),
    ],
)
def test_each_kind_of_failure_offers_what_leads_on(page, collection, ended, error, offered):
    """The button that fits is there, beside the one that tries again."""
    ended(JobState.FAILED, trouble=Trouble.of(error))
    app = page("1_Build_index.py")
    assert not app.exception
    assert offered in labels(app)
    assert "Try again" in labels(app)
    assert not FLAG.search(words(app))


def test_another_folder_is_chosen_in_the_chooser(page, no_sample, ended, tmp_path):
    """The button opens the folders to click through, beside an empty box."""
    error = BadFolder("There is no such folder", place=str(tmp_path / "gone"))
    jobs = ended(JobState.FAILED, trouble=Trouble.of(error))
    wanted = CollectionSettings(tmp_path / "gone", ScanRules(), "mini", IndexKind.AUTO)
    documents.write(jobs._request_file("pictures"), asdict(wanted))
    app = page("1_Build_index.py")
    button(app, "Choose another folder").click().run()
    assert not app.exception
    assert app.text_input(key="folder").value == ""
    assert f"Choose “{tmp_path.name}”" in labels(app)


def test_an_update_of_a_folder_that_moved_asks_for_its_new_place(
    page, collection, settings, ended, tmp_path
):
    """The failure says the sentence of the sidebar, and its button opens the chooser."""
    name, wanted = plan_build(collection, settings)
    collection.rename(tmp_path / "elsewhere")
    error = BadFolder("There is no such folder", place=str(collection))
    jobs = ended(JobState.FAILED, trouble=Trouble.of(error))
    documents.write(jobs._request_file(name), asdict(wanted))
    app = page("1_Build_index.py")
    assert "Was it moved, or is its drive not connected?" in app.error[0].value
    app.button(key="outcome/new place of pictures").click().run()
    assert not app.exception
    assert f"Choose “{tmp_path.name}”" in labels(app)


def test_an_older_failure_tells_no_option(page, collection, ended):
    """What version 0.5 wrote for the command line is not passed on."""
    ended(JobState.FAILED, error="HF_HUB_OFFLINE forbids it. Give --model the folder.")
    app = page("Home.py")
    assert "“pictures” could not be built" in words(app)
    assert not FLAG.search(words(app))


def test_trying_again_asks_for_the_same(page, collection, settings, ended, started):
    """Folder, rules and model are what they were."""
    name, wanted = plan_build(collection, settings)
    jobs = ended(JobState.FAILED, trouble=Trouble("The disk is full"))
    documents.write(jobs._request_file(name), asdict(wanted))
    button(page("Home.py"), "Try again").click().run()
    assert [what[:2] for what in started] == [(name, wanted)]


def test_another_model_is_chosen_in_a_form_that_is_filled_in(page, collection, settings, ended):
    """The folder stands there, and the model is in sight."""
    name, wanted = plan_build(collection, settings)
    jobs = ended(JobState.FAILED, trouble=Trouble.of(ModelUnavailable("It is not here")))
    documents.write(jobs._request_file(name), asdict(wanted))
    app = page("Home.py")
    button(app, "Use another model").click().run()
    assert not app.exception
    assert app.text_input(key="folder").value == str(collection)
    assert app.expander[0].proto.expanded


def test_a_success_leads_to_its_pictures(page, collection, settings, ended, load):
    """Whatever is chosen, the button searches the new one, and the news is put away."""
    paint(collection.parent / "trip/red.png", "red")
    (collection.parent / "trip/broken.jpg").write_bytes(b"x")
    plan = plan_build(collection.parent / "trip", settings, model_id="colours")
    build_collection(*plan, settings, load=load)
    ended(JobState.DONE, "trip", counts=(("added", 1), ("skipped", 1)), seconds=2)
    app = page("1_Build_index.py", collection="pictures")
    assert "**“trip”**: 1 picture ready" in words(app)
    assert "1 file skipped (broken.jpg – not a picture" in words(app)
    button(app, "Search them").click().run()
    assert not app.exception
    assert "trip" in app.selectbox(key="collection picker").value
    assert "1 picture ready" not in words(page("Home.py"))


def test_only_the_latest_success_has_a_box(page, collection, settings, ended, load, monkeypatch):
    """The one before is named in a line; the sample that prepared itself is told in passing."""
    monkeypatch.setattr(Jobs, "sample_is_due", lambda _: False)
    for folder in ("trip", SAMPLE_COLLECTION):
        paint(collection.parent / folder / "red.png", "red")
        plan = plan_build(collection.parent / folder, settings, model_id="colours")
        build_collection(*plan, settings, load=load)
        ended(JobState.DONE, folder, seconds=2)
    ended(JobState.DONE, seconds=2)
    app = page("Home.py")
    assert not app.exception
    assert [one.value.split(":")[0] for one in app.success] == ["**“pictures”**"]
    assert "Ready before: “trip”" in words(app)
    app.button(key="outcome/dismiss older").click().run()
    assert not app.exception
    assert not app.toast
    ended(JobState.DONE, SAMPLE_COLLECTION, seconds=2)
    app.run()
    assert [one.value for one in app.toast] == ["The sample gallery is ready"]
    assert "trip" not in " ".join(one.value for one in app.caption if "Ready" in one.value)
    assert len(app.success) == 1


def test_a_build_that_this_page_watched_is_chosen_when_it_is_done(page, collection, ended):
    """Home and Build index go on with what was built; other pages stay and tell it."""
    app = page("Home.py")
    app.session_state["builds_watched"] = frozenset({"pictures"})
    app.session_state["collection"] = "nothing"
    ended(JobState.DONE)
    app.run()
    assert app.session_state["collection"] == "pictures"


def test_other_pages_tell_it_in_a_line(page, collection, ended):
    """Whoever is searching stays there, and is told by a toast and a link."""
    app = page("2_Search.py")
    app.session_state["builds_watched"] = frozenset({"holiday"})
    ended(JobState.FAILED, "holiday", trouble=Trouble("The disk is full"))
    app.run()
    assert not app.exception
    assert [toast.value for toast in app.toast] == ["“holiday” was not finished"]
    assert app.session_state["collection"] == "pictures"
