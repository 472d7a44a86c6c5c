"""What a scan leaves out by itself, and what it counts because it cannot be read yet."""

import os
from dataclasses import replace

import pytest

from search_engine import build_collection, plan_build
from search_engine.building.changes import preview_build
from search_engine.building.looking import no_pictures
from search_engine.collection.scanning import scan, unread_types
from search_engine.errors import BadFolder
from search_engine.records import ScanRules
from search_engine.records.soundness import PICTURE_SUFFIXES
from search_engine.settings import Settings
from tests.conftest import paint

JPEG, PNG = b"\xff\xd8\xff\xe0 and more", b"\x89PNG\r\n\x1a\n and more"


def put(root, *paths, content=b"some bytes"):
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)


def paths(root, **rules):
    return [file.path for file in scan(root, ScanRules(**rules)).files]


def told(root, **rules):
    """Return the kinds of pictures that are not read, by ending."""
    found = scan(root, ScanRules(**rules))
    return {one.ending: one.count for one in unread_types(root, found.unread, found.nameless)}


SYSTEM = [
    "@Recycle/a.jpg", "x/@RECYCLE/a.jpg", "@Recently-Snapshot/2024/a.jpg", "RECYCLER/S-1/a.jpg",
    "Recycled/a.jpg", "~snapshot/daily.0/a.jpg", ".snapshot/daily.0/a.jpg", ".zfs/snapshot/a.jpg",
    "FOUND.000/a.jpg", "found.123/a.jpg", "LOST.DIR/a.jpg", "@GMT-2024.01.01-00.00.00/a.jpg",
    "Photos Library.photoslibrary/resources/derivatives/a.jpg",
    "PHOTOS.PHOTOSLIBRARY/Resources/a.jpg", "x.photoslibrary/private/a.jpg",
    "Aperture.aplibrary/Thumbnails/a.jpg", "Aperture.aplibrary/Previews/2019/a.jpg",
    "iPhoto.photolibrary/Thumbnails/a.jpg", "iPhoto.migratedphotolibrary/Thumbnails/a.jpg",
    "Lightroom Catalog Previews.lrdata/0/a.jpg", "Smart Previews.lrdata/a.dng.jpg",
    "iPod Photo Cache/F00/a.jpg", ".dtrash/a.jpg", ".thumbnails/a.jpg", "DCIM/.thumbnails/a.jpg",
    ".dropbox.cache/a.jpg", ".stversions/a.jpg", "files_trashbin/files/a.jpg",
    "appdata_ocabc123/preview/a.jpg", "@tmp/a.jpg", "@sharesnap/a.jpg", "trashbox/a.jpg",
    "2024/@__thumb/a.jpg", "SYNOPHOTO_THUMB_XL.jpg", "CaptureOne/Cache/Thumbnails/a.jpg",
    "shoot.cocatalog/Cache/a.jpg", "$WINDOWS.~BT/a.jpg", "Network Trash Folder/a.jpg",
    "Temporary Items/a.jpg", "Backups.backupdb/a.jpg", "M4ROOT/THMBNL/a.jpg",
]  # fmt: skip
PERSONAL = [
    "Photos Library.photoslibrary/originals/0/a.jpg", "Old.photoslibrary/Masters/2014/a.jpg",
    "Aperture.aplibrary/Masters/a.jpg", "iPhoto.photolibrary/Originals/a.jpg",
    "resources/a.jpg", "Thumbnails/a.jpg", "Cache/a.jpg", "Previews/a.jpg", "private/a.jpg",
    "found.jpg", "FOUND.0000/a.jpg", "Recycling day/a.jpg", "snapshot/a.jpg", "recycle.jpg",
    "lrdata/a.jpg", "x.lrdata.jpg", "@home/a.jpg", "shoot/CaptureOne/a.jpg", "Database/a.jpg",
]  # fmt: skip


@pytest.mark.parametrize("path", SYSTEM)
def test_bins_snapshots_and_previews_are_left_out(tmp_path, path):
    """What a device, a system or a program keeps for itself is no picture of a person's."""
    put(tmp_path, path)
    assert paths(tmp_path) == []
    assert paths(tmp_path, hidden=True) == [path]


@pytest.mark.parametrize("path", PERSONAL)
def test_what_only_sounds_alike_stays_in(tmp_path, path):
    """Originals in libraries, and folders of a person's own with such names, are taken in."""
    put(tmp_path, path)
    assert paths(tmp_path) == [path]


def test_a_library_as_the_folder_itself_gives_its_originals(tmp_path):
    """Who names a library means the pictures in it, not what was made of them."""
    root = tmp_path / "Mine.photoslibrary"
    put(root, "originals/A/a.jpg", "resources/derivatives/a.jpg")
    assert paths(root) == ["originals/A/a.jpg"]
    assert paths(root / "resources") == ["derivatives/a.jpg"]


RAW = ".nef .NEF .cr2 .cr3 .arw .raf .orf .rw2 .dng .pef .srw .x3f .3fr .iiq .erf .kdc .mrw".split()


