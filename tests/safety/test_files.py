"""Files of our own are written whole and private, and nothing passes a link."""

import io
import logging
import os
import socket
import stat
import zipfile
from pathlib import Path

import numpy as np
import pytest

from search_engine import files
from search_engine.errors import CollectionDamaged
from search_engine.files import arrays
from search_engine.files.arrays import ArrayCache, exactly, real, text


def put(path, what, victim):
    """Put something that is no file of ours at a path."""
    if what == "link":
        path.symlink_to(victim)
    elif what == "dead link":
        path.symlink_to(victim.with_name("nowhere"))
    elif what == "endless":
        path.symlink_to("/dev/zero")
    elif what == "pipe":
        os.mkfifo(path)
    elif what == "socket":
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(str(path))
    else:
        path.mkdir()


def names(folder):
    """List the names in a folder."""
    return sorted(file.name for file in folder.iterdir())


ODD = ["link", "dead link", "endless", "pipe", "socket", "folder"]


@pytest.fixture
def victim(tmp_path):
    """A file of the user that is not ours."""
    file = tmp_path / "letter.odt"
    file.write_bytes(b"mine")
    return file


@pytest.fixture
def own(tmp_path):
    """A folder of ours."""
    folder = tmp_path / "own"
    files.make_folder(folder)
    return folder


def test_a_written_file_is_whole_and_private(own):
    """It holds what was written, may be read by its owner only, and nothing is left beside it."""
    for content in (b"first", b"second", b""):
        files.write(own / "file", content, durable=bool(content))
        assert files.read(own / "file", 6) == content
    assert stat.S_IMODE((own / "file").stat().st_mode) == 0o600
    assert stat.S_IMODE(own.stat().st_mode) == 0o700
    assert names(own) == ["file"]


def test_a_write_that_fails_changes_nothing(own):
    """The file before stays, and the new one leaves no trace."""
    files.write(own / "file", b"before")
    with pytest.raises(TypeError), files.replacing(own / "file") as target:
        target.writelines([b"half", "no bytes"])
    assert files.read(own / "file", 10) == b"before"
    assert names(own) == ["file"]


def test_a_file_is_closed_before_it_takes_its_place(own, monkeypatch):
    """Windows renames no file that is open, so that nothing written so would ever be kept."""
    seen = []
    replace = Path.replace
    monkeypatch.setattr(
        Path, "replace", lambda file, to: seen.append(target.closed) or replace(file, to)
    )
    with files.replacing(own / "file", durable=True) as target:
        target.write(b"ours")
    assert seen == [True]
    assert files.read(own / "file", 10) == b"ours"


@pytest.mark.parametrize("what", [odd for odd in ODD if odd != "folder"])
def test_writing_replaces_what_is_no_file(what, own, victim):
    """A link, pipe or socket at the place is replaced; what it leads to is not touched."""
    put(own / "file", what, victim)
    files.write(own / "file", b"ours")
    assert files.read(own / "file", 10) == b"ours"
    assert victim.read_bytes() == b"mine"


def test_nothing_is_written_into_a_folder_that_is_a_link(own, victim):
    """The folder itself has to be one."""
    (own / "linked").symlink_to(victim.parent)
    with pytest.raises(OSError, match="a link lies where"):
        files.write(own / "linked" / "file", b"ours")
    with pytest.raises(OSError, match="a link lies where"):
        files.make_folder(own / "linked")
    assert not (victim.parent / "file").exists()


@pytest.mark.parametrize("what", [odd for odd in ODD if odd != "dead link"])
def test_reading_refuses_what_is_no_file(what, own, victim):
    """Nothing waits for a pipe, reads a device, or opens what a link leads to."""
    put(own / "file", what, victim)
    with pytest.raises(OSError, match=r"where a file should be|No such device"):
        files.read(own / "file", 100)


