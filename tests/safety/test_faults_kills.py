"""Builds and migrations killed at random moments lose, mix up and repeat nothing."""

import shutil
import sqlite3
from contextlib import closing

import numpy as np
import pytest

from search_engine import Library
from search_engine.building import rebuild_index
from search_engine.collection.catalog import Catalog
from search_engine.collection.catalog.database import Database
from search_engine.collection.catalog.opening import open_database
from search_engine.collection.catalog.schema import MIGRATIONS
from search_engine.errors import CollectionClosed
from tests.conftest import ColourEmbedder
from tests.safety.child_build import NEXT
from tests.safety.history import NAME, World, mini_world, painted
from tests.safety.invariant import all_right, mended_by_index, right_or_told, wrong_things

PLACES = (
    "search_engine.collection.thumbnails:Thumbnails.write",
    "search_engine.collection.catalog.pictures:Pictures.relocate",
    "search_engine.collection.catalog.pictures:Pictures.remove",
    "search_engine.collection.catalog.vector_table:VectorTable.put",
    "search_engine.collection.catalog.vector_table:VectorTable.forget",
    "search_engine.building.build:_Build._store",
    "search_engine.index.generations:_write",
    "search_engine.index.generations:_replace",
    "search_engine.collection.catalog.database:Database.flush",
    "search_engine.calibration.stored:_write",
    "search_engine.collection.catalog.builds_table:Builds.finish",
)


def world_of(model, place, seed):
    return mini_world(place, seed, pictures=150) if model == "mini" else World(place, seed)


def killed(world, work, seconds):
    """Kill a build at a random moment, or at a random call; again until it was killed."""
    while True:
        moment = None
        if world.chance.random() < 0.5:
            moment = (world.chance.choice(PLACES), world.chance.choice(("before", "after")))
            moment += (world.chance.choice((1, 1, 2, 3, 5)),)
        stored = world.killed(work, moment=moment, within=seconds)
        if stored is not None:
            return stored
        if work == "update":
            world.change()
        seconds *= 0.8


def checked(world, before, stored=0):
    """Look at what is there after a kill, and at what one `index` makes of it."""
    right_or_told(world)
    left = world.committed()
    kept = {content for _, content in left.values()}
    shown = set(world.shown().values())
    known = {content for _, content in before.values() if content in shown}
    assert known <= kept  # what was there, and still is in the folder, is there
    assert len(kept - {content for _, content in before.values()}) >= stored
    mended_by_index(world, left)


TRIALS = [
    pytest.param("colours", 2, id="quick"),
    pytest.param("mini", 22, marks=pytest.mark.long, id="long"),
]


@pytest.mark.parametrize(("model", "trials"), TRIALS)
def test_a_first_build_killed_at_random(tmp_path, model, trials):
    """Of a first build nothing that it said it stored is lost, and nothing is done twice."""
    world = world_of(model, tmp_path, seed=11)
    world.add(60)
    for _ in range(trials):
        shutil.rmtree(world.settings.data_folder, ignore_errors=True)
        checked(world, {}, killed(world, "update", 1.0))


TRIALS = [
    pytest.param("colours", 2, id="quick"),
    pytest.param("mini", 51, marks=pytest.mark.long, id="long"),
]


@pytest.mark.parametrize(("model", "trials"), TRIALS)
def test_an_update_killed_at_random(tmp_path, model, trials):
    """Files changed, moved, removed and exchanged: ids, vectors and thumbnails stay with them."""
    world = world_of(model, tmp_path, seed=12)
    world.add(60)
    world.build()
    for _ in range(trials):
        world.change()
        before = world.committed()
        killed(world, "update", 0.6)
        checked(world, before)


@pytest.mark.parametrize("trials", [1, pytest.param(12, marks=pytest.mark.long)])
def test_a_rebuild_killed_at_random(tmp_path, trials):
    """An index that is made anew is there whole, or the one before it is."""
    world = World(tmp_path, seed=13)
    many(world, 1_100 if trials > 1 else 200)
    world.build("ivf")
    for _ in range(trials):
        before = world.committed()
        killed(world, "rebuild", 0.5)
        assert right_or_told(world) == ""
        assert world.build().embedded == 0
        rebuild_index(NAME, world.settings)
        all_right(world)
        assert world.committed() == before


@pytest.mark.parametrize("trials", [1, pytest.param(12, marks=pytest.mark.long)])
def test_a_change_of_kind_killed_at_random(tmp_path, trials):
    """From one kind of index to another, changes besides; the one before answers until then."""
    world = World(tmp_path, seed=14)
    many(world, 1_100 if trials > 1 else 200)
    world.build("exact")
    for trial in range(trials):
        if trial % 2:
            world.change()
        before = world.committed()
        killed(world, ("hnsw", "ivf", "exact")[trial % 3], 0.8)
        checked(world, before)


def many(world, count):
    """Add pictures enough for an approximate index."""
    for number in range(count):
        rgb = tuple(world.chance.randrange(256) for _ in range(3))
        world.write(f"{'abc'[number % 3]}/{number}.bmp", painted(rgb, number, (8, 8), "BMP"))


