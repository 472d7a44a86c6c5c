"""Odd values in the cells of a catalog end in an error of ours, and are mended without a loss."""

import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from search_engine import Library
from search_engine.checking import FaultKind, check_collection, repair_collection
from search_engine.cli import main
from search_engine.collection.catalog import CATALOG_FILE, Measure
from search_engine.errors import CollectionError, SearchEngineError, Way
from search_engine.explore.counts import count_in_steps
from search_engine.records import Filters
from search_engine.settings import DATA_VARIABLE
from tests.safety.history import NAME, World
from tests.safety.invariant import all_right, right_or_told

ROOT = Path(__file__).parent.parent.parent
NO_TEXT = object()
"""Stands for a text whose bytes are none."""
ODD = [
    None, 0, -1, 2**63 - 1, -(2**63), 1.5, 1e308, float("inf"), "", "text", "5", b"",
    b"\xff\xfe", b"../x.png", b"a\0b", "[]", "[" * 5000, '{"root": 3}', "null", b"\0" * 16,
    b"\xff" * 16, "x" * 100_000, NO_TEXT,
]  # fmt: skip


@pytest.fixture(scope="module")
def made_once(tmp_path_factory):
    """A collection that saw an update, and a copy of its data to begin each trial with."""
    world = World(tmp_path_factory.mktemp("cells"), seed=1)
    world.add(12)
    (world.root / "broken.png").write_bytes(b"no picture")
    world.build()
    world.change()
    world.build()
    with Library(world.settings).open_catalog(NAME) as catalog:
        ids = [record.picture_id for record in catalog.pictures]
        catalog.tags.add(ids[:5], "sea")
        catalog.tags.hide(ids[4:6])
    shutil.copytree(world.place / "data", world.place / "sound")
    return world


@pytest.fixture
def sound(made_once):
    """The same, whichever tests had it before."""
    made_once.forget_chance()
    return made_once


def begin(world):
    shutil.rmtree(world.place / "data")
    shutil.copytree(world.place / "sound", world.place / "data")


def cells(world):
    """Return every column of every table, and every key of the one that has keys."""
    with closing(sqlite3.connect(world.place / "sound/collections" / NAME / CATALOG_FILE)) as base:
        tables = [
            name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if not name.startswith("sqlite_")
        ]  # fmt: skip
        for table in tables:
            columns = [row[1] for row in base.execute(f"PRAGMA table_info({table})")]
            if table == "collection":
                for (key,) in base.execute("SELECT key FROM collection"):
                    yield table, "value", f"key = '{key}'"
            else:
                key = "picture_id" if table == "tagged" else "rowid"
                for column in columns:
                    yield table, column, f"{key} = (SELECT MIN({key}) FROM {table})"  # noqa: S608 - our own names


def put(world, cell, value):
    """Put a value into a cell; False where SQLite itself does not take it."""
    table, column, which = cell
    try:
        with closing(sqlite3.connect(world.catalog_file)) as base, base:
            place = "CAST(x'ff41' AS TEXT)" if value is NO_TEXT else "?"
            sql = f"UPDATE {table} SET {column} = {place} WHERE {which}"  # noqa: S608 - our own names
            base.execute(sql, () if value is NO_TEXT else (value,))
    except sqlite3.Error:
        return False
    return True


def use(world):
    """Do what people do with a collection; an error of ours is an answer."""
    for what in (_search, _filter, _explain, _info, _summary, _check):
        with suppress(SearchEngineError):
            what(world)


def _search(world):
    with world.open() as engine:
        for result in engine.search("red", k=5).results:
            assert engine.thumbnail_path(result.record)


def _filter(world):
    wanted = Filters(dated_from="2020", dated_to="2050", min_width=3, path="a*")
    with world.open() as engine:
        engine.search("red", filters=wanted)
        engine.score_all("blue", Filters(categories=frozenset({"a", ""})))
        engine.search("red", filters=Filters(tags=frozenset({"sea"}), hidden=False))


def _explain(world):
    with world.open() as engine:
        engine.explain("red", next(iter(engine.catalog.pictures)).picture_id)


def _info(world):
    with world.open() as engine:
        catalog = engine.catalog
        for look in (
            catalog.statistics.categories, catalog.statistics.category_numbers,
            catalog.pictures.copies, catalog.pictures.stamps, catalog.builds.latest,
            catalog.tags.counts, lambda: catalog.tags.of(range(99)), catalog.tags.hidden_ids,
            lambda: catalog.pictures.spread(5), lambda: list(catalog.skipped),
            lambda: catalog.builds.rate("colours"),
            *(lambda measure=measure: count_in_steps(catalog, measure) for measure in Measure),
        ):  # fmt: skip
            with suppress(SearchEngineError):
                look()


