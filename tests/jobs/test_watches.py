"""Folders that are watched: on disk, by one process that ends with its app, and never silently."""

import os
import subprocess
import sys
import time

import pytest

from search_engine import build_collection, plan_build
from search_engine.errors import BadName
from search_engine.jobs import Jobs, Watches
from search_engine.jobs.processes import start_of
from search_engine.jobs.watcher import Watcher
from search_engine.settings import DATA_VARIABLE, MINI_MODEL, PROJECT_FOLDER
from tests.conftest import ids_by_path, paint

PATIENCE = 120


@pytest.fixture
def watches(settings, tmp_path):
    """A collection of one picture, whose folder nobody watches yet; nobody does at the end."""
    paint(tmp_path / "pictures/red/1.png", "red")
    name, wanted = plan_build(tmp_path / "pictures", settings, model_id=MINI_MODEL)
    build_collection(name, wanted, settings)
    watches = Watches(settings)
    yield watches
    for one in watches.names():
        watches.switch(one, on=False)
    until(lambda: not watches.state().is_at_work)


def until(condition):
    """Wait for something that another process does."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_it_stays_switched_on_and_goes_with_the_collection(watches, settings):
    """Whatever is restarted, renamed or deleted."""
    assert not watches.is_on("pictures")
    watches.switch("pictures", on=True)
    assert Watches(settings).names() == ["pictures"]
    Jobs(settings).rename("pictures", "photos")
    assert Watches(settings).names() == ["photos"]
    Jobs(settings).forget("photos")
    assert Watches(settings).names() == []
    with pytest.raises(BadName):
        watches.switch("../elsewhere", on=True)


def test_what_comes_is_taken_in_by_a_job(watches, settings, tmp_path):
    """One process watches, however often it is asked for; it ends when nothing is watched."""
    watches.keep_up()
    assert not watches.state().is_at_work
    watches.switch("pictures", on=True)
    watches.keep_up()
    first = watches.state()
    watches.keep_up()
    assert watches.state().process == first.process
    until(lambda: watches.look("pictures") is not None)
    paint(tmp_path / "pictures/blue/1.png", "blue")
    until(lambda: "blue/1.png" in ids_by_path(settings))
    until(lambda: not Jobs(settings).status("pictures").state.active)
    assert dict(Jobs(settings).status("pictures").counts)["added"] == 1
    watches.switch("pictures", on=False)
    until(lambda: not watches.state().is_at_work)


def test_it_ends_with_the_app_that_started_it(watches, settings):
    """No process stays behind that nobody knows of; the switch does, for the next app."""
    watches.switch("pictures", on=True)
    app = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    watcher = subprocess.Popen(
        [sys.executable, "-m", "search_engine.jobs.watcher", str(app.pid), str(start_of(app.pid))],
        cwd=PROJECT_FOLDER, env=os.environ | {DATA_VARIABLE: str(settings.data_folder)},
    )  # fmt: skip
    until(lambda: watches.look("pictures") is not None)
    app.communicate(b"\n")
    assert watcher.wait(timeout=PATIENCE) == 0
    assert watches.is_on("pictures")


def test_what_is_in_the_way_is_told(watches, settings, tmp_path):
    """A folder that is away is waited for, a broken catalog named, a deleted one let go of."""
    for name in ("pictures", "nothing"):
        watches.switch(name, on=True)
    watcher = Watcher(settings)

    def seen(name):
        watcher._next.clear()
        watcher.look_round()
        return watcher._looks[name]

    assert not seen("pictures").is_away
    assert watches.names() == ["pictures"]
    (tmp_path / "pictures").rename(tmp_path / "away")
    assert seen("pictures").is_away
    (tmp_path / "away").rename(tmp_path / "pictures")
    assert not seen("pictures").is_away
    (settings.collections_folder / "pictures" / "catalog.sqlite").write_bytes(b"no catalog" * 99)
    assert "catalog" in seen("pictures").trouble
