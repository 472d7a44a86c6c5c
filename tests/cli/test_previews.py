"""Pictures on a terminal: a pseudo-terminal that says what it can, and gets what it can show."""

import base64
import fcntl
import io
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time

import pytest
from PIL import Image, ImageChops, ImageStat

from search_engine import SearchEngine
from search_engine.settings import PROJECT_FOLDER

WAIT = 120
LIKE = 1
"""A picture: to look for what is like it takes no model."""
SIXEL, KITTY, NEITHER = "sixel", "kitty", "neither"


def on_terminal(kind, *arguments, name="xterm-256color", size=(40, 100, 1_000, 800)):
    """Run a search on a terminal of a kind; return what it was sent."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", *size))
    line = [sys.executable, "-m", "search_engine", "search", "--like", str(LIKE), "--preview"]
    line += map(str, arguments)
    environment = os.environ | {"TERM": name, "COLORTERM": "truecolor"}
    process = subprocess.Popen(
        line, cwd=PROJECT_FOLDER, env=environment, stdin=theirs, stdout=theirs, stderr=theirs,
        close_fds=True, start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    sent, replied, end = b"", set(), time.monotonic() + WAIT
    while time.monotonic() < end:
        if select.select([ours], [], [], 0.05)[0]:
            try:
                piece = os.read(ours, 65_536)
            except OSError:  # the other side has ended
                break
            sent += piece
            for reply in replies(kind, sent):
                if reply not in replied:
                    replied.add(reply)
                    os.write(ours, reply)
        elif process.poll() is not None:
            break
    process.wait(WAIT)
    os.close(ours)
    assert process.returncode == 0, sent.decode(errors="replace")
    return sent.decode(errors="replace")


def replies(kind, sent):
    """Return what such a terminal replies to what it is asked."""
    if b"\x1b[c" in sent:
        yield b"\x1b[?62;4c" if kind == SIXEL else b"\x1b[?62c"
    if b"\x1b[16t" in sent:
        yield b"\x1b[6;20;10t"
    found = re.search(rb"\x1b_G[^;]*?i=(\d+)[^;]*;[^\x1b]*\x1b\\", sent)
    if kind == KITTY and found and b"a=q" in found[0]:
        yield b"\x1b_Gi=" + found[1] + b";OK\x1b\\"


@pytest.fixture
def best(indexed, settings):
    """The picture that is searched for, and so found first, and its thumbnail."""
    with SearchEngine.open("things", settings) as engine:
        record = engine.records([LIKE])[LIKE]
        return Image.open(engine.thumbnail_path(record)).convert("RGB"), record


def test_a_terminal_with_kittys_protocol_gets_the_picture_itself(best):
    """What it is sent decodes to the thumbnail of the best result, below its name."""
    thumbnail, record = best
    sent = on_terminal(KITTY, "-k", 1)
    chunks = re.findall(r"\x1b_Gi=\d+,m=\d,f=100,q=2;([A-Za-z0-9+/=]+)\x1b\\", sent)
    image = Image.open(io.BytesIO(base64.b64decode("".join(chunks)))).convert("RGB")
    small = thumbnail.resize(image.size)
    assert sum(ImageStat.Stat(ImageChops.difference(small, image)).mean) / 3 < 6
    assert f"#{record.picture_id}  {record.path}" in sent


def test_a_terminal_with_sixels_gets_sixels(best):
    """One picture for each result."""
    assert on_terminal(SIXEL, "-k", 2).count("\x1bP") == 2


def test_a_terminal_without_either_gets_blocks_and_a_word(best):
    """It is said that they are coarse; a dumb one gets none, and that is said as well."""
    sent = on_terminal(NEITHER, "-k", 1)
    assert "this terminal shows no pictures; they are drawn coarsely" in sent
    assert sent.count("▀") + sent.count("▄") > 20
    dumb = on_terminal(NEITHER, "-k", 1, name="dumb")
    assert "pictures are shown on a terminal only" in dumb
    assert "▀" not in dumb
    assert "cannot be drawn on" in on_terminal(SIXEL, "-k", 1, size=(0, 0, 0, 0))


def test_without_the_package_it_is_said_what_to_install(run, indexed, monkeypatch):
    """On a terminal that could; off one nothing is needed."""
    monkeypatch.setitem(sys.modules, "textual_image.renderable", None)
    assert run("search", "a fish", "--preview")[0] == 0
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    code, _, err = run("search", "a fish", "--preview")
    assert code == 3
    assert "pip install -r search_engine/cli/requirements.txt" in err
