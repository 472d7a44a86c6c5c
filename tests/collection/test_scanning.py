"""Which files a scan takes in, and under which path."""

import os
import shutil
from pathlib import Path

import pytest

from search_engine.collection.scanning import scan
from search_engine.errors import BadFolder
from search_engine.records import ScanRules


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "pictures"
    folder.mkdir()
    return folder


def put(root, *paths):
    """Make small files; a scan does not open them, so they need not be pictures."""
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"some bytes")


def paths(root, *, rules=None, leave_out=()):
    return [file.path for file in scan(root, rules, leave_out=leave_out).files]


def close_folder(monkeypatch, *closed, after=0):
    """Let the system refuse to list folders, as it does for a user without the permission."""
    listed, calls = os.scandir, dict.fromkeys(map(str, closed), 0)

    def refusing(folder="."):
        if str(folder) in calls:
            calls[str(folder)] += 1
            if calls[str(folder)] > after:
                raise PermissionError(13, "Permission denied", str(folder))
        return listed(folder)

    monkeypatch.setattr(os, "scandir", refusing)


def test_every_level_is_found_in_the_order_of_paths(root):
    """Pictures of all levels are found, ordered by relative path, the same way each time."""
    put(root, "b.jpg", "a/z.png", "a/deep/er/c.webp", "a.gif", "z/1.jpg")
    expected = ["a.gif", "a/deep/er/c.webp", "a/z.png", "b.jpg", "z/1.jpg"]
    assert paths(root) == expected
    assert paths(root) == expected


def test_a_file_comes_with_its_size_and_time(root):
    """Size and time of change are those of the file, to the nanosecond."""
    put(root, "a.jpg")
    os.utime(root / "a.jpg", ns=(1, 1_700_000_000_123_456_789))
    (file,) = scan(root).files
    assert file.size_bytes == len(b"some bytes")
    assert file.modified_ns == (root / "a.jpg").stat().st_mtime_ns
    assert file.modified_ns % 1000 == 789


def test_the_category_is_the_first_folder(root):
    """A picture belongs to the first folder below the root, one in the root to none."""
    put(root, "top.jpg", "cats/a.jpg", "dogs/small/b.jpg")
    categories = {file.path: file.category for file in scan(root).files}
    assert categories == {"top.jpg": None, "cats/a.jpg": "cats", "dogs/small/b.jpg": "dogs"}


@pytest.mark.parametrize(
    "name",
    "a.jpg a.JPG a.JpEg a.jpe a.jfif a.PNG a.apng a.webp a.gif a.bmp a.dib a.tif a.TIFF a.jp2 a.j2k"
    " a.jpx a.jpf a.jpc a.j2c a.pbm a.pgm a.ppm a.pnm a.avif a.HEIC a.heif a.hif a.b.jpg".split(),
)
def test_picture_suffixes_in_any_case(root, name):
    """A name with a picture's suffix is taken in, whatever its case."""
    put(root, name)
    assert paths(root) == [name]


@pytest.mark.parametrize("name", ["a.txt", "jpg", "a.jpg.txt", "a.", "a.svg", "a.jpg~", "a.mp4"])
def test_other_files_are_left_out(root, name):
    """A file whose name does not end like a picture's is left out."""
    put(root, name)
    assert paths(root) == []


@pytest.mark.parametrize(
    "path",
    [
        ".git/a.jpg",
        "cats/.cache/a.jpg",
        ".hidden.jpg",
        "._a.jpg",
        "@eaDir/a.jpg",
        "@EADIR/a.jpg",
        "cats/#recycle/a.jpg",
        "$RECYCLE.BIN/a.jpg",
        "__MACOSX/._a.jpg",
        "__MACOSX/a.jpg",
        "lost+found/a.jpg",
    ],
)
def test_hidden_and_system_places_only_when_asked_for(root, path):
    """What the system or a device put there is left out, and taken in by ``hidden``."""
    put(root, path)
    assert paths(root) == []
    assert paths(root, rules=ScanRules(hidden=True)) == [path]


def test_a_root_may_be_hidden_itself(tmp_path):
    """Only what lies below the root is judged by its name."""
    put(tmp_path / ".secret" / "__MACOSX", "a.jpg")
    assert paths(tmp_path / ".secret" / "__MACOSX") == ["a.jpg"]


@pytest.mark.parametrize(
    "name",
    [b"caf\xe9.jpg", b"\xff\xfe/x.jpg", b"two\nlines.jpg", "ä 日本 🐈.jpg".encode(), b" .jpg"],
)
def test_odd_names_survive(root, name):
    """Names that are not UTF-8, or hold line ends, lead back to their file byte for byte."""
    file = os.path.join(os.fsencode(root), name)  # noqa: PTH118 - bytes
    Path(os.fsdecode(file)).parent.mkdir(exist_ok=True)
    Path(os.fsdecode(file)).write_bytes(b"x")
    (path,) = paths(root)
    assert os.fsencode(path) == name
    assert (root / path).read_bytes() == b"x"


