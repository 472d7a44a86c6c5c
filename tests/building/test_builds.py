"""Builds stop and go on, change their model and kind, and guard what is there."""

import os
import shutil

import pytest
from PIL import Image

from search_engine import Library, ScanRules, SearchEngine
from search_engine.building.pipeline import BATCH_SIZE
from search_engine.collection.catalog import Catalog
from search_engine.collection.thumbnails import Thumbnails
from search_engine.errors import (
    BadFolder,
    BadName,
    CollectionBusy,
    CollectionMissing,
    IndexMissing,
    ModelUnavailable,
)
from search_engine.records import IndexKind
from search_engine.records.builds import Stage
from tests.conftest import ColourEmbedder, counts, ids_by_path, paint


def test_a_cancelled_build_goes_on_where_it_was(build, pictures, engine):
    """After a cancel, what was embedded can be searched and the rest is done next time."""
    for number in range(3 * BATCH_SIZE):
        paint(pictures / "many" / f"{number:03}.png", "black", salt=1000 + number)
    done = [0]
    report = build(
        on_progress=lambda event: done.append(event.done),
        cancelled=lambda: max(done) >= 2 * BATCH_SIZE,
    )
    assert report.cancelled
    assert report.embedded == 2 * BATCH_SIZE
    assert len(engine()) == 2 * BATCH_SIZE
    rest = build()
    assert not rest.cancelled
    assert rest.embedded == 12 + 3 * BATCH_SIZE - 2 * BATCH_SIZE
    assert rest.manifest.count == 12 + 3 * BATCH_SIZE


def test_until_a_build_ends_readers_find_the_index_before(build, pictures, engine):
    """An update that is cancelled before it read anything leaves the published index as it was."""
    build()
    paint(pictures / "new.png", (0, 255, 255))
    assert build(cancelled=lambda: True).cancelled
    assert len(engine()) == 12


def test_a_build_that_is_stopped_before_its_first_picture_says_so(build, settings):
    """Where nothing was read there is nothing to search, and what to do is told."""
    stage = []

    def at_the_first_batch():
        return Stage.EMBED in stage

    report = build(cancelled=at_the_first_batch, on_progress=lambda told: stage.append(told.stage))
    assert report.cancelled
    with pytest.raises((IndexMissing, CollectionMissing)):
        SearchEngine.open("pictures", settings)


def test_progress_tells_stage_count_rate_and_end(build, pictures):
    """The listener sees all stages in order and the count reach the total."""
    (pictures / "broken.jpg").write_bytes(b"x")
    events = []
    build(on_progress=events.append)
    assert list(dict.fromkeys(event.stage for event in events)) == [
        s for s in Stage if s is not Stage.THUMBNAILS
    ]
    last = [event for event in events if event.stage is Stage.EMBED][-1]
    assert (last.done, last.total, last.skipped) == (13, 13, 1)
    assert last.pictures_per_second > 0
    assert last.eta_seconds == 0


def test_two_builds_never_run_on_one_collection(build, settings):
    """While a collection is held, a build of it is refused by name."""
    build()
    with Library(settings).lock("pictures"), pytest.raises(CollectionBusy, match="pictures"):
        build()


def test_changing_the_model_makes_new_vectors_of_all(build, settings, pictures):
    """Another model embeds every picture anew, keeps ids, and leaves no vector of the old one."""
    build()
    before = ids_by_path(settings)
    other = ColourEmbedder("other", "other-1")
    report = build(model_id="other", load=lambda *_: other)
    assert other.pictures_embedded == 12
    assert counts(report) == {"unchanged": 12, "embedded": 12}
    assert report.manifest.model.fingerprint == "other-1"
    assert ids_by_path(settings) == before
    with Library(settings).open_catalog("pictures") as catalog:
        assert catalog.vectors.count(ColourEmbedder().card) == 0


def test_a_change_of_model_that_stops_halfway_mixes_nothing(build, pictures, settings, engine):
    """Until every picture has its new vector, the old index with the old vectors answers."""
    for number in range(2 * BATCH_SIZE):
        paint(pictures / "many" / f"{number:03}.png", "black", salt=1000 + number)
    build()
    other = ColourEmbedder("other", "other-1")
    calls = []
    halfway = build(
        model_id="other",
        load=lambda *_: other,
        cancelled=lambda: len(calls) > 0 or calls.append(1),
    )
    assert halfway.cancelled
    assert engine().manifest.model.fingerprint == "colours-1"
    assert engine().search("red", k=1).results[0].record.category == "red"
    report = build(model_id="other", load=lambda *_: other)
    assert halfway.embedded == BATCH_SIZE
    assert report.embedded == 12 + BATCH_SIZE
    assert report.manifest.model.fingerprint == "other-1"


def test_changing_the_kind_embeds_nothing(build):
    """Another kind of index is made from the catalog's vectors alone."""
    build()
    report = build(kind=IndexKind.HNSW, load=lambda *_: pytest.fail("the model was loaded"))
    assert report.manifest.kind is IndexKind.HNSW
    assert report.manifest.count == 12


