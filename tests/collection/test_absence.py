"""A part of the folder that is out of reach loses nothing, whatever took it away."""

import os
import shutil
import subprocess
import sys

import pytest

from search_engine import Library, SearchEngine, build_collection, plan_build
from search_engine.building.changes import changes_since_build, preview_build
from search_engine.collection.scanning import walking
from search_engine.records.builds import BuildOrder
from search_engine.records.findings import AwayPlace, AwayReason
from tests.conftest import ColourEmbedder, ids_by_path, paint

ROOTS, FIRST, SECOND = 1, 7, 8
ALL = BuildOrder(forget=("",))


@pytest.fixture
def drives(monkeypatch):
    """Say which drive each folder is on, by the beginning of its path below the root."""
    on = {}

    def device(_scanner, _number, folder):
        return next((drive for place, drive in on.items() if f"/{place}" in folder), ROOTS)

    monkeypatch.setattr(walking._Scanner, "_device", device)
    return on


def empty(folder):
    for file in folder.iterdir():
        file.unlink()


def link_outside(pictures, tmp_path):
    outside = tmp_path / "outside"
    for number in range(2):
        paint(outside / f"{number}.png", "red", salt=40 + number)
    (pictures / "drive").symlink_to(outside)
    return outside


def lose_folder(pictures, tmp_path, drives):
    empty(pictures / "red")
    return "red", AwayReason.EMPTY


def lose_deep_folder(pictures, tmp_path, drives):
    """Folders deleted from one that stays, empty: it may be where a drive was."""
    shutil.rmtree(pictures / "years/2019")
    return "years", AwayReason.EMPTY


def lose_folder_to_a_file(pictures, tmp_path, drives):
    shutil.rmtree(pictures / "red")
    (pictures / "red").write_text("Put the stick in.")
    return "red", AwayReason.NOW_A_FILE


def lose_link(pictures, tmp_path, drives):
    shutil.rmtree(tmp_path / "outside")
    return "drive", AwayReason.DEAD_LINK


def lose_target_of_link(pictures, tmp_path, drives):
    empty(tmp_path / "outside")
    return "drive", AwayReason.EMPTY


def lose_mount(pictures, tmp_path, drives):
    drives.clear()
    empty(pictures / "usb")
    return "usb", AwayReason.OTHER_DRIVE


def lose_mount_with_its_folder(pictures, tmp_path, drives):
    drives.clear()
    shutil.rmtree(pictures / "usb")
    return "usb", AwayReason.OTHER_DRIVE


def change_mount(pictures, tmp_path, drives):
    drives["usb"] = SECOND
    empty(pictures / "usb")
    paint(pictures / "usb/other.png", "blue", salt=90)
    return "usb", AwayReason.OTHER_DRIVE


def cover_with_mount(pictures, tmp_path, drives):
    """A drive that is mounted over a folder hides what is in it."""
    drives["red"] = SECOND
    empty(pictures / "red")
    paint(pictures / "red/other.png", "blue", salt=91)
    return "red", AwayReason.OTHER_DRIVE


LOSSES = [
    lose_folder, lose_deep_folder, lose_folder_to_a_file, lose_link, lose_target_of_link,
    lose_mount, lose_mount_with_its_folder, change_mount, cover_with_mount,
]  # fmt: skip


@pytest.fixture
def many(pictures, tmp_path, drives):
    """Pictures in a deep folder, behind a link, and on another drive, beside the others."""
    drives["usb"] = FIRST
    link_outside(pictures, tmp_path)
    for number in range(2):
        paint(pictures / f"years/2019/{number}.png", "green", salt=50 + number)
        paint(pictures / f"usb/{number}.png", "yellow", salt=60 + number)
    return pictures


@pytest.fixture(params=LOSSES, ids=lambda lose: lose.__name__)
def lose(request, many, tmp_path, drives):
    """Take one part of the pictures out of reach; give its name and the reason."""
    return lambda: request.param(many, tmp_path, drives)


def test_what_is_out_of_reach_is_kept_and_named(many, build, settings, load, embedder, lose):
    """Ids, vectors and answers stay; the report, the catalog and the summary name the place."""
    build()
    before = ids_by_path(settings)
    place, reason = lose()
    new = len(list(many.rglob("other.png")))
    embedder.pictures_embedded = 0
    report = build()
    assert report.removed == 0
    assert report.added == embedder.pictures_embedded == new
    assert report.findings.away == (AwayPlace(place, 2, reason),)
    after = ids_by_path(settings)
    assert {path: after[path] for path in before} == before
    assert Library(settings).summary("pictures").findings == report.findings
    with SearchEngine.open("pictures", settings, load=load) as engine:
        assert len(engine.search("red", 100).results) == len(before) + new


def test_preview_and_sidebar_tell_what_the_build_does(many, build, settings, lose):
    """The look for changes, the preview and the build count alike, before and after it."""
    build()
    lose()
    changes = changes_since_build("pictures", settings)
    seen = preview_build("pictures", plan_build(many, settings)[1], settings)
    report = build()
    assert seen.changes == changes
    assert changes.away == report.findings.away
    told = (changes.new, changes.gone, seen.unchanged)
    assert told == (report.added, report.removed, report.unchanged)
    again = changes_since_build("pictures", settings)
    assert (again.new, again.gone, again.away) == (0, 0, report.findings.away)


