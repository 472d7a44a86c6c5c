"""A build of the command line: shown, stopped and gone on with by any page, and over at Ctrl-C."""

import os
import signal
import subprocess
import sys

import pytest

from search_engine import Library
from search_engine.errors import IndexMissing
from search_engine.jobs import JobNews, Jobs, JobState
from search_engine.lab.benchmark.random_model import build as build_model
from search_engine.sample import draw_gallery
from search_engine.search import SearchEngine
from search_engine.settings import MINI_MODEL

NAME = "things"
PICTURES = 96


@pytest.fixture(scope="module")
def drawings(tmp_path_factory):
    """Some drawings, more than one batch."""
    folder = tmp_path_factory.mktemp("drawings") / "gallery"
    draw_gallery(folder, pictures=PICTURES)
    return folder


@pytest.fixture(scope="module")
def slow_model(tmp_path_factory):
    """A model that takes a while for as many."""
    return str(build_model(tmp_path_factory.mktemp("models") / "slow", small=True))


@pytest.fixture
def begun(settings):
    """Begin builds and wait until they say something; whatever still runs at the end is ended."""
    processes = []

    def begin(folder, model, until):
        command = (sys.executable, "-m", "search_engine", "index", str(folder))
        processes.append(
            subprocess.Popen(
                [*command, "--name", NAME, "--model", model],
                env=os.environ | {"IMAGE_SEARCH_DATA": str(settings.data_folder)},
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            )
        )  # fmt: skip
        assert any(line.startswith(until) for line in processes[-1].stderr)
        return processes[-1]

    yield begin
    for process in processes:
        process.kill()
        process.communicate()


def test_pages_see_it_and_stop_it(begun, settings, drawings, slow_model):
    """As if it were a job; how it ended was told where it was begun, and is no news."""
    process = begun(drawings, slow_model, "Embedding")
    jobs = Jobs(settings)
    status = jobs.status(NAME)
    assert (status.state, status.process) == (JobState.RUNNING, process.pid)
    assert status.progress.total == PICTURES
    assert jobs.request(NAME).wanted.root == drawings
    assert jobs.active() == [NAME]
    jobs.cancel(NAME)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "goes on from here" in err
    assert jobs.status(NAME).state is JobState.CANCELLED
    assert not JobNews(settings).all()


def test_one_that_is_killed_is_news_and_goes_on(begun, settings, drawings, slow_model):
    """Nobody was told of it, and what it was asked for is known."""
    process = begun(drawings, slow_model, "Embedding")
    process.kill()
    process.wait()
    jobs = Jobs(settings)
    assert [(name, status.state) for name, status in JobNews(settings).all().items()] == [
        (NAME, JobState.INTERRUPTED)
    ]
    assert jobs.request(NAME).wanted.model_id == slow_model


def test_what_cannot_be_searched_yet_says_that_it_is_being_indexed(
    begun, settings, drawings, slow_model
):
    """And not that somebody should begin what goes on already."""
    process = begun(drawings, slow_model, "Embedding")
    with pytest.raises(IndexMissing, match="being indexed") as found:
        SearchEngine.open(NAME, settings)
    assert "500 pictures" in found.value.remedy
    assert Library(settings).summary(NAME).state == "being indexed"
    process.kill()
    process.wait()
    with pytest.raises(IndexMissing, match="no finished index"):
        SearchEngine.open(NAME, settings)
    assert Library(settings).summary(NAME).state == "indexing not finished"


def test_ctrl_c_ends_the_loading_of_a_model(begun, settings, drawings, slow_model):
    """Which asks nobody whether to stop; what was there is as before, and the next one works."""
    process = begun(drawings, slow_model, "Loading the model")
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Stopped. What was done is kept" in err
    assert "Embedding" not in err
    assert "Traceback" not in err
    assert Jobs(settings).status(NAME).state is JobState.CANCELLED
    assert Library(settings).names() == []


def test_a_finished_one_and_a_failed_one_are_no_news(run, settings, drawings, tmp_path):
    """They were told on the command line; a page knows what they did all the same."""
    assert run("index", drawings, "--name", NAME, "--model", MINI_MODEL)[0] == 0
    status = Jobs(settings).status(NAME)
    assert status.state is JobState.DONE
    assert dict(status.counts)["added"] == PICTURES
    empty = tmp_path / "empty"
    empty.mkdir()
    assert run("index", empty, "--name", "nothing")[0] == 3
    status = Jobs(settings).status("nothing")
    assert status.state is JobState.FAILED
    assert "no picture" in status.trouble.cause
    assert not JobNews(settings).all()


def test_one_that_finds_another_at_work_leaves_its_state_alone(run, settings, drawings):
    """The state is that of the build that holds the collection."""
    assert run("index", drawings, "--name", NAME, "--model", MINI_MODEL)[0] == 0
    before = Jobs(settings).status(NAME)
    with Library(settings).lock(NAME):
        assert run("index", drawings, "--name", NAME)[0] == 4
    assert Jobs(settings).status(NAME) == before