def test_only_regular_files_count(root):
    """A pipe, which would never end, and a folder named like a picture are no pictures."""
    os.mkfifo(root / "x.jpg")
    (root / "folder.jpg").mkdir()
    put(root, "folder.jpg/inside.jpg")
    (root / "link.jpg").symlink_to(root / "x.jpg")
    assert paths(root) == ["folder.jpg/inside.jpg"]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (ScanRules(include=("*.png",)), ["cats/b.PNG"]),
        (ScanRules(include=("CATS/*",)), ["cats/b.PNG", "cats/old/c.jpg"]),
        (ScanRules(include=("?.jpg", "*.png")), ["a.jpg", "cats/b.PNG", "cats/old/c.jpg"]),
        (ScanRules(include=("cats",)), ["cats/b.PNG", "cats/old/c.jpg"]),
        (ScanRules(exclude=("old",)), ["a.jpg", "cats/b.PNG", "dogs [2019]/d.jpeg"]),
        (ScanRules(exclude=("cats/",)), ["a.jpg", "dogs [2019]/d.jpeg"]),
        (ScanRules(exclude=("cats/*.jpg",)), ["a.jpg", "cats/b.PNG", "dogs [2019]/d.jpeg"]),
        (ScanRules(exclude=("*.JPG", "*.jpeg")), ["cats/b.PNG"]),
        (ScanRules(include=("*.jpg",), exclude=("cats",)), ["a.jpg"]),
        (ScanRules(exclude=("*",)), []),
        (ScanRules(exclude=("dogs [2019]",)), ["a.jpg", "cats/b.PNG", "cats/old/c.jpg"]),
        (ScanRules(include=("dogs [2019]/*",)), ["dogs [2019]/d.jpeg"]),
    ],
    ids=str,
)
def test_patterns(root, rules, expected):
    """Folders that fit go with all that is in them, in any case; exclusion wins."""
    put(root, "a.jpg", "cats/b.PNG", "cats/old/c.jpg", "dogs [2019]/d.jpeg")
    assert paths(root, rules=rules) == expected


def test_folders_of_our_own_are_left_out(root):
    """A folder to leave out stays out under its own name and through a link; others stay in."""
    put(root, "a.jpg", "data/collections/cats/thumbnails/t.webp", "data/gallery/b.jpg")
    (root / "link").symlink_to(root / "data" / "collections")
    own, missing = root / "data" / "collections", root / "not there"
    assert paths(root, leave_out=[own, missing]) == ["a.jpg", "data/gallery/b.jpg"]


@pytest.mark.parametrize(
    "link",
    [
        ("loop", "."),
        ("cats/up", ".."),
        ("cats/self", "self"),
        ("cats/here", "../cats"),
        ("ancestor", "../.."),
        ("dangling", "nowhere"),
        ("dangling.jpg", "nowhere.jpg"),
    ],
    ids=lambda link: link[0],
)
def test_links_that_lead_nowhere_new_change_nothing(root, link):
    """Loops, links to folders above or already scanned, and dead links add nothing and end."""
    put(root, "cats/a.jpg", "b.jpg")
    put(root.parent, "beside/c.jpg")
    (root / link[0]).symlink_to(link[1])
    found = scan(root)
    assert [file.path for file in found.files] == ["b.jpg", "cats/a.jpg"]
    assert found.unreadable_folders == ()


def test_a_picture_goes_by_its_real_path(root):
    """A link that sorts before the folder it leads to does not take the pictures' paths over."""
    put(root, "zebra/a.jpg", "zebra/deep/b.jpg")
    (root / "aardvark").symlink_to(root / "zebra")
    (root / "bee").symlink_to(root / "zebra" / "deep")
    assert paths(root) == ["zebra/a.jpg", "zebra/deep/b.jpg"]


def test_linked_folders_and_files_outside_are_taken_in_once(root, tmp_path):
    """What links bring in is found; two links to one folder bring its pictures once."""
    put(tmp_path / "outside", "a.jpg", "sub/b.jpg")
    put(tmp_path / "lone", "c.jpg")
    (root / "one").symlink_to(tmp_path / "outside")
    (root / "two").symlink_to(tmp_path / "outside")
    (root / "c.jpg").symlink_to(tmp_path / "lone" / "c.jpg")
    (tmp_path / "outside" / "back").symlink_to(root)
    found = paths(root)
    assert "c.jpg" in found
    assert sorted(path.partition("/")[2] for path in found) == ["", "a.jpg", "sub/b.jpg"]
    assert len({path.partition("/")[0] for path in found if "/" in path}) == 1
    assert paths(root) == found


