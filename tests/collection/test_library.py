"""The collections of a data folder: their names, folders and locks."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from search_engine.collection.catalog import CATALOG_FILE, Catalog
from search_engine.collection.library import Library
from search_engine.errors import BadName, CollectionBusy, CollectionMissing
from search_engine.records import CollectionSettings, IndexKind, ScanRules
from search_engine.settings import PROJECT_FOLDER


@pytest.fixture
def library(settings):
    return Library(settings)


def make(library, name, root="/pictures"):
    """Make a collection of a folder as a build begins it."""
    with Catalog.create(library.folder(name)) as catalog:
        catalog.settings = CollectionSettings(Path(root), ScanRules(), "model", IndexKind.EXACT)
    return library.folder(name)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "a",
            "7",
            "cats",
            "Cats and dogs",
            "2024-05_Rome+more",
            "v1.2",
            "Größe",
            "写真",
            "x" * 64,
        ),
        *("console", "com", "com10", "nullify", "lptx.y"),
    ],
)
def test_good_names(library, settings, name):
    """A name is the name of its folder, directly below the data folder."""
    assert library.folder(name) == settings.collections_folder / name


@pytest.mark.parametrize(
    "name",
    [
        *(
            "",
            ".",
            "..",
            "../cats",
            "cats/dogs",
            "/etc",
            "..\\cats",
            "C:\\cats",
            "cats:1",
            "cats\0",
        ),
        *(".hidden", "_cats", "-cats", " cats", "cats ", "cats.", "cats\n", "a\tb", "a*", "x" * 65),
        *("CON", "con", "nul.txt", "Com1", "LPT9.jpg", "aux", "~", "${HOME}", "a|b", "cats🐈"),
    ],
)
def test_bad_names(library, name):
    """Names that would leave the folder, or fail on some system, are refused with a remedy."""
    with pytest.raises(BadName) as refused:
        library.folder(name)
    assert refused.value.remedy


def test_an_allowed_name_fits_into_a_file_name(library):
    """A name of letters that take four bytes each is refused, or makes a folder and a lock."""
    name = "𠀀" * 64
    with suppress(BadName), library.lock(name), Catalog.create(library.folder(name)):
        assert library.names() == [name]


def test_collections_are_listed_by_name(library):
    """What has a catalog is a collection; other folders and files are not."""
    assert library.names() == []
    make(library, "dogs")
    make(library, "cats")
    library.folder("empty").mkdir()
    library.folder("file").touch()
    with library.lock("later"):
        assert library.names() == ["cats", "dogs"]


@pytest.mark.parametrize("copy", ["cats (copy)", ".cats.old", "cats~"])
def test_a_copy_made_by_a_file_manager_disturbs_nobody(library, copy):
    """A folder whose name is none of ours is passed over by all that goes through collections."""
    folder = make(library, "cats")
    folder.rename(folder.with_name(copy))
    make(library, "dogs", "/dogs")
    assert library.names() == ["dogs"]
    assert library.of_folder(Path("/dogs")) == "dogs"
    assert library.name_for(Path("/birds")) == "birds"
    assert [library.summary(name).name for name in library.names()] == ["dogs"]


def test_a_folder_keeps_its_collection(library):
    """The collection of a folder is found by the folder, whatever it is called."""
    make(library, "old name", "/pictures")
    assert library.of_folder(Path("/pictures")) == "old name"
    assert library.name_for(Path("/pictures")) == "old name"
    assert library.of_folder(Path("/other")) is None


@pytest.mark.parametrize(
    ("root", "name"),
    [
        ("/photos/Cats", "Cats"),
        ("/photos/Cats & Dogs!", "Cats-Dogs"),
        ("/photos/...", "pictures"),
        ("/", "pictures"),
        ("/photos/CON", "pictures"),
        ("/photos/-_x_-", "x"),
        ("/photos/Größe 写真", "Größe-写真"),
        ("/photos/" + "x" * 90, "x" * 50),
        (b"/photos/caf\xe9 one".decode("utf-8", "surrogateescape"), "caf-one"),
        ("/photos/" + "x" * 49 + ". y", "x" * 49),
    ],
)
def test_a_folder_gives_its_name(library, root, name):
    """The name is made of the folder's own, and always one that is allowed."""
    assert library.name_for(Path(root)) == name
    assert library.folder(name)


