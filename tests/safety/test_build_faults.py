"""What a folder, a disk or a file can do while it is indexed costs what it must and no more."""

import errno
import json
import os
import pty
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from search_engine import Library
from search_engine.building import pipeline
from search_engine.building.changes import Changes, changes_since_build
from search_engine.collection.catalog import Measure
from search_engine.collection.decoding import Refusal, read_content
from search_engine.collection.scanning import scan
from search_engine.collection.thumbnails import Thumbnails
from search_engine.errors import BadFolder, CollectionError
from search_engine.explore.counts import count_in_steps
from search_engine.records import Filters, SkipReason
from search_engine.records.builds import Stage
from tests.building.faulty_build import EVIL
from tests.conftest import COLOURS, counts, paint
from tests.hostile import crashing_heic
from tests.lookups import at_path

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


def skipped(settings):
    with Library(settings).open_catalog("pictures") as catalog:
        return {skip.path: skip.explanation for skip in catalog.skipped}


def indexed(settings):
    with Library(settings).open_catalog("pictures") as catalog:
        return {record.path for record in catalog.pictures}


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


def moment(seconds):
    return seconds * 10**9


ODD_TIMES = {
    "2300": moment(10_413_792_000),
    "2400": moment(13_569_465_600),
    "30000": moment(884_541_340_800),
    "the last": 2**63 * 10**9 - 1,
    "1900": moment(-2_208_988_800),
    "1600": moment(-11_676_096_000),
    "before time": -(2**63) * 10**9,
    "1970": 0,
}


@pytest.mark.parametrize("when", ODD_TIMES)
def test_any_time_a_file_system_can_hold_is_indexed(build, pictures, settings, engine, when):
    """A file of any date is found, filtered by it, told apart from a change, and stops nothing."""
    file = pictures / "red" / "0.png"
    try:
        os.utime(file, ns=(ODD_TIMES[when], ODD_TIMES[when]))
    except (OverflowError, OSError):
        pytest.skip("this system cannot hold it")
    assert counts(build()) == {"added": 12, "embedded": 12}
    assert counts(build()) == {"unchanged": 12}
    assert changes_since_build("pictures", settings) == Changes()
    found = engine()
    assert len(found.search("red", 12).results) == 12
    early = found.search("red", 12, Filters(dated_to="2000-01-01")).results
    late = found.search("red", 12, Filters(dated_from="2200-01-01")).results
    assert [result.record.path for result in (*early, *late)] == ["red/0.png"]
    assert {one.name for one in found.catalog.statistics.categories()} == set(COLOURS)
    bars = count_in_steps(found.catalog, Measure.DATE)
    assert sum(bar.pictures for bar in bars) == 12
    assert [found.catalog.pictures.count(bar.filters) for bar in bars] == [b.pictures for b in bars]
    (file.parent / "0.png").touch()
    assert changes_since_build("pictures", settings).changed == 1


def put_special(kind, path):
    path.unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as server:
            before = Path.cwd()
            os.chdir(path.parent)  # the name of a socket may have a hundred bytes
            server.bind(path.name)
            os.chdir(before)
    else:
        path.symlink_to("/dev/zero")


@pytest.mark.parametrize("kind", ["pipe", "socket", "device"])
def test_what_is_no_file_is_named(build, pictures, settings, kind):
    """A pipe, socket or device named like a picture is on the list, and off it when it is gone."""
    put_special(kind, pictures / "odd.jpg")
    (pictures / "link.jpg").symlink_to(pictures / "odd.jpg")
    report = build()
    expected = f"not a regular file: a {kind}"
    assert skipped(settings) == {"odd.jpg": expected, "link.jpg": expected}
    assert (report.added, len(report.skipped)) == (12, 2)
    assert len(build().skipped) == 2
    (pictures / "link.jpg").unlink()
    (pictures / "odd.jpg").unlink()
    paint(pictures / "odd.jpg", "red", salt=5)
    assert build().added == 1
    assert skipped(settings) == {}


