"""Copies at the size of a screen: made once, kept while they are looked at, never too many."""

import io
import os

import pytest
from PIL import Image

from search_engine.collection import ScreenCopies, content_hash, screen_copies
from search_engine.collection.catalog import Catalog
from search_engine.errors import CollectionDamaged, SearchEngineError


@pytest.fixture
def tiff():
    """The bytes of a picture that no browser shows."""
    content = io.BytesIO()
    Image.new("RGB", (3000, 1500), "teal").save(content, "TIFF")
    return content.getvalue()


def kept(folder):
    return sorted(file.stem for file in (folder / "screen").glob("*.jpg"))


def test_a_copy_is_made_once_and_read_the_next_time(tiff, tmp_path, monkeypatch):
    """What was decoded need not be again, by this process or another."""
    copies, digest = ScreenCopies(tmp_path), content_hash(tiff)
    assert copies.kept(digest) is None
    made = copies.of(digest, tiff)
    assert Image.open(io.BytesIO(made)).size == (2048, 1024)
    monkeypatch.setattr(screen_copies, "decode", None)
    assert ScreenCopies(tmp_path).of(digest, tiff) == made
    assert ScreenCopies(tmp_path).kept(digest) == made


def test_what_was_not_looked_at_for_longest_makes_room(tiff, tmp_path, monkeypatch):
    """The newest stays however large it is, and what was looked at since."""
    copies = ScreenCopies(tmp_path)
    first, second, third = ("0" * 63 + name for name in "123")
    size = len(copies.of(first, tiff))
    copies.of(second, tiff)
    for number, name in enumerate((first, second)):
        os.utime(tmp_path / "screen" / f"{name}.jpg", (number, number))
    assert copies.kept(first)
    monkeypatch.setattr(screen_copies, "MOST_BYTES", 2 * size)
    copies.of(third, tiff)
    assert kept(tmp_path) == [first, third]
    monkeypatch.setattr(screen_copies, "MOST_BYTES", 0)
    copies.of(second, tiff)
    assert kept(tmp_path) == [second]
    copies.remove_all_but([first])
    assert kept(tmp_path) == []


def test_a_full_disk_costs_no_picture(tiff, tmp_path):
    """Where nothing can be kept it is made each time."""
    (tmp_path / "screen").touch()
    assert ScreenCopies(tmp_path).of(content_hash(tiff), tiff).startswith(b"\xff\xd8")


def test_a_link_or_a_name_leads_nowhere(tiff, tmp_path):
    """A collection of a stranger may hold a link in its place, and any text as a hash."""
    elsewhere, collection = tmp_path / "mine", tmp_path / "theirs"
    elsewhere.mkdir()
    mine = elsewhere / f"{'a' * 64}.jpg"
    mine.write_bytes(b"\xff\xd8\xff mine")
    Catalog.create(collection).close()
    (collection / "screen").symlink_to(elsewhere)
    with pytest.raises(SearchEngineError) as caught:
        Catalog.open(collection)
    assert caught.type is CollectionDamaged
    ScreenCopies(collection).remove_all_but([])
    assert mine.exists()
    (collection / "screen").unlink()
    assert ScreenCopies(collection).of("../../mine/x", tiff).startswith(b"\xff\xd8")
    assert ScreenCopies(collection).kept("../../mine/" + "a" * 64) is None
    assert list(elsewhere.iterdir()) == [mine]