def test_reading_has_a_limit(own):
    """A file that is larger than it may be is not read."""
    files.write(own / "file", b"12345")
    assert files.read(own / "file", 5) == b"12345"
    with pytest.raises(OSError, match="larger than the 4 bytes"):
        files.read(own / "file", 4)
    with pytest.raises(FileNotFoundError):
        files.read(own / "none", 4)


@pytest.mark.parametrize("what", [odd for odd in ODD if odd != "folder"])
def test_a_folder_of_ours_with_links_is_refused(what, own, victim):
    """A link or special file in it, or in a folder of it that is named, is named as the reason."""
    files.make_folder(own / "below")
    files.refuse_links(own, "below", "missing")
    put(own / "below" / "odd", what, victim)
    files.refuse_links(own)
    with pytest.raises(CollectionDamaged, match="odd"):
        files.refuse_links(own, "below")
    put(own / "odd", what, victim)
    with pytest.raises(CollectionDamaged, match="odd"):
        files.refuse_links(own)


def test_a_folder_that_is_a_link_is_refused(own, tmp_path):
    """The folder itself, or one in it, may not lead elsewhere; a folder that is missing is none."""
    (tmp_path / "link").symlink_to(own)
    with pytest.raises(CollectionDamaged, match="a link lies where"):
        files.refuse_links(tmp_path / "link")
    files.refuse_links(tmp_path / "missing")


def test_deleting_a_tree_passes_no_link(own, victim):
    """What links in it lead to stays, and of a tree that is a link, only the link goes."""
    tree = own / "tree"
    files.make_folder(tree)
    (tree / "file").write_bytes(b"ours")
    (tree / "out").symlink_to(victim.parent)
    (own / "link").symlink_to(tree)
    files.remove_tree(own / "link")
    assert names(own) == ["tree"]
    files.remove_tree(tree)
    assert not tree.exists()
    assert victim.read_bytes() == b"mine"


def test_deleting_a_file_leaves_what_a_link_leads_to(own, victim):
    """Only the link goes; a folder is not deleted as a file."""
    (own / "link").symlink_to(victim)
    assert files.remove_if_plain(own / "link")
    assert victim.read_bytes() == b"mine"
    assert not files.remove_if_plain(own)
    assert not files.remove_if_plain(own / "none")


def test_arrays_come_back_as_they_were(own):
    """Numbers, texts and records keep type, shape and value."""
    looks = np.array([(True, 3)], dtype=[("known", "?"), ("hash", "u8")])
    arrays.write(own / "a.npz", key="a key", table=np.eye(3, dtype=np.float32), looks=looks)
    forms = {"key": text(), "table": real("n", "n"), "looks": exactly(looks.dtype, "m")}
    read = arrays.read(own / "a.npz", forms, n=3, m=1)
    assert str(read["key"]) == "a key"
    assert (read["table"] == np.eye(3)).all()
    assert read["looks"].dtype == looks.dtype
    assert read["looks"]["hash"].tolist() == [3]


def packed(how, **arrays):
    file = io.BytesIO()
    how(file, **arrays)
    return file.getvalue()


