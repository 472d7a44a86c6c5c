"""A folder that was moved or copied is recognised, and its collection taken over as it is."""

import json
import shutil

import pytest

from search_engine import Library, SearchEngine, build_collection, plan_build
from search_engine.building.moved_folders import moved_from, plan_move
from search_engine.errors import BadFolder, BadName, CollectionMissing
from search_engine.records.builds import BuildOrder
from search_engine.records.findings import AwayPlace, AwayReason
from tests.conftest import ids_by_path, paint


@pytest.fixture
def built(pictures, settings, load):
    """The collection of coloured pictures."""
    name, wanted = plan_build(pictures, settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    return name


@pytest.fixture
def elsewhere(tmp_path):
    return tmp_path / "another disk" / "my pictures"


def test_a_moved_folder_is_recognised_and_taken_over(
    built, pictures, elsewhere, settings, load, embedder
):
    """Nothing is embedded again; ids stay, results lead to the new place; what is missing stays."""
    before = ids_by_path(settings)
    shutil.move(pictures, elsewhere)
    paint(elsewhere / "new/new.png", "red", salt=99)
    (elsewhere / "black/0.png").unlink()
    moved = moved_from(elsewhere, settings)
    assert (moved.name, moved.root, moved.pictures) == (built, pictures, 12)
    assert moved.share == pytest.approx(11 / 12)
    assert not moved.is_copy
    embedder.pictures_embedded = 0
    name, wanted = plan_move(built, elsewhere, settings)
    report = build_collection(name, wanted, settings, load=load)
    assert (report.added, report.removed, report.embedded) == (1, 0, 1)
    assert report.findings.away == (AwayPlace("", 1, AwayReason.OLD_FOLDER),)
    after = ids_by_path(settings)
    assert {path: after[path] for path in before} == before
    with SearchEngine.open(name, settings, load=load) as engine:
        (best,) = engine.search("red", 1).results
        assert engine.path(best.record).is_file()
    assert moved_from(elsewhere, settings) is None
    again = build_collection(name, wanted, settings, load=load)
    assert (again.removed, again.findings.away) == (0, report.findings.away)
    forgotten = build_collection(name, wanted, settings, load=load, order=BuildOrder(forget=("",)))
    assert (forgotten.removed, forgotten.findings.away) == (1, ())


def test_a_copy_with_other_times_is_recognised_and_can_be_taken_over(
    built, pictures, elsewhere, settings, load, embedder
):
    """With the old folder kept as a backup, the collection goes with the copy if that is said."""
    for file in pictures.rglob("*.png"):
        target = elsewhere / file.relative_to(pictures)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.read_bytes())
    assert moved_from(elsewhere, settings).is_copy
    embedder.pictures_embedded = 0
    report = build_collection(*plan_move(built, elsewhere, settings), settings, load=load)
    assert (report.unchanged, embedder.pictures_embedded) == (12, 0)
    with Library(settings).open_catalog(built) as catalog:
        assert catalog.settings.root == elsewhere


def test_sorted_into_other_folders_it_is_still_recognised(
    built, pictures, elsewhere, settings, load
):
    """Names and content count, not where in the folder they are."""
    shutil.move(pictures, elsewhere)
    (elsewhere / "2024").mkdir()
    for colour in ("red", "blue", "green"):
        (elsewhere / colour).rename(elsewhere / "2024" / colour)
    assert moved_from(elsewhere, settings).share == 1
    report = build_collection(*plan_move(built, elsewhere, settings), settings, load=load)
    assert (report.moved, report.unchanged, report.embedded) == (6, 6, 0)


