"""What the catalog remembers beside the pictures, and what a reader sees of a writer."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from search_engine.collection.catalog import Catalog
from search_engine.records import (
    CollectionSettings,
    IndexKind,
    ModelCard,
    PictureFacts,
    PictureFile,
    ScanRules,
    SkippedFile,
    SkipReason,
)
from search_engine.records.builds import BuildReport
from tests.lookups import at_path

MODEL = ModelCard("model", "print-1", 3, "notes")
VECTOR = np.array([0, 1, 0], dtype=np.float32)
ODD_NAME = b"caf\xe9".decode("utf-8", "surrogateescape")


@pytest.fixture
def catalog(tmp_path):
    with Catalog.create(tmp_path / "cats") as catalog:
        yield catalog


def add(catalog, *paths):
    return [
        catalog.pictures.add(PictureFile(path, 10, 1), PictureFacts(f"hash of {path}", 4, 3))
        for path in paths
    ]


@pytest.fixture
def pair(catalog):
    """A picture with a vector and one without."""
    ids = add(catalog, "a.jpg", "b.jpg")
    catalog.vectors.put(MODEL, ids[:1], [VECTOR])
    return ids


def test_a_fresh_catalog_is_empty(catalog):
    """A new catalog has no pictures, no settings, no history and revision nought."""
    assert (len(catalog.pictures), len(catalog.skipped), catalog.revision) == (0, 0, 0)
    assert catalog.settings is None
    assert catalog.builds.latest() == []
    assert catalog.vectors.remembered_model("model", "signature") is None


@pytest.mark.parametrize(
    "change",
    [
        lambda catalog, a, b: catalog.vectors.put(MODEL, [b], [VECTOR]),
        lambda catalog, a, b: catalog.vectors.put(MODEL, [a], [VECTOR]),
        lambda catalog, a, b: catalog.pictures.remove([a]),
        lambda catalog, a, b: catalog.vectors.forget(a),
    ],
    ids=["put", "replace", "remove", "forget"],
)
def test_the_revision_rises_when_vectors_change(catalog, pair, change):
    """Every write that adds, changes or takes away a vector counts."""
    before = catalog.revision
    change(catalog, *pair)
    assert catalog.revision > before


def test_the_revision_stays_when_no_vector_changes(catalog, pair):
    """Moves, facts, skips, settings and empty writes leave an index up to date."""
    before = catalog.revision
    add(catalog, "c.jpg")
    record = at_path(catalog, "a.jpg")
    catalog.pictures.relocate([(record, PictureFile("d.jpg", 1, 1))])
    catalog.pictures.change(pair[1], PictureFile("b.jpg", 9, 9), PictureFacts("new", 1, 1))
    catalog.skipped.put([SkippedFile("x.jpg", SkipReason.EMPTY, "")])
    catalog.skipped.forget(["x.jpg"])
    catalog.settings = CollectionSettings(Path("/"), ScanRules(), "m", IndexKind.EXACT)
    catalog.builds.finish(catalog.builds.start("m"), "done")
    catalog.pictures.remove([])
    catalog.vectors.put(MODEL, [], [])
    assert catalog.revision == before


def test_settings_survive(tmp_path):
    """Folder, rules, model and kind come back as they were, odd folder names included."""
    settings = CollectionSettings(
        root=Path("/pictures") / ODD_NAME / "Größe",
        rules=ScanRules(("*.jpg",), ("old", "bä*"), hidden=True),
        model_id="clip",
        kind=IndexKind.HNSW,
    )
    with Catalog.create(tmp_path) as catalog:
        catalog.settings = settings
        catalog.vectors.remember_model(MODEL, "signature")
    with Catalog.open(tmp_path) as catalog:
        assert catalog.settings == settings
        assert catalog.vectors.remembered_model("model", "signature") == MODEL
        assert catalog.vectors.remembered_model("model", "other files") is None
        assert catalog.vectors.remembered_model("other", "signature") is None


def test_everything_survives_reopening(tmp_path):
    """What was written is there when the catalog is opened again, by the collection's name."""
    with Catalog.create(tmp_path / "cats") as catalog:
        (number,) = add(catalog, "a.jpg")
        catalog.vectors.put(MODEL, [number], [VECTOR])
        record = at_path(catalog, "a.jpg")
        revision = catalog.revision
    with Catalog.open(tmp_path / "cats") as catalog:
        assert catalog.folder == tmp_path / "cats"
        assert catalog.pictures.by_id([number]) == {number: record}
        assert catalog.vectors.one(MODEL, number).tolist() == VECTOR.tolist()
        assert catalog.revision == revision


def test_skipped_files_are_listed_by_path(catalog):
    """Each file is listed once, with its last reason, until it is taken off."""
    first = SkippedFile("b.jpg", SkipReason.DAMAGED, "cut off", 5, 6)
    catalog.skipped.put([first, SkippedFile("a.jpg", SkipReason.EMPTY, "")])
    latest = SkippedFile("a.jpg", SkipReason.TOO_MANY_PIXELS, "225 million", 7, 8)
    catalog.skipped.put([latest])
    assert list(catalog.skipped) == [latest, first]
    assert len(catalog.skipped) == 2
    catalog.skipped.forget(["a.jpg", "never there.jpg"])
    assert list(catalog.skipped) == [first]


