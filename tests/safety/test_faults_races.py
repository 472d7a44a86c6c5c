"""Searches, builds, removals and changes of files at the same time: no wrong picture, no error."""

import os
import shutil
import sqlite3
import threading
import time
from collections import Counter
from contextlib import closing, suppress

import pytest

from search_engine import Library, SearchEngine
from search_engine.building import rebuild_index
from search_engine.errors import (
    CollectionBusy,
    CollectionError,
    CollectionMissing,
    SearchEngineError,
)
from search_engine.records.builds import BuildOrder
from tests.safety.history import NAME, World, painted
from tests.safety.invariant import all_right, mended_by_index, right_or_told, wrong_answers


@pytest.mark.parametrize("seconds", [3, pytest.param(60, marks=pytest.mark.long)])
def test_searching_while_indexes_are_published(tmp_path, seconds):
    """Eight threads ask without a pause while builds and rebuilds change pictures and publish."""
    world = World(tmp_path, seed=21)
    world.add(80)
    world.build()
    until, wrong, seen = time.monotonic() + seconds, [], Counter()

    def ask():
        while time.monotonic() < until:
            try:
                with world.open() as engine:
                    for query in ("red", "green", "blue", "yellow"):
                        wrong.extend(wrong_answers(engine, world, query, k=20))
                        seen["answers"] += 1
            except Exception as error:  # noqa: BLE001 - none may come
                wrong.append(repr(error))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    generations = set()
    while time.monotonic() < until:
        if world.chance.random() < 0.3:
            generations.add(rebuild_index(NAME, world.settings).generation)
        else:
            world.change()
            generations.add(world.build().manifest.generation)
        seen["builds"] += 1
        for path in world.paths()[80:]:
            (world.root / path).unlink()
    for thread in threads:
        thread.join()
    print(f"{dict(seen)}, {len(generations)} generations")  # noqa: T201
    assert not wrong, wrong[:5]
    assert seen["answers"] > 8
    world.build()
    all_right(world)


@pytest.mark.parametrize("trials", [2, pytest.param(15, marks=pytest.mark.long)])
def test_removing_while_others_search(tmp_path, trials):
    """Who searches gets right answers or is told that it is gone; nothing is left behind."""
    world = World(tmp_path, seed=22)
    world.add(40)
    for _ in range(trials):
        world.build()
        wrong, stop = [], threading.Event()

        def ask(wrong=wrong, stop=stop):
            while not stop.is_set():
                try:
                    with world.open() as engine:
                        wrong.extend(wrong_answers(engine, world, "red"))
                except CollectionMissing:
                    return
                except SearchEngineError as error:
                    if not isinstance(error, CollectionError):
                        wrong.append(repr(error))
                except Exception as error:  # noqa: BLE001 - none may come
                    wrong.append(repr(error))

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        time.sleep(world.chance.uniform(0.05, 0.2))
        Library(world.settings).remove(NAME)
        time.sleep(0.05)
        stop.set()
        for thread in threads:
            thread.join()
        assert not wrong, wrong[:3]
        assert not world.folder.exists()
        assert Library(world.settings).names() == []


@pytest.mark.parametrize("builds", [2, pytest.param(12, marks=pytest.mark.long)])
def test_files_that_change_under_a_build(tmp_path, builds):
    """Rewritten, cut, deleted, folders, links every 2 ms: each vector is of what was read."""
    world = World(tmp_path, seed=23)
    world.add(150)
    stop = threading.Event()

    def disturb():
        paths = world.paths()
        while not stop.wait(0.002):
            with suppress(OSError):
                disturbed(world, world.root / world.chance.choice(paths))

    for _ in range(builds):
        stop.clear()
        thread = threading.Thread(target=disturb)
        thread.start()
        try:
            world.build()
        finally:
            stop.set()
            thread.join()
        assert right_or_told(world) == ""
        # A dead link keeps its picture, until that is to be forgotten.
        everywhere = BuildOrder(forget=("",))
        mended_by_index(world, world.committed(), order=everywhere)
        for path in world.root.rglob("*"):
            if path.is_symlink() or (path.is_dir() and path.suffix):
                path.unlink() if path.is_symlink() else shutil.rmtree(path)
                world.write(str(path.relative_to(world.root)), world.picture())


