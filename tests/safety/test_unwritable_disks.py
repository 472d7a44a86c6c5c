"""A disk that cannot be written, full or read-only, is searched; what writes says why it cannot."""

import shutil
import subprocess
import sys

import pytest

from search_engine import Library, SearchEngine, Settings, build_collection, plan_build
from search_engine.collection.catalog import CATALOG_FILE
from search_engine.embedding import trust
from tests.conftest import ColourEmbedder, paint

_ON_A_FULL_DISK = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # nothing can be written any more
from search_engine import SearchEngine, Settings
from search_engine.cli import main
from tests.conftest import ColourEmbedder
with SearchEngine.open("pictures", load=lambda *_: ColourEmbedder()) as engine:
    for result in engine.search("red", k=2).results:
        sys.stdout.write(result.record.path + chr(10))
sys.stdout.write(f"list {main(['list'])}" + chr(10))
sys.stdout.flush()
"""


def test_a_full_disk_can_be_searched(build, settings):
    """Where nothing can be written, what is there is found and listed all the same."""
    build()
    done = subprocess.run(
        [sys.executable, "-c", _ON_A_FULL_DISK], capture_output=True, text=True, check=False,
        timeout=120,
    )  # fmt: skip
    assert done.stdout.splitlines()[:2] == ["red/0.png", "red/1.png"], done.stderr
    assert "list 0" in done.stdout


def test_what_needs_writing_says_so(build, pictures, settings):
    """A full disk is told as such, not as damage, and nobody is sent to remove anything."""
    build()
    name, wanted = plan_build(pictures, settings)
    paint(pictures / "red/9.png", "red", salt=99)
    script = _ON_A_FULL_DISK.partition("from search_engine import")[0] + (
        "from search_engine import *\nfrom tests.conftest import ColourEmbedder\n"
        "from pathlib import Path\n"
        "settings = Settings.from_environment()\n"
        "name, wanted = plan_build(Path(sys.argv[1]), settings)\n"
        "build_collection(name, wanted, settings, load=lambda *_: ColourEmbedder())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(pictures)], capture_output=True, text=True, check=False,
        timeout=120,
    )  # fmt: skip
    assert "errors.CollectionError" in done.stderr.strip().splitlines()[-1], done.stderr
    assert "emove the collection" not in done.stderr
    assert build_collection(name, wanted, settings, load=lambda *_: ColourEmbedder()).added == 1


@pytest.fixture
def frozen(tmp_path):
    """A file system that can be made read-only, where this user may make one."""
    place = tmp_path / "mounted"
    place.mkdir()

    def mount(*options):
        return subprocess.run(
            ["mount", *options, str(place)], capture_output=True, check=False
        ).returncode  # fmt: skip

    if not shutil.which("mount") or mount("-t", "tmpfs", "-o", "size=64m", "tmpfs"):
        pytest.skip("this user may not mount a file system")
    yield place, lambda: mount("-o", "remount,ro")
    subprocess.run(["umount", str(place)], check=True)


@pytest.mark.parametrize("log", ["none", "left by a killed process"])
def test_a_read_only_disk_can_be_searched(build, settings, load, frozen, log):
    """A collection on a medium that cannot be written answers, also with a log to be merged in."""
    build()
    place, freeze = frozen
    shutil.copytree(settings.data_folder, place / "data")
    there = Settings(place / "data")
    if log != "none":
        file = Library(there).folder("pictures") / CATALOG_FILE
        script = (
            "import sqlite3, os, sys\n"
            "c = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
            "c.execute('UPDATE pictures SET camera = 1')\nos._exit(0)\n"
        )
        subprocess.run([sys.executable, "-c", script, str(file)], check=True)
        file.with_name(f"{CATALOG_FILE}-shm").unlink()
        assert file.with_name(f"{CATALOG_FILE}-wal").stat().st_size
    assert freeze() == 0
    trust("colours", there)  # the data folder lies elsewhere now
    with SearchEngine.open("pictures", there, load=load) as engine:
        found = engine.search("red", k=2).results
        assert [result.record.path for result in found] == ["red/0.png", "red/1.png"]
        if log != "none":
            assert {result.record.camera for result in found} == {"1"}
