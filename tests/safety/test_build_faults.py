"""A file that a build dies of costs one file, and Ctrl-C ends a build whatever is stuck."""

import errno
import json
import os
import pty
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from search_engine import Library
from search_engine.collection.scanning import scan
from search_engine.errors import CollectionError
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
    """The second build decodes it apart, names it and has all others; the third leaves it."""
    code, _ = index(pictures, "abort", "abort apart")
    assert code == -signal.SIGABRT
    assert index(pictures, "abort", "abort apart")[0] == 0
    assert skipped(settings) == {evil: "the file made its decoder crash"}
    assert indexed(settings) == all_but(pictures, evil)
    code, report = index(pictures, "abort", "abort apart")
    assert (code, report["unchanged"]) == (0, 12)
    assert [skip["path"] for skip in report["skipped"]] == [evil]
    assert still_being_read(settings) == {}


def test_a_file_that_can_be_decoded_apart_is_indexed_after_a_death(pictures, settings, evil):
    """What was being read when the power went is suspected, read apart, and kept."""
    assert index(pictures, "abort")[0] == -signal.SIGABRT
    assert evil in {file.path for file in still_being_read(settings)}
    assert index(pictures, "abort")[0] == 0
    assert indexed(settings) == all_but(pictures)
    assert skipped(settings) == {}
    assert still_being_read(settings) == {}


def test_a_file_that_ended_two_builds_is_not_read_a_third_time(pictures, settings, evil):
    """Where even decoding apart is the end of the program, the file is named until it changes."""
    faults = ("abort", "abort while apart")
    assert index(pictures, *faults)[0] == -signal.SIGABRT
    assert index(pictures, *faults)[0] == -signal.SIGABRT
    assert max(still_being_read(settings).values()) == 2
    assert list(still_being_read(settings).values()).count(2) == 1
    assert index(pictures, *faults)[0] == 0
    assert "twice" in skipped(settings)[evil]
    assert indexed(settings) == all_but(pictures, evil)
    paint(pictures / evil, "green", salt=78)
    assert index(pictures, *faults)[0] == 0
    assert indexed(settings) == all_but(pictures)


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


def test_what_else_goes_wrong_is_not_laid_on_a_suspect(build, pictures, settings, monkeypatch):
    """A full disk while a suspect is read is no second death of it."""
    build(cancelled=lambda: True)
    with Library(settings).open_catalog("pictures") as catalog:
        catalog.reading.begin(scan(pictures).files)

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("search_engine.files.write", full)
        with pytest.raises(CollectionError):
            build()
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


@pytest.mark.parametrize("fault", ["stuck", "locked", "stuck apart"])
def test_ctrl_c_twice_ends_everything(pictures, settings, evil, fault):
    """The program and its decoders are gone at once, whatever is stuck, for a minute or for ever.

    On an idle machine that takes milliseconds; ten seconds are for one with too much to do.
    """
    if fault == "stuck apart":
        (pictures / evil).unlink()
        evil = "green/evil.avif"
        paint(pictures / evil, "green", size=(64, 64))
        (pictures / evil).write_bytes((pictures / evil).read_bytes() + EVIL)
    with started(pictures, fault) as process:
        if fault == "stuck apart":
            deadline = time.monotonic() + 30
            while not (decoders := psutil.Process(process.pid).children()):
                assert time.monotonic() < deadline
                time.sleep(0.05)
            time.sleep(1)
        else:
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