@pytest.mark.parametrize("kind", ["pipe", "socket", "device"])
def test_what_takes_the_place_of_a_file_after_the_scan_is_named(
    build, pictures, settings, monkeypatch, kind
):
    """A file that is swapped for a pipe between looking and reading does not hold the build."""
    from search_engine.building import looking

    def scan_then_swap(*arguments, **options):
        found = scan(*arguments, **options)
        put_special(kind, pictures / "red" / "0.png")
        return found

    monkeypatch.setattr(looking, "scan", scan_then_swap)
    assert build().added == 11
    assert skipped(settings) == {"red/0.png": f"not a regular file: a {kind}"}


def test_a_file_that_lies_about_its_size_is_read_to_its_end_or_a_limit(monkeypatch):
    """The files below /proc say that they are empty."""
    status = Path("/proc/self/status")
    if not status.exists():
        pytest.skip("there are no such files here")
    assert status.stat().st_size == 0
    assert read_content(status).startswith(b"Name:")
    monkeypatch.setattr("search_engine.collection.decoding.content.MAX_BYTES", 10)
    with pytest.raises(Refusal) as caught:
        read_content(status)
    assert caught.value.reason is SkipReason.TOO_MANY_BYTES


@pytest.fixture
def many(pictures):
    for number in range(5 * pipeline.BATCH_SIZE):
        paint(pictures / "many" / f"{number:03}.png", "black", salt=1000 + number)
    return pictures


def after_the_first_batch(act):
    done = []

    def listen(event):
        if event.stage is Stage.EMBED and event.done and not done:
            done.append(event.done)
            act()

    return listen


@pytest.mark.parametrize("left", ["nothing", "an empty folder", "another folder"])
def test_a_folder_that_goes_away_is_an_error(build, many, settings, tmp_path, left):
    """Unplugged in the middle: no list of a thousand files, no "ready"; and it goes on later."""

    def unplug():
        many.rename(tmp_path / "elsewhere")
        if left != "nothing":
            many.mkdir()
        if left == "another folder":
            paint(many / "red" / "0.png", "red")

    with pytest.raises(BadFolder, match="went away") as caught:
        build(on_progress=after_the_first_batch(unplug))
    assert str(many) in str(caught.value)
    assert "is kept" in caught.value.remedy
    assert skipped(settings) == {}
    kept = indexed(settings)
    assert 0 < len(kept) < 172
    with Library(settings).open_catalog("pictures") as catalog:
        assert catalog.builds.latest()[0].state == "failed"
    shutil.rmtree(many, ignore_errors=True)
    (tmp_path / "elsewhere").rename(many)
    assert build().added == 172 - len(kept)


def test_a_folder_that_goes_away_leaves_the_index_as_it_was(build, pictures, tmp_path, engine):
    """Searches go on with what was published, and no known picture is given up."""
    build()
    for number in range(3 * pipeline.BATCH_SIZE):
        paint(pictures / "many" / f"{number:03}.png", "black", salt=1000 + number)
    with pytest.raises(BadFolder):
        build(on_progress=after_the_first_batch(lambda: pictures.rename(tmp_path / "away")))
    opened = engine()
    assert opened.manifest.generation == 1
    assert len(opened.search("red", 100).results) == 12


def test_a_folder_that_goes_away_before_it_is_compared_costs_no_picture(
    build, pictures, settings, tmp_path, monkeypatch
):
    """What could not be found because the folder was gone is not taken for deleted."""
    from search_engine.building import looking

    build()
    (pictures / "red" / "0.png").rename(pictures / "red" / "moved.png")

    def scan_then_unplug(*arguments, **options):
        found = scan(*arguments, **options)
        pictures.rename(tmp_path / "away")
        return found

    monkeypatch.setattr(looking, "scan", scan_then_unplug)
    with pytest.raises(BadFolder, match="went away"):
        build()
    assert "red/0.png" in indexed(settings)
    assert len(indexed(settings)) == 12


