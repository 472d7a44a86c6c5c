"""Catalogs put back, logs dropped or left over: never a mixture, never another picture."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from search_engine import Library
from search_engine.checking import FaultKind, check_collection, repair_collection
from search_engine.collection.catalog import CATALOG_FILE, Catalog
from search_engine.errors import CollectionDamaged, IndexMissing
from tests.safety.history import NAME, World
from tests.safety.invariant import all_right, mended_by_index, right_or_told

LOG = CATALOG_FILE + "-wal"
SHARED = CATALOG_FILE + "-shm"
PLACES = (
    "search_engine.building.build:_Build._store",
    "search_engine.collection.catalog.vector_table:VectorTable.put",
    "search_engine.index.generations:_replace",
    "search_engine.collection.catalog.builds_table:Builds.finish",
)


def take(world, place):
    """Copy the catalog's files, as a backup or a picture of the disk at one moment."""
    place.mkdir(parents=True)
    for name in (CATALOG_FILE, LOG):
        if (world.folder / name).exists():
            shutil.copy(world.folder / name, place / name)
    return place


def put_back(world, place, names):
    """Put these files of a backup in the place of those there; what is not named stays."""
    for name in names:
        (world.folder / name).unlink(missing_ok=True)
        if (place / name).exists():
            shutil.copy(place / name, world.folder / name)


def mend(world):
    """Run `index`, after the one command that the message names, if there is a message."""
    message = right_or_told(world, kinds=(CollectionDamaged, IndexMissing))
    if "--repair" in message:
        report = check_collection(NAME, world.settings, load=world.load)
        repair_collection(report, world.settings, load=world.load)
        assert right_or_told(world) == ""
    mended_by_index(world, world.committed())


def update_that_dies(world):
    """Change the folder, and let an update of it be killed somewhere, leaving its log."""
    world.change()
    place = world.chance.choice(PLACES)
    count = world.chance.randint(1, 3) if place.endswith(("_store", "put")) else 1
    world.killed(moment=(place, world.chance.choice(("before", "after")), count))


@pytest.mark.parametrize(
    ("seed", "rounds"), [(3, 2), *(pytest.param(s, 20, marks=pytest.mark.long) for s in (3, 4))]
)
def test_any_backup_in_any_history_is_right(tmp_path, seed, rounds):
    """Put back at any point, beside whatever log: never a wrong picture, and mended as told."""
    world = World(tmp_path, seed)
    world.add(40)
    world.build()
    backups = [take(world, tmp_path / "backup-0")]
    told = 0
    for number in range(1, rounds + 1):
        world.change()
        world.build()
        if world.chance.random() < 0.5:
            backups.append(take(world, tmp_path / f"backup-{number}"))
        update_that_dies(world)
        backups.append(take(world, tmp_path / f"died-{number}"))
        backup = world.chance.choice(backups[-6:])
        names = world.chance.choice(
            ((CATALOG_FILE,), (CATALOG_FILE, LOG), (CATALOG_FILE, LOG, SHARED))
        )
        put_back(world, backup, names)
        told += right_or_told(world) != ""
        mend(world)
    assert told < rounds + 1


@pytest.mark.parametrize("trials", [1, pytest.param(40, marks=pytest.mark.long)])
def test_a_log_that_was_dropped(tmp_path, trials):
    """What a power cut or a careless copy leaves, the file without its log, is an older state."""
    world = World(tmp_path, seed=5)
    world.add(40)
    world.build()
    for _ in range(trials):
        update_that_dies(world)
        (world.folder / LOG).unlink(missing_ok=True)
        (world.folder / SHARED).unlink(missing_ok=True)
        right_or_told(world)
        mend(world)


def test_a_newer_log_beside_an_older_catalog_is_never_replayed(tmp_path):
    """SQLite would mix them page by page; it is told, and `check --repair` uses the backup."""
    world = World(tmp_path, seed=6)
    world.add(60)
    world.build()
    backup = take(world, tmp_path / "backup")
    restored = world.committed()
    for _ in range(2):
        world.change()
        world.build()
    update_that_dies(world)
    assert (world.folder / LOG).stat().st_size > 0
    put_back(world, backup, (CATALOG_FILE, SHARED))
    before = (world.folder / CATALOG_FILE).read_bytes()
    message = right_or_told(world)
    assert "check pictures --repair" in message
    assert (world.folder / CATALOG_FILE).read_bytes() == before
    report = check_collection(NAME, world.settings, load=world.load)
    assert [fault.kind for fault in report.faults] == [FaultKind.LOG_FOREIGN]
    embedded = world.embedder.pictures_embedded
    repair_collection(report, world.settings, load=world.load)
    known = {content for _, content in restored.values()}
    new = set(world.shown().values()) - known
    assert world.embedder.pictures_embedded - embedded == len(new)
    all_right(world)


def test_the_log_of_a_killed_build_is_its_own(tmp_path):
    """What was committed before a kill is read from the log, at whatever moment it came."""
    world = World(tmp_path, seed=7)
    world.add(40)
    world.build()
    for _ in range(2):
        update_that_dies(world)
        assert right_or_told(world) == ""
        mended_by_index(world, world.committed())


def test_a_log_is_never_called_foreign_while_it_is_used(tmp_path):
    """Readers come and go while others write and take the log over into the file."""
    world = World(tmp_path, seed=8)
    world.add(3)
    world.build()
    library = Library(world.settings)
    with library.open_catalog(NAME) as writer, library.open_catalog(NAME):
        for number in range(200):
            writer.builds.start(f"m{number}")
            if world.chance.random() < 0.2:
                mode = world.chance.choice(("PASSIVE", "FULL", "RESTART", "TRUNCATE"))
                writer._database.rows(f"PRAGMA wal_checkpoint({mode})")
            library.open_catalog(NAME).close()


def test_looking_at_the_log_takes_no_lock_from_sqlite(tmp_path):
    """Who has a catalog open keeps its log, whatever this process and others open and close."""
    world = World(tmp_path, seed=9)
    world.add(20)
    world.build()
    library = Library(world.settings)
    with library.open_catalog(NAME) as reader:
        for _ in range(2):
            world.change()
            child = world.child()
            assert child.communicate("\n", timeout=60)[1] == ""
            library.open_catalog(NAME).close()
            assert not Catalog.has_foreign_log(world.folder)
            assert (world.folder / LOG).exists()
            assert {r.path for r in reader.pictures} == set(world.paths())
    all_right(world)


def test_sqlite_itself_would_replay_a_foreign_log(tmp_path):
    """The guard is needed: SQLite takes the log of another state, and says nothing."""
    world = World(tmp_path, seed=6)
    world.add(60)
    world.build()
    backup = take(world, tmp_path / "backup")
    for _ in range(2):
        world.change()
        world.build()
    update_that_dies(world)
    put_back(world, backup, (CATALOG_FILE, SHARED))

    def builds(file):
        with closing(sqlite3.connect(file)) as base:
            return base.execute("SELECT MAX(id) FROM builds").fetchone()

    assert builds(backup / CATALOG_FILE) != builds(world.catalog_file)
