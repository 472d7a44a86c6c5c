"""A build in a process of its own outlives whoever started it, and can be watched and stopped."""

import time

import psutil
import pytest

from search_engine import Library, SearchEngine, plan_build
from search_engine.errors import CollectionBusy, ModelUnavailable
from search_engine.jobs.control import Jobs, JobState
from search_engine.sample import draw_gallery
from search_engine.settings import MINI_MODEL, SAMPLE_COLLECTION

SECONDS = 90


@pytest.fixture(scope="module")
def drawings(tmp_path_factory):
    """Some drawings, more than one batch."""
    folder = tmp_path_factory.mktemp("drawings") / "gallery"
    draw_gallery(folder, pictures=100)
    return folder


@pytest.fixture
def jobs(settings):
    """The jobs of a data folder; whatever still runs at the end is ended."""
    found = Jobs(settings)
    yield found
    for name in found.active():
        psutil.Process(found.status(name).process).kill()


def wait_for(condition):
    until = time.monotonic() + SECONDS
    while not condition():
        if time.monotonic() > until:
            pytest.fail("it did not come true in time")
        time.sleep(0.05)


def start(jobs, settings, folder, model=MINI_MODEL):
    name, wanted = plan_build(folder, settings, name="things", model_id=model)
    jobs.start(name, wanted)
    return name


def test_a_job_is_seen_from_everywhere_and_builds_once(jobs, settings, drawings):
    """Progress, pictures passing by and the outcome are on disk; a second job is refused."""
    name = start(jobs, settings, drawings)
    elsewhere = Jobs(settings)
    assert elsewhere.active() == [name]
    with pytest.raises(CollectionBusy, match="things"):
        start(elsewhere, settings, drawings)
    wait_for(lambda: elsewhere.status(name).progress.done > 0)
    assert elsewhere.status(name).progress.total == 100
    assert len(elsewhere.status(name).progress.recent) > 0
    wait_for(lambda: not elsewhere.status(name).state.active)
    status = elsewhere.status(name)
    assert status.state is JobState.DONE
    assert dict(status.counts)["added"] == 100
    assert elsewhere.active() == []
    with SearchEngine.open(name, settings) as engine:
        assert engine.search("a crown", k=1).results[0].record.category == "crown"


def test_a_job_stops_within_two_seconds_and_goes_on(jobs, settings, drawings):
    """Cancelled, even while the model is loading, it ends soon; the next one finishes the work."""
    name = start(jobs, settings, drawings)
    wait_for(lambda: jobs.status(name).progress.stage != "scan")
    process = psutil.Process(jobs.status(name).process)
    jobs.cancel(name)
    process.wait(timeout=10)
    assert jobs.status(name).state is JobState.CANCELLED
    start(jobs, settings, drawings)
    wait_for(lambda: not jobs.status(name).state.active)
    assert jobs.status(name).state is JobState.DONE
    assert Library(settings).summary(name).pictures == 100


def test_a_killed_job_is_told_as_interrupted(jobs, settings, drawings):
    """A process that died without a word is not shown as running for ever."""
    name = start(jobs, settings, drawings)
    process = psutil.Process(jobs.status(name).process)
    process.kill()
    process.wait(timeout=10)
    assert jobs.status(name).state is JobState.INTERRUPTED
    assert jobs.active() == []


def test_a_job_that_cannot_work_says_why(jobs, settings, drawings, tmp_path):
    """A model that is not here ends the job with the reason, not with silence."""
    (tmp_path / "no model").mkdir()
    name = start(jobs, settings, drawings, model=str(tmp_path / "no model"))
    wait_for(lambda: not jobs.status(name).state.active)
    assert jobs.status(name).state is JobState.FAILED
    trouble = jobs.status(name).trouble
    assert trouble.is_a(ModelUnavailable)
    assert "folder that holds its config.json" in trouble.remedy


def test_a_collection_without_jobs_has_none(jobs):
    """Before the first job there is nothing to tell, and nothing to cancel."""
    assert jobs.status("nothing").state is JobState.NONE
    jobs.cancel("nothing")
    assert jobs.active() == []


def test_the_sample_is_prepared_once_and_stays_removed(jobs, settings, pictures, load):
    """It is due on a first start only; removed by the user, it is not made again."""
    assert jobs.sample_is_due()
    folder = Library(settings).folder(SAMPLE_COLLECTION)
    folder.mkdir(parents=True)
    (folder / "catalog.sqlite").touch()
    Library(settings).remove(SAMPLE_COLLECTION)
    assert not jobs.sample_is_due()
