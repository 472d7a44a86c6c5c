"""Pictures on a terminal: a pseudo-terminal of each kind gets what it can show."""

import base64
import fcntl
import io
import os
import pty
import re
import struct
import subprocess
import sys
import termios

import pytest
from PIL import Image, ImageChops, ImageStat

from search_engine import SearchEngine
from search_engine.cli.previews import PictureProtocol, protocol_of
from search_engine.settings import PROJECT_FOLDER

WAIT = 120
LIKE = 1
"""A picture: to look for what is like it takes no model."""
SIZE = (40, 100, 1_000, 800)
OF_TERMINALS = (
    "TERM",
    "TERM_PROGRAM",
    "KITTY_WINDOW_ID",
    "NO_COLOR",
    "FORCE_COLOR",
    "COLUMNS",
    "LINES",
)


@pytest.fixture
def on_terminal(indexed, settings):
    """A function: what a terminal with these names is sent by a search."""

    def sent(*arguments, size=SIZE, **names):
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", *size))
        line = [sys.executable, "-m", "search_engine", "search", "--like", str(LIKE), "--preview"]
        others = {k: v for k, v in os.environ.items() if k not in OF_TERMINALS}
        usual = {"COLORTERM": "truecolor", "IMAGE_SEARCH_DATA": str(settings.data_folder)}
        process = subprocess.Popen(
            [*line, *map(str, arguments)], cwd=PROJECT_FOLDER, env=others | usual | names,
            stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True, start_new_session=True,
        )  # fmt: skip
        os.close(theirs)
        pieces = []
        while piece := read(ours):
            pieces.append(piece)
        process.wait(WAIT)
        os.close(ours)
        text = b"".join(pieces).decode()
        assert process.returncode == 0, text
        return text

    return sent


def read(terminal):
    try:
        return os.read(terminal, 65_536)
    except OSError:  # the other side has ended
        return b""


@pytest.fixture
def best(indexed, settings):
    """The picture that is searched for, and so found first: its thumbnail and its record."""
    with SearchEngine.open("things", settings) as engine:
        record = engine.records([LIKE])[LIKE]
        return Image.open(engine.thumbnail_path(record)).convert("RGB"), record


def decoded(encoded):
    """The picture of a file in base64, which must be a PNG."""
    content = io.BytesIO(base64.b64decode(encoded, validate=True))
    return Image.open(content, formats=("PNG",)).convert("RGB")


def difference(one, other):
    """By how much two pictures of one size differ, of 255."""
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3


def test_kitty_gets_the_picture_itself(on_terminal, best):
    """Its chunks decode to the thumbnail of the best result, below its name."""
    thumbnail, record = best
    sent = on_terminal("-k", 1, TERM="xterm-kitty")
    parts = re.findall(r"\x1b_G([^;]*);([A-Za-z0-9+/=]*)\x1b\\", sent)
    assert len(parts) > 1
    assert difference(decoded("".join(chunk for _, chunk in parts)), thumbnail) == 0
    assert all(len(chunk) == 4_096 for _, chunk in parts[:-1])
    (first, *later), more = parts[0][0].split(","), [keys[-3:] for keys, _ in parts]
    assert (first, later[:2]) == ("a=T", ["f=100", "r=14"])
    assert more == ["m=1"] * (len(parts) - 1) + ["m=0"]
    assert f"#{record.picture_id}  {record.path}" in sent
    assert "drawn coarsely" not in sent


def test_iterm_gets_the_picture_itself(on_terminal, best):
    """One file for each result, with its size."""
    sent = on_terminal("-k", 2, TERM="xterm-256color", TERM_PROGRAM="iTerm.app")
    files = re.findall(r"\x1b\]1337;File=inline=1;size=(\d+);height=14:([^\x07]*)\x07", sent)
    assert len(files) == 2
    assert difference(decoded(files[0][1]), best[0]) == 0
    assert [int(size) for size, _ in files] == [len(base64.b64decode(file)) for _, file in files]


def test_every_other_terminal_gets_blocks_and_a_word(on_terminal, best):
    """Each block has the colours of two pixels; it is said that they are coarse."""
    sent = on_terminal("-k", 1, TERM="xterm-256color")
    assert "this terminal shows no pictures; they are drawn coarsely" in sent
    colours = r"\x1b\[38;2;(\d+);(\d+);(\d+);48;2;(\d+);(\d+);(\d+)m(▀+)"
    rows = [re.findall(colours, line) for line in sent.splitlines() if "▀" in line]
    drawn = [half for row in rows for half in (pixels(row, 0), pixels(row, 3))]
    height, width = len(drawn), len(drawn[0])
    assert (height, {len(row) for row in drawn}) == (28, {width})
    image = Image.new("RGB", (width, height))
    image.putdata([pixel for row in drawn for pixel in row])
    assert difference(image, best[0].resize(image.size)) < 1


def pixels(row, first):
    """The upper or lower colours of a line of blocks."""
    return [tuple(map(int, run[first : first + 3])) for run in row for _ in run[6]]


def test_what_cannot_be_drawn_on_gets_no_escapes_but_a_word(on_terminal):
    """A dumb terminal, and one without colours."""
    for names, why in (
        ({"TERM": "dumb"}, "pictures are shown on a terminal only"),
        ({"TERM": "xterm", "NO_COLOR": "1"}, "neither pictures nor blocks of colour"),
    ):
        sent = on_terminal("-k", 1, **names)
        assert why in sent
        assert not set("\x1b▀") & set(sent)


def test_a_narrow_terminal_gets_a_narrow_picture(on_terminal):
    """No line is longer than it has columns, or it would break."""
    sent = on_terminal("-k", 1, TERM="xterm", size=(40, 9, 0, 0))
    lines = [line.count("▀") for line in sent.splitlines() if "▀" in line]
    assert lines
    assert max(lines) <= 9


@pytest.mark.parametrize(
    ("names", "protocol"),
    [
        ({}, PictureProtocol.BLOCKS),
        ({"TERM": "xterm", "TERM_PROGRAM": "Apple_Terminal"}, PictureProtocol.BLOCKS),
        ({"TERM": "xterm-kitty"}, PictureProtocol.KITTY),
        ({"TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"}, PictureProtocol.KITTY),
        ({"TERM": "xterm-ghostty", "TERM_PROGRAM": "ghostty"}, PictureProtocol.KITTY),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, PictureProtocol.ITERM),
        ({"TERM": "tmux-256color", "KITTY_WINDOW_ID": "1"}, PictureProtocol.BLOCKS),
        ({"TERM": "screen", "TERM_PROGRAM": "iTerm.app"}, PictureProtocol.BLOCKS),
    ],
)
def test_a_terminal_is_known_by_its_names(names, protocol):
    """Within tmux and screen those of the terminal around them do not count."""
    assert protocol_of(names) is protocol
