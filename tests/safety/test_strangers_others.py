"""Whatever is wrong with one collection, its own state says so, and all others go on."""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path

import numpy as np
import pytest

from search_engine import Library, SearchEngine, build_collection, plan_build
from search_engine.collection.catalog import CATALOG_FILE
from search_engine.collection.manifest import read_manifest
from search_engine.errors import CollectionDamaged, SearchEngineError
from search_engine.explore.picture_map import draw_picture_map
from search_engine.settings import DATA_VARIABLE, PROJECT_FOLDER
from tests.conftest import paint

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"


@pytest.fixture
def good(tmp_path, settings, load):
    """A collection that is as it should be."""
    for colour in ("red", "green", "blue"):
        paint(tmp_path / "pictures" / colour / "0.png", colour)
    name, wanted = plan_build(tmp_path / "pictures", settings, name="good", model_id="colours")
    build_collection(name, wanted, settings, load=load)
    return settings.collections_folder / name


def in_catalog(*statements):
    """Change a catalog by SQL, as its owner could, its schema included."""

    def change(folder):
        with closing(sqlite3.connect(folder / CATALOG_FILE, isolation_level=None)) as base:
            base.execute("PRAGMA journal_mode = DELETE")
            base.execute("PRAGMA writable_schema = ON")
            for statement in statements:
                base.execute(statement)

    return change


def in_place_of(file, make):
    """Put something else in the place of a file."""

    def change(folder):
        (folder / file).unlink(missing_ok=True)
        make(folder / file)

    return change


def a_socket(path):
    """Leave a socket at a path that may be too long to be bound there."""
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


def sparse(path):
    """Leave a file of a tebibyte that takes no room."""
    with path.open("wb") as file:
        file.truncate(2**40)


def settings_of(**values):
    """Say something else of what a collection was made with."""
    text = json.dumps(values).replace("'", "''")
    return in_catalog(f"UPDATE collection SET value = '{text}' WHERE key = 'settings'")  # noqa: S608


CATALOGS = {
    "a view that never ends": in_catalog(
        "ALTER TABLE pictures RENAME TO others", f"CREATE VIEW pictures(id) AS {ENDLESS}"
    ),
    "a view beside": in_catalog(f"CREATE VIEW more(id) AS {ENDLESS}"),
    "a trigger": in_catalog(
        "CREATE TRIGGER t AFTER INSERT ON builds BEGIN DELETE FROM pictures; END"
    ),
    "a trigger named like SQLite's own": in_catalog(
        "INSERT INTO sqlite_master VALUES ('trigger', 'sqlite_t', 'builds', 0,"
        " 'CREATE TRIGGER sqlite_t AFTER INSERT ON builds BEGIN DELETE FROM pictures; END')"
    ),
    "an index over a function": in_catalog("CREATE INDEX odd ON pictures (abs(width))"),
    "one column more": in_catalog("ALTER TABLE pictures ADD COLUMN more"),
    "a computed column": in_catalog(
        "ALTER TABLE pictures ADD COLUMN more AS (zeroblob(1000000000)) VIRTUAL"
    ),
    "a table less": in_catalog("DROP TABLE skipped"),
    "statistics": in_catalog("ANALYZE", "UPDATE sqlite_stat1 SET stat = 'x y z'"),
    "a virtual table": in_catalog("CREATE VIRTUAL TABLE words USING fts5(a)"),
    "another version": in_catalog("PRAGMA user_version = 999"),
    "no version": in_catalog("PRAGMA user_version = 0"),
    "a negative version": in_catalog("PRAGMA user_version = -1"),
    "settings that are no JSON": in_catalog(
        "UPDATE collection SET value = 'x' WHERE key = 'settings'"
    ),
    "settings in depth": in_catalog(
        f"UPDATE collection SET value = '{'[' * 100_000}' WHERE key = 'settings'"  # noqa: S608
    ),
    "settings with a list for the folder": settings_of(root=[], include=1, exclude={}, kind=3),
    "settings of nothing": settings_of(),
    "a revision that is text": in_catalog(
        "UPDATE collection SET value = 'x' WHERE key = 'revision'"
    ),
    "a revision that is a list of bytes": in_catalog(
        "UPDATE collection SET value = x'00' WHERE key = 'revision'"
    ),
    "a catalog of nothing": in_place_of(CATALOG_FILE, lambda file: file.write_bytes(b"")),
    "a catalog of zeros": in_place_of(CATALOG_FILE, lambda file: file.write_bytes(b"\0" * 9000)),
    "a catalog that is a pipe": in_place_of(CATALOG_FILE, os.mkfifo),
    "a catalog that is a socket": in_place_of(CATALOG_FILE, a_socket),
    "a catalog without an end": in_place_of(
        CATALOG_FILE, lambda file: file.symlink_to("/dev/zero")
    ),
    "a catalog of a tebibyte": in_place_of(CATALOG_FILE, sparse),
    "a catalog that is a folder": in_place_of(CATALOG_FILE, lambda file: file.mkdir()),
    "a log of noise": in_place_of(
        f"{CATALOG_FILE}-wal", lambda file: file.write_bytes(b"\x37\x7f\x06\x82" + b"x" * 9000)
    ),
    "a log that is a pipe": in_place_of(f"{CATALOG_FILE}-wal", os.mkfifo),
    "a journal of noise": in_place_of(
        f"{CATALOG_FILE}-journal", lambda file: file.write_bytes(b"x" * 9000)
    ),
}
MANIFESTS = {
    "a pipe": in_place_of("manifest.json", os.mkfifo),
    "without an end": in_place_of("manifest.json", lambda file: file.symlink_to("/dev/zero")),
    "a tebibyte": in_place_of("manifest.json", sparse),
    "deep": in_place_of("manifest.json", lambda file: file.write_text("[" * 200_000)),
    "deep objects": in_place_of("manifest.json", lambda file: file.write_text('{"a":' * 200_000)),
    "a number": in_place_of("manifest.json", lambda file: file.write_text("9" * 10_000)),
    "a folder": in_place_of("manifest.json", lambda file: file.mkdir()),
    "not UTF-8": in_place_of("manifest.json", lambda file: file.write_bytes(b"\xff\xfe{}")),
}
HOSTILE = CATALOGS | {f"a manifest: {name}": change for name, change in MANIFESTS.items()}


