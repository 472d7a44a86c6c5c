"""`check` gives each fault its own name, a sound collection none, and `--repair` mends them."""

import json
import os
import shutil
import sqlite3
from contextlib import closing

import numpy as np
import pytest

from search_engine import Library, SearchEngine
from search_engine.calibration.stored import CALIBRATION_FILE
from search_engine.checking import FaultKind, check_collection, repair_collection
from search_engine.collection.catalog import CATALOG_FILE
from search_engine.collection.manifest import MANIFEST_FILE, read_manifest
from search_engine.errors import CollectionDamaged, CollectionMissing
from search_engine.settings import MINI_MODEL
from tests.conftest import COLOURS, paint


@pytest.fixture
def folder(settings):
    return Library(settings).folder("pictures")


@pytest.fixture
def check(settings, load):
    """Check the collection, embedding every picture again; give the kinds of its faults."""

    def checked(sample=99):
        return check_collection("pictures", settings, sample=sample, load=load)

    return checked


def sql(folder, statement, *values):
    with closing(sqlite3.connect(folder / CATALOG_FILE, isolation_level=None)) as connection:
        connection.execute(statement, values)


def thumbnail(folder, number=0):
    return sorted((folder / "thumbnails").glob("*/*.jpg"))[number]


def vector(*values):
    return np.array(values, dtype="<f4").tobytes()