@pytest.mark.parametrize(
    "name",
    [f"a{ending}" for ending in RAW]
    + ["a.jxl", "a.psd", "a.xcf", "a.svg", "a.exr", "a.tga", "a.ico", "a.jpg_original", "a.mpo"],
)
def test_pictures_that_are_not_read_are_counted(tmp_path, name):
    """Each known kind is counted by its ending, in small letters."""
    put(tmp_path, name, f"deep/er/{name}")
    assert told(tmp_path) == {f".{name.partition('.')[2].lower()}": 2}
    assert paths(tmp_path) == []


@pytest.mark.parametrize(
    "name", ["a.txt", "a.mp4", "a.docx", "Makefile", "a.xmp", "a.jpg.json", "a."]
)
def test_other_files_are_not_counted(tmp_path, name):
    """What is no picture is no news."""
    put(tmp_path, name)
    assert told(tmp_path) == {}


@pytest.mark.parametrize(
    "name", ["IMG_0001", "a very long na.jp", "x.jpg(1)", "y.jpg-large", "b.pn"]
)
def test_pictures_without_their_ending_are_told_by_their_first_bytes(tmp_path, name):
    """A name that does not say what the file is has it looked at, and named with the remedy."""
    put(tmp_path, name, content=JPEG)
    put(tmp_path, "README", "LICENSE", "x.j")
    found = scan(tmp_path)
    (one,) = unread_types(tmp_path, found.unread, found.nameless)
    assert one.count == 1
    assert "JPEG" in one.what
    assert "ending" in one.what


def test_odd_files_without_an_ending_hold_nothing_up(tmp_path):
    """Pipes, closed files and dead links are passed over, and nobody waits for them."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "dead").symlink_to(tmp_path / "nowhere")
    put(tmp_path, "picture", content=PNG)
    assert told(tmp_path) == {"": 1}


def test_hidden_and_excluded_files_are_not_counted(tmp_path):
    """What would not be taken in is not missed."""
    put(tmp_path, ".a.nef", "@Recycle/a.nef", "private/a.nef", "b.nef", "c.psd")
    assert told(tmp_path) == {".nef": 2, ".psd": 1}
    assert told(tmp_path, exclude=("private",)) == {".nef": 1, ".psd": 1}
    assert told(tmp_path, include=("*.psd",)) == {".psd": 1}
    assert told(tmp_path, hidden=True) == {".nef": 4, ".psd": 1}


def test_no_ending_is_both_read_and_not_read():
    """The list of what is not read does not grow over what is."""
    from search_engine.collection.scanning import unread

    assert not PICTURE_SUFFIXES & set(unread._WHAT)
    assert not PICTURE_SUFFIXES & unread._CUT


def test_build_preview_and_info_name_what_is_not_read(pictures, settings, load, run):
    """Whoever looks learns of it: before, afterwards, and later."""
    put(pictures, "red/a.nef", "red/b.nef", "c.psd")
    name, wanted = plan_build(pictures, settings, model_id="colours")
    before = preview_build(name, wanted, settings)
    report = build_collection(name, wanted, settings, load=load)
    kinds = [(one.ending, one.count) for one in report.findings.unread]
    assert kinds == [(".nef", 2), (".psd", 1)]
    assert before.unread == report.findings.unread
    assert before.files == report.added == 12
    _, out, _ = run("info", name)
    assert "2 .nef (RAW of a camera), 1 .psd (Photoshop)" in out


def test_a_folder_of_pictures_that_are_not_read_says_so(tmp_path, settings, load):
    """A folder of RAW is not called a wrong folder without a reason."""
    put(tmp_path / "raw", *[f"{number}.NEF" for number in range(230)], "x.psd")
    name, wanted = plan_build(tmp_path / "raw", settings, model_id="colours")
    with pytest.raises(BadFolder, match=r"230 \.nef \(RAW of a camera\), 1 \.psd"):
        build_collection(name, wanted, settings, load=load)
    assert preview_build(name, wanted, settings).files == 0
    paint(tmp_path / "raw/a.png")
    assert build_collection(name, wanted, settings, load=load).added == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.jif", JPEG), ("a.JFI", JPEG), ("a.pam", b"P7"), ("a.pdf", b"%PDF"), ("a.jpegxl", b"x"),
     ("a.wbmp", b"x"), ("a.pic", b"x"), ("a.jpg~", JPEG), ("a.tif_", b"II*\0"),
     ("a.bmp~", b"BM\x36\1\0\0\0\0\0\0"), ("a", b"\0\0\0\x0cjP  \r\n\x87\n")],
)  # fmt: skip
def test_rarer_endings_and_what_hangs_on_them_are_told(tmp_path, name, content):
    """Nothing that may hold a picture is passed over without a word."""
    put(tmp_path, name, content=content)
    assert list(told(tmp_path).values()) == [1]


def test_what_cannot_be_read_is_counted_in_words(tmp_path):
    """One is one, and what is no folder is not called one."""
    put(tmp_path, "a.txt")
    for closed, said in ((("a.jpg",), "a file or folder in it"), (("a", "b"), "2 files and fold")):
        found = replace(scan(tmp_path), unreadable_folders=closed)
        with pytest.raises(BadFolder, match=said):
            raise no_pictures(plan_build(tmp_path, Settings(tmp_path / "data"))[1], found)
