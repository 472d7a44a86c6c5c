"""A build on workers is the build it would have been here, whatever happens to them."""

import json
import signal

import psutil
import pytest

from search_engine import plan_build
from search_engine.jobs import Jobs, JobState
from search_engine.records import BuildOrder, WorkerPlace
from search_engine.settings import DATA_VARIABLE, MINI_MODEL
from tests.cluster.conftest import DRAWN, RAY, waited_for, workers_of


def report(process):
    """Wait for the end of a build that does not fail, and return what it did."""
    out, err = process.communicate(timeout=240)
    assert process.returncode == 0, err
    return json.loads(out)  # and so nothing else is on standard output


def is_like_plain(shelf, name):
    """Tell that a collection is the one that was built in one process."""
    assert shelf.facts(name) == shelf.facts("plain")
    plain, found = shelf.vectors("plain"), shelf.vectors(name)
    cosines = [float(plain[path] @ found[path]) for path in plain]
    assert len(cosines) == DRAWN
    assert min(cosines) > 0.9999
    made = shelf.settings.collections_folder / name / "thumbnails"
    contents = {facts[0] for facts in shelf.facts(name)[0].values()}
    assert {file.name.partition(".")[0] for file in made.rglob("*.jpg")} == contents


def held(machine):
    """Stop a worker in the middle of a batch, and return it."""
    worker = waited_for(lambda: workers_of(machine))[0]
    worker.send_signal(signal.SIGSTOP)
    return worker


@pytest.mark.long
def test_a_machine_is_lost_and_nothing_else(shelf, begun, machines):
    """What it had in hand is done by the others; all is as it would have been, and there once."""
    process = begun("cluster", "--workers", machines.address)
    machine = machines.raylets[0]
    held(machine)
    waited_for(lambda: shelf.stored("cluster") > 0)
    machine.kill()
    done = report(process)
    assert (done["added"], len(done["skipped"])) == (DRAWN, 2)
    is_like_plain(shelf, "cluster")
    again = report(begun("cluster", "--workers", machines.address))
    assert (again["added"], again["unchanged"]) == (0, DRAWN)


@pytest.mark.long
def test_a_worker_is_lost_here_and_a_build_that_is_stopped_goes_on(shelf, begun):
    """Another worker takes its place; nothing stored is embedded again, and no process stays."""
    process = begun("here", "--workers", "local:1")
    parent = psutil.Process(process.pid)
    held(parent).kill()
    waited_for(lambda: shelf.stored("here") > 0)
    held(parent)
    below = parent.children(recursive=True)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "goes on from here" in err
    kept = shelf.stored("here")
    assert 0 < kept < DRAWN
    assert psutil.wait_procs(below, timeout=20)[1] == []
    done = report(begun("here"))
    assert (done["added"], done["unchanged"]) == (DRAWN - kept, kept)
    is_like_plain(shelf, "here")


@pytest.mark.long
def test_a_client_of_a_cluster_builds_as_well(shelf, begun, machines):
    """One that is no machine of it."""
    process = begun("client", "--workers", machines.for_clients)
    held(machines.raylets[1]).kill()
    done = report(process)
    assert (done["added"], len(done["skipped"])) == (DRAWN, 2)
    is_like_plain(shelf, "client")


@pytest.mark.long
def test_a_page_goes_on_with_it_and_stops_it(shelf, monkeypatch):
    """A build that was begun with workers is gone on with by the app with workers, and stopped."""
    for variable, value in (RAY | {DATA_VARIABLE: str(shelf.settings.data_folder)}).items():
        monkeypatch.setenv(variable, value)
    jobs = Jobs(shelf.settings)
    name, wanted = plan_build(shelf.folder, shelf.settings, name="page", model_id=MINI_MODEL)
    began = jobs.start(name, wanted, BuildOrder(workers=WorkerPlace(here=1)))
    waited_for(lambda: shelf.stored("page") > 0)
    held(psutil.Process(began.process))
    jobs.cancel(name)
    waited_for(lambda: not jobs.status(name).state.active)
    assert jobs.status(name).state is JobState.CANCELLED
    assert 0 < shelf.stored("page") < DRAWN
    jobs.again(name)
    waited_for(lambda: not jobs.status(name).state.active)
    assert jobs.status(name).state is JobState.DONE
    is_like_plain(shelf, "page")
