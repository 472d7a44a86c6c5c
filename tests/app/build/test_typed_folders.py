"""Whatever is given as a folder gets an answer, in the app and on the command line alike."""

import errno
import os
import socket
from pathlib import Path

import pytest

from search_engine import plan_build
from search_engine.cli import main
from search_engine.collection.folders import Wrong, folders_in, spelled, typed_folder
from search_engine.errors import BadFolder
from search_engine.settings import DATA_VARIABLE
from tests.app.shown import words
from tests.conftest import paint

HOST = socket.gethostname()
GOOD, LIKELY, SUB = "My Pictures", "{root}/My Pictures", "{root}/My Pictures/at sea"

MEANT = {
    "as it is": LIKELY,
    "slash at the end": LIKELY + "//",
    "dot at the end of the way": LIKELY + "/.",
    "up and down again": LIKELY + "/../" + GOOD,
    "blanks around": "  " + LIKELY + "\t ",
    "line break at the end": LIKELY + "\r\n",
    "double quotes": '"' + LIKELY + '"',
    "single quotes": "'" + LIKELY + "'",
    "curly quotes": "“" + LIKELY + "”",
    "low quotes": "„" + LIKELY + "“",
    "angle quotes": "«" + LIKELY + "»",
    "back quotes": "`" + LIKELY + "`",
    "one quote": '"' + LIKELY,
    "quotes twice, with blanks": "\" '" + LIKELY + "' \"",
    "Windows properties": "\u202a" + LIKELY,
    "byte order mark": "\ufeff" + LIKELY,
    "shell": "{root}/My\\ Pictures",
    "file address": "file://{root}/My%20Pictures",
    "file address in quotes": '"file://{root}/My%20Pictures/"',
    "file address, capitals": "FILE://{root}/%4Dy%20Pictures",
    "file address of localhost": "file://localhost{root}/My%20Pictures",
    "file address of this computer": "file://" + HOST + "{root}/My%20Pictures",
    "file address, one slash": "file:{root}/My%20Pictures",
    "file address, nothing escaped": "file://" + LIKELY,
    "file address, bytes": "file://{root}/caf%E9",
    "home": "~/My Pictures",
    "home as a variable": "$HOME/My Pictures",
    "home in braces": "${{HOME}}/My Pictures",
    "home of Windows": "%USERPROFILE%\\My Pictures",
    "home of PowerShell": "$env:USERPROFILE\\My Pictures",
    "decomposed": "{root}/Cafe\u0301",
    "link": "{root}/link",
    "folder named like a picture": "{root}/folder.jpg",
    "folder with quotes in its name": '{root}/"quoted"',
    "folder with a line break in its name": "{root}/two\nlines",
    "folder with blanks around its name": "{root}/ blank ",
}
NOT_MEANT = {
    "nothing": ("", Wrong.EMPTY, None),
    "blanks": (" \t\n", Wrong.EMPTY, None),
    "quotes alone": ('""', Wrong.EMPTY, None),
    "character zero": ("{root}/a\0b", Wrong.IMPOSSIBLE, None),
    "escaped zero": ("file://{root}/%00", Wrong.IMPOSSIBLE, None),
    "half of a character": ("{root}/\ud83d", Wrong.IMPOSSIBLE, None),
    "half of a home": ("~\ud83d/x", Wrong.IMPOSSIBLE, None),
    "300 letters": ("{root}/" + "x" * 300, Wrong.TOO_LONG, None),
    "300 letters of nobody": ("~" + "x" * 300 + "/y", Wrong.NOBODY, None),
    "a long way": ("/x" * 4_000, Wrong.TOO_LONG, None),
    "a whole book": ("x/" * 50_000, Wrong.TOO_LONG, None),
    "nobody": ("~nobody-there/Pictures", Wrong.NOBODY, None),
    "another variable": ("$PICS_OF_MINE/x", Wrong.VARIABLE, None),
    "another variable of Windows": ("%PICS%/x", Wrong.VARIABLE, None),
    "missing": ("{root}/nowhere/at/all", Wrong.MISSING, None),
    "other capitals": ("{root}/my pictures/At Sea", Wrong.MISSING, SUB),
    "a slip": ("{root}/My Picures", Wrong.MISSING, LIKELY),
    "full stop": (LIKELY + ".", Wrong.MISSING, LIKELY),
    "pattern": (LIKELY + "/*.jpg", Wrong.MISSING, LIKELY),
    "picture": (LIKELY + "/one.png", Wrong.FILE, LIKELY),
    "picture in quotes": ('"' + LIKELY + '/one.png"', Wrong.FILE, LIKELY),
    "picture as an address": ("file://{root}/My%20Pictures/one.png", Wrong.FILE, LIKELY),
    "in a picture": (LIKELY + "/one.png/x", Wrong.INSIDE_FILE, LIKELY),
    "archive": ("{root}/all.zip", Wrong.ARCHIVE, None),
    "device": ("/dev/null", Wrong.DEVICE, None),
    "pipe": ("{root}/pipe", Wrong.DEVICE, None),
    "broken link": ("{root}/broken", Wrong.BROKEN_LINK, None),
    "below a broken link": ("{root}/broken/x", Wrong.BROKEN_LINK, None),
    "circle": ("{root}/circle", Wrong.CIRCLE, None),
    "below a circle": ("{root}/circle/x", Wrong.CIRCLE, None),
    "no way": ("{root}/closed/x/y", Wrong.NO_WAY, None),
    "not readable": ("{root}/closed", Wrong.UNREADABLE, None),
    "dead share": ("{root}/dead share", Wrong.UNREACHABLE, None),
    "two lines": (LIKELY + "\n/tmp", Wrong.SEVERAL, LIKELY),
    "broken line": ("{root}/My\nPictures", Wrong.SEVERAL, LIKELY),
    "two in quotes": ('"' + LIKELY + '" "/tmp"', Wrong.SEVERAL, LIKELY),
    "drive": ("C:\\Users\\me\\nothing", Wrong.FOREIGN, None),
    "drive with slashes": ("D:/Fotos/x", Wrong.FOREIGN, None),
    "drive, of somebody's home": ("C:\\Users\\me\\My Pictures", Wrong.FOREIGN, LIKELY),
    "drive as an address": ("file:///C:/Fotos", Wrong.FOREIGN, None),
    "share": ("\\\\nas\\photos", Wrong.FOREIGN, None),
    "web": ("https://example.org/photos", Wrong.ADDRESS, None),
    "share as an address": ("smb://nas/photos", Wrong.ADDRESS, None),
    "file of another computer": ("file://nas/photos", Wrong.ADDRESS, None),
    "camera": ("mtp://[usb:001,004]/", Wrong.ADDRESS, None),
    "shell of another computer": ("me@nas:/photos", Wrong.ADDRESS, None),
    "picture in words": ("data:image/png;base64,AAAA", Wrong.ADDRESS, None),
}


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A home with everything in it that is like a folder, or unlike."""
    root = tmp_path / "home"
    paint(root / GOOD / "one.png", "red")
    (root / GOOD / "at sea").mkdir()
    odd_names = ('"quoted"', "two\nlines", " blank ", "folder.jpg", "Caf\u00e9", "dead share")
    for name in (*odd_names, os.fsdecode(b"caf\xe9"), "closed/x/y"):
        (root / name).mkdir(parents=True)
    (root / "all.zip").write_bytes(b"PK")
    os.mkfifo(root / "pipe")
    for link, target in (("link", GOOD), ("broken", "/gone/x"), ("circle", "circle")):
        (root / link).symlink_to(target)
    monkeypatch.setenv("HOME", str(root))
    _close(root, monkeypatch)
    return root


def _close(root, monkeypatch):
    """Refuse as the system does; root, who runs tests in a container, is refused nothing."""
    stat, scandir = os.stat, os.scandir

    def refuse(path, *, below_only):
        text = os.fsdecode(path) if isinstance(path, (str, bytes, os.PathLike)) else ""
        closed = f"{root}/closed"
        if text.startswith(f"{closed}/") or (text == closed and not below_only):
            raise PermissionError(errno.EACCES, "Permission denied", text)
        if text == f"{root}/dead share":
            raise OSError(errno.ENOTCONN, "Transport endpoint is not connected", text)

    def refusing_stat(path, *rest, **named):
        refuse(path, below_only=True)
        return stat(path, *rest, **named)

    def refusing_scandir(path="."):
        refuse(path, below_only=False)
        return scandir(path)

    monkeypatch.setattr(os, "stat", refusing_stat)
    monkeypatch.setattr(os, "scandir", refusing_scandir)


@pytest.fixture
def planned(settings, monkeypatch):
    """Return the folder that a command line would build from; nothing is built."""
    monkeypatch.setenv(DATA_VARIABLE, str(settings.data_folder))
    monkeypatch.chdir(settings.data_folder.parent)
    roots = []

    def build(_name, wanted, *_rest, **_named):
        roots.append(wanted.root)
        stopped = "nothing is built here"
        raise BadFolder(stopped)

    monkeypatch.setattr("search_engine.cli.build_run.build_collection", build)
    return roots


@pytest.mark.parametrize("case", MEANT)
def test_a_folder_is_meant_however_it_is_written(case, root, planned):
    """Quotes, addresses, home folders and blanks are ways to write a path, not errors."""
    text = MEANT[case].format(root=root)
    found = typed_folder(text)
    assert isinstance(found, Path), found
    assert found.is_dir()
    main(["index", text])
    assert planned == [found.resolve()]


@pytest.mark.parametrize("case", NOT_MEANT)
def test_what_is_no_folder_is_told_on_the_command_line(case, root, planned, capsys):
    """The cause is told with the folder that is likely meant; nothing raises."""
    text, wrong, likely = NOT_MEANT[case]
    text, likely = text.format(root=root), likely and Path(likely.format(root=root))
    found = typed_folder(text, beside=Path())
    assert (found.wrong, found.likely) == (wrong, likely)
    assert main(["index", text]) == 3
    told = capsys.readouterr().err
    assert found.cause in told
    assert str(likely) in told if likely else "meant?" not in told
    assert planned == []


@pytest.mark.one_in(4)
@pytest.mark.parametrize("case", NOT_MEANT | MEANT)
def test_whatever_is_typed_in_the_app_has_an_answer(case, root, page, no_sample):
    """A folder is looked at, a likely one is offered, and only what leads nowhere is an error."""
    text, wrong, likely = NOT_MEANT.get(case) or (MEANT[case], None, None)
    text = text.format(root=root)
    if "\ud83d" in text:
        pytest.skip("no browser can send half of a character")
    app = page("1_Build_index.py")
    app.text_input(key="folder").set_value(text).run()
    assert not app.exception
    offers = [one.label.replace("\\", "") for one in app.button if one.label.startswith("Use ")]
    if wrong is None:
        assert app.metric or "no picture in this folder" in words(app)
        assert not app.error
    elif wrong is Wrong.EMPTY:
        assert not app.error
    elif likely:
        assert not app.error
        assert any(likely.format(root=root) in offer for offer in offers) or case == "full stop"
    else:
        assert typed_folder(text).cause in words(app)
        assert len(app.error) == 1


def test_a_relative_path_begins_where_the_command_was_typed(root, planned, monkeypatch):
    """On the command line a person is in a folder, in a browser in none."""
    monkeypatch.chdir(root)
    main(["index", GOOD])
    main(["index", "."])
    assert planned == [root / GOOD, root]
    found = typed_folder(GOOD)
    assert (found.wrong, found.likely) == (Wrong.RELATIVE, root / GOOD)


def test_a_folder_that_is_called_like_an_address_is_that_folder(root, planned, monkeypatch):
    """What exists as it is typed wins over every other way to read it."""
    monkeypatch.chdir(root)
    for name in ("~nobody-there", "$PICS", "C:\\Fotos", "data:", "%PICS%"):
        (root / name).mkdir()
        main(["index", name])
        assert planned.pop() == root / name
        assert typed_folder(str(root / name)) == root / name


def test_a_folder_that_we_are_in_and_that_is_gone_is_told(tmp_path, planned, monkeypatch, capsys):
    """A relative path from nowhere leads nowhere."""
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert main(["index", "x"]) == 3
    assert "should not have happened" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "cause"),
    [("/home/me/Pictures", "a path of Linux"), ("https://example.org", "an address")],
)
def test_paths_of_elsewhere_are_told_on_windows(text, cause):
    """A path from the other world is called that, in both directions."""
    assert cause in typed_folder(text, windows=True).cause


def test_a_path_that_cannot_be_shown_is_spelled_so_that_it_can_be_read_back(root):
    """Every folder that can be clicked can stand in the field, and means the same there."""
    for name in (os.fsdecode(b"caf\xe9"), "two\nlines", " blank ", GOOD, '"quoted"'):
        text = spelled(root / name)
        assert text.isprintable()
        assert typed_folder(text) == root / name


def test_a_plan_takes_paths_as_before(root, settings):
    """A program gives a path; an empty one is the folder it is in, as everywhere in Python."""
    assert plan_build(root / GOOD, settings)[1].root == root / GOOD
    with pytest.raises(BadFolder, match="archive"):
        plan_build(root / "all.zip", settings)


def test_folders_are_listed_without_files_and_hidden_ones(root, monkeypatch):
    """A listing has the folders by name, says which may not be read, and counts pictures."""
    (root / ".secret").mkdir()
    for number in (2, 10):
        (root / f"album {number}").mkdir()
    monkeypatch.setattr(os, "access", lambda path, *_: Path(path).name != "closed")
    listing = folders_in(root)
    names = [one.path.name for one in listing.folders]
    assert {"closed", GOOD, "folder.jpg", "link"} <= set(names)
    assert not {".secret", "all.zip", "broken", "circle", "pipe"} & set(names)
    assert names.index("album 2") < names.index("album 10") < names.index(GOOD)
    by_name = {one.path.name: one for one in listing.folders}
    assert by_name[GOOD].pictures == 1
    assert (by_name["closed"].readable, by_name["closed"].pictures) == (False, None)
    assert listing.pictures == 0