@pytest.mark.parametrize("damage", ["delete", "truncate", "manifest"])
def test_a_damaged_index_is_made_again_from_the_catalog(build, settings, damage, engine):
    """A lost or broken index costs no embedding, only a build."""
    report = build()
    folder = Library(settings).folder("pictures")
    file = folder / report.manifest.file
    if damage == "delete":
        file.unlink()
    elif damage == "truncate":
        file.write_bytes(file.read_bytes()[:50])
    else:
        (folder / "manifest.json").write_text("{")
    build(load=lambda *_: pytest.fail("the model was loaded"))
    assert engine().search("red", k=1).results[0].record.category == "red"


def test_a_folder_without_pictures_makes_no_collection(build, tmp_path, settings):
    """An empty folder is a clear error, and leaves nothing behind."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadFolder, match="no picture in the folder"):
        build(root=tmp_path / "empty")
    assert Library(settings).names() == []


def test_a_model_that_cannot_be_loaded_leaves_no_empty_collection(build, settings):
    """When the model is missing, the name stays free."""

    def no_model(model_id, _settings):
        cause = f"no {model_id}"
        raise ModelUnavailable(cause)

    with pytest.raises(ModelUnavailable):
        build(load=no_model)
    assert Library(settings).names() == []


def test_an_emptied_folder_does_not_empty_the_collection(build, pictures, settings):
    """A folder that suddenly holds nothing looks like a missing drive: nothing is thrown away."""
    build()
    shutil.rmtree(pictures)
    pictures.mkdir()
    with pytest.raises(BadFolder, match="drive"):
        build()
    assert len(ids_by_path(settings)) == 12


def test_a_moved_folder_keeps_its_collection(build, pictures, settings, tmp_path):
    """When the whole folder has moved, the collection follows it by name, embedding nothing."""
    build()
    before = ids_by_path(settings)
    pictures.rename(tmp_path / "renamed")
    report = build(root=tmp_path / "renamed", name="pictures")
    assert counts(report) == {"unchanged": 12}
    assert ids_by_path(settings) == before


def test_a_name_is_not_taken_over_by_another_folder(build, tmp_path):
    """One name cannot stand for two folders that both exist."""
    build(name="mine")
    paint(tmp_path / "other/a.png")
    with pytest.raises(BadName, match="another folder"):
        build(name="mine", root=tmp_path / "other")


def test_rules_are_remembered(build, settings):
    """What was left out once stays out at the next build, until told otherwise."""
    build(rules=ScanRules(exclude=("red/*",)))
    assert build().unchanged == 10
    assert build(rules=ScanRules()).added == 2


def test_thumbnails_follow_the_contents(build, pictures, settings, engine):
    """Every content has a thumbnail of all of it; those of contents that went are deleted."""
    build()
    opened = engine()
    records = list(opened.catalog.pictures)
    for record in records:
        with Image.open(opened.thumbnail_path(record)) as thumbnail:
            assert thumbnail.size == (60, 40)
    gone = next(record for record in records if record.path == "red/0.png")
    (pictures / "red/0.png").unlink()
    build()
    assert not opened.thumbnail_path(gone).exists()
    assert opened.thumbnail_path(records[-1]).exists()


def test_squares_of_before_stay_until_they_are_lost(build, engine):
    """What version 0.5 left is shown as it is; one that is missing comes back with all of it."""
    build()
    opened = engine()
    kept, lost = sorted(opened.catalog.pictures, key=lambda record: record.path)[:2]
    thumbnails = Thumbnails(opened.catalog.folder)
    for record in (kept, lost):
        square = thumbnails.folder / record.content_hash[:2] / f"{record.content_hash}.jpg"
        thumbnails.path(record.content_hash).unlink()
        Image.new("RGB", (40, 40)).save(square)
        assert opened.thumbnail_path(record) == square
        assert not thumbnails.is_uncropped(record.content_hash)
    opened.thumbnail_path(lost).unlink()
    build()
    assert not thumbnails.is_uncropped(kept.content_hash)
    with Image.open(opened.thumbnail_path(lost)) as made_anew:
        assert made_anew.size == (60, 40)


def test_the_history_of_builds_is_kept(build, settings):
    """Each build leaves a line that says what it did."""
    build()
    build()
    with Library(settings).open_catalog("pictures") as catalog:
        latest, first = catalog.builds.latest(2)
    assert (first.state, first.added) == ("done", 12)
    assert (latest.state, latest.unchanged, latest.process) == ("done", 12, os.getpid())


def test_nothing_is_written_into_the_pictures_folder(build, pictures):
    """The user's folder is the same before and after."""
    before = {path: path.stat().st_mtime_ns for path in pictures.rglob("*")}
    build()
    assert {path: path.stat().st_mtime_ns for path in pictures.rglob("*")} == before


def test_own_thumbnails_are_never_indexed(build, tmp_path, settings):
    """Indexing a folder that holds our own data does not take our thumbnails for pictures."""
    build()
    report = build(root=tmp_path, name="all")
    assert report.added == 12


def test_collections_of_one_catalog_survive_reopening(build, settings):
    """The catalog on disk says the same after it was closed."""
    build()
    with Catalog.open(Library(settings).folder("pictures")) as catalog:
        assert len(catalog.pictures) == 12
        assert catalog.pictures.categories()["red"] == 2
