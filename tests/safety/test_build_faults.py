"""A file that a build dies of costs one file, and Ctrl-C ends a build whatever is stuck."""

import itertools
import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from search_engine import Library
from search_engine.building import pipeline
from search_engine.collection.decoding import child, routes
from search_engine.collection.scanning import scan
from search_engine.errors import CollectionError
from tests.building import faulty_build
from tests.building.faulty_build import EVIL
from tests.conftest import paint
from tests.hostile import crashing_heic
from tests.lookups import indexed, skipped

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def evil(pictures):
    """A sound picture among others, whose decoder the tests let end badly."""
    file = paint(pictures / "green" / "evil.png", "green", salt=77)
    file.write_bytes(file.read_bytes() + EVIL)
    return "green/evil.png"


@contextmanager
def started(pictures, *faults, **streams):
    command = [sys.executable, "-m", "tests.building.faulty_build", str(pictures), *faults]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | streams
    with subprocess.Popen(command, text=True, cwd=ROOT, **streams) as process:
        try:
            yield process
        finally:
            process.kill()


def index(pictures, *faults):
    with started(pictures, *faults) as process:
        out, _ = process.communicate(timeout=60)
    return process.returncode, json.loads(out) if out.startswith("{") else None


def all_but(pictures, *paths):
    return {p.relative_to(pictures).as_posix() for p in pictures.rglob("*.png")} - set(paths)


def still_being_read(settings):
    with Library(settings).open_catalog("pictures") as catalog:
        return catalog.reading.deaths()


def test_the_file_a_build_died_of_is_named_by_the_next(pictures, settings, evil):
    """The second build reads it alone, names it and has all others; the third leaves it."""
    faults = ("abort once", "abort apart")
    assert index(pictures, *faults)[0] == -signal.SIGABRT
    assert index(pictures, *faults)[0] == 0
    assert skipped(settings) == {evil: "the file made its decoder crash"}
    assert indexed(settings) == all_but(pictures, evil)
    code, report = index(pictures, *faults)
    assert (code, report["unchanged"]) == (0, 12)
    assert [skip["path"] for skip in report["skipped"]] == [evil]
    assert still_being_read(settings) == {}


def test_a_file_that_can_be_read_is_indexed_after_a_death(pictures, settings, evil):
    """What was being read when the power went is suspected, read alone, and kept."""
    assert index(pictures, "abort once")[0] == -signal.SIGABRT
    assert evil in {file.path for file in still_being_read(settings)}
    assert index(pictures, "abort once")[0] == 0
    assert indexed(settings) == all_but(pictures)
    assert skipped(settings) == {}
    assert still_being_read(settings) == {}


def test_a_file_that_ended_two_builds_is_not_read_a_third_time(pictures, settings, evil):
    """Where even reading it alone is the end of the program, the file is named until it changes."""
    assert index(pictures, "abort")[0] == -signal.SIGABRT
    assert index(pictures, "abort")[0] == -signal.SIGABRT
    assert max(still_being_read(settings).values()) == 2
    assert list(still_being_read(settings).values()).count(2) == 1
    assert index(pictures, "abort")[0] == 0
    assert "twice" in skipped(settings)[evil]
    assert indexed(settings) == all_but(pictures, evil)
    paint(pictures / evil, "green", salt=78)
    assert index(pictures, "abort")[0] == 0
    assert indexed(settings) == all_but(pictures)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("abort apart", "the file made its decoder crash"),
        ("too large apart", "needs too much memory"),
    ],
)
def test_a_decoder_that_fails_costs_one_file_of_a_build(pictures, settings, evil, fault, reason):
    """It is named with its reason, all others are in, and it is left alone until it changes."""
    assert index(pictures, fault)[0] == 0
    assert reason in skipped(settings)[evil]
    assert indexed(settings) == all_but(pictures, evil)
    assert index(pictures)[1]["added"] == 0
    paint(pictures / evil, "green", salt=78)
    assert index(pictures)[1]["added"] == 1


def test_a_decoder_that_hangs_costs_one_file_of_a_build(build, pictures, settings, monkeypatch):
    """After the time that a file has it is ended and named, and the build goes on without it."""
    (pictures / "green" / "pipe.png").write_bytes(EVIL)
    monkeypatch.setattr(child, "SECONDS", 0.5)
    stuck = [sys.executable, "-c", faulty_build.APART % "ctypes.PyDLL(None).sleep(600)"]
    monkeypatch.setattr(routes.CHILDREN, "_command", stuck)
    routes.CHILDREN.close()
    assert build().added == 12
    assert "too long" in skipped(settings)["green/pipe.png"]
    routes.CHILDREN.close()
    monkeypatch.undo()
    assert build().embedded == 0


def test_decoders_that_are_killed_lose_nothing(build, settings, pictures, monkeypatch):
    """The system may end any of them at any moment: its file is read by the next one."""
    for number in range(40):
        paint(pictures / "many" / f"{number:03}.png", "black", salt=1000 + number)
    read, count = pipeline.read, itertools.count(1)

    def deadly(request, owner):
        if next(count) % 7 == 0:
            for one in list(routes.CHILDREN._all):
                if one.answers:
                    os.kill(one.process_id, signal.SIGKILL)
        return read(request, owner)

    monkeypatch.setattr(pipeline, "read", deadly)
    assert build().added == 52
    assert skipped(settings) == {}


