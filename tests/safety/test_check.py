"""`check` gives each fault its own name, a sound collection none, and `--repair` mends them."""

import json
import shutil

import pytest

from search_engine import Library, SearchEngine
from search_engine.checking import FaultKind, check_collection, repair_collection
from search_engine.collection.catalog import CATALOG_FILE
from search_engine.collection.manifest import MANIFEST_FILE
from search_engine.errors import CollectionDamaged, CollectionMissing
from search_engine.settings import MINI_MODEL
from tests.conftest import COLOURS, paint
from tests.safety.faulty_collections import MUTATIONS, NOT_MENDED, flip_the_index, thumbnail


@pytest.fixture
def folder(settings):
    return Library(settings).folder("pictures")


@pytest.fixture
def check(settings, load):
    """Check the collection, embedding every picture again; give the kinds of its faults."""

    def checked(sample=99):
        return check_collection("pictures", settings, sample=sample, load=load)

    return checked


def test_a_sound_collection_has_no_fault(build, check):
    """Right after a build nothing is wrong, and everything was looked at."""
    build()
    report = check()
    assert report.faults == ()
    looked_at = (report.pictures, report.vectors, report.in_index, report.thumbnails)
    assert (*looked_at, report.files, report.sampled) == (12,) * 6
    assert report.not_checked == ()


@pytest.mark.parametrize("kind", ["exact", "hnsw", "ivf"])
def test_a_sound_index_of_any_kind_has_no_fault(settings, kind, tmp_path, embedder):
    """The vectors that an index holds, as codes too, are those of the catalog."""
    from search_engine import build_collection, plan_build

    for number in range(1_100):
        rgb = (number % 256, number * 7 % 256, number * 13 % 256)
        paint(tmp_path / "many" / f"{number}.bmp", rgb, size=(8, 8), salt=number)
    name, wanted = plan_build(tmp_path / "many", settings, model_id="colours", kind=kind)
    build_collection(name, wanted, settings, load=lambda *_: embedder)
    report = check_collection(name, settings, load=lambda *_: embedder)
    assert (report.faults, report.in_index) == ((), 1_100)


@pytest.mark.parametrize("what", MUTATIONS)
def test_each_fault_has_its_own_verdict(build, pictures, check, settings, load, what):
    """What was done to it is named, and nothing else; what can be mended, `--repair` mends."""
    mutate, kind = MUTATIONS[what]
    folder = Library(settings).folder("pictures")
    build()
    mutate(folder, pictures)
    report = check()
    assert [str(fault.kind) for fault in report.faults] == [str(kind)]
    if what in NOT_MENDED:
        assert not kind.is_mendable
        return
    repair_collection(report, settings, load=load)
    assert check().faults == ()
    with SearchEngine.open("pictures", settings, load=load) as engine:
        for colour in COLOURS:
            for found in engine.search(colour, k=1).results:
                shown = engine.path(found.record).read_bytes()
                assert shown  # what is found is there
                assert found.score == pytest.approx(1, abs=0.01)


def test_a_vector_of_another_picture_is_found_by_embedding_again(
    build, folder, check, settings, load
):
    """Catalog and index agree and are both wrong: only the picture itself tells."""
    build()
    mutate, _ = MUTATIONS["vector of another picture"]
    mutate(folder, None)
    from search_engine.building import rebuild_index

    rebuild_index("pictures", settings)
    report = check()
    assert [fault.kind for fault in report.faults] == [FaultKind.VECTORS_DIFFER]
    assert report.faults[0].picture_ids == (1,)
    repair_collection(report, settings, load=load)
    assert check().faults == ()


def test_an_update_that_was_stopped_is_behind(build, pictures, check):
    """An index that is only older than its catalog is not called foreign."""
    build()
    paint(pictures / "red/9.png", "red", salt=9)

    def killed(progress):
        if progress.stage == "index":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(on_progress=killed)
    kinds = {fault.kind for fault in check().faults}
    assert FaultKind.INDEX_BEHIND in kinds
    assert kinds <= {
        FaultKind.INDEX_BEHIND, FaultKind.BUILD_INTERRUPTED, FaultKind.CALIBRATION_UNUSABLE,
    }  # fmt: skip


def test_checking_changes_nothing(build, pictures, folder, check):
    """Looking is not touching: every file of the collection is as it was, faults included."""
    build()
    (folder / MANIFEST_FILE).write_text("{")
    thumbnail(folder).unlink()
    before = {f: f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}
    check()
    after = {f: f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}
    shared = {file for file in before if not file.name.startswith(CATALOG_FILE + "-")}
    assert {file: after[file] for file in shared} == {file: before[file] for file in shared}


def test_without_the_model_the_rest_is_checked_and_said(build, settings):
    """A model that is not here costs the sample only, which is said."""
    build()
    report = check_collection("pictures", settings)
    assert report.faults == ()
    assert (report.sampled, len(report.not_checked)) == (0, 1)


def test_what_cannot_be_mended_is_refused_with_the_way_out(build, folder, check, settings):
    """A catalog that is lost cannot be made from what is derived of it."""
    build()
    (folder / CATALOG_FILE).write_bytes(b"")
    with pytest.raises(CollectionDamaged, match="backup"):
        repair_collection(check(), settings)


def test_a_collection_that_is_not_there_is_missing(settings):
    """No report is made up for a name that means nothing."""
    with pytest.raises(CollectionMissing):
        check_collection("nothing", settings)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """A collection of drawings under the bundled model, which no test changes."""
    from search_engine import build_collection, plan_build
    from search_engine.sample import draw_gallery
    from search_engine.settings import Settings

    root = tmp_path_factory.mktemp("checked")
    draw_gallery(root / "drawings", pictures=60)
    settings = Settings(root / "data")
    name, wanted = plan_build(root / "drawings", settings, model_id=MINI_MODEL)
    build_collection(name, wanted, settings)
    return root


def test_the_command_says_what_is_wrong_and_mends_it(drawn, settings, run):
    """Exit code 0 for a sound collection, 7 for a faulty one, 0 again after --repair."""
    shutil.copytree(drawn / "data", settings.data_folder)
    code, out, _ = run("check", "--sample", "5")
    assert (code, "Nothing is wrong." in out) == (0, True)
    folder = Library(settings).folder("drawings")
    thumbnail(folder).unlink()
    flip_the_index(folder, None)
    code, out, _ = run("check", "drawings", "--json")
    document = json.loads(out)
    assert code == 7
    assert [fault["fault"] for fault in document["faults"]] == [
        "index unreadable", "thumbnails missing",
    ]  # fmt: skip
    assert document["sampled"] == 32
    code, out, err = run("check", "--repair", "--sample", "3")
    assert (code, "nothing is wrong any more" in out) == (0, True), out + err
    assert "3 embedded again" in out
    assert run("check", "--sample", "0")[0] == 0


def test_the_command_tells_a_lost_catalog(drawn, settings, run):
    """Damage beyond repair: named, with the way out, and exit code 7."""
    shutil.copytree(drawn / "data", settings.data_folder)
    (Library(settings).folder("drawings") / CATALOG_FILE).write_bytes(b"")
    code, out, _ = run("check", "drawings")
    assert (code, "catalog unreadable" in out) == (7, True)
    code, _, err = run("check", "drawings", "--repair")
    assert (code, "backup" in err) == (4, True)
