"""What SQLite says becomes an error that sends nobody to delete what is whole."""

import gc
import sqlite3

import pytest

from search_engine.collection.catalog import Catalog
from search_engine.collection.catalog.sqlite_errors import translated
from search_engine.errors import CollectionClosed, CollectionDamaged, CollectionError
from search_engine.records import PictureFacts, PictureFile

REMOVE = "remove the collection"
CODES = range(1, 27)
"""SQLite's primary codes of errors."""
DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_TOOBIG}
"""The file is broken, is none of SQLite, or holds a cell that this program never writes."""
MENDABLE = {sqlite3.SQLITE_CONSTRAINT}


def told(error, file):
    with pytest.raises(CollectionError) as caught, translated(file):
        raise error
    return caught.value


@pytest.mark.parametrize("extended", [0, 1 << 8, 7 << 8])
@pytest.mark.parametrize("code", CODES)
def test_only_damage_is_a_reason_to_remove_a_collection(code, extended, tmp_path):
    """Locked, full, read-only, failing, closed: each has another remedy, and none of these."""
    error = sqlite3.OperationalError("what SQLite says of it")
    error.sqlite_errorcode = code | extended
    said = told(error, tmp_path / "catalog.sqlite")
    assert (REMOVE in said.remedy) == (code in DAMAGE)
    assert isinstance(said, CollectionDamaged) == (code in DAMAGE | MENDABLE)
    assert said.remedy


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("SQLITE_FULL", "disk is full"), ("SQLITE_BUSY", "another program is writing"),
        ("SQLITE_LOCKED", "another program is writing"), ("SQLITE_READONLY", "may only be read"),
    ],
)  # fmt: skip
def test_the_reason_is_said_as_it_is(name, words, tmp_path):
    """A lock is no full disk, and a full disk no damage."""
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode = getattr(sqlite3, name)
    assert words in told(error, tmp_path / "catalog.sqlite").cause


def test_a_catalog_that_was_closed_says_so(tmp_path):
    """Whoever still holds it is told to open it again, not that anything is damaged."""
    catalog = Catalog.create(tmp_path / "things")
    catalog.close()
    with pytest.raises(CollectionClosed) as closed:
        len(catalog.pictures)
    assert closed.value.remedy == "Open the collection again."


def test_whoever_reads_keeps_a_catalog_open(tmp_path):
    """A catalog that is let go of while a part of it is in use goes on answering."""
    catalog = Catalog.create(tmp_path / "things")
    catalog.pictures.add(PictureFile("a.png", 1, 1), PictureFacts("hash", 1, 1))
    pictures = catalog.pictures
    del catalog
    gc.collect()
    assert len(pictures) == 1
