"""What a person wrote is kept, whatever happens to files, folder, collection and catalog."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from search_engine import Library, build_collection
from search_engine.building.moved_folders import plan_move
from search_engine.checking import check_collection, repair_collection
from search_engine.collection.catalog import CATALOG_FILE
from search_engine.collection.catalog.database import Database
from search_engine.collection.catalog.schema import MIGRATIONS
from search_engine.collection.library import Library as Shelf
from search_engine.jobs.control import Jobs
from tests.conftest import ids_by_path, paint

SEA = {"red/0.png", "red/1.png", "blue/0.png"}
HIDDEN = {"blue/0.png", "green/1.png"}


def told(settings, name="pictures"):
    """Return the paths that are tagged and those that are hidden."""
    with Library(settings).open_catalog(name) as catalog:
        paths = {record.picture_id: record.path for record in catalog.pictures}
        sea = {paths[one] for one, tags in catalog.tags.of(paths).items() if tags == ("Sea",)}
        return sea, {paths[one] for one in catalog.tags.hidden_ids().tolist()}


@pytest.fixture
def tagged(build, settings):
    """The collection of coloured pictures, some of them tagged, some hidden."""
    build()
    ids = ids_by_path(settings)
    with Library(settings).open_catalog("pictures") as catalog:
        catalog.tags.add([ids[path] for path in SEA], "Sea")
        catalog.tags.hide([ids[path] for path in HIDDEN])
    assert told(settings) == (SEA, HIDDEN)


def test_a_moved_file_keeps_them(tagged, pictures, build, settings):
    """Wherever it goes, and whatever takes its place."""
    (pictures / "red/0.png").rename(pictures / "moved.png")
    paint(pictures / "red/0.png", "white", salt=5)
    build()
    assert told(settings)[0] == SEA - {"red/0.png"} | {"moved.png"}


def test_a_changed_file_keeps_them(tagged, pictures, build, settings):
    """Cropped or turned it is still the picture that was meant."""
    paint(pictures / "red/0.png", "red", size=(30, 70), salt=8)
    paint(pictures / "blue/0.png", "white", salt=9)
    assert build().changed == 2
    assert told(settings) == (SEA, HIDDEN)


def test_a_moved_folder_keeps_them(tagged, pictures, settings, load, tmp_path):
    """The collection is taken over as it is."""
    shutil.move(pictures, tmp_path / "elsewhere")
    name, wanted = plan_move("pictures", tmp_path / "elsewhere", settings)
    build_collection(name, wanted, settings, load=load)
    assert told(settings) == (SEA, HIDDEN)


def test_another_name_and_another_model_keep_them(tagged, settings, build):
    """Neither has anything to do with them."""
    build(model_id="other")
    Jobs(settings).rename("pictures", "others")
    assert told(settings, "others") == (SEA, HIDDEN)


def test_a_picture_that_is_forgotten_takes_them_along(tagged, pictures, build, settings):
    """A new file of the same name begins without."""
    (pictures / "red/0.png").unlink()
    build()
    paint(pictures / "red/0.png", "white", salt=5)
    build()
    assert told(settings) == (SEA - {"red/0.png"}, HIDDEN)


def test_a_backup_brings_them_back(tagged, settings):
    """With a stamp that differs from that of what came later."""
    folder = Library(settings).folder("pictures")
    with Library(settings).open_catalog("pictures") as catalog:
        kept = catalog.tags.version
    shutil.copy(folder / CATALOG_FILE, folder.parent.parent / "backup")
    with Library(settings).open_catalog("pictures") as catalog:
        catalog.tags.remove(range(99), "Sea")
        catalog.tags.show(range(99))
        later = catalog.tags.version
    shutil.copy(folder.parent.parent / "backup", folder / CATALOG_FILE)
    assert told(settings) == (SEA, HIDDEN)
    with Library(settings).open_catalog("pictures") as catalog:
        assert catalog.tags.version == kept != later
        catalog.tags.hide([1])
        assert catalog.tags.version not in {kept, later}


def test_repair_takes_out_what_is_damaged_and_nothing_else(tagged, settings, load):
    """Rows of a tag that is none, and of pictures that are none."""
    file = Library(settings).folder("pictures") / CATALOG_FILE
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("INSERT INTO tags VALUES (50, CAST(x'ff' AS TEXT))")
        connection.executemany("INSERT INTO tagged VALUES (?, ?)", [(50, 1), (1, 999), (9, 1)])
        connection.execute("INSERT INTO hidden VALUES (999)")
    report = check_collection("pictures", settings, sample=0, load=load)
    assert [fault.detail for fault in report.faults] == [
        "1 in the table tags; 2 in the table tagged; 1 in the table hidden"
    ]
    repair_collection(report, settings, load=load)
    assert check_collection("pictures", settings, load=load).faults == ()
    assert told(settings) == (SEA, HIDDEN)


def test_the_index_is_not_behind_after_tagging(tagged, settings, build):
    """Nothing is made anew for a tag, neither now nor by the next update."""
    assert not Shelf(settings).summary("pictures").stale
    report = build()
    assert (report.unchanged, report.embedded) == (12, 0)
    with Library(settings).open_catalog("pictures") as catalog:
        assert catalog.builds.latest()[0].state == "done"


def test_a_catalog_of_before_can_be_tagged(build, settings):
    """One without the tables gets them when it is opened; its index stays what it was."""
    build()
    file = Library(settings).folder("pictures") / CATALOG_FILE
    with closing(sqlite3.connect(file)) as connection, connection:
        for table in ("tagged", "tags", "hidden"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) - 1}")
    with Library(settings).open_catalog("pictures") as catalog:
        assert isinstance(catalog._database, Database)
        assert catalog.tags.version == ""
        assert catalog.tags.add([1], "sea").tolist() == [1]
    assert not Shelf(settings).summary("pictures").stale


def test_tags_come_while_a_build_is_at_work(pictures, build, settings):
    """Between its batches: what is tagged then is kept, and so is what the build does."""
    build()
    for number in range(20, 80):
        paint(pictures / f"new/{number}.png", "white", salt=number)
    seen = []

    def while_it_works(progress):
        if progress.stage == "embed" and not seen:
            with Library(settings).open_catalog("pictures") as catalog:
                seen.append(catalog.tags.add([1], "Sea").tolist())
                seen.append(catalog.tags.hide([2]).tolist())

    assert build(on_progress=while_it_works).added == 60
    assert seen == [[1], [2]]
    ids = ids_by_path(settings)
    sea, hidden = told(settings)
    assert ({ids[one] for one in sea}, {ids[one] for one in hidden}) == ({1}, {2})