class OtherColours(ColourEmbedder):
    """Embeds a picture as its mean colour, with red and blue exchanged."""

    def __init__(self):
        super().__init__("others", "others-1")

    @staticmethod
    def _as_vectors(colours):
        turned = np.array(colours, dtype=np.float32).reshape(-1, 3)[:, ::-1]
        return ColourEmbedder._as_vectors(turned)


@pytest.mark.parametrize("kind", ["exact", pytest.param("hnsw", marks=pytest.mark.long)])
def test_a_change_of_model_that_was_stopped(tmp_path, kind, monkeypatch):
    """Pictures that changed meanwhile are not shown with what the model before saw in them."""
    monkeypatch.setattr("search_engine.building.pipeline.BATCH_SIZE", 8)
    world = World(tmp_path, seed=16)
    many(world, 1_100 if kind == "hnsw" else 40)
    world.build(kind)
    world.models["others"] = OtherColours()
    before = world.open()
    changed = world.paths()[:6]
    for path in changed:
        world.write(path, world.picture())
    world.model = "others"
    with pytest.raises(KeyboardInterrupt):
        world.build(on_progress=_stopped_after_sixteen)
    with world.open() as engine:
        assert engine.manifest.model.model_id == "colours"
        assert not list(wrong_things(engine, world))
        found = {result.record.path for result in engine.search("red", k=2_000).results}
        assert not found & set(changed)
        scored = engine.score_all("red").all
        assert len(scored.scores) == len(found) == len(world.paths()) - len(changed)
    world.build()
    all_right(world)
    with before, pytest.raises(CollectionClosed, match="another model"):
        before.search("red")


def _stopped_after_sixteen(progress):
    if progress.stage == "embed" and progress.done >= 16:
        raise KeyboardInterrupt


def older(tmp_path, rows):
    """Return a world whose catalog is of this version, with rows enough to take a while."""
    world = World(tmp_path, seed=15)
    world.add(30)
    world.build()
    with Catalog.open(world.folder) as catalog, catalog.transaction():
        catalog._database.many(
            "INSERT INTO skipped (path, reason, detail, size_bytes, modified_ns)"
            " VALUES (?, 'damaged', 'x', 1, 1)",
            [(f"{number}.png".encode(),) for number in range(rows)],
        )
    shutil.copytree(world.folder, tmp_path / "older")
    return world


def begin_again(world):
    shutil.rmtree(world.folder)
    shutil.copytree(world.place / "older", world.folder)


def version_and_pictures(world):
    """Return the version of a catalog that may be of the next one, and what it holds."""
    with closing(sqlite3.connect(world.catalog_file)) as base:
        version = base.execute("PRAGMA user_version").fetchone()[0]
    with closing(open_database(world.catalog_file, (*MIGRATIONS, NEXT)[:version])) as database:
        assert database.problem() == ""
        rows = database.rows("SELECT id, path, content_hash FROM pictures")
    return version, {number: (path.decode(), content) for number, path, content in rows}


@pytest.mark.parametrize("trials", [3, pytest.param(40, marks=pytest.mark.long)])
def test_a_migration_killed_at_random_is_all_or_nothing(tmp_path, trials):
    """The catalog is of the old version or of the new one, with all pictures; never between."""
    world = older(tmp_path, 20_000)
    before, versions = world.committed(), []
    for _ in range(trials):
        begin_again(world)
        world.killed("migrate", within=0.5)
        version, pictures = version_and_pictures(world)
        assert pictures == before
        versions.append(version)
    old, new = (versions.count(len(MIGRATIONS) + more) for more in (0, 1))
    assert old + new == trials
    print(f"old {old}, new {new}")  # noqa: T201


@pytest.mark.parametrize("rounds", [1, pytest.param(20, marks=pytest.mark.long)])
def test_many_processes_migrate_one_catalog_at_once(tmp_path, rounds):
    """One of them does it, the others find it done; nobody calls it damaged."""
    world = older(tmp_path, 100)
    before = world.committed()
    for _ in range(rounds):
        begin_again(world)
        children = [world.child("migrate") for _ in range(4)]
        for child in children:
            child.stdin.write("\n")
            child.stdin.flush()
        for child in children:
            _, err = child.communicate(timeout=60)
            assert child.returncode == 0, err
        assert version_and_pictures(world) == (len(MIGRATIONS) + 1, before)


def test_what_another_process_migrates_meanwhile_is_not_called_damaged(tmp_path, monkeypatch):
    """Version and tables are read at one moment, however long that takes."""
    world = older(tmp_path, 1)
    read, file = Database.version.fget, world.catalog_file

    def slowly(database):
        found = read(database)
        if found == len(MIGRATIONS):
            monkeypatch.undo()
            open_database(file, (*MIGRATIONS, NEXT)).close()
        return found

    monkeypatch.setattr(Database, "version", property(slowly))
    open_database(file, (*MIGRATIONS, NEXT)).close()


def test_a_catalog_of_a_later_version_is_named(tmp_path):
    """What a later version wrote is not touched; the user is told to update."""
    world = older(tmp_path, 1)
    open_database(world.catalog_file, (*MIGRATIONS, NEXT)).close()
    assert "newer version" in right_or_told(world)
    assert "newer version" in Library(world.settings).summary(NAME).problem
