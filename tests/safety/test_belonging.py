"""Catalog and index belong together: after whatever was swapped, no picture is the wrong one."""

import json
import shutil
import sqlite3
from contextlib import closing

import pytest

from search_engine import Library, SearchEngine
from search_engine.cli.remedies import told
from search_engine.collection.catalog import CATALOG_FILE
from search_engine.collection.manifest import MANIFEST_FILE, read_manifest
from search_engine.errors import CollectionDamaged, CollectionError, IndexMissing
from search_engine.index.publishing import MENDED_UNASKED
from tests.conftest import COLOURS, paint
from tests.lookups import at_path


@pytest.fixture
def folder(settings):
    return Library(settings).folder("pictures")


@pytest.fixture
def ask(settings, load):
    """Answer a colour with the paths of the best two; each has to be of that colour."""

    def asked(colour):
        with SearchEngine.open("pictures", settings, load=load) as engine:
            return [result.record.path for result in engine.search(colour, k=2).results]

    return asked


def all_right(ask, pictures):
    """Every colour is answered by its own pictures, judged by what the files show now."""
    from PIL import Image

    for colour, rgb in COLOURS.items():
        for path in ask(colour):
            with Image.open(pictures / path) as image:
                shown = image.convert("RGB").getpixel((30, 20))
            assert shown == rgb, f"asked {colour}, got {path} which shows {shown}"


def swap_colours(pictures, salt):
    """Return red's files what blue's show, under the names they have."""
    for number in range(2):
        paint(pictures / "red" / f"{number}.png", "blue", salt=salt + number)
        paint(pictures / "blue" / f"{number}.png", "red", salt=salt + 10 + number)


def restore(backup, folder):
    for file in folder.glob(CATALOG_FILE + "*"):
        file.unlink()
    shutil.copy(backup, folder / CATALOG_FILE)


def test_a_catalog_from_a_backup_is_never_answered_by_a_newer_index(
    build, pictures, folder, tmp_path, ask
):
    """Put back, changed otherwise and counted up to the same number, it gets its own index."""
    build()
    shutil.copy(folder / CATALOG_FILE, tmp_path / "backup.sqlite")
    swap_colours(pictures, 50)
    build()
    newer = read_manifest(folder)

    restore(tmp_path / "backup.sqlite", folder)
    swap_back = [paint(pictures / "red" / f"{n}.png", "red", salt=90 + n) for n in range(2)]
    for number in range(len(swap_back)):
        paint(pictures / "blue" / f"{number}.png", "blue", salt=95 + number)
    build()

    assert read_manifest(folder).catalog_revision == newer.catalog_revision
    assert read_manifest(folder).checksum != newer.checksum
    all_right(ask, pictures)


def test_a_catalog_from_a_backup_is_right_before_any_update(build, pictures, folder, tmp_path, ask):
    """Between restoring and the next `index` the answers are those of the restored catalog."""
    build()
    before = ask("red")
    shutil.copy(folder / CATALOG_FILE, tmp_path / "backup.sqlite")
    swap_colours(pictures, 50)
    build()
    restore(tmp_path / "backup.sqlite", folder)
    assert ask("red") == before == ["red/0.png", "red/1.png"]


def test_a_log_that_was_dropped_takes_the_index_with_it(build, pictures, folder, tmp_path, ask):
    """After a power cut that lost the last writes, an index that is ahead is not used."""
    build()
    shutil.copy(folder / CATALOG_FILE, tmp_path / "before.sqlite")
    published = {file.name: file.read_bytes() for file in folder.glob("*") if file.is_file()}
    swap_colours(pictures, 50)
    build()
    ahead = read_manifest(folder)
    restore(tmp_path / "before.sqlite", folder)  # what is left without its log
    assert ask("red") == ["red/0.png", "red/1.png"]
    assert read_manifest(folder).checksum != ahead.checksum
    assert published[CATALOG_FILE]
    build()
    all_right(ask, pictures)


def test_the_index_of_another_collection_is_not_used(
    build, pictures, folder, settings, tmp_path, ask
):
    """Index and manifest copied in from elsewhere are made anew, by themselves."""
    build()
    other = tmp_path / "other"
    for colour in COLOURS:  # the same ids under other colours
        for number in range(2):
            wrong = dict(zip(COLOURS, [*list(COLOURS)[1:], "red"], strict=True))[colour]
            paint(other / colour / f"{number}.png", wrong, salt=number)
    build(root=other)
    for file in folder.glob("index.*"):
        file.unlink()
    theirs = Library(settings).folder("other")
    for file in (*theirs.glob("index.*"), theirs / MANIFEST_FILE):
        shutil.copy(file, folder / file.name)
    all_right(ask, pictures)
    build()
    all_right(ask, pictures)


