"""What is gone is told from what is out of reach, and that is forgotten by who says so."""

import shutil

import pytest

from search_engine.building.changes import changes_since_build
from search_engine.records import ScanRules
from search_engine.records.builds import BuildOrder
from search_engine.records.findings import AwayPlace, AwayReason
from tests.conftest import counts, ids_by_path, paint


def empty(folder):
    for file in folder.iterdir():
        file.unlink()


def test_a_link_that_leads_into_the_folder_itself_tells_nothing_of_a_drive(pictures, build):
    """Where all that a dead link can lead to was seen, its pictures are gone."""
    (pictures / "red/link.png").symlink_to(pictures / "blue/gone.png")
    paint(pictures / "blue/gone.png", "blue", salt=9)
    build()
    (pictures / "blue/gone.png").unlink()
    report = build()
    assert report.findings.away == ()


def test_a_dead_link_to_a_single_file_keeps_its_picture(pictures, tmp_path, build, settings):
    """What holds for a folder holds for a file."""
    outside = paint(tmp_path / "outside/a.png", "red", salt=8)
    (pictures / "red/link.png").symlink_to(outside)
    build()
    outside.unlink()
    assert build().findings.away == (AwayPlace("red", 1, AwayReason.DEAD_LINKS),)
    assert "red/link.png" in ids_by_path(settings)
    (pictures / "red/link.png").unlink()
    assert counts(build()) == {"removed": 1, "unchanged": 12}


def test_files_that_share_a_fate_are_one_place(pictures, tmp_path, build):
    """A folder full of links to a drive that is away is told in one line, not in a thousand."""
    for number in range(30):
        target = paint(tmp_path / f"outside/{number}.png", "red", salt=100 + number)
        (pictures / f"red/link {number}.png").symlink_to(target)
    build()
    shutil.rmtree(tmp_path / "outside")
    assert build().findings.away == (AwayPlace("red", 30, AwayReason.DEAD_LINKS),)


@pytest.mark.parametrize(
    "rules", [ScanRules(exclude=("red",)), ScanRules(include=("blue/*", "green/*"))], ids=str
)
def test_what_is_left_out_by_rules_is_not_out_of_reach(pictures, build, rules):
    """Pictures that are not wanted any more leave, though their folder holds none that is."""
    build()
    report = build(rules=rules)
    assert report.findings.away == ()
    assert report.removed == 12 - report.unchanged > 0


def test_moves_out_of_an_emptied_folder_are_moves(pictures, build, settings, embedder):
    """A folder whose pictures were sorted into others has lost nothing, before or after."""
    build()
    before = ids_by_path(settings)
    for number in range(2):
        (pictures / f"red/{number}.png").rename(pictures / f"blue/from red {number}.png")
    seen = changes_since_build("pictures", settings)
    assert (seen.new, seen.moved, seen.gone, seen.away) == (0, 2, 0, ())
    report = build()
    assert (report.moved, report.findings.away, report.embedded) == (2, (), 0)
    after = ids_by_path(settings)
    assert after["blue/from red 1.png"] == before["red/1.png"]


def test_a_root_that_lost_everything_is_refused_as_before(pictures, build, settings):
    """What holds for a part of the folder does not make an empty folder a collection."""
    from search_engine.errors import BadFolder

    build()
    shutil.rmtree(pictures)
    pictures.mkdir()
    with pytest.raises(BadFolder, match="no picture any more"):
        build(order=BuildOrder(forget=("",)))
    assert len(ids_by_path(settings)) == 12


def test_the_command_forgets_what_it_is_told_to(pictures, run):
    """By name or all at once; a name of no such place is refused with those there are."""
    assert run("index", pictures, "--model", "mini")[0] == 0
    for name in ("red", "blue"):
        empty(pictures / name)
    _, out, _ = run("index", pictures)
    assert "'red' is there, but holds no picture any more; its 2 pictures stay" in out
    assert "4 out of reach" in out
    code, _, error = run("index", pictures, "--forget-place", "green")
    assert (code, "'blue', 'red'" in error) == (3, True)
    assert "2 removed" in run("index", pictures, "--forget-place", "red/")[1]
    assert "'blue' is there" in run("info")[1]
    assert "2 removed" in run("index", pictures, "--forget")[1]
    assert "out of reach" not in run("index", pictures)[1]


@pytest.mark.parametrize("typed", ["{root}/caf\u00e9", "./CAFE\u0301", "Caf\u00e9/", "cafe\u0301"])
def test_a_place_is_forgotten_in_whatever_spelling_it_is_typed(pictures, run, typed):
    """A Mac's letters, another case, the whole path: what is shown can be typed."""
    paint(pictures / "Cafe\u0301/a.png", "red", salt=8)
    run("index", pictures, "--model", "mini")
    empty(pictures / "Cafe\u0301")
    assert "1 out of reach" in run("index", pictures)[1]
    place = typed.format(root=pictures)
    assert "1 removed" in run("index", pictures, "--forget-place", place)[1]
