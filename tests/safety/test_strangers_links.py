"""A collection from somebody else overwrites, deletes, reads and shows no file of the user."""

import os
import shutil
import sqlite3
import struct
from contextlib import closing

import pytest
from PIL import Image

from search_engine import Library, SearchEngine, build_collection, plan_build
from search_engine.cards import SavedQueries
from search_engine.collection.catalog import CATALOG_FILE
from search_engine.collection.thumbnails import Thumbnails, data_address, open_thumbnail
from search_engine.errors import CollectionDamaged, CollectionError, CollectionMissing
from tests.conftest import paint

NAME = "holiday"


class World:
    """The files of a user, a collection of theirs, and one that a stranger made."""

    def __init__(self, root, settings, load):
        self.settings = settings
        self.load = load
        self.home = root / "home"
        (self.home / "letters").mkdir(parents=True)
        (self.home / "letters" / "will.odt").write_bytes(b"my will")
        paint(self.home / "photo.jpg", "blue")
        (self.home / "keys").write_bytes(b"secret")
        self.pictures = root / "pictures"
        for name in ("good", NAME):
            for colour in ("red", "green", "yellow"):
                paint(self.pictures / name / colour / "0.png", colour)
            self.build(name)
        self.folder = settings.collections_folder / NAME

    def build(self, name):
        """Bring a collection up to date with its folder."""
        name, wanted = plan_build(
            self.pictures / name, self.settings, name=name, model_id="colours"
        )
        return build_collection(name, wanted, self.settings, load=self.load)

    def search(self, name):
        """Ask a collection."""
        with SearchEngine.open(name, self.settings, load=self.load) as engine:
            return engine.search("red").results

    def belongings(self):
        """List all that is the user's, with content and kind."""
        return {
            path: path.read_bytes() if path.is_file() else "folder"
            for path in sorted(self.home.rglob("*"))
        }


@pytest.fixture
def world(tmp_path, settings, load):
    """The user's home, an honest collection and a stranger's."""
    return World(tmp_path, settings, load)


