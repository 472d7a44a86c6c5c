"""A build brings a collection up to date with its folder, and does nothing twice."""

import os
import shutil

import pytest
from PIL import Image

from search_engine import Library, Query, ScanRules, SearchEngine, build_collection, plan_build
from search_engine.catalog import Catalog
from search_engine.errors import BadFolder, BadName, CollectionBusy, IndexMissing, ModelUnavailable
from search_engine.indexing.reading import BATCH_SIZE
from search_engine.records import IndexKind, SkipReason, Stage
from tests.conftest import COLOURS, ColourEmbedder, paint


@pytest.fixture
def build(pictures, settings, embedder):
    """Build the collection of ``pictures``; keywords go to the plan."""

    def run(*, on_progress=None, cancelled=lambda: False, load=None, root=pictures, **wanted):
        name, plan = plan_build(root, settings, **({"model_id": "colours"} | wanted))
        return build_collection(
            name,
            plan,
            settings,
            on_progress=on_progress,
            cancelled=cancelled,
            load=load or (lambda model_id, _settings: embedder),
        )

    return run


@pytest.fixture
def engine(settings, load):
    """Open the collection ``pictures``."""
    engines = []

    def opened():
        engines.append(SearchEngine.open("pictures", settings, load=load))
        return engines[-1]

    yield opened
    for one in engines:
        one.close()


def ids_by_path(settings, name="pictures"):
    with Library(settings).open_catalog(name) as catalog:
        return {record.path: record.picture_id for record in catalog.pictures}


def counts(report):
    return {
        name: getattr(report, name)
        for name in ("added", "changed", "moved", "removed", "unchanged", "embedded")
        if getattr(report, name)
    }


def test_a_first_build_makes_every_picture_findable(build, engine):
    """After a build each colour's word finds that colour's two pictures first."""
    assert counts(build()) == {"added": 12, "embedded": 12}
    for colour in COLOURS:
        best = engine().search(colour, k=2).results
        assert {result.record.path for result in best} == {f"{colour}/0.png", f"{colour}/1.png"}
        assert best[0].record.category == colour


def test_a_second_build_does_nothing(build, embedder, monkeypatch):
    """Without changes no file is opened, and nothing is loaded, embedded or published again."""
    first = build()
    for module in ("build", "reading"):
        opened = f"search_engine.indexing.{module}.read_content"
        monkeypatch.setattr(opened, lambda path: pytest.fail(f"{path} was opened"))
    again = build(load=lambda *_: pytest.fail("the model was loaded"))
    assert counts(again) == {"unchanged": 12}
    assert embedder.pictures_embedded == 12
    assert again.manifest == first.manifest


def test_exactly_the_changes_are_done(build, pictures, settings, embedder):
    """Moved, changed, deleted and added files each lead to their own work; ids stay."""
    build()
    before = ids_by_path(settings)
    (pictures / "elsewhere").mkdir()
    for number in range(2):
        (pictures / f"red/{number}.png").rename(pictures / f"elsewhere/{number}.png")
        paint(pictures / f"green/{number}.png", "yellow", salt=100 + number)
        (pictures / f"blue/{number}.png").unlink()
        paint(pictures / f"new/{number}.png", "purple", salt=200 + number)
    embedder.pictures_embedded = 0
    report = build()
    assert counts(report) == {
        "added": 2, "changed": 2, "moved": 2, "removed": 2, "unchanged": 6, "embedded": 4,
    }  # fmt: skip
    assert embedder.pictures_embedded == 4
    after = ids_by_path(settings)
    for number in range(2):
        assert after[f"elsewhere/{number}.png"] == before[f"red/{number}.png"]
        assert after[f"green/{number}.png"] == before[f"green/{number}.png"]
        assert f"blue/{number}.png" not in after
        assert after[f"new/{number}.png"] not in before.values()


def test_a_changed_picture_is_found_as_what_it_is_now(build, pictures, engine):
    """The vector follows the content of the file, not its name."""
    build()
    paint(pictures / "red/0.png", "blue", salt=77)
    build()
    found = {result.record.path for result in engine().search("blue", k=3).results}
    assert "red/0.png" in found
    assert "red/0.png" not in {r.record.path for r in engine().search("red", k=1).results}


def test_swapped_names_keep_their_pictures(build, pictures, settings, engine):
    """After two files change names each id goes with its content."""
    build()
    before = ids_by_path(settings)
    one, other = pictures / "red/0.png", pictures / "blue/0.png"
    one.rename(pictures / "away.png")
    other.rename(one)
    (pictures / "away.png").rename(other)
    for file in (one, other):  # times of change differ, as after real work
        os.utime(file, (1, file.stat().st_mtime + 5))
    report = build()
    after = ids_by_path(settings)
    assert report.moved == 2
    assert report.embedded == 0
    assert after["red/0.png"] == before["blue/0.png"]
    assert after["blue/0.png"] == before["red/0.png"]