def test_what_is_out_of_reach_stays_so_until_it_is_forgotten(build, lose):
    """Further builds change nothing; the one that is told to forget does, once and for all."""
    build()
    place, _ = lose()
    first = build()
    assert build().findings == first.findings
    assert build(order=BuildOrder(forget=("elsewhere",))).findings == first.findings
    report = build(order=BuildOrder(forget=(place,)))
    assert (report.removed, report.findings.away) == (2, ())
    assert build().findings.away == ()


def test_what_comes_back_is_as_it_was(many, drives, build, settings, embedder, tmp_path):
    """A drive that is plugged in again costs no embedding, and all ids are the old ones."""
    build()
    before = ids_by_path(settings)
    shutil.move(many / "usb", tmp_path / "unplugged")
    drives.clear()
    assert build().findings.pictures_away == 2
    shutil.move(tmp_path / "unplugged", many / "usb")
    drives["usb"] = SECOND  # systems number drives as they come
    embedder.pictures_embedded = 0
    report = build()
    assert (report.findings.away, embedder.pictures_embedded) == ((), 0)
    assert ids_by_path(settings) == before


def test_two_sticks_at_one_place_keep_each_their_pictures(many, drives, build, tmp_path):
    """Sticks that take turns are told apart by their drives, in both directions."""
    build()
    shutil.move(many / "usb", tmp_path / "first")
    paint(many / "usb/other.png", "blue", salt=90)
    drives["usb"] = SECOND
    assert build().findings.pictures_away == 2
    shutil.move(many / "usb", tmp_path / "second")
    shutil.move(tmp_path / "first", many / "usb")
    drives["usb"] = FIRST
    assert build().findings.away == (AwayPlace("usb", 1, AwayReason.OTHER_DRIVE),)


def test_a_deleted_folder_and_deleted_pictures_are_forgotten_at_once(many, build, tmp_path):
    """Who deletes a folder from a folder that can be seen, or some of its pictures, means it."""
    build()
    shutil.rmtree(many / "red")
    (many / "blue/0.png").unlink()
    shutil.rmtree(many / "usb")
    report = build()
    assert report.removed == 3
    assert report.findings.away == (AwayPlace("usb", 2, AwayReason.OTHER_DRIVE),)


def test_another_model_waits_for_what_is_out_of_reach(many, drives, build, settings, load):
    """A change of model does not call pictures left out that are only away."""
    build()
    shutil.move(many / "usb", many.parent / "unplugged")
    drives.clear()
    other = ColourEmbedder("others", "others-1")
    name, wanted = plan_build(many, settings, model_id="others")
    report = build_collection(name, wanted, settings, load=lambda *_: other)
    assert (report.skipped, report.findings.pictures_away) == ((), 2)
    again = build_collection(name, wanted, settings, load=lambda *_: pytest.fail("loaded again"))
    assert again.findings == report.findings
    shutil.move(many.parent / "unplugged", many / "usb")
    drives["usb"] = FIRST
    assert build_collection(name, wanted, settings, load=lambda *_: other).embedded == 2


def test_skipped_files_out_of_reach_stay_on_the_list(many, drives, build):
    """A broken file on a drive that is away is not forgotten either."""
    (many / "usb/broken.png").write_bytes(b"x")
    assert len(build().skipped) == 1
    shutil.rmtree(many / "usb")
    drives.clear()
    (many / "usb").mkdir()
    report = build()
    assert [skip.path for skip in report.skipped] == ["usb/broken.png"]
    assert build(order=ALL).skipped == ()


_MOUNTS = """
import shutil, subprocess, sys
from pathlib import Path
from tests.conftest import ColourEmbedder, paint
from search_engine import build_collection, plan_build
from search_engine.settings import Settings

root, settings = Path(sys.argv[1]), Settings(Path(sys.argv[2]))
drive = root / "usb"
drive.mkdir()
mount = ["mount", "-t", "tmpfs", "none", str(drive)]
subprocess.run(mount, check=True)
paint(drive / "a.png", "red", salt=70)
embedder = ColourEmbedder()


def told():
    name, wanted = plan_build(root, settings, model_id="colours")
    report = build_collection(name, wanted, settings, load=lambda *_: embedder)
    print(report.added, report.removed, [(p.path, p.pictures) for p in report.findings.away])


told()
subprocess.run(["umount", str(drive)], check=True)
told()
drive.rmdir()
told()
drive.mkdir()
subprocess.run(mount, check=True)
paint(drive / "b.png", "blue", salt=71)
told()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="mounts as Linux does")
def test_real_mounts(pictures, tmp_path):
    """With drives that really are unstable: nothing is removed, and the place is named."""
    apart = ["unshare", "--mount", "--map-root-user"]
    may = shutil.which("unshare") and subprocess.run(
        [*apart, "mount", "-t", "tmpfs", "none", str(tmp_path)], check=False, capture_output=True
    )
    if not may or may.returncode:
        pytest.skip("this user may not mount anything")
    run = subprocess.run(
        [*apart, sys.executable, "-c", _MOUNTS, str(pictures), str(tmp_path / "data")],
        capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": "."},
    )  # fmt: skip
    away = "[('usb', 1)]"
    assert run.stdout.splitlines() == ["13 0 []", f"0 0 {away}", f"0 0 {away}", f"1 0 {away}"]
