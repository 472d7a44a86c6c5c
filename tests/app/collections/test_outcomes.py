"""How builds ended is told on Build index and Home, in words of the app, with the way on."""

import os
import re
import time
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
from search_engine.jobs.control import Jobs, JobState, JobStatus
from search_engine.records import CollectionSettings, IndexKind
from search_engine.settings import SAMPLE_COLLECTION
from tests.conftest import paint

PAGES = ("1_Build_index.py", "2_Search.py", "3_Categories.py", "4_Scores.py")
FLAG = re.compile(r"--[a-z]|python -m|HF_|\bcommand\b")


def words(app):
    parts = [*app.markdown, *app.caption, *app.info, *app.warning, *app.success, *app.error]
    return " ".join(part.value for part in parts).replace("\\", "")


def labels(app):
    return [one.label.replace("\\", "") for one in app.button]


def model_box(app):
    return next(one for one in app.selectbox if one.label == "Model")


def button(app, label):
    return next(one for one in app.button if one.label.replace("\\", "").startswith(label))


@pytest.fixture
def started(monkeypatch):
    """Note what is asked of the builds, instead of running them."""
    begun = []
    monkeypatch.setattr(Jobs, "start", lambda jobs, *what: begun.append(what))
    return begun


@pytest.fixture
def ended(settings):
    """Write how the last build of a collection ended."""

    def write(state, name="pictures", **facts):
        jobs = Jobs(settings)
        jobs._folder.mkdir(parents=True, exist_ok=True)
        jobs.write(name, JobStatus(state, began=time.time() + 1, **facts))
        return jobs

    return write


def test_the_outcome_tells_what_is_gone_from_what_became_unreadable(page, collection, ended):
    """Two deleted and one cut short are two gone and one no longer readable."""
    counts = (("moved", 1), ("removed", 2), ("lost", 1), ("unchanged", 8))
    ended(JobState.DONE, counts=counts)
    app = page("1_Build_index.py")
    assert "1 moved · 2 gone · 1 no longer readable" in app.success[0].value


@pytest.fixture
def unfinished(settings, tmp_path, load):
    """A collection whose name comes first and whose first build was stopped."""
    paint(tmp_path / "aaa" / "one.png", "red")
    name, wanted = plan_build(tmp_path / "aaa", settings, model_id="colours")
    build_collection(name, wanted, settings, load=load, cancelled=lambda: True)
    return name


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
    assert "1 file left out (broken.jpg – not a picture" in words(app)
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


def test_the_collection_used_last_is_there_the_next_time(page, collection, settings, load):
    """A new tab begins where the last one was."""
    paint(collection.parent / "second/red.png", "red")
    plan = plan_build(collection.parent / "second", settings, model_id="colours")
    build_collection(*plan, settings, load=load)
    assert page("2_Search.py").session_state["collection"] == "pictures"
    page("2_Search.py", collection="second")
    assert page("Home.py").session_state["collection"] == "second"


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


def test_a_known_folder_keeps_its_model_rules_and_kind(page, collection, settings, started):
    """The form shows what the collection has, and sends that and no model that nobody chose."""
    name, wanted = plan_build(collection, settings)
    app = page("1_Build_index.py")
    app.text_input(key="folder").set_value(str(collection)).run()
    assert model_box(app).value == "colours"
    button(app, "Update").click().run()
    assert not app.exception
    assert [what[:2] for what in started] == [(name, wanted)]
    assert wanted.model_id == "colours"


def test_another_model_is_counted_and_asked_about(page, collection, started):
    """All pictures are to be embedded again; nothing starts before that is confirmed."""
    app = page("1_Build_index.py")
    app.text_input(key="folder").set_value(str(collection)).run()
    model_box(app).set_value("clip-ViT-B-16").run()
    found = {metric.label: metric.value for metric in app.metric}
    assert (found["New"], found["To embed again"]) == ("0", "12")
    assert "**12 unchanged pictures to embed again**" in words(app)
    assert "About 1 s for 12 pictures" in words(app)
    app.button(key="build").click().run()
    assert [what[:2] for what in started] == []


def test_another_one_without_a_name_is_no_choice(page, pictures, no_sample):
    """Where the model is still to be named, nothing can be started."""
    app = page("1_Build_index.py")
    app.text_input(key="folder").set_value(str(pictures)).run()
    model_box(app).set_value("").run()
    assert "Name the model" in words(app)
    assert not [label for label in labels(app) if label.startswith("Index ")]


def test_the_sidebar_updates_by_itself(page, collection, settings, started):
    """“Update now” begins the update on the page where it is pressed."""
    paint(collection / "red/new.png", "red", salt=41)
    app = page("2_Search.py")
    app.button(key="sidebar/update").click().run()
    assert not app.exception
    assert [what[:2] for what in started] == [plan_build(collection, settings)]


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
    assert app.subheader[-1].value == "Collection “second”"


def test_deleting_leads_to_no_missing_link(page, collection, settings):
    """After a deletion the page is about what is left, not about the name in its address."""
    app = page("1_Build_index.py", collection="pictures")
    app.text_input(key="delete pictures").set_value("pictures").run()
    button(app, "Delete the collection").click().run()
    assert not app.exception
    assert "There is no collection" not in words(app)


def test_a_folder_whose_name_is_no_text_can_be_asked_about(page, no_sample, tmp_path):
    """Names that are not UTF-8 make no widget fall over."""
    folder = tmp_path / os.fsdecode(b"odd \xff")
    paint(folder / "red/0.png", "red")
    (tmp_path / "plain").symlink_to(folder)
    app = page("1_Build_index.py")
    app.text_input(key="folder").set_value(str(tmp_path / "plain")).run()
    assert not app.exception
    assert "Index 1 picture" in labels(app)


def test_a_form_that_is_open_follows_what_another_build_changed(
    page, collection, settings, started, load
):
    """Rules that were changed meanwhile are not undone by a form that was filled in before."""
    app = page("1_Build_index.py")
    app.text_input(key="folder").set_value(str(collection)).run()
    name, wanted = plan_build(collection, settings, rules=ScanRules(exclude=("red/*",)))
    build_collection(name, wanted, settings, load=load)
    app.run()
    app.button(key="build").click().run()
    assert not app.exception
    assert [what[:2] for what in started] == [(name, wanted)]