def test_touched_files_are_not_embedded_again(build, pictures, embedder):
    """A new time of change with the old content costs no embedding."""
    build()
    os.utime(pictures / "red/0.png", (9, 9))
    report = build()
    assert counts(report) == {"unchanged": 12}
    assert counts(build()) == {"unchanged": 12}


def test_a_copy_shares_the_known_vector(build, pictures, settings, embedder):
    """A copy of a known picture is a picture of its own, but is not embedded again."""
    build()
    shutil.copy(pictures / "red/0.png", pictures / "copy.png")
    report = build()
    assert counts(report) == {"added": 1, "unchanged": 12}
    with Library(settings).open_catalog("pictures") as catalog:
        copy = catalog.pictures.at_path("copy.png")
        original = catalog.pictures.at_path("red/0.png")
        vectors = [
            catalog.vectors.one(report.model, record.picture_id) for record in (copy, original)
        ]
    assert copy.picture_id != original.picture_id
    assert copy.category is None
    assert vectors[0].tolist() == vectors[1].tolist()


def test_broken_files_are_skipped_named_and_tried_again(build, pictures):
    """A broken file stops nothing, is named with its reason, and comes in once it is mended."""
    broken = pictures / "red/broken.jpg"
    broken.write_bytes(b"x")
    first = build()
    assert first.added == 12
    assert [(skip.path, skip.reason) for skip in first.skipped] == [
        ("red/broken.jpg", SkipReason.NOT_A_PICTURE)
    ]
    second = build(load=lambda *_: pytest.fail("an unchanged broken file was tried again"))
    assert second.skipped == first.skipped
    paint(broken, "red", salt=9)
    third = build()
    assert third.skipped == ()
    assert third.added == 1


def test_a_picture_that_breaks_is_skipped_from_then_on(build, pictures, engine):
    """A file that holds no picture any more leaves the results and is named."""
    build()
    (pictures / "red/0.png").write_bytes(b"gone bad")
    report = build()
    assert [skip.path for skip in report.skipped] == ["red/0.png"]
    assert report.removed == 1
    assert "red/0.png" not in {r.record.path for r in engine().search("red", k=50).results}


def test_a_vector_that_cannot_be_compared_is_a_skip(build, pictures, embedder):
    """A picture for which the model gives NaN is named, and the others come in."""
    whole = embedder.embed_pictures

    def first_is_nan(images):
        vectors = whole(images)
        vectors[0] = float("nan")
        return vectors

    embedder.embed_pictures = first_is_nan
    report = build()
    assert report.added == 11
    assert [skip.reason for skip in report.skipped] == [SkipReason.BAD_VECTOR]


def test_names_that_are_not_utf8_work_end_to_end(build, pictures, engine):
    """A file whose name is no text, or has a newline, is indexed and found."""
    odd = os.fsdecode(b"caf\xe9\n1.png")
    paint(pictures / odd, (1, 250, 250))
    assert build().added == 13
    found = [r.record.path for r in engine().search(Query.picture(pictures / odd), k=1).results]
    assert found == [odd]


def test_a_cancelled_build_goes_on_where_it_was(build, pictures, settings):
    """After a cancel, what was embedded stays embedded and the rest is done next time."""
    for number in range(3 * BATCH_SIZE):
        paint(pictures / "many" / f"{number:03}.png", "black", salt=1000 + number)
    calls = []
    report = build(cancelled=lambda: len(calls) > 1 or calls.append(1))
    assert report.cancelled
    assert report.embedded == 2 * BATCH_SIZE
    with pytest.raises(IndexMissing, match="goes on where it was"):
        SearchEngine.open("pictures", settings)
    rest = build()
    assert not rest.cancelled
    assert rest.embedded == 12 + 3 * BATCH_SIZE - 2 * BATCH_SIZE
    assert rest.manifest.count == 12 + 3 * BATCH_SIZE


def test_until_a_build_ends_readers_find_the_index_before(build, pictures, engine):
    """A cancelled update leaves the published index as it was."""
    build()
    paint(pictures / "new.png", (0, 255, 255))
    assert build(cancelled=lambda: True).cancelled
    assert len(engine()) == 12


def test_progress_tells_stage_count_rate_and_end(build, pictures):
    """The listener sees all stages in order and the count reach the total."""
    (pictures / "broken.jpg").write_bytes(b"x")
    events = []
    build(on_progress=events.append)
    assert list(dict.fromkeys(event.stage for event in events)) == list(Stage)
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
    """Every content has a square thumbnail; those of contents that went are deleted."""
    build()
    opened = engine()
    records = list(opened.catalog.pictures)
    for record in records:
        with Image.open(opened.thumbnail_path(record)) as thumbnail:
            assert thumbnail.size == (40, 40)
    gone = next(record for record in records if record.path == "red/0.png")
    (pictures / "red/0.png").unlink()
    build()
    assert not opened.thumbnail_path(gone).exists()
    assert opened.thumbnail_path(records[-1]).exists()


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