def disturbed(world, file):
    """Do one thing to a file."""
    what = world.chance.randrange(6)
    if file.is_symlink() or file.is_dir():
        file.unlink() if file.is_symlink() else shutil.rmtree(file)
    if what == 0 and file.exists():
        content = file.read_bytes()
        file.write_bytes(content[: len(content) // 2])
    elif what == 1:
        file.unlink()
    elif what == 2:
        file.unlink(missing_ok=True)
        file.mkdir()
    elif what == 3:
        file.unlink(missing_ok=True)
        file.symlink_to(world.chance.choice(("/nowhere", file.name, "..")))
    else:
        world.write(str(file.relative_to(world.root)), world.picture())


@pytest.mark.parametrize("first", ["process", "thread"])
def test_two_builds_at_once(tmp_path, first):
    """The second is refused and names the process of the first, which ends as if it were alone."""
    world = World(tmp_path, seed=24)
    world.add(60)
    if first == "process":
        child = world.child(moment=("search_engine.building.build:publish_index", "before", 99))
        child.stdin.write("\n")
        child.stdin.flush()
        child.stdout.readline()  # it stored a batch
        child.send_signal(19)  # SIGSTOP
        try:
            with pytest.raises(CollectionBusy, match=f"process {child.pid}"):
                world.build()
        finally:
            child.send_signal(18)
        child.communicate(timeout=60)
        assert child.returncode == 0
    else:
        child = world.child()
        with Library(world.settings).lock(NAME):
            _, err = child.communicate("\n", timeout=60)
        assert child.returncode == 1
        assert f"process {os.getpid()}" in err
        world.build()
    all_right(world)


def test_a_catalog_that_another_program_holds(tmp_path, monkeypatch):
    """Locked exclusively: searching works or waits and says why; nothing is called damaged."""
    for module in ("database", "opening"):
        monkeypatch.setattr(f"search_engine.collection.catalog.{module}.SECONDS_TO_WAIT", 1)
    world = World(tmp_path, seed=25)
    world.add(20)
    world.build()
    world.add(1)
    with closing(sqlite3.connect(world.catalog_file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert right_or_told(world) == ""
        with pytest.raises(CollectionError, match="another program is writing") as refused:
            world.build()
        assert "emove" not in refused.value.remedy
        other.execute("ROLLBACK")
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        right_or_told(world, kinds=(CollectionError,))
        assert Library(world.settings).summary(NAME).name == NAME
        other.execute("ROLLBACK")
    mended_by_index(world, world.committed())


@pytest.mark.parametrize("years", [-25, 25])
def test_a_clock_that_jumps(tmp_path, years):
    """A build with a clock far off, and the next one with the right clock, are as any other."""
    world = World(tmp_path, seed=26)
    world.add(20)
    world.build()
    for shift in (years, 0):
        world.change()
        child = world.child(clock=int(shift * 365.25 * 86_400))
        _, err = child.communicate("\n", timeout=60)
        assert child.returncode == 0, err
        all_right(world)


def test_files_of_any_date(tmp_path):
    """Times of change before 1970, far ahead and equal for all: files are told apart by content."""
    world = World(tmp_path, seed=27)
    for number, seconds in enumerate((-(10**9), 0, 1, 4_000_000_000, 9_000_000_000)):
        world.write(f"a/{number}.png", painted((number * 50, 20, 200 - number * 40), number))
        os.utime(world.root / f"a/{number}.png", (seconds, seconds))
    world.build()
    all_right(world)
    before = world.committed()
    for path in world.paths():
        os.utime(world.root / path, (5, 5))
    mended_by_index(world, before)


def test_an_engine_that_stays_open_is_right_throughout(tmp_path):
    """One that was opened before updates never shows a picture that changed with its old score."""
    world = World(tmp_path, seed=28)
    world.add(60)
    world.build()
    with SearchEngine.open(NAME, world.settings, load=world.load) as engine:
        for _ in range(5):
            world.change()
            world.build()
            for query in ("red", "green", "blue"):
                assert not list(wrong_answers(engine, world, query))


def test_a_removal_that_is_killed_leaves_no_half_collection(tmp_path, monkeypatch):
    """It is out of sight at once; what is left of it goes with the next removal."""
    world = World(tmp_path, seed=29)
    world.add(5)
    world.build()
    monkeypatch.setattr("shutil.rmtree", lambda _folder: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        Library(world.settings).remove(NAME)
    monkeypatch.undo()
    assert Library(world.settings).names() == []
    world.build()
    all_right(world)
    Library(world.settings).remove(NAME)
    left = {file.name for file in world.settings.collections_folder.iterdir()}
    assert left == {".locks", ".background", ".models.json"}


def test_removing_a_collection_that_is_a_link_removes_the_link(tmp_path):
    """What the link leads to is somebody else's, and stays."""
    world = World(tmp_path, seed=30)
    world.add(5)
    world.build()
    elsewhere = tmp_path / "elsewhere"
    world.folder.rename(elsewhere)
    world.folder.symlink_to(elsewhere)
    before = sorted(f.name for f in elsewhere.iterdir())
    Library(world.settings).remove(NAME)
    assert not world.folder.is_symlink()
    assert sorted(f.name for f in elsewhere.iterdir()) == before
