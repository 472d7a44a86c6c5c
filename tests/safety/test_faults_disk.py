"""A disk that is full, or becomes so: it is named, nothing is lost, and builds go on later."""

import io
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager, suppress

import pytest
from PIL import Image

from search_engine.errors import CollectionMissing, IndexMissing
from tests.safety.history import World
from tests.safety.invariant import mended_by_index, right_or_told

_LIMITED = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from tests.safety import child_build
sys.stdin.readline()
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
child_build.main(*sys.argv[2:])
"""

TOLD = (CollectionMissing, IndexMissing)


def noisy(world, count):
    """Add pictures whose thumbnails take some kB each."""
    for number in range(count):
        noise = Image.frombytes("RGB", (64, 64), world.chance.randbytes(64 * 64 * 3))
        world.write(f"a/{number:04}.png", content_of(noise))


def content_of(image):
    target = io.BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


def refused(done):
    """Make sure that a build ended by an error of ours about the disk, and not by a crash."""
    last = done.stderr.strip().splitlines()[-1]
    assert done.returncode == 1, done.stderr
    assert re.match(r"search_engine\.errors\.\w*Error: ", last), done.stderr
    assert "emove the collection" not in last
    assert re.search(r"full|too large|room", last), last


@pytest.mark.parametrize(
    "limit",
    [700_000, *(pytest.param(size, marks=pytest.mark.long) for size in (0, 150_000, 1_500_000))],
)
def test_files_that_may_not_grow(tmp_path, limit):
    """Where no file may become larger than a limit, a build stops by name and goes on later."""
    world = World(tmp_path, seed=41)
    noisy(world, 300)
    command = [
        sys.executable,
        "-c",
        _LIMITED,
        str(limit),
        str(world.place),
        "colours",
        "update",
        "0",
    ]
    done = subprocess.run(
        command, input="\n\n", capture_output=True, text=True, timeout=120, check=False
    )
    refused(done)
    right_or_told(world, TOLD)
    print(f"{limit}: {len(world.committed())} kept")  # noqa: T201
    mended_by_index(world, world.committed())


@contextmanager
def small_disk(place, kilobytes):
    """Mount a file system of a size of its own, where the system lets us."""
    place.mkdir(parents=True)
    mount = shutil.which("mount")
    options = ["-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(place)]
    if (
        mount is None
        or subprocess.run([mount, *options], capture_output=True, check=False).returncode
    ):
        pytest.skip("nothing can be mounted here")
    try:
        yield
    finally:
        subprocess.run([shutil.which("umount") or "umount", "-l", str(place)], check=False)


@pytest.mark.parametrize(
    "kilobytes",
    [2_500, *(pytest.param(size, marks=pytest.mark.long) for size in (300, 1_500, 2_000, 3_500))],
)
def test_a_disk_that_becomes_full(tmp_path, kilobytes):
    """It is named; what was stored stays, is searched if there is an index, and is gone on from."""
    world = World(tmp_path, seed=42)
    noisy(world, 600)
    with small_disk(world.settings.data_folder, kilobytes):
        child = world.child()
        out, err = child.communicate("\n", timeout=120)
        refused(subprocess.CompletedProcess([], child.returncode, out, err))
        right_or_told(world, TOLD)
        left = world.committed()
        subprocess.run(
            ["mount", "-o", "remount,size=64m", str(world.settings.data_folder)],
            check=True,
        )
        print(f"{kilobytes} kB: {len(left)} kept")  # noqa: T201
        stored = max((int(line) for line in out.split()), default=0)
        assert len(left) >= stored
        mended_by_index(world, left)


def test_an_update_on_a_full_disk(tmp_path):
    """The collection before it is searched as it was; with room again, the update goes on."""
    world = World(tmp_path, seed=43)
    noisy(world, 100)
    with small_disk(world.settings.data_folder, 12_000):
        world.build()
        filling = world.settings.data_folder / "filling"
        with suppress(OSError), filling.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4_096))
        before = world.committed()
        world.change()
        child = world.child()
        out, err = child.communicate("\n", timeout=120)
        refused(subprocess.CompletedProcess([], child.returncode, out, err))
        assert right_or_told(world) == ""
        assert len(set(world.committed().items()) & set(before.items())) >= len(before) // 2
        filling.unlink()
        mended_by_index(world, world.committed())
