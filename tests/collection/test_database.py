"""The catalog's file: versions, damage, transactions that fail, and speed in the large."""

import shutil
import sqlite3
from contextlib import closing
from threading import Timer

import pytest

from search_engine.collection.catalog import CATALOG_FILE, Catalog, opening
from search_engine.collection.catalog.opening import make_database, open_database
from search_engine.collection.catalog.schema import MIGRATIONS
from search_engine.errors import CollectionDamaged, CollectionError, CollectionMissing
from search_engine.records import PictureFacts, PictureFile
from tests.lookups import at_path

STEPS = (
    "CREATE TABLE a (x); CREATE TABLE b (y REFERENCES a)",
    "ALTER TABLE a ADD COLUMN z; UPDATE a SET z = x + 1",
)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "some.sqlite"


def opened(file, steps=STEPS):
    if not file.exists():
        make_database(file, steps)
    return closing(open_database(file, steps))


def test_a_new_file_is_of_the_newest_version(file):
    """A file made by this version has seen every step, and stays so when opened again."""
    for _ in range(2):
        with opened(file) as database:
            assert database.version == 2
            assert database.rows("SELECT x, z FROM a") == []


def test_an_older_file_is_brought_up_to_date_with_its_content(file):
    """Only the missing steps are done, on the rows that are there."""
    with opened(file, STEPS[:1]) as database:
        database.rows("INSERT INTO a VALUES (41)")
        assert database.version == 1
    with opened(file) as database:
        assert database.version == 2
        assert database.rows("SELECT x, z FROM a") == [(41, 42)]


def test_a_file_with_smaller_pages_is_opened_as_it_is(file):
    """New files have pages that hold several vectors; one made before keeps its own and works."""
    with closing(sqlite3.connect(file, isolation_level=None)) as before:
        before.execute("PRAGMA page_size = 4096")
        before.execute("CREATE TABLE a (x)")
        before.execute("PRAGMA user_version = 1")
        before.execute("INSERT INTO a VALUES (41)")
    with opened(file, ("CREATE TABLE a (x)", "CREATE TABLE b (y)")) as database:
        assert database.rows("SELECT x FROM a") == [(41,)]
        assert database.rows("SELECT y FROM b") == []
        assert database.number("PRAGMA page_size") == 4096
    with opened(file.with_name("new.sqlite")) as database:
        assert database.number("PRAGMA page_size") == 16_384


def test_a_step_that_fails_leaves_the_old_version(file):
    """A migration is all or nothing: the file can still be opened by the older program."""
    with opened(file, STEPS[:1]) as database:
        database.rows("INSERT INTO a VALUES (1)")
    with pytest.raises(CollectionError):
        open_database(file, (*STEPS, "CREATE TABLE c (v); nonsense"))
    with opened(file, STEPS[:1]) as database:
        assert database.version == 1
        assert database.rows("SELECT * FROM a") == [(1,)]


def test_a_step_may_hold_triggers_and_texts_with_semicolons(file):
    """A statement ends where it ends, not at the first semicolon."""
    step = """
        CREATE TABLE c (v TEXT DEFAULT 'one; two'); -- a comment; with one
        CREATE TRIGGER t AFTER INSERT ON a BEGIN
            INSERT INTO c VALUES ('three; ' || NEW.x); INSERT INTO c VALUES (NULL);
        END;
        INSERT INTO a VALUES (4)
    """
    with opened(file, (*STEPS[:1], step)) as database:
        assert database.version == 2
        assert database.rows("SELECT v FROM c") == [("three; 4",), (None,)]


def test_a_newer_version_is_refused_with_a_remedy(tmp_path):
    """What a later program wrote is not touched; the user is told to update."""
    with Catalog.create(tmp_path):
        pass
    with closing(sqlite3.connect(tmp_path / CATALOG_FILE)) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(CollectionDamaged, match="newer version") as refused:
        Catalog.open(tmp_path)
    assert "Update" in refused.value.remedy
    assert str(tmp_path) in str(refused.value)


def test_an_older_catalog_on_a_disk_that_cannot_be_written_says_what_helps(tmp_path, monkeypatch):
    """It has to be opened once where it can be; that searching works would not be so."""
    with opened(tmp_path / CATALOG_FILE, MIGRATIONS[:-1]):
        pass
    reading = opening._for_reading
    monkeypatch.setattr(opening, "_for_writing", lambda file: reading(file, "mode=ro"))
    with (
        pytest.raises(CollectionError, match=r"older version .* may only be read.*Open it once"),
        opened(tmp_path / CATALOG_FILE, MIGRATIONS),
    ):
        pass


@pytest.mark.parametrize("steps", range(1, len(MIGRATIONS)))
def test_every_released_version_can_be_opened(tmp_path, steps):
    """A catalog of any older version becomes one that pictures can be added to."""
    with opened(tmp_path / CATALOG_FILE, MIGRATIONS[:steps]):
        pass
    with Catalog.open(tmp_path) as catalog:
        number = catalog.pictures.add(PictureFile("a.jpg", 1, 1), PictureFacts("hash", 1, 1))
        assert at_path(catalog, "a.jpg").picture_id == number


