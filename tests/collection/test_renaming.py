"""A collection gets another name, whole or not at all."""

import json

import pytest

from search_engine import Library, SearchEngine, build_collection, plan_build
from search_engine.cards import SavedQueries, card_of
from search_engine.errors import BadName, CollectionBusy, CollectionError, CollectionMissing
from search_engine.jobs.control import Jobs, JobState, JobStatus
from search_engine.records import Filters
from tests.conftest import ids_by_path, paint


@pytest.fixture
def built(pictures, settings, load):
    """The collection of coloured pictures, with a saved query."""
    name, wanted = plan_build(pictures, settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    with SearchEngine.open(name, settings, load=load) as engine:
        card = card_of(engine, engine.search("red", 2), 2, Filters())
        SavedQueries(engine.catalog.folder).save("reds", card)
    return name


def test_all_of_it_goes_on_under_the_new_name(built, pictures, settings, load):
    """Ids, answers, saved queries and what is known of the last job; nothing is made anew."""
    before, jobs = ids_by_path(settings), Jobs(settings)
    jobs._folder.mkdir()
    jobs.write(built, JobStatus(JobState.DONE, seconds=7.0))
    jobs.rename(built, "Best of 2024")
    assert Library(settings).names() == ["Best of 2024"]
    assert ids_by_path(settings, "Best of 2024") == before
    assert jobs.status("Best of 2024").seconds == 7.0
    assert jobs.status(built).state is JobState.NONE
    with SearchEngine.open("Best of 2024", settings, load=load) as engine:
        assert engine.manifest.generation == 1
        assert engine.search("red", 1).collection == "Best of 2024"
        assert SavedQueries(engine.catalog.folder).names() == ["reds"]
    name, wanted = plan_build(pictures, settings)
    assert name == "Best of 2024"
    assert build_collection(name, wanted, settings, load=load).unchanged == 12


def test_who_has_it_open_goes_on(built, settings, load):
    """An engine that was opened before answers as it did."""
    with SearchEngine.open(built, settings, load=load) as engine:
        before = [r.record.path for r in engine.search("red", 5).results]
        Jobs(settings).rename(built, "other")
        assert [r.record.path for r in engine.search("red", 5).results] == before
        assert engine.search("blue", 2).results


@pytest.mark.parametrize("new", ["", "a/b", "../x", ".hidden", "con", "x" * 70, "cats\n"])
def test_names_that_cannot_be_are_refused(built, settings, new):
    """The rules for names are those of every collection."""
    with pytest.raises(BadName):
        Jobs(settings).rename(built, new)
    assert Library(settings).names() == [built]


@pytest.mark.parametrize("taken", ["second", "SECOND", "leftover", "pictures"])
def test_names_that_are_taken_are_refused(built, settings, load, tmp_path, taken):
    """Neither another collection nor anything else that lies there is written over."""
    paint(tmp_path / "more/a.png")
    name, wanted = plan_build(tmp_path / "more", settings, name="second", model_id="colours")
    build_collection(name, wanted, settings, load=load)
    (settings.collections_folder / "leftover").mkdir()
    with pytest.raises(BadName):
        Jobs(settings).rename(built, taken)
    assert Library(settings).names() == [built, "second"]
    assert len(ids_by_path(settings, "second")) == 1


def test_case_alone_can_be_changed(built, settings):
    """A name that differs in case alone is the collection's own."""
    Jobs(settings).rename(built, "Pictures")
    assert Library(settings).names() == ["Pictures"]


def test_another_spelling_of_its_name_is_its_name(settings, build):
    """Typed as a Mac keeps it, a name is the one it has; and it can be renamed by either."""
    build(name="Caf\u00e9")
    with pytest.raises(BadName, match="called that already"):
        Jobs(settings).rename("Cafe\u0301", "Caf\u00e9")
    Jobs(settings).rename("Cafe\u0301", "CAFE\u0301")
    assert Library(settings).names() == ["CAF\u00c9"]


def test_one_that_is_not_there_or_at_work_is_refused(built, settings, monkeypatch):
    """While it is built, under either name, nothing is renamed."""
    library, jobs = Library(settings), Jobs(settings)
    with pytest.raises(CollectionMissing):
        jobs.rename("nothing", "other")
    for held in (built, "other"):
        with library.lock(held), pytest.raises(CollectionBusy):
            jobs.rename(built, "other")
    monkeypatch.setattr(Jobs, "status", lambda *_: JobStatus(JobState.RUNNING))
    with pytest.raises(CollectionBusy):
        jobs.rename(built, "other")
    assert library.names() == [built]


def test_a_disk_that_refuses_leaves_all_as_it_was(built, settings, monkeypatch):
    """The error names the collection; nothing is half renamed."""
    from pathlib import Path

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", refuse)
        with pytest.raises(CollectionError, match="cannot be renamed"):
            Library(settings).rename(built, "other")
    assert Library(settings).names() == [built]
    assert len(ids_by_path(settings)) == 12


def test_the_command_renames(run, tmp_path):
    """`rename` says what it did, and an unknown name or a bad one has its exit code."""
    paint(tmp_path / "p/a.png")
    assert run("index", tmp_path / "p", "--model", "mini")[0] == 0
    code, out, _ = run("rename", "p", "holidays")
    assert code == 0
    assert "'p' is called 'holidays' now" in out
    assert [one["collection"] for one in json.loads(run("list", "--json")[1])] == ["holidays"]
    assert run("rename", "p", "x")[0] == 4
    assert run("rename", "holidays", "a/b")[0] == 3
