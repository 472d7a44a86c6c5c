"""What a catalog says of a picture leads to no file but those of its folder."""

import io
import json
import os
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from pages.ui.search import downloads
from search_engine import Filters, SearchEngine, build_collection, plan_build
from search_engine.audit.audit import Audit
from search_engine.cards import card_of
from search_engine.checking import FaultKind, check_collection
from search_engine.cli import prompt
from search_engine.collection.catalog import CATALOG_FILE
from search_engine.errors import BadQuery, CollectionDamaged
from search_engine.exchange import packing
from search_engine.explore.picture_map import draw_picture_map
from search_engine.files import desktop
from search_engine.records.soundness import is_sound, leads_outside
from tests.conftest import paint

OUTSIDE = {
    "above": "../home/photo.png",
    "above in the middle": "red/../../home/photo.png",
    "absolute": "{home}/photo.png",
    "here": "./red/1.png",
    "twice a slash": "red//1.png",
    "a NUL": "red/1.png\0.png",
    "nothing": "",
    "a folder": "..",
    "no picture": "keys",
    "no picture above": "../home/keys",
}


@pytest.fixture
def home(tmp_path):
    """Files of the user that are not part of any collection."""
    paint(tmp_path / "home" / "photo.png", "red")
    (tmp_path / "home" / "keys").write_bytes(b"secret")
    return tmp_path / "home"


