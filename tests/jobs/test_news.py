"""How builds ended is news until a person has put it away, whatever else is in the folder."""

import json
import os
import stat
import time
from dataclasses import asdict
from pathlib import Path

import psutil
import pytest

from search_engine import Library, build_collection, plan_build
from search_engine.collection.last_used import last_used, note_use, usual_collection
from search_engine.errors import BadFolder, CollectionError, ModelUnavailable, Trouble, Way
from search_engine.jobs.control import Jobs, JobState, JobStatus
from search_engine.jobs.news import JobNews
from search_engine.records import CollectionSettings, IndexKind, ScanRules
from tests.conftest import paint

ODD = [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"state": "odd"}', b'{"began": -1}', b"9" * 5_000]


@pytest.fixture
def jobs(settings):
    found = Jobs(settings)
    found._folder.mkdir(parents=True)
    return found


@pytest.fixture
def news(settings):
    return JobNews(settings)


def ended(jobs, name, state, **facts):
    jobs.write(name, JobStatus(state, began=time.time() + 1, **facts))


def test_every_way_to_end_is_told_until_it_is_put_away(jobs, news, settings):
    """Failed, stopped and dead builds are told by name, and stay told after a restart."""
    for name, state in (("a", JobState.FAILED), ("b", JobState.CANCELLED)):
        ended(jobs, name, state)
    jobs.write("c", JobStatus(JobState.RUNNING, 2**22 + 1, 1.0, time.time()))
    jobs.write(
        "at work",
        JobStatus(JobState.RUNNING, os.getpid(), psutil.Process().create_time(), time.time()),
    )
    told = {name: status.state for name, status in news.all().items()}
    assert told == {
        "a": JobState.FAILED, "b": JobState.CANCELLED, "c": JobState.INTERRUPTED,
    }  # fmt: skip
    news.dismiss("b")
    assert set(JobNews(settings).all()) == {"a", "c"}
    ended(jobs, "b", JobState.FAILED)
    assert "b" in news.all()


def test_a_success_is_told_as_long_as_its_collection_is_there(jobs, news, build, settings):
    """What was removed meanwhile is not called ready."""
    build()
    ended(jobs, "pictures", JobState.DONE)
    assert set(news.all()) == {"pictures"}
    Library(settings).remove("pictures")
    assert news.all() == {}


def test_what_a_later_build_made_good_is_no_news(jobs, news, build, pictures):
    """A failure is not told any more once the collection was built by other means."""
    jobs.write("pictures", JobStatus(JobState.FAILED, began=time.time() - 60))
    assert set(news.all()) == {"pictures"}
    build()
    assert news.all() == {}


def test_why_it_failed_is_kept_in_parts(jobs):
    """Class, cause, place, remedy and way on come back as they were."""
    error = ModelUnavailable("It is not here", place="/models", remedy="Fetch it.")
    ended(jobs, "a", JobState.FAILED, trouble=Trouble.of(error))
    trouble = jobs.status("a").trouble
    assert (trouble.cause, trouble.place, trouble.remedy) == (
        "It is not here", "/models", "Fetch it.",
    )  # fmt: skip
    assert trouble.way is Way.OTHER_MODEL
    assert trouble.is_a(ModelUnavailable)
    assert not trouble.is_a(BadFolder)


def test_what_an_older_version_wrote_is_read(jobs, news):
    """A status of version 0.5 has a text for its error, and nothing of the rest."""
    old = {
        "state": "failed", "process": 7, "process_started": 1.5, "began": 2.5,
        "progress": {
            "stage": "load", "done": 0, "total": 0, "skipped": 0, "pictures_per_second": 0.0,
            "eta_seconds": None, "path": "", "recent": [],
        },
        "counts": [], "seconds": 0.0, "error": "The hub cannot be reached.",
    }  # fmt: skip
    (jobs._folder / "old.status").write_text(json.dumps(old))
    assert jobs.status("old").error == "The hub cannot be reached."
    assert set(news.all()) == {"old"}


@pytest.mark.parametrize("odd", ODD)
def test_odd_files_are_passed_over(jobs, news, settings, odd):
    """Whatever lies in the folder of the jobs, the others are told, and nothing falls over."""
    ended(jobs, "a", JobState.FAILED)
    for name in ("odd.status", "a.seen", "odd.seen", "..status", "\x01.status", "a.request"):
        (jobs._folder / name).write_bytes(odd)
    (jobs._folder / "folder.status").mkdir()
    assert set(news.all()) == {"a"}
    news.dismiss("a")
    assert news.all() == {}
    settings.last_used_file.write_bytes(odd)
    assert last_used(settings) == ""
    assert usual_collection(settings) is None


def test_a_repair_is_begun_again_as_a_repair(jobs, monkeypatch):
    """Whoever tries again what failed is not given something else."""
    begun = []
    monkeypatch.setattr(Jobs, "start", lambda *what: begun.append("build"))
    monkeypatch.setattr(Jobs, "repair", lambda *what: begun.append("repair"))
    ended(jobs, "a", JobState.FAILED, repairs=True)
    with pytest.raises(CollectionError):
        jobs.again("a")
    monkeypatch.setattr(Jobs, "report", lambda *what: object())
    jobs.again("a")
    ended(jobs, "a", JobState.FAILED)
    wanted = CollectionSettings(Path("/x"), ScanRules(), "m", IndexKind.AUTO)
    (jobs._folder / "a.request").write_text(json.dumps(asdict(wanted), default=str))  # as in 0.5
    jobs.again("a")
    assert begun == ["repair", "build"]


def test_the_collection_used_last_comes_first(settings, tmp_path, load):
    """Without a last one the first that can be searched is taken, never one that cannot."""
    library = Library(settings)
    for name in ("b", "c"):
        paint(tmp_path / name / "one.png", "red")
        plan = plan_build(tmp_path / name, settings, model_id="colours")
        build_collection(*plan, settings, load=load)
    paint(tmp_path / "a" / "one.png", "red")
    name, wanted = plan_build(tmp_path / "a", settings, model_id="colours")
    build_collection(name, wanted, settings, load=load, cancelled=lambda: True)
    assert library.names() == ["a", "b", "c"]
    assert usual_collection(settings) == "b"
    note_use("c", settings)
    assert usual_collection(settings) == "c"
    assert stat.S_IMODE(settings.last_used_file.stat().st_mode) == 0o600
    note_use("a", settings)
    assert usual_collection(settings) == "b"
    library.remove("b")
    library.remove("c")
    assert usual_collection(settings) == "a"