def test_a_name_that_is_taken_is_numbered(library):
    """Two folders of one name get collections of their own."""
    make(library, "Cats", "/a/Cats")
    assert library.name_for(Path("/b/Cats")) == "Cats-2"
    make(library, "Cats-2", "/b/Cats")
    assert library.name_for(Path("/c/Cats")) == "Cats-3"


def test_names_that_differ_in_case_are_one(library):
    """Where folders ignore case, a name in other letters must not fall upon another's data."""
    make(library, "Cats", "/a/Cats")
    assert library.name_for(Path("/b/cats")).casefold() != "cats"


def test_a_damaged_collection_stands_in_nobodys_way(library):
    """Other folders are named, found and listed although one collection is broken."""
    make(library, "aaa", "/a")
    (library.folder("aaa") / CATALOG_FILE).write_bytes(b"no database, but long enough" * 99)
    make(library, "dogs", "/dogs")
    assert library.of_folder(Path("/dogs")) == "dogs"
    assert library.name_for(Path("/birds")) == "birds"
    assert library.names() == ["aaa", "dogs"]


def test_a_missing_collection_is_told_by_name(library):
    """Opening and summing up what is not there says so, and makes nothing."""
    for use in (library.open_catalog, library.summary, library.remove):
        with pytest.raises(CollectionMissing, match="'cats'"):
            use("cats")
    assert not library.folder("cats").exists()


HOLD = """
import sys
from search_engine.collection.catalog import Catalog
from search_engine.collection.library import Library
from search_engine.settings import Settings

library = Library(Settings.from_environment())
with library.lock("cats"), Catalog.create(library.folder("cats")) as catalog:
    if sys.argv[1] == "building":
        catalog.builds.start("model")
    print("held", flush=True)
    sys.stdin.read()
"""


class Holder:
    """Another process that holds the collection "cats"."""

    def __init__(self, doing="building"):
        command = [sys.executable, "-c", HOLD, doing]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen(command, cwd=PROJECT_FOLDER, **pipes)
        assert self.process.stdout.readline() == "held\n"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()


def test_a_second_holder_is_told_who_is_first(library):
    """A build that is running keeps others out, and they are told its process."""
    with Holder() as first:
        with pytest.raises(CollectionBusy, match=rf"'cats'.*{first.process.pid}\b") as busy:
            library.lock("cats").__enter__()
        assert busy.value.remedy
        with library.lock("dogs"):
            pass


def test_nobody_is_told_to_stop_a_process_that_has_ended(library, monkeypatch):
    """Before its build has begun, a holder is not confused with the last one that finished."""
    with monkeypatch.context() as earlier, Catalog.create(library.folder("cats")) as catalog:
        earlier.setattr(os, "getpid", lambda: 4_000_001)
        catalog.builds.finish(catalog.builds.start("model"), "done")
    with Holder("scanning"), pytest.raises(CollectionBusy) as busy:
        library.lock("cats").__enter__()
    assert "4000001" not in str(busy.value)


def test_a_killed_holder_lets_go(library):
    """After a kill without warning the collection can be built again at once."""
    with Holder() as holder:
        os.kill(holder.process.pid, signal.SIGKILL)
        holder.process.wait(10)
        with library.lock("cats"), library.open_catalog("cats") as catalog:
            assert catalog.builds.latest()[0].process == holder.process.pid


def test_a_lock_is_free_again_after_use(library):
    """It is let go of at the end, after an error too; inside it is held against ourselves."""

    def fail():
        with library.lock("cats"):
            with pytest.raises(CollectionBusy):
                library.lock("cats").__enter__()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    with library.lock("cats"):
        pass


def test_the_lock_of_a_bad_name_is_refused(library, settings):
    """No lock is made outside the data folder."""
    with pytest.raises(BadName):
        library.lock("../../cats").__enter__()
    assert not settings.data_folder.exists()