def test_builds_are_remembered_newest_first(catalog):
    """A build is noted with what it did; one that never ended was interrupted."""
    killed = catalog.builds.start("one")
    running = catalog.builds.start("two")
    assert [build.state for build in catalog.builds.latest(5)] == ["running", "interrupted"]
    skip = SkippedFile("x.jpg", SkipReason.EMPTY, "")
    report = BuildReport("cats", 1, 2, 3, 4, unchanged=5, skipped=(skip, skip), seconds=1.5)
    catalog.builds.finish(running, "done", report)
    (latest,) = catalog.builds.latest()
    assert (latest.build_id, latest.model_id, latest.state) == (running, "two", "done")
    counts = (latest.added, latest.changed, latest.moved, latest.removed, latest.unchanged)
    assert counts == (1, 2, 3, 4, 5)
    assert (latest.skipped, latest.seconds) == (2, 1.5)
    assert latest.finished_at >= latest.started_at
    assert [build.build_id for build in catalog.builds.latest(5)] == [running, killed]


def test_a_transaction_is_all_or_nothing(catalog, pair):
    """An error inside takes all writes of the transaction back, of every table."""
    before = catalog.revision

    def write_and_fail():
        with catalog.transaction():
            add(catalog, "new.jpg")
            catalog.vectors.put(MODEL, [pair[1]], [VECTOR])
            catalog.pictures.remove([pair[0]])
            catalog.skipped.put([SkippedFile("x.jpg", SkipReason.EMPTY, "")])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_and_fail()
    assert [record.path for record in catalog.pictures] == ["a.jpg", "b.jpg"]
    assert catalog.vectors.ids(MODEL).tolist() == pair[:1]
    assert len(catalog.skipped) == 0
    assert catalog.revision == before
    with catalog.transaction():
        add(catalog, "new.jpg")
    assert len(catalog.pictures) == 3


@pytest.mark.parametrize(
    "write",
    [
        lambda catalog, ids: catalog.vectors.put(MODEL, [ids[0], 999], [VECTOR, VECTOR]),
        lambda catalog, ids: catalog.vectors.put(MODEL, ids, [VECTOR]),
        lambda catalog, ids: catalog.pictures.relocate(
            [(record, PictureFile("same.jpg", 1, 1)) for record in catalog.pictures]
        ),
    ],
    ids=["vector of a stranger", "too few vectors", "two pictures at one path"],
)
def test_a_write_that_fails_leaves_nothing_behind(catalog, pair, write):
    """Every write is one transaction, also when the caller opened none."""
    catalog.vectors.put(MODEL, pair, [VECTOR * 2, VECTOR * 2])
    before = catalog.revision, list(catalog.pictures), catalog.vectors.of(MODEL, np.array(pair))
    with pytest.raises(Exception):  # noqa: B017, PT011 - what it is does not matter here
        write(catalog, pair)
    assert catalog.revision == before[0]
    assert list(catalog.pictures) == before[1]
    assert (catalog.vectors.of(MODEL, np.array(pair)) == before[2]).all()


def test_a_reader_sees_before_or_after(catalog, pair):
    """Another connection sees nothing of a transaction until it is done, and then all of it."""
    with Catalog.open(catalog.folder) as reader:
        before = reader.revision
        with catalog.transaction():
            add(catalog, "c.jpg")
            catalog.vectors.put(MODEL, [pair[1]], [VECTOR])
            catalog.pictures.relocate([(at_path(catalog, "a.jpg"), PictureFile("moved.jpg", 1, 1))])
            assert [record.path for record in reader.pictures] == ["a.jpg", "b.jpg"]
            assert reader.revision == before
            assert reader.vectors.count(MODEL) == 1
        assert {record.path for record in reader.pictures} == {"moved.jpg", "b.jpg", "c.jpg"}
        assert reader.revision > before
        assert reader.vectors.count(MODEL) == 2


def test_a_second_writer_waits_for_the_first(catalog):
    """Two connections that write at once both get their turn, also if they look first."""
    looked = Event()

    def look_and_add():
        with Catalog.open(catalog.folder) as other, other.transaction():
            seen = [record.path for record in other.pictures]
            looked.set()
            add(other, "b.jpg")
        return seen

    with ThreadPoolExecutor(1) as pool:
        with catalog.transaction():
            later = pool.submit(look_and_add)
            add(catalog, "a.jpg")
            looked.wait(0.3)
        assert later.result(timeout=20) == ["a.jpg"]
    assert [record.path for record in catalog.pictures] == ["a.jpg", "b.jpg"]


def test_one_catalog_serves_several_threads(catalog):
    """Threads that share a catalog neither lose writes nor see half a transaction."""
    done, lopsided = Event(), []

    def write(worker):
        for number in range(25):
            with catalog.transaction():
                add(catalog, f"{worker}/{number}/left.jpg", f"{worker}/{number}/right.jpg")

    def read():
        while not done.is_set():
            lopsided.append(len(catalog.pictures) % 2)

    with ThreadPoolExecutor(4) as pool:
        reader = pool.submit(read)
        for writer in [pool.submit(write, worker) for worker in range(3)]:
            writer.result()
        done.set()
        reader.result()
    assert len(catalog.pictures) == 150
    assert set(lopsided) == {0}
