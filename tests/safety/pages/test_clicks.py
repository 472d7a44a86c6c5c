"""No click alone, of whoever's making, loses anything, and nothing foreign leaves by a download."""

import csv
import io
import json
import os
import zipfile
from dataclasses import replace
from pathlib import PureWindowsPath

import pytest

from pages.ui.search import downloads
from search_engine import Library
from search_engine.cards import SavedQueries, card_of
from search_engine.errors import CollectionDamaged
from search_engine.exchange import packing
from search_engine.records import Filters
from tests.app.shown import button, words


def deletion(app):
    return button(app, "Delete the collection")


@pytest.mark.parametrize("typed", ["", "picture", "pictures2", "PICTURES", "pictures/", "*", "."])
def test_clicks_alone_delete_nothing(collection, settings, page, typed):
    """Whatever else is typed, there is no button that could be clicked."""
    app = page("1_Build_index.py")
    assert deletion(app).disabled
    app.text_input(key="delete pictures").set_value(typed).run()
    assert deletion(app).disabled
    assert not app.exception
    assert Library(settings).names() == ["pictures"]


def test_the_name_that_was_typed_deletes(collection, settings, page):
    """The name, with a space that a phone adds, deletes the collection and what is known of it."""
    app = page("1_Build_index.py")
    app.text_input(key="delete pictures").set_value("pictures ").run()
    assert not deletion(app).disabled
    deletion(app).click().run()
    assert not app.exception
    assert Library(settings).names() == []
    assert len(list(collection.rglob("*.png"))) == 12


def test_a_name_typed_once_deletes_no_later_collection(collection, settings, build, page):
    """What was typed for a collection that is gone is not there for one of the same name."""
    app = page("1_Build_index.py")
    app.text_input(key="delete pictures").set_value("pictures").run()
    deletion(app).click().run()
    build()
    app.run()
    assert not app.exception
    assert deletion(app).disabled


def test_a_forgotten_query_can_be_put_back(collection, engine, page):
    """Forget can be undone, as it was, as long as no other query has its name."""
    with engine() as opened:
        card = card_of(opened, opened.search("red", 3), 3, Filters())
        saved = SavedQueries(opened.catalog.folder)
        saved.save("mine", card)
    app = page("4_Scores.py", tab="saved")
    button(app, "Forget").click().run()
    assert saved.names() == []
    assert "“mine” is forgotten" in words(app)
    button(app, "Put it back").click().run()
    assert not app.exception
    assert saved.read("mine") == card
    assert "is forgotten" not in words(app)
    button(app, "Forget").click().run()
    saved.save("mine", replace(card, k=1))
    app.run()
    assert "is forgotten" not in words(app)


HOSTILE_NAMES = (
    "../../etc/passwd", "/etc/passwd", "..\\..\\windows\\x.png", "C:\\x.png", "a:b.png", "..", ".",
    "con", "a\0b\n.png", "x" * 4000 + ".png", "文" * 300 + ".png", "trailing. ",
    os.fsdecode(b"\xff"),
)  # fmt: skip


@pytest.mark.parametrize("path", HOSTILE_NAMES)
def test_a_zip_unpacks_where_it_is_unpacked(collection, engine, path, monkeypatch):
    """No name in a ZIP leads elsewhere, is too long, or is none, on any system."""
    with engine() as opened:
        answer = opened.search("red", 1)
        good = opened.path(answer.results[0].record)
        record = replace(answer.results[0].record, path=path)
        answer = replace(answer, results=(replace(answer.results[0], record=record),))
        monkeypatch.setattr(type(opened), "path", lambda self, record: good)
        packed = downloads.as_zip(opened, answer)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        (name,) = archive.namelist()
    assert name.startswith("0001_")
    assert len(name.encode()) < 255
    parts = PureWindowsPath(name)
    assert (parts.drive, parts.root, len(parts.parts)) == ("", "", 1)
    assert not parts.is_reserved()
    assert set(name).isdisjoint('\\/:*?"<>|\0\n')


def test_what_lies_outside_is_in_no_download(collection, engine, monkeypatch):
    """A picture whose catalog names a place outside its folder is listed without a place."""

    def outside(self, record):
        cause = "It lies outside"
        raise CollectionDamaged(cause)

    with engine() as opened:
        answer = opened.search("red", 2)
        monkeypatch.setattr(type(opened), "path", outside)
        rows = list(
            csv.DictReader(io.StringIO(downloads.as_csv(opened, answer).decode("utf-8-sig")))
        )
        document = json.loads(downloads.as_json(opened, answer))
        packed = downloads.as_zip(opened, answer)
    assert [row["path"] for row in rows] == ["", ""]
    assert [row["path"] for row in document["results"]] == ["", ""]
    assert zipfile.ZipFile(io.BytesIO(packed)).namelist() == [packing.LEFT_OUT]


def test_a_zip_has_bounds(collection, engine, monkeypatch):
    """What a catalog says of sizes is not believed: what does not fit is left out."""
    with engine() as opened:
        answer = opened.search("red", 12)
        monkeypatch.setattr(packing, "MOST_BYTES", 1_000)
        packed = downloads.as_zip(opened, answer)
    *packed_files, left_out = zipfile.ZipFile(io.BytesIO(packed)).infolist()
    assert left_out.filename == packing.LEFT_OUT
    assert 0 < sum(file.file_size for file in packed_files) <= 1_000
    assert len(packed_files) < len(answer.results)


def test_a_zip_waits_for_no_pipe(collection, engine):
    """A pipe in the place of a picture is left out."""
    with engine() as opened:
        answer = opened.search("red", 2)
        first = opened.path(answer.results[0].record)
        first.unlink()
        os.mkfifo(first)
        packed = downloads.as_zip(opened, answer)
    assert len(zipfile.ZipFile(io.BytesIO(packed)).namelist()) == 1 + 1