@pytest.mark.parametrize("change", ["other content", "few of it", "few of the folder"])
def test_other_folders_are_not_taken_for_it(built, pictures, elsewhere, settings, change):
    """The same names, some copies, or a large folder with copies in it are folders of their own."""
    shutil.copytree(pictures, elsewhere)
    if change == "other content":
        for file in elsewhere.rglob("*.png"):
            content = file.read_bytes()
            file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    elif change == "few of it":
        for colour in ("red", "blue", "green", "black"):
            shutil.rmtree(elsewhere / colour)
    else:
        for number in range(20):
            paint(elsewhere / f"more/{number}.png", "red", salt=300 + number)
    assert moved_from(elsewhere, settings) is None


def test_a_folder_in_the_folder_or_around_it_is_no_copy(built, pictures, settings):
    """Who indexes a part of a collection, or the folder above it, has not moved anything."""
    assert moved_from(pictures.parent, settings) is None
    assert moved_from(pictures / "red", settings) is None
    assert moved_from(pictures, settings) is None


def test_a_name_is_not_taken_over_by_a_folder_without_its_pictures(
    built, pictures, elsewhere, settings
):
    """A drive that is away does not lose its collection to another folder of the same name."""
    shutil.move(pictures, elsewhere.parent.parent / "unplugged")
    paint(elsewhere / "other.png", "red", salt=77)
    with pytest.raises(BadName, match="not there now"):
        plan_build(elsewhere, settings, name=built)
    with pytest.raises(BadFolder, match="None of the pictures"):
        plan_move(built, elsewhere, settings)
    with pytest.raises(CollectionMissing):
        plan_move("another", elsewhere, settings)
    assert len(ids_by_path(settings)) == 12


def test_the_command_says_so_before_anything_is_embedded(pictures, elsewhere, settings, run):
    """Without a word of what is wanted nothing is done; with it, the collection is taken over."""
    assert run("index", pictures, "--model", "mini")[0] == 0
    shutil.move(pictures, elsewhere)
    code, _, error = run("index", elsewhere)
    assert code == 3
    assert "'pictures', moved" in error
    assert "100% of its 12 pictures are here" in error
    assert "--move pictures" in error
    assert Library(settings).names() == ["pictures"]
    code, out, _ = run("index", elsewhere, "--move", "pictures", "--json")
    report = json.loads(out)
    assert (code, report["unchanged"], report["added"], report["removed"]) == (0, 12, 0, 0)
    assert run("index", elsewhere, "--move", "pictures", "--model", "mini")[0] == 3
    assert run("index", elsewhere)[0] == 0


def test_a_search_says_that_the_folder_is_gone(run, tmp_path):
    """Paths that lead nowhere are not printed without a word."""
    paint(tmp_path / "p/a.png")
    assert run("index", tmp_path / "p", "--model", "mini")[0] == 0
    assert "not there now" not in run("search", "red")[2]
    shutil.move(tmp_path / "p", tmp_path / "q")
    _, out, error = run("search", "red", "--json")
    assert "not there now" in error
    assert json.loads(out)["results"]


@pytest.mark.parametrize("what", ["a small share", "its own part", "the folder of another"])
def test_a_folder_that_is_not_the_collections_is_not_taken_over(
    built, pictures, elsewhere, settings, load, what
):
    """Little of it, a part of its own folder, or what another collection has: nothing is lost."""
    if what == "its own part":
        elsewhere = pictures / "red"
    else:
        shutil.copytree(pictures, elsewhere)
    if what == "a small share":
        for colour in ("red", "blue", "green", "black"):
            shutil.rmtree(elsewhere / colour)
    elif what == "the folder of another":
        other = plan_build(elsewhere, settings, name="other", model_id="colours")
        build_collection(*other, settings, load=load)
    said = {
        "a small share": "Only [0-9]+% of the pictures",
        "its own part": "is a part of the folder",
        "the folder of another": "the collection 'other'",
    }
    with pytest.raises((BadFolder, BadName), match=said[what]):
        plan_move(built, elsewhere, settings)
    if what == "a small share":
        shutil.rmtree(pictures)
        with pytest.raises(BadName, match="Less than half"):
            plan_build(elsewhere, settings, name=built)