def flip_the_index(folder, pictures):
    index = folder / read_manifest(folder).file
    content = bytearray(index.read_bytes())
    content[len(content) // 2] ^= 1
    index.write_bytes(content)


def forge_a_foreign_manifest(folder, pictures):
    document = json.loads((folder / MANIFEST_FILE).read_text())
    (folder / MANIFEST_FILE).write_text(json.dumps(document | {"catalog_identity": "other"}))


def replace_unseen(folder, pictures):
    """Another picture of the same size and time of change, as a careless copy leaves it."""
    file = pictures / "red/0.png"
    before = file.stat()
    others = [(pictures / colour / "0.png").read_bytes() for colour in COLOURS if colour != "red"]
    content = next(other for other in others if len(other) <= before.st_size)
    file.write_bytes(content + b"\0" * (before.st_size - len(content)))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def zero_a_page(folder, pictures):
    content = (folder / CATALOG_FILE).read_bytes()
    page = content.index(b"yellow/1.png") // 16_384 * 16_384
    lost = content[:page] + b"\0" * 16_384 + content[page + 16_384 :]
    (folder / CATALOG_FILE).write_bytes(lost)


def exchange_thumbnails(folder, pictures):
    from PIL import Image

    for file in (folder / "thumbnails").glob("*/*.jpg"):
        with Image.open(file) as image:
            if image.convert("RGB").getpixel((5, 5))[0] > 200:  # what red and yellow show
                Image.new("RGB", (40, 40), (0, 0, 0)).save(file, "JPEG")


MUTATIONS = {
    "catalog cut": (
        lambda folder, pictures: (folder / CATALOG_FILE).write_bytes(
            (folder / CATALOG_FILE).read_bytes()[:40_000]
        ),
        FaultKind.CATALOG_UNREADABLE,
    ),
    "catalog page lost": (zero_a_page, FaultKind.CATALOG_DAMAGED),
    "catalog empty": (
        lambda folder, pictures: (folder / CATALOG_FILE).write_bytes(b""),
        FaultKind.CATALOG_UNREADABLE,
    ),
    "build died": (
        lambda folder, pictures: sql(
            folder, "INSERT INTO builds (process, state, model_id) VALUES (1, 'interrupted', 'm')"
        ),
        FaultKind.BUILD_INTERRUPTED,
    ),
    "path leads out": (
        lambda folder, pictures: sql(
            folder, "UPDATE pictures SET path = ? WHERE id = 1", b"../secret.png"
        ),
        FaultKind.PATH_OUTSIDE,
    ),
    "category of another": (
        lambda folder, pictures: sql(
            folder, "UPDATE pictures SET category = ? WHERE id = 1", b"elsewhere"
        ),
        FaultKind.CATEGORY_WRONG,
    ),
    "vector of nobody": (
        lambda folder, pictures: sql(
            folder, "INSERT INTO vectors VALUES (1, 999, 1, ?)", vector(1, 0, 0, 0)
        ),
        FaultKind.VECTORS_ORPHANED,
    ),
    "vector gone": (
        lambda folder, pictures: sql(folder, "DELETE FROM vectors WHERE picture_id = 3"),
        FaultKind.VECTORS_MISSING,
    ),
    "vector NaN": (
        lambda folder, pictures: sql(
            folder, "UPDATE vectors SET vector = ? WHERE picture_id = 3", vector(np.nan, 0, 0, 0)
        ),
        FaultKind.VECTORS_UNUSABLE,
    ),
    "vector too long": (
        lambda folder, pictures: sql(
            folder, "UPDATE vectors SET vector = ? WHERE picture_id = 3", vector(1.2, 0, 0, 0)
        ),
        FaultKind.VECTORS_UNUSABLE,
    ),
    "vector of another size": (
        lambda folder, pictures: sql(
            folder, "UPDATE vectors SET vector = ? WHERE picture_id = 3", b"short"
        ),
        FaultKind.VECTORS_UNUSABLE,
    ),
    "vector of another picture": (
        lambda folder, pictures: sql(
            folder,
            "UPDATE vectors SET vector = (SELECT vector FROM vectors WHERE picture_id = 12)"
            " WHERE picture_id = 1",
        ),
        FaultKind.INDEX_DIFFERS,
    ),
    "manifest gone": (
        lambda folder, pictures: (folder / MANIFEST_FILE).unlink(),
        FaultKind.INDEX_MISSING,
    ),
    "manifest broken": (
        lambda folder, pictures: (folder / MANIFEST_FILE).write_text("{"),
        FaultKind.INDEX_UNREADABLE,
    ),
    "index bit": (flip_the_index, FaultKind.INDEX_UNREADABLE),
    "index gone": (
        lambda folder, pictures: (folder / read_manifest(folder).file).unlink(),
        FaultKind.INDEX_UNREADABLE,
    ),
    "index of another": (forge_a_foreign_manifest, FaultKind.INDEX_FOREIGN),
    "calibration gone": (
        lambda folder, pictures: (folder / CALIBRATION_FILE).unlink(),
        FaultKind.CALIBRATION_MISSING,
    ),
    "calibration broken": (
        lambda folder, pictures: (folder / CALIBRATION_FILE).write_bytes(b"PK\3\4 broken"),
        FaultKind.CALIBRATION_UNUSABLE,
    ),
    "thumbnail gone": (
        lambda folder, pictures: thumbnail(folder).unlink(),
        FaultKind.THUMBNAILS_MISSING,
    ),
    "thumbnail cut": (
        lambda folder, pictures: thumbnail(folder).write_bytes(
            thumbnail(folder).read_bytes()[:300]
        ),
        FaultKind.THUMBNAILS_DAMAGED,
    ),
    "thumbnails of others": (exchange_thumbnails, FaultKind.THUMBNAILS_WRONG),
    "left over": (
        lambda folder, pictures: (folder / ".0123.partial").write_bytes(b"half"),
        FaultKind.LEFTOVERS,
    ),
    "folder away": (
        lambda folder, pictures: pictures.rename(pictures.with_name("away")),
        FaultKind.FOLDER_MISSING,
    ),
    "file gone": (
        lambda folder, pictures: (pictures / "red/0.png").unlink(),
        FaultKind.FILES_GONE,
    ),
    "file changed": (
        lambda folder, pictures: paint(pictures / "red/0.png", "blue", size=(61, 40)),
        FaultKind.FILES_CHANGED,
    ),
    "file changed unseen": (replace_unseen, FaultKind.CONTENT_CHANGED),
    "saved query cut": (
        lambda folder, pictures: (
            (folder / "questions").mkdir(),
            (folder / "questions/old.json").write_text("{"),
        ),
        FaultKind.QUESTION_UNREADABLE,
    ),
}
NOT_MENDED = {
    "catalog cut", "catalog empty",
    "catalog page lost", "folder away", "saved query cut",
}  # fmt: skip


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
