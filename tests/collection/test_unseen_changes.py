"""A change that keeps size and time is seen where the system tells, or when it is asked for."""

import json
import os
import sqlite3
import stat

import pytest
from PIL import Image

from search_engine import Library, build_collection, plan_build
from search_engine.building import hashing, pipeline
from search_engine.building.changes import changes_since_build, preview_build
from search_engine.checking import FaultKind, check_collection
from search_engine.collection.catalog import CATALOG_FILE
from search_engine.collection.decoding import Refusal
from search_engine.collection.scanning import scan
from search_engine.records import READER, SkipReason
from search_engine.records.builds import BuildOrder
from tests.conftest import counts, ids_by_path, paint

VERIFY = BuildOrder(verify=True)


@pytest.fixture
def update(pictures, settings, load):
    """Build the collection of ``pictures``."""

    def run(order=None):
        name, plan = plan_build(pictures, settings, model_id="colours")
        return build_collection(name, plan, settings, load=load, order=order or BuildOrder())

    return run


def bitmap(path, colour):
    """Write a picture whose size in bytes is always the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (60, 40), colour).save(path)


def change_unseen(path, colour="blue"):
    """Return a file another content of the same size and time, as programs that tidy up do."""
    before = path.stat()
    bitmap(path, colour)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)


def execute(settings, sql, *values):
    with sqlite3.connect(settings.collections_folder / "pictures" / CATALOG_FILE) as connection:
        connection.execute(sql, values)
    connection.close()


def test_a_change_that_keeps_size_and_time_is_seen(pictures, settings, update, engine):
    """The system notes when a file was written, whatever the program says of it."""
    bitmap(pictures / "red/a.bmp", "red")
    update()
    before = ids_by_path(settings)
    change_unseen(pictures / "red/a.bmp")
    assert changes_since_build("pictures", settings).to_read == 1
    report = update()
    assert counts(report) == {"changed": 1, "unchanged": 12, "embedded": 1}
    assert report.read_again == 1
    assert ids_by_path(settings) == before
    found = {result.record.path for result in engine().search("blue", k=3).results}
    assert "red/a.bmp" in found
    assert counts(update()) == {"unchanged": 13}


def test_a_file_that_took_anothers_place_is_seen(pictures, update):
    """A program that writes beside and renames, keeping the time, leaves another file there."""
    bitmap(pictures / "red/a.bmp", "red")
    update()
    before = (pictures / "red/a.bmp").stat()
    bitmap(pictures / "beside.bmp", "blue")
    os.utime(pictures / "beside.bmp", ns=(before.st_atime_ns, before.st_mtime_ns))
    (pictures / "beside.bmp").replace(pictures / "red/a.bmp")
    assert counts(update()) == {"changed": 1, "unchanged": 12, "embedded": 1}


def test_rights_alone_cost_a_reading_but_no_embedding_and_only_once(
    pictures, settings, update, embedder
):
    """After chmod, every file is read, none is embedded, and the next build opens none."""
    update()
    for file in pictures.rglob("*.png"):
        file.chmod(file.stat().st_mode & ~stat.S_IWGRP | stat.S_IXUSR)
    embedder.pictures_embedded = 0
    seen = preview_build("pictures", plan_build(pictures, settings)[1], settings)
    assert (seen.changes.to_read, seen.changes.changed, seen.unchanged) == (12, 0, 12)
    report = update()
    assert counts(report) == {"unchanged": 12}
    assert (report.read_again, embedder.pictures_embedded) == (12, 0)
    assert update().read_again == 0
    assert changes_since_build("pictures", settings).to_read == 0


def test_a_catalog_that_does_not_know_these_times_reads_nothing_for_them(
    pictures, settings, update, monkeypatch
):
    """After an update of the program the times are filled in; from then on they tell."""
    bitmap(pictures / "red/a.bmp", "red")
    update()
    execute(settings, "UPDATE pictures SET changed_ns = 0, device = 0")
    with monkeypatch.context() as patch:
        patch.setattr(hashing, "read_content", lambda path: pytest.fail(f"{path} was opened"))
        assert changes_since_build("pictures", settings).to_read == 0
        assert counts(update()) == {"unchanged": 13}
    with Library(settings).open_catalog("pictures") as catalog:
        assert all(record.changed_ns and record.device for record in catalog.pictures)
    change_unseen(pictures / "red/a.bmp")
    assert update().changed == 1


def test_a_time_that_is_not_over_tells_nothing(pictures, settings, update, monkeypatch):
    """Where a system says that every file changes now, files are not read with every update."""
    from search_engine.collection.scanning import walking

    monkeypatch.setattr(walking.time, "time_ns", lambda: 1)
    assert {file.changed_ns for file in scan(pictures).files} == {0}
    update()
    monkeypatch.undo()
    assert update().read_again == 0


def test_verify_reads_everything_and_embeds_what_changed(pictures, settings, update, monkeypatch):
    """Where the system does not tell, asking for it finds the change."""
    from search_engine.collection.scanning import walking

    monkeypatch.setattr(walking, "changed_ns_of", lambda *_: 0)
    bitmap(pictures / "red/a.bmp", "red")
    update()
    change_unseen(pictures / "red/a.bmp")
    assert counts(update()) == {"unchanged": 13}
    report = update(VERIFY)
    assert report.read_again == 13
    assert counts(report) == {"changed": 1, "unchanged": 12, "embedded": 1}


def test_verify_reads_better_what_an_older_version_read(pictures, settings, update, embedder):
    """Pictures of an older way of reading are decoded and embedded again, under their ids."""
    update()
    before = ids_by_path(settings)
    older = "UPDATE pictures SET reader = ? WHERE CAST(path AS TEXT) LIKE 'red/%'"
    execute(settings, older, READER - 1)
    embedder.pictures_embedded = 0
    assert counts(update()) == {"unchanged": 12}
    report = update(VERIFY)
    assert counts(report) == {"unchanged": 12, "embedded": 2}
    with Library(settings).open_catalog("pictures") as catalog:
        assert {record.reader for record in catalog.pictures} == {READER}
    assert ids_by_path(settings) == before
    assert update(VERIFY).embedded == 0


def test_skipped_files_are_tried_again_by_a_better_reader(pictures, settings, update):
    """What an older version could not read is tried by the next update, others by verify alone."""
    (pictures / "red/broken.png").write_bytes(b"x")
    update()
    paint(pictures / "red/broken.png", "red", salt=30)
    now = (pictures / "red/broken.png").stat()
    seen = "UPDATE skipped SET size_bytes = ?, modified_ns = ?, changed_ns = ?, reader = ?"
    stamp = (now.st_size, now.st_mtime_ns, now.st_ctime_ns)
    execute(settings, seen, *stamp, READER)
    assert update().added == 0
    execute(settings, seen, *stamp, READER - 1)
    assert update().added == 1
    (pictures / "red/broken.png").write_bytes(b"y")
    update()
    assert [skip.reader for skip in update(VERIFY).skipped] == [READER]


def test_verifying_can_be_stopped_and_leaves_all_as_it_was(pictures, settings, load):
    """A stop while files are read is a stop, and the next build goes on."""
    name, plan = plan_build(pictures, settings, model_id="colours")
    build_collection(name, plan, settings, load=load)
    report = build_collection(name, plan, settings, load=load, order=VERIFY, cancelled=lambda: True)
    assert report.cancelled
    assert len(ids_by_path(settings)) == 12
    assert counts(build_collection(name, plan, settings, load=load)) == {"unchanged": 12}


def test_pictures_that_may_not_be_read_any_more_are_told_as_kept(pictures, run, monkeypatch):
    """Their files are left out, they stay as they were and are found; all three are said."""
    run("index", pictures, "--model", "mini")
    closed = [pictures / "red/0.png", pictures / "red/1.png"]
    for file in closed:
        file.chmod(0)
    read, content, refused = pipeline.read, hashing.read_content, Refusal(SkipReason.NO_PERMISSION)

    def refuse(file):
        if file in closed:
            raise refused
        return content(file)

    def refuse_some(request, owner):
        found = zip(request.files, read(request, owner), strict=True)
        return [refused if file in closed else one for file, one in found]

    monkeypatch.setattr(pipeline, "read", refuse_some)
    monkeypatch.setattr(hashing, "read_content", refuse)
    out = run("index", pictures)[1]
    assert "Collection 'pictures': 12 pictures" in out
    assert "2 files were skipped" in out
    assert "Of these, 2 pictures stay as they were when last read, and can still be found." in out
    assert json.loads(run("index", pictures, "--json")[1])["kept"] == 2
    assert len(json.loads(run("search", "red", "-k", 20, "--json")[1])["results"]) == 12


def test_a_check_says_what_only_the_next_update_can_tell(pictures, settings, update, load):
    """Files that were touched are no fault, but they are not vouched for either."""
    update()
    (pictures / "red/0.png").chmod(0o600)
    report = check_collection("pictures", settings, load=load, sample=0)
    assert not report.of(FaultKind.FILES_CHANGED)
    assert "1 file was touched" in " ".join(report.not_checked)
    update()
    assert check_collection("pictures", settings, load=load, sample=0).not_checked == ()


def test_a_check_tells_files_out_of_reach_from_files_that_are_gone(
    pictures, settings, update, load
):
    """What an update kept because it cannot be seen is not called gone."""
    update()
    for number in range(2):
        (pictures / f"red/{number}.png").unlink()
    update()
    (pictures / "blue/0.png").unlink()
    report = check_collection("pictures", settings, load=load, sample=0)
    assert [fault.examples for fault in report.of(FaultKind.FILES_AWAY)] == [
        ("red/0.png", "red/1.png")
    ]
    assert [fault.examples for fault in report.of(FaultKind.FILES_GONE)] == [("blue/0.png",)]
