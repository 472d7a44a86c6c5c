"""Pages over a collection whose index does not belong to it."""

import sqlite3
from contextlib import closing

import pytest

from search_engine import Library
from search_engine.collection.catalog import CATALOG_FILE
from search_engine.collection.manifest import MANIFEST_FILE, read_manifest
from tests.app import payloads


def test_a_page_makes_a_lost_index_anew_and_goes_on(collection, settings, page):
    """Whoever opens Search after the manifest was lost gets answers, not a riddle."""
    folder = Library(settings).folder("pictures")
    (folder / MANIFEST_FILE).write_text("broken")
    app = page("2_Search.py", q="red")
    assert not app.exception
    assert not app.error
    assert read_manifest(folder).count == 12
    assert "12" in payloads.summary(app)["facts"]


def test_a_damaged_catalog_is_said_on_every_page_and_hides_no_other(collection, settings, page):
    """Home, Build index and Search say what is wrong with it; nothing falls over."""
    folder = Library(settings).folder("pictures")
    (folder / CATALOG_FILE).write_bytes(b"")
    for name in (
        "Home.py",
        "1_Build_index.py",
        "2_Search.py",
        "3_Categories.py",
        "4_Scores.py",
        "5_Clean_up.py",
        "6_Quality.py",
    ):
        app = page(name)
        assert not app.exception, name
        shown = " ".join(str(one.value) for one in [*app.error, *app.info, *app.caption])
        assert "damaged" in shown, name


@pytest.mark.parametrize(
    "odd", ["UPDATE builds SET added = 'many'", "INSERT INTO skipped VALUES (5, 6, 7, 8, 9, 0, 0)"]
)
def test_an_odd_row_is_said_where_it_would_be_shown(collection, settings, page, odd):
    """The page that lists builds and skipped files says so, and offers the check that mends it."""
    file = Library(settings).folder("pictures") / CATALOG_FILE
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(odd)
    app = page("1_Build_index.py")
    assert not app.exception
    assert any("damaged" in error.value for error in app.error)
    assert any(button.label == "Check" for button in app.button)