def _summary(world):
    problem = Library(world.settings).summary(NAME).problem
    assert "It cannot be read" not in problem, problem  # that is what an uncaught error becomes


def _check(world):
    check_collection(NAME, world.settings, sample=99, load=world.load)


def mend(world):
    """Run `index`, or, where it says so, the command that it names, and `index` again."""
    try:
        world.build()
    except CollectionError as error:
        if error.way is not Way.REPAIR:
            raise
        report = check_collection(NAME, world.settings, load=world.load)
        repair_collection(report, world.settings, load=world.load)
        world.build()
    report = check_collection(NAME, world.settings, sample=99, load=world.load)
    if report.faults:
        assert all(fault.kind.is_mendable for fault in report.faults), report.faults
        repair_collection(report, world.settings, load=world.load)


@pytest.mark.parametrize("share", [0.015, pytest.param(1, marks=pytest.mark.long)])
def test_an_odd_value_is_never_an_uncaught_error(sound, share):
    """Whatever stands in a cell: search, list, info and check answer or say what is wrong.

    And afterwards `index`, or the one command that it names, makes all right again.
    """
    tried = 0
    for cell in cells(sound):
        for value in ODD:
            if sound.chance.random() > share:
                continue
            begin(sound)
            if put(sound, cell, value):
                tried += 1
                print(cell, repr(value)[:40])  # noqa: T201 - tells which one failed
                use(sound)
                mend(sound)
                all_right(sound)
    assert tried >= 5
    print(f"tried {tried}")  # noqa: T201


def test_every_entry_that_is_no_text_is_mended(sound):
    """Whatever a catalog knows of itself: what `index` says is to be done makes it right again."""
    entries = [cell for cell in cells(sound) if cell[0] == "collection"]
    assert len(entries) >= 5
    for cell in entries:
        begin(sound)
        assert put(sound, cell, NO_TEXT)
        use(sound)
        mend(sound)
        all_right(sound)


def test_a_bad_row_costs_one_picture(sound):
    """What cannot be read is taken out; only its picture is embedded again, all ids are kept."""
    begin(sound)
    before = sound.committed()
    put(sound, ("pictures", "width", "id = (SELECT MAX(id) FROM pictures)"), "wide")
    assert "check pictures --repair" in right_or_told(sound)
    report = check_collection(NAME, sound.settings, load=sound.load)
    assert [fault.kind for fault in report.faults] == [FaultKind.ROWS_UNREADABLE]
    embedded = sound.embedder.pictures_embedded
    repair_collection(report, sound.settings, load=sound.load)
    assert sound.embedder.pictures_embedded - embedded == 1
    after = sound.committed()
    assert len(after) == len(before)
    assert len(before.items() - after.items()) == 1
    all_right(sound)


def test_home_and_the_commands_survive_odd_values(sound, monkeypatch, capsys):
    """Home shows it or says why; no command says "this should not have happened"."""
    monkeypatch.setenv(DATA_VARIABLE, str(sound.settings.data_folder))
    monkeypatch.setattr("pages.ui.frame.resources.models.load_embedder", sound.load)
    for cell, value in (
        (("pictures", "path", "id = 1"), "text"),
        (("pictures", "content_hash", "1"), "x" * 100_000),
        (("pictures", "camera", "1"), NO_TEXT),
        (("builds", "started_at", "1"), b"\xff"),
        (("skipped", "reason", "1"), "because"),
        (("collection", "value", "key = 'settings'"), "[]"),
        (("collection", "value", "key = 'revision'"), float("inf")),
    ):
        begin(sound)
        assert put(sound, cell, value), cell
        for command in (["list"], ["info"], ["search", "red"], ["check", "--sample", "0"]):
            assert main(command) != 1, (cell, command, capsys.readouterr().err)
        page = AppTest.from_file(str(ROOT / "Home.py"), default_timeout=60).run()
        assert not page.exception, (cell, page.exception)


def test_an_id_after_which_there_is_none_is_told_and_taken_out(build, settings, load):
    """SQLite calls that a full disk; it is a row that this program never writes."""
    build()
    file = Library(settings).folder("pictures") / CATALOG_FILE
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("UPDATE builds SET id = 9223372036854775807")
    report = check_collection("pictures", settings, load=load)
    assert [fault.kind for fault in report.faults] == [FaultKind.ROWS_UNREADABLE]
    repair_collection(report, settings, load=load)
    assert check_collection("pictures", settings, load=load).faults == ()
    assert build().unchanged == 12