@pytest.mark.parametrize("what", ["gone", "cut", "bit", "manifest gone", "manifest broken"])
def test_an_index_that_is_broken_is_made_anew_by_itself(build, pictures, folder, ask, what):
    """A search mends what can be made again from the catalog; nobody has to know of it."""
    build()
    index = folder / read_manifest(folder).file
    content = index.read_bytes()
    if what == "gone":
        index.unlink()
    elif what == "cut":
        index.write_bytes(content[: len(content) // 2])
    elif what == "bit":
        index.write_bytes(content[:-9] + bytes([content[-9] ^ 1]) + content[-8:])
    elif what == "manifest gone":
        (folder / MANIFEST_FILE).unlink()
    else:
        (folder / MANIFEST_FILE).write_text("[" * 200_000)
    all_right(ask, pictures)


def test_where_mending_takes_long_the_message_names_the_command(
    build, folder, ask, monkeypatch, run
):
    """A large collection is not made anew unasked; the one command that is named does it."""
    build()
    (folder / read_manifest(folder).file).unlink()
    monkeypatch.setattr("search_engine.index.publishing.MENDED_UNASKED", 3)
    with pytest.raises(CollectionDamaged) as refused:
        ask("red")
    assert "check pictures --repair" in told(refused.value)
    assert MENDED_UNASKED > 3


def test_what_a_version_before_wrote_is_made_anew(build, pictures, folder, ask):
    """A manifest without identity and token, as 0.4 wrote it, proves nothing and is replaced."""
    build()
    manifest = json.loads((folder / MANIFEST_FILE).read_text())
    old = {k: v for k, v in manifest.items() if k not in {"catalog_identity", "catalog_token"}}
    (folder / MANIFEST_FILE).write_text(json.dumps(old | {"format_version": 2}))
    all_right(ask, pictures)
    assert read_manifest(folder).catalog_token


def test_a_stopped_update_shows_no_changed_picture_with_its_old_score(
    build, pictures, settings, load
):
    """A file that was replaced is not shown by what the old one was, while the build lasts."""
    build()
    paint(pictures / "red/0.png", "blue", salt=77)
    with pytest.raises(RuntimeError, match="killed"):
        build(on_progress=_killed_at_the_index)

    with SearchEngine.open("pictures", settings, load=load) as engine:
        found = [result.record.path for result in engine.search("red", k=12).results]
        assert len(found) == 11
        assert "red/0.png" not in found
        changed = at_path(engine.catalog, "red/0.png").picture_id
        assert changed not in engine.score_all("red").all.picture_ids
    build()
    with SearchEngine.open("pictures", settings, load=load) as engine:
        found = [result.record.path for result in engine.search("blue", k=3).results]
    assert sorted(found) == ["blue/0.png", "blue/1.png", "red/0.png"]


def test_a_build_that_was_killed_is_not_mistaken_for_a_broken_index(build, folder, settings, load):
    """Before the first build has finished there is no index, and none is made up."""
    with pytest.raises(RuntimeError, match="killed"):
        build(on_progress=_killed_at_the_index)
    with pytest.raises(IndexMissing):
        SearchEngine.open("pictures", settings, load=load)


def _killed_at_the_index(progress):
    if progress.stage == "index":
        cause = "killed"
        raise RuntimeError(cause)


@pytest.mark.parametrize("content", [b"", b"\0" * 4096, b"SQLite format 3\0", b"no database" * 99])
def test_a_catalog_that_lost_its_content_is_never_a_new_one(
    build, pictures, folder, run, ask, content
):
    """Empty or foreign, it is told as damage by search and index, and the others are listed."""
    build()
    (folder / CATALOG_FILE).write_bytes(content)
    with pytest.raises(CollectionDamaged) as damaged:
        ask("red")
    assert "remove" in damaged.value.remedy
    with pytest.raises(CollectionDamaged):
        build()
    assert (folder / CATALOG_FILE).read_bytes() == content
    code, out, _ = run("list")
    assert (code, "damaged" in out) == (0, True)


def test_a_new_catalog_in_its_place_is_not_answered_by_the_old_index(
    build, pictures, folder, settings, load, ask
):
    """The catalog of another collection brings its own pictures, whatever index lies beside it."""
    build()
    paint(pictures.parent / "other/0.png", "green")
    build(root=pictures.parent / "other")
    shutil.copy(Library(settings).folder("other") / CATALOG_FILE, folder / CATALOG_FILE)
    with SearchEngine.open("pictures", settings, load=load) as engine:
        assert [r.record.path for r in engine.search("red", k=9).results] == ["0.png"]


def test_a_view_or_a_trigger_makes_a_catalog_foreign(build, folder, ask, run):
    """What runs by itself inside a database is not ours, and is not run."""
    build()
    with closing(sqlite3.connect(folder / CATALOG_FILE)) as connection:
        connection.execute(
            "CREATE TRIGGER t AFTER INSERT ON builds BEGIN DELETE FROM pictures; END"
        )
    with pytest.raises(CollectionDamaged, match="not a catalog that this program wrote"):
        ask("red")
    assert run("list")[0] == 0


def test_vectors_are_on_the_disk_before_their_index(build, folder):
    """The log of the catalog is flushed before the index that was made of it is published."""
    from search_engine.collection.catalog.database import Database
    from search_engine.index import publication

    order = []
    flush, publish = Database.flush, publication.publish
    try:
        Database.flush = lambda self: (order.append("flushed"), flush(self))[1]
        publication.publish = lambda *a, **k: (order.append("published"), publish(*a, **k))[1]
        build()
    finally:
        Database.flush, publication.publish = flush, publish
    assert order == ["flushed", "published"]


def test_a_closed_catalog_is_not_called_damaged(build, engine):
    """Who still holds a collection that was closed is not told to delete it."""
    build()
    opened = engine()
    opened.close()
    with pytest.raises(CollectionError) as closed:
        opened.search("red")
    assert not isinstance(closed.value, CollectionDamaged)
    assert "emove" not in str(closed.value)