def replaced(path, target):
    """Put a link in the place of whatever lies there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    path.symlink_to(target)


LINKS = {
    "thumbnails": ("thumbnails", "."),
    "a folder of thumbnails": ("thumbnails/zz", "."),
    "a folder of thumbnails with a name of ours": ("thumbnails/ab", "letters"),
    "questions": ("questions", "letters"),
    "a saved query": ("questions/a.json", "keys"),
    "catalog": ("catalog.sqlite", "keys"),
    "log": ("catalog.sqlite-wal", "keys"),
    "index of the log": ("catalog.sqlite-shm", "keys"),
    "journal": ("catalog.sqlite-journal", "keys"),
    "manifest": ("manifest.json", "keys"),
    "half a manifest": ("manifest.partial", "keys"),
    "index": ("index.1.faiss", "keys"),
    "next index": ("index.2.faiss", "keys"),
    "half an index": ("index.2.partial", "keys"),
    "calibration": ("calibration.npz", "keys"),
    "map": ("map.npz", "keys"),
    "looks": ("looks.npz", "keys"),
    "a left-over": (".a.partial", "keys"),
    "a folder of a link": ("sub", "letters"),
    "a device": ("calibration.npz", "/dev/zero"),
}


@pytest.mark.parametrize("name", LINKS)
def test_a_collection_with_links_is_refused_with_the_reason(name, world):
    """Search, build and summary name the link; nothing of the user is read, changed or deleted."""
    place, target = LINKS[name]
    (world.folder / "questions").mkdir(exist_ok=True)
    replaced(world.folder / place, world.home / target)
    before = world.belongings()
    shutil.rmtree(world.pictures / NAME / "green")
    paint(world.pictures / NAME / "red" / "0.png", "purple")
    for act in (world.search, world.build):
        with pytest.raises(CollectionDamaged, match="lies where its own files should be"):
            act(NAME)
    library = Library(world.settings)
    assert "lies where" in library.summary(NAME).state
    assert library.summary("good").state == "ready"
    assert world.search("good")
    assert world.belongings() == before


@pytest.mark.parametrize("name", LINKS)
def test_a_collection_with_links_can_be_removed(name, world, run):
    """Removing takes the links with it, and nothing that they lead to."""
    place, target = LINKS[name]
    (world.folder / "questions").mkdir(exist_ok=True)
    replaced(world.folder / place, world.home / target)
    before = world.belongings()
    assert run("remove", NAME, "--yes")[0] == 0
    assert not world.folder.exists()
    assert world.belongings() == before


def test_a_collection_that_is_a_link_itself_is_refused_and_removed(world, run):
    """Only the link goes; a folder of the user with a catalog in it stays."""
    elsewhere = world.home / "elsewhere"
    world.folder.rename(elsewhere)
    world.folder.symlink_to(elsewhere)
    assert run("search", "#1", "--collection", NAME)[0] == 4
    before = sorted(path.name for path in elsewhere.iterdir())
    assert run("remove", NAME, "--yes")[0] == 0
    assert not os.path.lexists(world.folder)
    assert sorted(path.name for path in elsewhere.iterdir()) == before


def test_a_folder_of_collections_may_be_a_link_of_the_user(world):
    """Who keeps all collections on another disk by a link of their own goes on as before."""
    root = world.settings.data_folder / "collections"
    root.rename(world.home / "other disk")
    root.symlink_to(world.home / "other disk")
    world.build("good")
    assert world.search("good")
    assert Library(world.settings).names() == ["good", NAME]


def test_what_cannot_be_removed_is_a_clear_error(world, monkeypatch):
    """A place that may not be written ends in the reason."""

    def fail(folder):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("search_engine.collection.library.shutil.rmtree", fail)
    with pytest.raises(CollectionError, match="cannot be removed: Permission denied"):
        Library(world.settings).remove(NAME)
    with pytest.raises(CollectionMissing):
        Library(world.settings).remove("nobody")


def test_tidying_up_touches_only_thumbnails_of_ours(world):
    """Other files among them stay, and so does all that a link leads to."""
    thumbnails = Thumbnails(world.folder)
    kept, gone, linked = "a" * 64, "ab" + "b" * 62, "ac" + "c" * 62
    for digest in (kept, gone):
        thumbnails.write(digest, b"x")
    (thumbnails.folder / "ac").mkdir(exist_ok=True)
    (thumbnails.folder / "ac" / f"{linked}.jpg").symlink_to(world.home / "photo.jpg")
    (world.home / f"{gone}.jpg").write_text("mine")
    (thumbnails.folder / "ad").symlink_to(world.home)
    (thumbnails.folder / "ab" / "notes.txt").write_text("mine")
    (thumbnails.folder / "other").mkdir()
    (thumbnails.folder / "other" / f"{gone}.jpg").write_text("mine")
    before = world.belongings()
    assert thumbnails.remove_all_but([kept]) >= 2
    assert thumbnails.path(kept).exists()
    assert not thumbnails.path(gone).exists()
    assert (thumbnails.folder / "ab" / "notes.txt").exists()
    assert (thumbnails.folder / "other" / f"{gone}.jpg").exists()
    assert world.belongings() == before


def test_tidying_up_passes_no_linked_folder(world, tmp_path):
    """A folder of thumbnails that leads elsewhere is left alone as a whole."""
    (world.home / "ab").mkdir()
    (world.home / "ab" / f"{'ab' * 32}.jpg").write_text("mine")
    replaced(world.folder / "thumbnails", world.home)
    before = world.belongings()
    assert Thumbnails(world.folder).remove_all_but([]) == 0
    assert world.belongings() == before


def test_thumbnails_that_are_links_are_neither_shown_nor_read(world):
    """A thumbnail that leads to a file of the user, or to a device, counts as lost."""
    digest = "d" * 64
    thumbnails = Thumbnails(world.folder)
    file = thumbnails.path(digest)
    file.parent.mkdir(exist_ok=True)
    for target in ("photo.jpg", "keys", "/dev/zero", "nowhere"):
        replaced(file, world.home / target)
        assert data_address(file) is None
        assert thumbnails.sheet([digest], 8, 1) == thumbnails.sheet(["e" * 64], 8, 1)
        assert not thumbnails.is_whole(digest)
    file.unlink()
    os.mkfifo(file)
    assert data_address(file) is None
    file.unlink()
    file.write_text("<svg onload=alert(1)>")
    assert data_address(file) is None


@pytest.mark.parametrize("what", ["progressive", "large", "another kind"])
def test_only_pictures_like_ours_are_taken_for_thumbnails(what, tmp_path):
    """What could take minutes to decode, or is of a kind that is not written here, is refused."""
    file = tmp_path / "thumbnail.jpg"
    size = (2_000, 2_000) if what == "large" else (32, 32)
    kind = "BMP" if what == "another kind" else "JPEG"
    Image.new("RGB", size).save(file, kind, progressive=what == "progressive")
    with pytest.raises(OSError, match=r"thumbnail|identify"), open_thumbnail(file):
        pass


NO_HASHES = ["../../../home/photo", "/etc/passwd", "..", "", "a", "A" * 64, "a" * 63 + "\n"]
NO_HASHES += ["ab/../../x", "\udcff" * 64, "a\0b"]


@pytest.mark.parametrize("digest", NO_HASHES)
def test_what_is_no_hash_leads_to_no_file(digest, world):
    """A content hash from a catalog never leads out of the thumbnails."""
    thumbnails = Thumbnails(world.folder)
    path = thumbnails.path(digest)
    assert path.parent.parent == thumbnails.folder
    assert path.name[:2] == path.parent.name
    assert data_address(path) is None


def test_a_linked_query_is_not_read_and_forgetting_it_takes_the_link(world):
    """The file that it leads to stays."""
    saved = SavedQueries(world.folder)
    saved.folder.mkdir()
    (saved.folder / "a.json").symlink_to(world.home / "keys")
    os.mkfifo(saved.folder / "b.json")
    for name in saved.names():
        with pytest.raises(Exception, match="cannot be read"):
            saved.read(name)
        saved.forget(name)
    assert saved.names() == []
    assert (world.home / "keys").read_bytes() == b"secret"


@pytest.mark.parametrize("suffix", ["", "-wal", "-shm", "-journal"])
def test_a_file_with_a_second_name_is_not_written_to(suffix, world):
    """A hard link is no link that can be seen, but SQLite would write into both names."""
    file = world.folder / f"{CATALOG_FILE}{suffix}"
    file.unlink(missing_ok=True)
    os.link(world.home / "keys", file)
    for act in (world.search, world.build):
        with pytest.raises(CollectionDamaged, match="has a second name"):
            act(NAME)
    assert (world.home / "keys").read_bytes() == b"secret"


def journal(content, victim):
    """Write a journal that SQLite rolls back, and that names a file which it then deletes."""
    magic = bytes.fromhex("d9d505f920a163d7")
    page = int.from_bytes(content[16:18], "big")
    first = content[:page]
    check = sum(first[at] for at in range(page - 200, 0, -200))
    head = magic + struct.pack(">IIIII", 1, 0, len(content) // page, 512, page)
    record = struct.pack(">I", 1) + first + struct.pack(">I", check & 0xFFFFFFFF)
    name = os.fsencode(victim)
    lock = 0x40000000 // page + 1
    tail = struct.pack(">I", lock) + name + struct.pack(">II", len(name), sum(name)) + magic
    return head.ljust(512, b"\0") + record + tail


def test_a_journal_deletes_no_file(world):
    """SQLite itself would delete what such a journal names; the collection is refused before."""
    victim = world.home / "letters" / "will.odt"
    file = world.folder / CATALOG_FILE
    with closing(sqlite3.connect(file)) as base:
        base.execute("PRAGMA journal_mode = DELETE")
    beside = file.with_name(f"{CATALOG_FILE}-journal")
    beside.write_bytes(journal(file.read_bytes(), victim))
    for act in (world.search, world.build):
        with pytest.raises(CollectionDamaged, match="journal names another file"):
            act(NAME)
    assert "journal" in Library(world.settings).summary(NAME).state
    assert victim.exists()
    with closing(sqlite3.connect(file)) as base:
        base.execute("SELECT * FROM pictures")
    assert not victim.exists(), "the journal is not one that SQLite would act upon"


def test_a_journal_of_ours_is_rolled_back(world):
    """What a killed writer left names no other file, and is no reason to refuse a collection."""
    file = world.folder / CATALOG_FILE
    with closing(sqlite3.connect(file)) as base:
        base.execute("PRAGMA journal_mode = DELETE")
    beside = file.with_name(f"{CATALOG_FILE}-journal")
    content = journal(file.read_bytes(), "x")
    page = int.from_bytes(file.read_bytes()[16:18], "big")
    beside.write_bytes(content[: 512 + 4 + page + 4])
    assert world.search(NAME)
