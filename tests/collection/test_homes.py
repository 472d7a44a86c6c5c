"""A root on another drive keeps its pictures, unless they came along."""

import os
import shutil
import subprocess
import sys

import pytest

from search_engine import Library, build_collection, plan_build
from search_engine.building.changes import changes_since_build, preview_build
from search_engine.collection.scanning.drives import Drives
from search_engine.records.builds import BuildOrder
from search_engine.records.findings import AwayPlace, AwayReason
from tests.conftest import counts, ids_by_path, paint

FIRST, SECOND = 1001, 1002
ALL_AWAY = (AwayPlace("", 12, AwayReason.OTHER_DRIVE),)


@pytest.fixture
def stick(monkeypatch):
    """Say which drive everything is on."""
    now = [FIRST]
    monkeypatch.setattr(Drives, "of", lambda _self, _number, _folder: now[0])
    return now


@pytest.fixture
def update(pictures, settings, load):
    """Build the collection of ``pictures``."""

    def run(order=None):
        name, plan = plan_build(pictures, settings, model_id="colours")
        return build_collection(name, plan, settings, load=load, order=order or BuildOrder())

    return run


@pytest.fixture
def swapped(pictures, stick, update, tmp_path):
    """Another stick, with other pictures, where the folder was."""
    update()
    shutil.move(pictures, tmp_path / "first stick")
    paint(pictures / "flat.png", "blue", salt=91)
    paint(pictures / "b/other.png", "red", salt=92)
    stick[0] = SECOND


def test_another_stick_at_the_root_forgets_nothing(swapped, pictures, update, settings):
    """All is kept and named, in the look for changes, the preview and builds, and comes back."""
    before = ids_by_path(settings)
    changes = changes_since_build("pictures", settings)
    seen = preview_build("pictures", plan_build(pictures, settings)[1], settings)
    assert (changes.new, changes.gone, changes.away) == (2, 0, ALL_AWAY)
    assert (seen.changes, seen.unchanged) == (changes, 0)
    for added in (2, 0):
        report = update()
        assert (report.added, report.removed, report.findings.away) == (added, 0, ALL_AWAY)
    after = ids_by_path(settings)
    assert {path: after[path] for path in before} == before


def test_sticks_that_take_turns_keep_each_their_pictures(
    swapped, pictures, stick, update, tmp_path, embedder
):
    """Back on the first stick, those of the second are away, and nothing is embedded again."""
    update()
    shutil.move(pictures, tmp_path / "second stick")
    shutil.move(tmp_path / "first stick", pictures)
    stick[0] = FIRST
    embedder.pictures_embedded = 0
    report = update()
    assert (report.unchanged, report.removed, embedder.pictures_embedded) == (12, 0, 0)
    assert {(place.path, place.pictures) for place in report.findings.away} == {("", 1), ("b", 1)}


def test_a_new_stick_is_home_once_the_old_is_forgotten(swapped, pictures, update, settings):
    """Told to forget, it does; from then on a deleted picture is a deleted one."""
    update()
    assert update(BuildOrder(forget=("",))).removed == 12
    update()
    paint(pictures / "b/more.png", "red", salt=93)
    update()
    (pictures / "b/more.png").unlink()
    assert counts(update()) == {"removed": 1, "unchanged": 2}
    assert len(ids_by_path(settings)) == 2


def test_pictures_that_came_along_to_another_drive_go_on(pictures, stick, update, settings):
    """A larger disk at the same path, or numbers that the system drew anew, is no loss."""
    update()
    stick[0] = SECOND
    (pictures / "red/0.png").unlink()
    assert changes_since_build("pictures", settings).gone == 1
    assert counts(update()) == {"removed": 1, "unchanged": 11}
    (pictures / "red/1.png").unlink()
    paint(pictures / "red/2.png", "red", salt=93)
    assert counts(update()) == {"removed": 1, "added": 1, "embedded": 1, "unchanged": 10}


def test_a_catalog_that_does_not_know_its_drive_learns_it(pictures, stick, update, settings):
    """Catalogs of before say nothing of it; the next update notes it without a word."""
    update()
    with Library(settings).open_catalog("pictures") as catalog:
        catalog.home = 0
    stick[0] = SECOND
    assert counts(update()) == {"unchanged": 12}
    with Library(settings).open_catalog("pictures") as catalog:
        assert catalog.home == SECOND


def test_the_command_names_the_whole_folder_by_a_dot(swapped, pictures, run, settings):
    """What is away from the whole folder can be named, as the refusal of another name says."""
    assert run("index", pictures, "--forget-place", "x")[2].endswith("There is: '.'.\n")


_MOUNTS = """
import subprocess, sys
from pathlib import Path
from tests.conftest import ColourEmbedder, paint
from search_engine import build_collection, plan_build
from search_engine.settings import Settings

place, settings = Path(sys.argv[1]), Settings(Path(sys.argv[2]))


def command(*words):
    subprocess.run(list(map(str, words)), check=True)


def told(root):
    name, wanted = plan_build(root, settings, model_id="colours")
    report = build_collection(name, wanted, settings, load=lambda *_: ColourEmbedder())
    print(report.added, report.removed, [(p.path, p.pictures) for p in report.findings.away])


stick = place / "stick"
stick.mkdir()
command("mount", "-t", "tmpfs", "none", stick)
paint(stick / "a.png", "red", salt=1)
told(stick)
command("umount", stick)
paint(stick / "stray.png", "red", salt=2)
told(stick)

root, shown = place / "root", place / "shown"
paint(root / "mount here/stray.png", "blue", salt=3)
paint(shown / "deep/b.png", "blue", salt=4)
command("mount", "--bind", shown, root / "mount here")
told(root)
command("umount", root / "mount here")
told(root)

home, other = place / "home", place / "other"
paint(home / "stray.png", "green", salt=5)
paint(other / "c.png", "green", salt=6)
command("mount", "--bind", other, home)
told(home)
command("umount", home)
told(home)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="mounts as Linux does")
def test_real_mounts_over_stray_pictures(tmp_path):
    """Drives, and folders of the same drive that are mounted, are unstable: nothing is removed."""
    apart = ["unshare", "--mount", "--map-root-user"]
    may = shutil.which("unshare") and subprocess.run(
        [*apart, "mount", "-t", "tmpfs", "none", str(tmp_path)], check=False, capture_output=True
    )
    if not may or may.returncode:
        pytest.skip("this user may not mount anything")
    place = tmp_path / "place"
    place.mkdir()
    run = subprocess.run(
        [*apart, sys.executable, "-c", _MOUNTS, str(place), str(tmp_path / "data")],
        capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": "."},
    )  # fmt: skip
    told = [line.removeprefix("1 0 ") for line in run.stdout.splitlines()]
    away = ["[('', 1)]", "[('mount here/deep', 1)]", "[('', 1)]"]
    assert told[::2] == ["[]"] * 3, run.stderr
    assert told[1::2] == away
