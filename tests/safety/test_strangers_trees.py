"""A collection whose catalog has no end, or no measure, is damaged, and nothing waits for it."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

import search_engine
from search_engine import Library, build_collection, plan_build
from search_engine.collection.catalog import CATALOG_FILE, Catalog, effort
from search_engine.errors import CollectionDamaged
from search_engine.settings import DATA_VARIABLE, PROJECT_FOLDER
from tests.conftest import paint
from tests.safety.circled_trees import lead_in_circles

SECONDS = 60  # for what takes one or two; without limits it takes years
PICTURES = ("pictures", "pictures_by_category", "pictures_by_content")
SKIPPED = ("skipped", "sqlite_autoindex_skipped_1")
VECTORS = ("vectors", "sqlite_autoindex_vectors_1", "vectors_by_picture")


@pytest.fixture
def evil(tmp_path, settings, load):
    """The folder of a collection, beside one that stays as it should be."""
    for number, colour in enumerate(("red", "green", "blue", "yellow")):
        paint(tmp_path / "pictures" / colour / f"{number}.png", colour)
    for name in ("evil", "good"):
        _, wanted = plan_build(tmp_path / "pictures", settings, name=name, model_id="colours")
        build_collection(name, wanted, settings, load=load)
    return settings.collections_folder / "evil"


def in_time(settings, *command):
    """Run a command of the program in a process of its own, which cannot hang the test."""
    environment = os.environ | {DATA_VARIABLE: str(settings.data_folder)}
    return subprocess.run(
        [sys.executable, "-m", "search_engine", *command], cwd=PROJECT_FOLDER, env=environment,
        capture_output=True, text=True, timeout=SECONDS, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("names", [PICTURES, ("sqlite_master",), SKIPPED])
def test_a_list_without_end_is_damage_of_that_collection_alone(evil, settings, names):
    with closing(sqlite3.connect(evil / CATALOG_FILE)) as base, base:
        base.execute("INSERT INTO skipped VALUES (x'61', 'damaged', '', 1, 1, 0, 0)")
    lead_in_circles(evil / CATALOG_FILE, *names)
    shown = in_time(settings, "list", "--json")
    assert "its pages lead in circles" in shown.stdout
    states = {one["collection"]: one for one in json.loads(shown.stdout)}
    assert "circles" in str(states["evil"])
    assert "circles" not in str(states["good"])


@pytest.mark.parametrize("names", [PICTURES, VECTORS])
def test_no_repair_walks_without_end(evil, settings, names):
    lead_in_circles(evil / CATALOG_FILE, *names)
    told = in_time(settings, "check", "evil", "--repair", "--sample", "0")
    assert told.returncode in {4, 7}
    assert "should not have happened" not in told.stderr


def test_vectors_without_end_are_damage_where_they_are_read(evil):
    lead_in_circles(evil / CATALOG_FILE, *VECTORS)
    with Catalog.open(evil) as catalog, pytest.raises(CollectionDamaged, match="circles"):
        catalog.vectors.main_model()


def test_rows_that_never_grow_are_damage(evil, monkeypatch):
    with Catalog.open(evil) as catalog:
        row = next(iter(catalog.pictures))
        monkeypatch.setattr(catalog._database, "rows", lambda *_: [(row.picture_id,)])
        pages = catalog._database.pages("", ())
        next(pages)
        with pytest.raises(CollectionDamaged, match="not in order"):
            next(pages)


def test_ctrl_c_ends_a_statement(evil, monkeypatch):
    monkeypatch.setattr(effort, "_FOR_EACH_BYTE", 10**9)
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT MAX(i) FROM n"
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    pressed = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    try:
        with Catalog.open(evil) as catalog:
            pressed.start()
            with pytest.raises(KeyboardInterrupt):
                catalog._database.rows(endless)
            assert len(catalog.pictures) == 4
    finally:
        pressed.cancel()
        signal.signal(signal.SIGINT, before)


def test_no_statement_counts_in_one_instruction_which_nothing_can_end():
    bare = re.compile(r"COUNT\(\*\)\s+FROM\s+[\w{}]+\s*(?:\"|'|\)|;|$)", re.IGNORECASE)
    package = Path(search_engine.__file__).parent
    found = [f for f in package.rglob("*.py") if bare.search(f.read_text("utf-8"))]
    assert bare.search('rows("SELECT COUNT(*) FROM pictures")')
    assert not found


def test_a_file_that_grows_may_do_more(evil):
    """A long build writes with one connection all the time."""
    with Catalog.open(evil) as catalog:
        before = catalog._database._effort._stored
        with catalog.transaction():
            catalog._database.rows("CREATE TABLE large (content)")
            catalog._database.rows("INSERT INTO large VALUES (zeroblob(9000000))")
        with catalog.transaction():
            pass
        assert catalog._database._effort._stored > before + 8_000_000


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells so")
def test_a_cell_without_measure_is_damage_and_takes_no_memory(evil, settings):
    with closing(sqlite3.connect(evil / CATALOG_FILE)) as base, base:
        base.execute("UPDATE collection SET value = zeroblob(200000000) WHERE key = 'settings'")
    summary = Library(settings).summary("evil")
    assert summary.damaged
    assert "larger than any" in summary.problem
    code = (
        "from search_engine import Library; from search_engine.settings import Settings;"
        "Library(Settings.from_environment()).summaries();"
        "print(open('/proc/self/status').read().split('VmHWM:')[1].split()[0])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT_FOLDER, capture_output=True, text=True,
        env=os.environ | {DATA_VARIABLE: str(settings.data_folder)}, timeout=SECONDS, check=True,
    )  # fmt: skip
    assert int(shown.stdout) < 150_000  # KiB


def test_ids_of_many_pictures_fit_on_their_line(evil):
    """The longest line that we ask for grows with the pictures, and so does its limit."""
    with Catalog.open(evil) as catalog:
        longest = catalog._database._connection.getlimit(sqlite3.SQLITE_LIMIT_LENGTH)
        assert longest >= 8 * 2_000_000
