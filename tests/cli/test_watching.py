"""``index --watch`` as a process: a line for each update, and a clean end."""

import json
import os
import signal
import subprocess
import sys

import pytest

from tests.conftest import ids_by_path, paint


@pytest.fixture
def watching(settings, tmp_path):
    """Watch a folder of one picture; what still runs at the end is ended."""
    paint(tmp_path / "pictures/red/1.png", "red")
    process = subprocess.Popen(
        [sys.executable, "-m", "search_engine", "index", str(tmp_path / "pictures"),
         "--model", "mini", "--watch", "--json"],
        env=os.environ | {"IMAGE_SEARCH_DATA": str(settings.data_folder)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    yield process
    process.kill()
    process.communicate()


def test_each_update_is_a_line_and_the_end_is_clean(watching, settings, tmp_path):
    """A new picture, then one less, are taken in by themselves; a drive away costs nothing."""
    assert json.loads(watching.stdout.readline())["added"] == 1
    paint(tmp_path / "pictures/blue/1.png", "blue")
    assert json.loads(watching.stdout.readline())["added"] == 1
    (tmp_path / "pictures").rename(tmp_path / "away")
    assert any("out of reach" in line for line in watching.stderr)
    (tmp_path / "away").rename(tmp_path / "pictures")
    assert any("is there again" in line for line in watching.stderr)
    (tmp_path / "pictures/red/1.png").unlink()
    (tmp_path / "pictures/red").rmdir()
    assert json.loads(watching.stdout.readline())["removed"] == 1
    watching.send_signal(signal.SIGINT)
    rest, told = watching.communicate(timeout=60)
    assert (watching.returncode, rest) == (0, "")
    assert told.endswith("No longer watching.\n")
    assert list(ids_by_path(settings)) == ["blue/1.png"]