@pytest.mark.parametrize("target", ["zebra/long name.jpg", "again.jpg", "way/long name.jpg"])
def test_a_link_to_a_picture_is_that_picture(root, target):
    """Whatever its name and way, it is no picture beside the one that it leads to, and is named."""
    put(root, "zebra/long name.jpg", "zebra/b.jpg")
    (root / "way").symlink_to("zebra")
    (root / "again.jpg").symlink_to("zebra/long name.jpg")
    (root / "a.jpg").symlink_to(target)
    found = scan(root)
    assert [file.path for file in found.files] == ["zebra/b.jpg", "zebra/long name.jpg"]
    assert found.other_ways == ("a.jpg", "again.jpg")


def test_a_link_to_what_is_left_out_is_a_picture(root):
    """Links bring in what no folder brings in, and of several to one file the first does."""
    put(root, ".hidden/a.jpg", "b.jpg")
    for name in ("one.jpg", "two.jpg"):
        (root / name).symlink_to(".hidden/a.jpg")
    found = scan(root)
    assert [file.path for file in found.files] == ["b.jpg", "one.jpg"]
    assert found.other_ways == ("two.jpg",)


def test_names_of_one_file_that_are_no_links_stay(root):
    """Hard links are files, each of which may be the one that a person looks for."""
    put(root, "a.jpg")
    (root / "b").mkdir()
    (root / "b/a.jpg").hardlink_to(root / "a.jpg")
    assert paths(root) == ["a.jpg", "b/a.jpg"]


def test_a_folder_that_cannot_be_listed_is_named(root, monkeypatch):
    """The rest is found, and the folder is reported by its relative path."""
    put(root, "a.jpg", "cats/closed/b.jpg", "dogs/c.jpg")
    close_folder(monkeypatch, root / "cats" / "closed")
    found = scan(root)
    assert [file.path for file in found.files] == ["a.jpg", "dogs/c.jpg"]
    assert found.unreadable_folders == ("cats/closed",)


def test_a_missing_root_and_a_file_are_refused(root):
    """A root that is no folder is refused with its place and what to do."""
    put(root, "a.jpg")
    with pytest.raises(BadFolder, match="no such folder") as missing:
        scan(root / "nowhere")
    with pytest.raises(BadFolder, match="not a folder"):
        scan(root / "a.jpg")
    assert str(root / "nowhere") in str(missing.value)
    assert missing.value.remedy


def test_a_root_that_cannot_be_listed_is_refused(root, monkeypatch):
    """A closed root is an error, not an empty collection."""
    put(root, "a.jpg")
    close_folder(monkeypatch, root)
    with pytest.raises(BadFolder, match="cannot be read"):
        scan(root)


def test_a_root_behind_a_closed_folder_is_refused(root, monkeypatch):
    """A root that the system does not let us look at is refused in our words."""
    refused = PermissionError(13, "Permission denied", str(root))

    def closed(path):
        raise refused

    monkeypatch.setattr(os, "scandir", closed)
    with pytest.raises(BadFolder, match="Permission denied"):
        scan(root)


def test_a_root_that_goes_away_during_the_scan_is_named(root, monkeypatch):
    """A drive unplugged after the first look leaves an unreadable root, not an empty one."""
    put(root, "a.jpg")
    close_folder(monkeypatch, root, after=1)
    found = scan(root)
    assert found.files == ()
    assert found.unreadable_folders == ("",)


def test_a_deep_tree_does_not_end_the_scan(root):
    """Folders are followed as deep as the system can open them."""
    deep = root.joinpath(*["d"] * 600)
    put(deep, "a.jpg")
    assert paths(root) == ["d/" * 600 + "a.jpg"]
    shutil.rmtree(root)


@pytest.mark.skipif(not Path("/proc/self/mountinfo").exists(), reason="only Linux has these")
def test_a_link_to_what_the_system_makes_up_is_named_once_and_not_followed(root):
    """It is a view of processes or devices, a minute to walk through, and holds no picture."""
    put(root, "a.jpg")
    (root / "p").symlink_to("/proc")
    (root / "self").symlink_to("/proc/self")
    (root / "s").symlink_to("/sys")
    found = scan(root)
    assert [file.path for file in found.files] == ["a.jpg"]
    named = {skip.path: skip.detail for skip in found.special}
    assert set(named) == {"p", "self", "s"}
    assert "(proc)" in named["p"]
    assert not found.unreadable_folders
    assert set(found.folders) == {""}
