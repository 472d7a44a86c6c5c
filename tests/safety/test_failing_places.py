"""A folder or a disk that fails in the middle of a build costs what it must and no more."""

import errno
import os
import shutil
import sys

import pytest

from search_engine import Library
from search_engine.building import pipeline
from search_engine.collection.decoding import CHILDREN, Refusal
from search_engine.collection.scanning import scan
from search_engine.collection.thumbnails import Thumbnails
from search_engine.errors import BadFolder, CollectionError
from search_engine.records import SkipReason
from search_engine.records.builds import Stage
from tests.conftest import paint
from tests.lookups import at_path, indexed, skipped


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


def failing_for(is_bad, code, read=pipeline.read):
    """Read as usual, except for files that the device cannot read."""
    refusal = Refusal(SkipReason.UNREADABLE, os.strerror(code))

    def read_others(request, owner):
        found = zip(request.files, read(request, owner), strict=True)
        return [refusal if is_bad(file) else one for file, one in found]

    return read_others


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
    in_order = sorted(path for path in many.rglob("*.*"))
    bad = frozenset(in_order[2 * pipeline.BATCH_SIZE :])
    monkeypatch.setattr(pipeline, "read", failing_for(bad.__contains__, code))
    if stops:
        with pytest.raises(BadFolder, match="Input/output error"):
            build()
        assert len(indexed(settings)) == 2 * pipeline.BATCH_SIZE
    else:
        assert len(build().skipped) == 172 - 2 * pipeline.BATCH_SIZE


def test_single_unreadable_files_are_named_and_tried_again(build, many, settings, monkeypatch):
    """A bad sector here and there costs the files on it."""
    failing = failing_for(lambda file: file.stem.endswith(("3", "4")), errno.EIO)
    monkeypatch.setattr(pipeline, "read", failing)
    report = build()
    assert len(report.skipped) == 32
    monkeypatch.undo()
    assert build().added == 32


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EDQUOT])
def test_a_thumbnail_that_cannot_be_written_is_our_error(build, settings, monkeypatch, code):
    """A full or read-only disk is named with its place, and is no fault of the program."""
    monkeypatch.setattr(CHILDREN, "_command", [sys.executable, "-c", FULL.format(code=code)])
    CHILDREN.close()
    with pytest.raises(CollectionError, match=os.strerror(code)) as caught:
        build()
    assert "thumbnails" in str(caught.value)
    CHILDREN.close()


FULL = """
import os
from search_engine import files
from search_engine.collection.decoding.picture import decode_here
from search_engine.collection.decoding.worker import serve
def full(*_, **__):
    raise OSError({code}, os.strerror({code}))
files.write = full
serve(decode_here)
"""


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