@pytest.fixture
def collection(pictures, settings, load, home):
    """A collection of twelve pictures; the one of id 1 is what a catalog lies about."""
    (pictures / "keys").write_bytes(b"secret")
    name, wanted = plan_build(pictures, settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    return settings.collections_folder / name


@pytest.fixture
def engine(collection, settings, load):
    """Open the collection as it is then."""
    opened = []

    def call():
        opened.append(SearchEngine.open(collection.name, settings, load=load))
        return opened[-1]

    yield call
    for one in opened:
        one.close()


@pytest.fixture
def build(collection, pictures, settings, load):
    """Update the collection."""

    def call():
        wanted = plan_build(pictures, settings, name=collection.name)[1]
        return build_collection(collection.name, wanted, settings, load=load)

    call.settings = settings
    return call


def lie(collection, **values):
    """Change what the catalog says of the picture with id 1."""
    with closing(sqlite3.connect(collection / CATALOG_FILE)) as base, base:
        for column, value in values.items():
            base.execute(f"UPDATE pictures SET {column} = ? WHERE id = 1", (value,))  # noqa: S608


def path_of(name, home):
    return os.fsencode(OUTSIDE[name].format(home=home))


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_path_that_leads_outside_is_left_out_everywhere(name, collection, engine, home):
    """All other pictures are found, listed and packed as before; this one is not there."""
    lie(collection, path=path_of(name, home))
    opened = engine()
    answer = opened.search("black", 20)
    assert len(answer.results) == 11
    assert 1 not in {result.record.picture_id for result in answer.results}
    assert len(opened.catalog.pictures.spread(20)) == 11
    assert len(opened.catalog.pictures.some(Filters(), 20)) == 11
    for content in (downloads.as_csv(opened, answer), downloads.as_json(opened, answer)):
        assert b"photo" not in content
        assert b"keys" not in content
    with zipfile.ZipFile(io.BytesIO(downloads.as_zip(opened, answer))) as archive:
        assert len(archive.namelist()) == 11
        assert not any(".." in name or "photo" in name for name in archive.namelist())
    assert len(card_of(opened, answer, 20, Filters()).results) == 11
    assert len(draw_picture_map(opened.catalog, opened.manifest).picture_ids) == 12
    with pytest.raises(BadQuery, match="There is no picture #1"):
        opened.explain("black", 1)


@pytest.mark.parametrize("name", OUTSIDE)
def test_audits_go_on_without_it(name, collection, engine, home):
    """Duplicates and outliers are looked for among the pictures that are sound."""
    lie(collection, path=path_of(name, home))
    audit = Audit(engine())
    assert audit.exact_duplicates() == []
    assert len(audit.inventory.picture_ids) == 11


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_build_forgets_it_and_reads_nothing_outside(name, collection, engine, build, monkeypatch):
    """It is named by a check, and gone after the next build; the file outside is never opened."""
    lie(collection, path=path_of(name, collection.parent.parent.parent / "home"))
    report = check_collection(collection.name, build.settings, sample=0)
    assert FaultKind.PATH_OUTSIDE in {fault.kind for fault in report.faults}
    with closing(sqlite3.connect(collection / CATALOG_FILE)) as base, base:
        base.execute("DELETE FROM vectors WHERE picture_id = 1")
    read = []
    monkeypatch.setattr("search_engine.building.hashing.read_content", _listening(read))
    build()
    assert not any("home" in str(path) or "keys" in str(path) for path in read)
    ids = {record.picture_id for record in engine().catalog.pictures}
    assert 1 not in ids
    assert len(ids) == 12  # what lay at its true path is a picture again


def _listening(read):
    from search_engine.collection.decoding import read_content

    def listen(path, *rest, **options):
        read.append(path)
        return read_content(path, *rest, **options)

    return listen


def test_the_door_to_a_file_refuses_what_is_outside(collection, engine, home):
    """Who has such a record all the same gets an error instead of a path."""
    opened = engine()
    record = opened.catalog.pictures.by_id([2])[2]
    for path in OUTSIDE.values():
        with pytest.raises(CollectionDamaged, match="none of its pictures"):
            opened.path(replace(record, path=path.format(home=home)))
    assert opened.path(record).is_file()


def test_a_root_that_is_not_theirs_gives_away_no_file_but_pictures(
    collection, engine, home, settings
):
    """A catalog whose folder is the whole disk still names no file that is no picture."""
    with closing(sqlite3.connect(collection / CATALOG_FILE)) as base, base:
        (saved,) = base.execute("SELECT value FROM collection WHERE key = 'settings'").fetchone()
        changed = json.dumps(json.loads(saved) | {"root": "/"})
        base.execute("UPDATE collection SET value = ? WHERE key = 'settings'", (changed,))
    lie(collection, path=os.fsencode(str(home / "keys").lstrip("/")))
    opened = engine()
    assert 1 not in {result.record.picture_id for result in opened.search("black", 20).results}


def test_only_what_was_shown_is_packed(collection, engine, pictures, home):
    """A file that holds something else than the catalog says is not passed on."""
    opened = engine()
    answer = opened.search("black", 3)
    first, second, third = answer.results
    (pictures / first.record.path).write_bytes((home / "keys").read_bytes())
    (pictures / second.record.path).unlink()
    os.mkfifo(pictures / second.record.path)
    with zipfile.ZipFile(io.BytesIO(downloads.as_zip(opened, answer))) as archive:
        name = f"0003_{third.record.path.replace('/', '_')}"
        assert archive.namelist() == [name, packing.LEFT_OUT]


@pytest.mark.parametrize("digest", ["../../../home/photo", "/etc/passwd", "\x1b[2J"])
def test_a_picture_with_an_odd_hash_is_shown_without_thumbnail(collection, engine, digest):
    """It is found by its vector; a thumbnail is looked for in the thumbnails only."""
    lie(collection, content_hash=digest)
    opened = engine()
    record = opened.catalog.pictures.by_id([1])[1]
    assert opened.thumbnail_path(record).parent.parent == collection / "thumbnails"
    assert not opened.thumbnail_path(record).exists()


def test_the_viewer_gets_an_absolute_path(collection, engine, monkeypatch, tmp_path):
    """A folder whose name begins with a sign is never read as an option of the viewer."""
    opened, seen = engine(), []
    monkeypatch.setattr(desktop, "has_desktop", lambda: True)
    monkeypatch.setattr(desktop, "_started", lambda command: seen.append(command[-1]) or True)
    monkeypatch.setattr(opened, "path", lambda record: Path("-x") / record.path)
    prompt._answer(opened, "black", open_pictures=True)
    assert Path(seen[0]).is_absolute()


@pytest.mark.parametrize(
    ("path", "outside"),
    [("a.jpg", False), ("b/c d/é.jpg", False), ("b\\c.jpg", True), ("c:/a.jpg", True),
     ("a.jpg:stream", True), ("//host/share/a.jpg", True), ("\\\\host\\share\\a.jpg", True)],
)  # fmt: skip
def test_on_windows_other_signs_lead_outside_too(path, outside):
    """Drives, shares, streams and backslashes are no part of a path that a scan gave."""
    assert leads_outside(path, windows=True) is outside


def test_what_a_scan_finds_is_sound(collection, engine):
    """Nothing that a build put into a catalog is left out."""
    assert all(is_sound(record) for record in engine().catalog.pictures)


def test_what_steers_a_terminal_is_written_as_text(collection, run):
    """Names and states from a catalog move no cursor and change no title of the terminal."""
    steering = "\x1b]0;evil\x07\x1b[2J\u202e"
    lie(collection, path=f"red/{steering}.png".encode(), camera=steering)
    with closing(sqlite3.connect(collection / CATALOG_FILE)) as base, base:
        base.execute("UPDATE builds SET started_at = ?", (steering,))
    for command in (["search", "#2", "-k", "20"], ["info"], ["list"], ["check"]):
        _, out, said = run(*command)
        assert not {"\x1b", "\x07", "\u202e"} & set(out + said)
        assert "evil" in out + said or command[0] in {"list", "check"}