def a_lie(shape):
    """An array of four bytes that says that it is of another shape."""
    head = io.BytesIO()
    described = {"descr": "<f4", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(head, described)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.npy", head.getvalue() + b"1234")
    return file.getvalue()


NO_ARRAYS = {
    "compressed, as a bomb is": packed(np.savez_compressed, a=np.zeros(10**6)),
    "a pickle": packed(np.savez, a=np.array([{}], dtype=object)),
    "larger than it is": a_lie((10**15,)),
    "another shape": a_lie((2,)),
    "a negative shape": a_lie((-1, -1)),
    "cut off": packed(np.savez, a=np.zeros(100))[:-30],
    "no archive": b"x" * 500,
    "empty": b"",
}


@pytest.mark.parametrize("name", NO_ARRAYS)
def test_arrays_that_are_not_as_written_are_refused(name, own):
    """No pickle is read, and no small file becomes a large array."""
    (own / "a.npz").write_bytes(NO_ARRAYS[name])
    with pytest.raises(OSError, match="not as it was written"):
        arrays.read(own / "a.npz", {"a": real("n")}, n=10**6)


def test_a_byte_that_is_another_never_leads_to_another_error(own):
    """Every third byte is changed, in two ways; the file is read, or refused as broken."""
    arrays.write(own / "a.npz", key="k", table=np.arange(6.0).reshape(2, 3))
    content = (own / "a.npz").read_bytes()
    refused = 0
    for at in range(0, len(content), 3):
        for bit in (1, 0x80):
            changed = bytearray(content)
            changed[at] ^= bit
            (own / "a.npz").write_bytes(changed)
            try:
                arrays.read(own / "a.npz", {"key": text(), "table": real(2, 3)})
            except OSError:
                refused += 1
    assert refused > len(content) // 6


def test_arrays_have_a_limit(own):
    """It follows from how long they can be; a file of another size class is not read at all."""
    arrays.write(own / "a.npz", a=np.zeros(100_000))
    with pytest.raises(OSError, match="larger than 28,000 bytes"):
        arrays.read(own / "a.npz", {"a": real("n")}, n=1000)
    assert arrays.read(own / "a.npz", {"a": real("n")}, n=100_000)["a"].shape == (100_000,)


def test_leftovers_go_when_nobody_can_be_writing(own):
    """What a killed writer left is deleted, what is new may still be written."""
    for name in (".a.partial", ".b.partial", "file"):
        (own / name).write_bytes(b"")
    os.utime(own / ".a.partial", (0, 0))
    files.remove_leftovers(own)
    assert names(own) == [".b.partial", "file"]
    files.remove_leftovers(own, at_once=True)
    assert names(own) == ["file"]


CACHE_FORMS = {"points": real("n", 2)}


def test_a_cache_gives_what_was_kept_under_its_key(own):
    """The arrays of another key, of another form, too many, or none at all are none."""
    cache = ArrayCache(own / "cache.npz", "the map", CACHE_FORMS)
    points = np.eye(2, dtype=np.float32)
    assert cache.read("of today", n=2) is None
    cache.write("of today", points=points)
    assert list(cache.read("of today", n=2)) == ["points"]
    assert (cache.read("of today", n=2)["points"] == points).all()
    assert cache.read("of yesterday", n=2) is None
    assert cache.read(None, n=2) is None
    assert cache.read("of today", n=1) is None
    cache.write("of tomorrow", points=points)
    assert cache.read("of today", n=2) is None
    cache.write(None, points=points)
    assert (cache.read(None, n=2)["points"] == points).all()
    assert cache.read("of today", n=2) is None


A_PICKLE = packed(np.savez, key="key", points=np.array([{}], dtype=object))


@pytest.mark.parametrize("odd", [b"", b"nonsense", A_PICKLE, NO_ARRAYS["cut off"]])
def test_a_cache_that_cannot_be_used_costs_time_only(own, odd, caplog):
    """What cannot be read or written is logged with its reason, and never raised."""
    caplog.set_level("INFO")
    cache = ArrayCache(own / "cache.npz", "the map", CACHE_FORMS)
    (own / "cache.npz").write_bytes(odd)
    assert cache.read("key", n=2) is None
    assert "the map cannot be read, and is made again: cache.npz is not as it was" in caplog.text
    nowhere = ArrayCache(own / "none" / "cache.npz", "the map", CACHE_FORMS)
    nowhere.write("key", points=np.eye(2))
    assert "the map cannot be kept: No such file" in caplog.text


def test_a_cache_of_another_version_is_no_damage(own, caplog):
    """Arrays of other names are told for those who look, and warn nobody after an upgrade."""
    caplog.set_level("INFO")
    before = ArrayCache(own / "cache.npz", "the map", {"places": real("n", 2)}, logging.WARNING)
    before.write(None, places=np.eye(2))
    cache = ArrayCache(own / "cache.npz", "the map", CACHE_FORMS, logging.WARNING)
    assert cache.read(None, n=2) is None
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("INFO", "the map is of another version, and is made again")
    ]