@pytest.mark.parametrize(("code", "stops"), [(errno.EIO, True), (errno.EINVAL, False)])
def test_a_device_that_fails_again_and_again_is_an_error(
    build, many, settings, monkeypatch, code, stops
):
    """One file after the other that the device cannot read ends the build; odd files do not."""
    original, count = pipeline.read_content, iter(range(10**6))

    def failing(path):
        if next(count) < 2 * pipeline.BATCH_SIZE:
            return original(path)
        raise Refusal(SkipReason.UNREADABLE, os.strerror(code))

    monkeypatch.setattr(pipeline, "read_content", failing)
    if stops:
        with pytest.raises(BadFolder, match="Input/output error"):
            build()
        assert len(indexed(settings)) == 2 * pipeline.BATCH_SIZE
    else:
        assert len(build().skipped) == 172 - 2 * pipeline.BATCH_SIZE


def test_single_unreadable_files_are_named_and_tried_again(build, many, settings, monkeypatch):
    """A bad sector here and there costs the files on it."""
    original = pipeline.read_content

    def failing(path):
        if path.stem.endswith(("3", "4")):
            raise Refusal(SkipReason.UNREADABLE, os.strerror(errno.EIO))
        return original(path)

    monkeypatch.setattr(pipeline, "read_content", failing)
    report = build()
    assert len(report.skipped) == 32
    monkeypatch.undo()
    assert build().added == 32


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EDQUOT])
def test_a_thumbnail_that_cannot_be_written_is_our_error(build, settings, monkeypatch, code):
    """A full or read-only disk is named with its place, and is no fault of the program."""

    def full(*_, **__):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("search_engine.files.write", full)
    with pytest.raises(CollectionError, match=os.strerror(code)) as caught:
        build()
    assert "thumbnails" in str(caught.value)


def test_a_file_where_the_thumbnails_should_be_is_our_error(settings, tmp_path):
    """Whatever lies in the way is named."""
    (tmp_path / "thumbnails").touch()
    with pytest.raises(CollectionError, match="thumbnails cannot be written"):
        Thumbnails(tmp_path).write("ab" * 32, b"jpeg")


def test_lost_thumbnails_are_made_again_without_embedding(build, settings, engine):
    """Only those that are missing, from the pictures, with progress; nothing goes to the model."""
    build()
    folder = engine().thumbnail_path(next(iter(engine().catalog.pictures))).parent.parent
    files = sorted(folder.glob("*/*.jpg"))
    before = {file: file.read_bytes() for file in files}
    shutil.rmtree(files[0].parent)
    files[1].unlink(missing_ok=True)
    kept = {file: file.stat().st_mtime_ns for file in folder.glob("*/*.jpg")}
    events = []
    report = build(on_progress=events.append)
    assert report.embedded == 0
    assert {file: file.read_bytes() for file in folder.glob("*/*.jpg")} == before
    assert all(file.stat().st_mtime_ns == time for file, time in kept.items())
    told = [event for event in events if event.stage is Stage.THUMBNAILS]
    assert (told[-1].done, told[-1].total) == (len(before) - len(kept), len(before) - len(kept))
    events.clear()
    build(on_progress=events.append)
    assert Stage.THUMBNAILS not in {event.stage for event in events}


def test_a_lost_thumbnail_is_never_that_of_another_picture(build, pictures, engine, monkeypatch):
    """A file that changed since it was compared is left to the next comparison."""
    build()
    opened = engine()
    record = at_path(opened.catalog, "red/0.png")
    opened.thumbnail_path(record).unlink()
    from search_engine.building import lost_thumbnails

    original = lost_thumbnails.read_content
    monkeypatch.setattr(
        lost_thumbnails,
        "read_content",
        lambda path: original(pictures / "blue" / "0.png" if path.name == "0.png" else path),
    )
    build()
    assert not opened.thumbnail_path(record).exists()


def test_a_file_that_crashes_its_decoder_costs_one_file(build, pictures, settings):
    """It is named once, all others are indexed, and it is left alone until it changes."""
    (pictures / "crash.heic").write_bytes(crashing_heic())
    report = build()
    assert report.added == 12
    assert skipped(settings) == {"crash.heic": "the file made its decoder crash"}
    assert len(build().skipped) == 1