def test_a_build_that_ends_in_order_suspects_nothing(build, settings):
    """Cancelled, failed or done: only a death leaves files behind as being read."""
    build(cancelled=lambda: True)
    assert still_being_read(settings) == {}

    def failing(_event):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        build(on_progress=lambda event: failing(event) if event.done else None)
    assert still_being_read(settings) == {}
    build()
    assert still_being_read(settings) == {}


def test_a_suspect_that_waits_its_turn_is_not_charged(build, pictures, settings):
    """Deaths are counted for the one file that was being read, not for those in line behind it."""
    found = scan(pictures).files
    build(cancelled=lambda: True)
    with Library(settings).open_catalog("pictures") as catalog:
        catalog.reading.begin(found)
    build(cancelled=lambda: True)
    assert still_being_read(settings) == dict.fromkeys(found, 1)
    assert build().added == 12
    assert still_being_read(settings) == {}


def test_what_else_goes_wrong_is_not_laid_on_a_suspect(build, pictures, settings):
    """A disk that is not written to while a suspect is read is no second death of it."""
    build(cancelled=lambda: True)
    with Library(settings).open_catalog("pictures") as catalog:
        catalog.reading.begin(scan(pictures).files)

    thumbnails = settings.collections_folder / "pictures" / "thumbnails"
    shutil.rmtree(thumbnails)
    thumbnails.mkdir()
    for number in range(256):
        (thumbnails / f"{number:02x}").write_bytes(b"in the way")
    with pytest.raises(CollectionError, match="thumbnails cannot be written"):
        build()
    shutil.rmtree(thumbnails)
    assert set(still_being_read(settings).values()) == {1}
    assert build().added == 12


def test_a_file_that_changed_is_suspected_no_more(build, pictures, settings, monkeypatch):
    """What was noted of a file goes for what it held then."""
    build(cancelled=lambda: True)
    with Library(settings).open_catalog("pictures") as catalog:
        for file in scan(pictures).files:
            catalog.reading.begin_again(file)
    paint(pictures / "red" / "0.png", "red", salt=99)
    assert build().added == 1
    assert len(skipped(settings)) == 11


@pytest.mark.parametrize("fault", ["stuck", "locked"])
def test_ctrl_c_twice_ends_everything(pictures, settings, evil, fault):
    """The program and its decoders are gone at once, whatever is stuck, for a minute or for ever.

    On an idle machine that takes milliseconds; ten seconds are for one with too much to do.
    """
    with started(pictures, fault) as process:
        assert process.stdout.readline() == "stuck\n"
        decoders = psutil.Process(process.pid).children()
        process.send_signal(signal.SIGINT)
        time.sleep(0.5)
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        process.wait(10)
        _, alive = psutil.wait_procs(decoders, timeout=10)
        assert not alive
        assert process.returncode == -signal.SIGINT  # which a shell calls 130
        if fault != "locked":
            assert "press Ctrl-C again" in process.stderr.read()
    assert index(pictures)[0] == 0
    assert indexed(settings) == {p.relative_to(pictures).as_posix() for p in pictures.rglob("*.*")}


def test_ctrl_c_once_ends_a_build_whose_decoder_is_stuck(pictures, settings, evil):
    """Nobody waits for the twenty seconds that the file may take, and no decoder stays behind."""
    with started(pictures, "stuck apart") as process:
        while "Embedding" not in process.stderr.readline():
            pass
        decoders = psutil.Process(process.pid).children()
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
        _, alive = psutil.wait_procs(decoders, timeout=10)
        assert not alive
    assert still_being_read(settings) == {}
    assert index(pictures)[0] == 0
    assert indexed(settings) == all_but(pictures)


def test_ctrl_c_shows_the_cursor_again(pictures, evil):
    """A bar hides the cursor; ended at once it could not show it, so the first Ctrl-C does."""
    ours, theirs = pty.openpty()
    with started(pictures, "stuck", stderr=theirs) as process:
        os.close(theirs)
        assert process.stdout.readline() == "stuck\n"
        process.send_signal(signal.SIGINT)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        process.wait(10)
    written = b""
    with suppress(OSError):  # how a terminal says that nobody writes to it any more
        while piece := os.read(ours, 4096):
            written += piece
    os.close(ours)
    assert b"\x1b[?25l" in written
    assert written.rfind(b"\x1b[?25h") > written.rfind(b"\x1b[?25l")


def test_ctrl_c_once_stops_in_order(pictures, settings):
    """One Ctrl-C keeps what is done and says how to go on."""
    for number in range(400):
        paint(pictures / "many" / f"{number:03}.png", "black", salt=1000 + number)
    with started(pictures) as process:
        while "Embedding" not in process.stderr.readline():
            pass
        process.send_signal(signal.SIGINT)
        assert process.wait(30) in {130, 0}
    assert still_being_read(settings) == {}


def test_a_file_that_crashes_its_decoder_costs_one_file(build, pictures, settings):
    """It is named once, all others are indexed, and it is left alone until it changes."""
    (pictures / "crash.heic").write_bytes(crashing_heic())
    report = build()
    assert report.added == 12
    assert skipped(settings) == {"crash.heic": "the file made its decoder crash"}
    assert len(build().skipped) == 1