def test_a_folder_without_a_catalog_is_missing(tmp_path):
    """Opening makes nothing: neither file nor folder."""
    with pytest.raises(CollectionMissing, match="no collection 'cats'") as missing:
        Catalog.open(tmp_path / "cats")
    assert missing.value.remedy
    assert not (tmp_path / "cats").exists()


@pytest.mark.parametrize(
    "content",
    [
        b"This is no database, but long enough to look at." * 50,
        b"SQLite format 3\0" + b"\xa5" * 9000,
    ],
    ids=["text", "only the header"],
)
def test_a_file_that_is_no_database_is_damaged(tmp_path, content):
    """A broken file is told as such, with what to do, and is left as it is."""
    (tmp_path / CATALOG_FILE).write_bytes(content)
    with pytest.raises(CollectionDamaged) as damaged:
        Catalog.open(tmp_path)
    assert damaged.value.remedy
    assert (tmp_path / CATALOG_FILE).read_bytes() == content


def test_a_file_that_was_cut_off_is_damaged(tmp_path):
    """A catalog that lost its end is refused when it is read, not answered from."""
    with Catalog.create(tmp_path / "whole") as catalog, catalog.transaction():
        for number in range(3000):
            catalog.pictures.add(PictureFile(f"{number}.jpg", 1, 1), PictureFacts("hash", 1, 1))
    shutil.copytree(tmp_path / "whole", tmp_path / "cut")
    whole = (tmp_path / "whole" / CATALOG_FILE).read_bytes()
    (tmp_path / "cut" / CATALOG_FILE).write_bytes(whole[: len(whole) // 2])

    def read():
        with Catalog.open(tmp_path / "cut") as catalog:
            return [record.path for record in catalog.pictures]

    with pytest.raises(CollectionDamaged):
        read()


def test_a_foreign_database_is_damaged_and_not_a_full_disk(tmp_path):
    """A database of something else is told as such; nobody is sent to look for disk space."""
    with closing(sqlite3.connect(tmp_path / CATALOG_FILE)) as connection:
        connection.execute("CREATE TABLE songs (title)")
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")

    def read():
        with Catalog.open(tmp_path) as catalog:
            return len(catalog.pictures)

    with pytest.raises(CollectionDamaged):
        read()


def test_a_commit_that_fails_takes_everything_back(file):
    """Nothing stays half open when only the last moment fails, as on a full disk."""

    def write():
        with database.transaction():
            database.rows("PRAGMA defer_foreign_keys = ON")
            database.rows("CREATE TABLE c (v)")
            database.rows("INSERT INTO b VALUES (1)")

    steps = ("CREATE TABLE a (x PRIMARY KEY); CREATE TABLE b (y REFERENCES a)",)
    with opened(file, steps) as database:
        with pytest.raises(CollectionError):
            write()
        assert database.rows("SELECT * FROM b") == []
        with database.transaction():
            database.rows("INSERT INTO a VALUES (5)")
    with opened(file, steps) as database:
        assert database.rows("SELECT * FROM a") == [(5,)]


def test_the_new_id_is_given(file):
    """An INSERT tells the id of its row, and numbers are read as numbers."""
    with opened(file) as database:
        assert database.insert("INSERT INTO a VALUES (?, ?)", (5, 6)) == 1
        assert database.insert("INSERT INTO a VALUES (?, ?)", (7, 8)) == 2
        assert database.number("SELECT SUM(x) FROM a") == 12


def test_a_file_that_another_process_brings_up_to_date_is_waited_for(file):
    """Whoever comes second, while an old file is being migrated, waits as for any other write."""
    make_database(file, STEPS[:1])
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as first:
        first.execute("BEGIN IMMEDIATE")
        first.execute("INSERT INTO a VALUES (7)")
        later = Timer(0.3, first.commit)
        later.start()
        try:
            with opened(file) as database:
                assert database.version == 2
                assert database.rows("SELECT x, z FROM a") == [(7, 8)]
        finally:
            later.join()


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM vectors WHERE picture_id = 1",
        "SELECT * FROM pictures WHERE path = x'00'",
        "SELECT * FROM pictures WHERE content_hash = ''",
        "DELETE FROM pictures WHERE id = 1",
    ],
)
def test_one_picture_is_found_without_looking_at_all(tmp_path, sql):
    """What is done to one picture takes as long in a collection of a hundred thousand."""
    with opened(tmp_path / CATALOG_FILE, MIGRATIONS) as database:
        plan = database.rows(f"EXPLAIN QUERY PLAN {sql}")
        assert plan
        assert not any("SCAN" in str(step[-1]) for step in plan), plan