@pytest.fixture
def all_of_them(good, settings):
    """Beside the good collection, one for every kind of fault."""
    for number, change in enumerate(HOSTILE.values()):
        folder = settings.collections_folder / f"strange-{number:02}"
        shutil.copytree(good, folder)
        change(folder)
    return settings


def command(settings, *arguments):
    """Run the program in a process of its own, so that one that hangs can be ended."""
    done = subprocess.run(
        [sys.executable, "-m", "search_engine", *arguments],
        env=os.environ | {DATA_VARIABLE: str(settings.data_folder)},
        cwd=PROJECT_FOLDER, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    assert "should not have happened" not in done.stderr
    return done


def test_the_list_shows_all_the_others(all_of_them):
    """With forty broken collections beside it, the good one is listed as ready, in seconds."""
    done = command(all_of_them, "list", "--json")
    assert done.returncode == 0, done.stderr
    states = {row["collection"]: row["state"] for row in json.loads(done.stdout)}
    assert states.pop("good") == "ready"
    odd = dict(zip(HOSTILE, (states.get(f"strange-{n:02}") for n in range(len(HOSTILE))),
                   strict=True))  # fmt: skip
    mended_by_sqlite = {"a log of noise", "a journal of noise"}
    assert [name for name, state in odd.items() if state == "ready"] == [
        name for name in odd if name in mended_by_sqlite
    ]
    assert None not in odd.values()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_broken_collection_ends_in_an_error_of_its_own(name, good, settings, load, run, tmp_path):
    """Search, build and removal of it end; the good one is not touched."""
    folder = settings.collections_folder / "strange"
    shutil.copytree(good, folder)
    HOSTILE[name](folder)
    library = Library(settings)
    assert library.summary("strange").name == "strange"
    for act in (
        lambda: SearchEngine.open("strange", settings, load=load).search("red"),
        lambda: build_collection(
            "strange", plan_build(tmp_path / "pictures", settings, name="strange")[1], settings,
            load=load,
        ),
    ):  # fmt: skip
        with suppress(SearchEngineError):
            act()
    assert run("info", "strange")[0] in {0, 4}
    assert run("remove", "strange", "--yes")[0] == 0
    with SearchEngine.open("good", settings, load=load) as engine:
        assert engine.search("red").results[0].record.category == "red"
        assert len(engine.catalog.pictures) == 3


def test_a_new_folder_is_indexed_past_the_broken_collections(all_of_them, tmp_path, load):
    """A build looks through all collections for the one of its folder, and goes on."""
    paint(tmp_path / "new" / "a.png", "red")
    name, wanted = plan_build(tmp_path / "new", all_of_them, model_id="colours")
    assert build_collection(name, wanted, all_of_them, load=load).added == 1


CACHES = ("calibration.npz", "map.npz", "looks.npz")
ODD_CACHES = {
    "a pipe": os.mkfifo,
    "without an end": lambda file: file.symlink_to("/dev/zero"),
    "noise": lambda file: file.write_bytes(b"x" * 5000),
    "nothing": lambda file: file.write_bytes(b""),
    "a folder": lambda file: file.mkdir(),
    "a bomb": lambda file: np.savez_compressed(file, key=np.zeros(10**6)),
    "other names": lambda file: np.savez(file, other=np.zeros(3)),
    "other shapes": lambda file: np.savez(
        file, key="k", numbers=[2, 1, 1], levels=[], facts=[1], ids=[[1]], version=1, hashes=3,
    ),
    "a pickle": lambda file: np.savez(file, key=np.array([{}], dtype=object)),
}  # fmt: skip


@pytest.mark.parametrize("how", ODD_CACHES)
def test_a_broken_cache_costs_time_only_or_is_named(how, good, settings, load):
    """What can be made again is made again; what is no file at all is refused with the reason."""
    with SearchEngine.open("good", settings, load=load) as engine:
        before = engine.search("red").results[0]
        draw_picture_map(engine.catalog, engine.manifest)
    for cache in CACHES:
        (good / cache).unlink(missing_ok=True)
        ODD_CACHES[how](good / cache)
    if how in {"a pipe", "without an end"}:
        with pytest.raises(SearchEngineError, match="lies where its own files should be"):
            SearchEngine.open("good", settings, load=load)
        return
    with SearchEngine.open("good", settings, load=load) as engine:
        assert engine.search("red").results[0].record == before.record
        assert len(draw_picture_map(engine.catalog, engine.manifest).picture_ids) == 3


@pytest.mark.parametrize(
    ("field", "value"),
    [("created_at", "2026-11-26"), ("note", "\x1b[2J"), ("generation", "1"), ("parameters", [])],
)  # fmt: skip
def test_an_odd_manifest_counts_as_none(field, value, good):
    """What is read from the disk goes through the same check."""
    file = good / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {field: value}))
    with pytest.raises(CollectionDamaged, match="manifest cannot be read"):
        read_manifest(good)
