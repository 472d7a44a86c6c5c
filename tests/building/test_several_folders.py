"""Several folders in one collection: each with its own place; none empties another."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from search_engine import Filters, Library, SearchEngine, build_collection, index_folder, plan_build
from search_engine.building import Folders, changes_since_build
from search_engine.collection import CATALOG_FILE, DeletedCollections, folders_of, where_it_lies
from search_engine.collection.joined_folders import forget_unused, is_joined
from search_engine.collection.scanning import scan
from search_engine.embedding import trust
from search_engine.errors import BadFolder, BadName
from search_engine.exchange import VectorFormat, export_vectors
from search_engine.settings import Settings
from tests.conftest import counts, ids_by_path, paint


@pytest.fixture
def places(tmp_path):
    """Two folders of the same name on two disks, and one of another."""
    found = []
    for disk, name, colour in (
        ("disk", "Photos", "red"), ("other disk", "Photos", "green"), ("disk", "Scans", "blue"),
    ):  # fmt: skip
        for number in range(2):
            paint(tmp_path / disk / name / "2019" / f"{number}.png", colour, salt=number)
        found.append(tmp_path / disk / name)
    return found


def ids_of(settings):
    return ids_by_path(settings, *Library(settings).names())


@pytest.fixture
def index(settings, load):
    """Index folders under a name; return what the build did."""

    def built(*folders, name=None, taken_out=()):
        wanted = plan_build(Folders(folders, taken_out), settings, name=name, model_id="colours")
        return build_collection(*wanted, settings, load=load)

    return built


@pytest.fixture
def engine(settings, load):
    """Open the collection with the only name."""
    opened = []

    def opening():
        opened.append(SearchEngine.open(*Library(settings).names(), settings, load=load))
        return opened[-1]

    yield opening
    for one in opened:
        one.close()


def test_pictures_of_all_folders_are_found_where_they_are(places, index, engine):
    """Each folder is a category; a path is the true one; its file is that of the picture."""
    report = index(*places[:2])
    assert (report.collection, counts(report)) == (
        "Photos-and-Photos-2",
        {"added": 4, "embedded": 4},
    )
    found = engine()
    for colour, folder, category in (
        ("red", places[0], "Photos"), ("green", places[1], "Photos (2)"),
    ):  # fmt: skip
        best = found.search(colour, 2).results
        assert {one.record.category for one in best} == {category}
        assert {found.path(one.record).parent for one in best} == {folder / "2019"}
        assert found.image(best[0].record).getpixel((9, 9)) == (
            found.image(best[1].record).getpixel((9, 9))
        )
        assert set(found.search(colour, 2).frame()["path"]) == {
            str(folder / "2019" / f"{number}.png") for number in range(2)
        }
    assert where_it_lies(found.collection.root) == f"{places[0]}, {places[1]}"


def test_a_pattern_may_begin_with_one_of_the_folders(places, index, engine):
    """In full, as results print it; or with its name in the collection."""
    index(*places[:2])
    for pattern in (f"{places[1]}/2019", f"{places[1]}", "Photos (2)/", f"{places[1]}/*.png"):
        found = engine().search("red", 9, Filters(path=pattern)).results
        assert {one.record.category for one in found} == {"Photos (2)"}, pattern
        assert len(found) == 2, pattern


def test_in_any_order_it_is_the_same_collection(places, index, settings):
    """Also where one is not there now: nothing of it is lost, and nothing embedded again."""
    index(*places)
    before = ids_of(settings)
    assert counts(index(*reversed(places))) == {"unchanged": 6}
    moved = places[1].rename(places[1].with_name("unplugged"))
    report = index(*places)
    assert counts(report) == {"unchanged": 4}
    assert [(one.path, one.pictures) for one in report.findings.away] == [("Photos (2)", 2)]
    name, *others = Library(settings).names()
    assert not others
    assert changes_since_build(name, settings).gone == 0
    moved.rename(places[1])
    assert counts(index(*places)) == {"unchanged": 6}
    assert ids_of(settings) == before


def test_an_empty_mount_point_empties_nothing(places, index):
    """A drive that is not connected leaves a folder without a picture."""
    index(*places)
    shutil.move(places[2] / "2019", places[2].with_name("elsewhere"))
    report = index(*places)
    assert counts(report) == {"unchanged": 4}
    assert report.findings.away[0].pictures == 2


def test_a_folder_is_added_and_taken_out(places, index, settings):
    """The others stay as they are; what is taken out goes with its pictures, and only if named."""
    index(*places[:2], name="mine")
    before = ids_of(settings)
    report = index(*places, name="mine")
    assert counts(report) == {"added": 2, "embedded": 2, "unchanged": 4}
    with pytest.raises(BadName, match="'mine' has a folder more than these") as refused:
        index(*places[:2], name="mine")
    assert str(places[2]) in str(refused.value)
    report = index(*places[1:], name="mine", taken_out=[places[0]])
    assert counts(report) == {"removed": 2, "unchanged": 4}
    kept = ids_of(settings)
    assert set(kept) == {f"{name}/2019/{at}.png" for name in ("Photos (2)", "Scans") for at in "01"}
    assert {path: kept[path] for path in before if path in kept}.items() <= before.items()


def test_a_collection_of_one_folder_takes_in_another_and_gives_it_up(places, index, settings):
    """Nothing is embedded again; what was deleted meanwhile is not forgotten on the way."""
    index(places[0], name="mine")
    before = ids_of(settings)
    report = index(*places[:2], name="mine")
    assert counts(report) == {"added": 2, "embedded": 2, "moved": 2}
    after = ids_of(settings)
    assert {after[f"Photos/{path}"] for path in before} == set(before.values())
    report = index(places[0], name="mine", taken_out=[places[1]])
    assert counts(report) == {"moved": 2, "removed": 2}
    assert ids_of(settings) == before


def test_folders_that_make_no_sense_together_are_refused(places, index, settings):
    """One in another, none, another collection's name; twice the same is once."""
    with pytest.raises(BadFolder, match="lies in"):
        index(places[0], places[0] / "2019")
    with pytest.raises(BadFolder, match="no such folder"):
        index(places[0], places[0].with_name("nowhere"))
    index(places[0], name="mine")
    with pytest.raises(BadName, match="belongs to another folder"):
        index(*places[1:], name="mine")
    assert counts(index(places[0], places[0], name="mine")) == {"unchanged": 2}
    (name,) = Library(settings).names()
    with Library(settings).open_catalog(name) as catalog:
        assert catalog.settings.root == places[0]


def test_it_is_renamed_deleted_and_brought_back(places, index, settings, engine):
    """Its links are no part of its name; they stay as long as it can be brought back."""
    index(*places, name="mine")
    library = Library(settings)
    library.rename("mine", "ours")
    deleted = DeletedCollections(settings)
    token = deleted.delete("ours").token
    forget_unused(settings, [])
    deleted.bring_back(token)
    found = engine()
    assert all(found.path(record).is_file() for record in found.catalog.pictures)
    assert counts(index(*places, name="ours")) == {"unchanged": 6}


def test_links_that_nothing_has_go_and_what_they_lead_to_stays(
    places, index, settings, monkeypatch
):
    """After a day; those of a collection never."""
    index(*places[:2], name="mine")
    index(*places, name="mine")
    ((_, root),) = Library(settings).roots()
    assert len([*settings.joined_folders.iterdir()]) == 2
    forget_unused(settings, [root])
    assert len([*settings.joined_folders.iterdir()]) == 2
    monkeypatch.setattr("search_engine.collection.joined_folders._HOURS_KEPT", -1)
    forget_unused(settings, [root])
    assert [root.parent] == [*settings.joined_folders.iterdir()]
    assert all(file.is_file() for folder in places for file in folder.glob("2019/*.png"))


def test_links_stay_while_a_catalog_cannot_be_read(places, index, settings, monkeypatch):
    """It may be the one that they are of; once it is mended, its pictures are where they were."""
    monkeypatch.setattr("search_engine.collection.joined_folders._HOURS_KEPT", -1)
    index(*places[:2], name="mine")
    catalog = Library(settings).folder("mine") / CATALOG_FILE
    sound = catalog.read_bytes()
    catalog.write_bytes(b"broken")
    index(*places[1:], name="ours")
    catalog.write_bytes(sound)
    roots = dict(Library(settings).roots())
    assert roots.keys() == {"mine", "ours"}
    assert all(root.is_dir() for root in roots.values())


def test_a_data_folder_that_was_moved_takes_its_links_along(places, index, settings, load):
    """Its collections of several folders are where it is now, and updated there."""
    index(*places, name="mine")
    there = settings.data_folder.rename(settings.data_folder.with_name("elsewhere"))
    moved = Settings(there)
    with SearchEngine.open("mine", moved, load=load) as found:
        assert all(found.path(record).is_file() for record in found.catalog.pictures)
        wanted = found.collection
    trust(wanted.model_id, moved)  # what was chosen holds for the folder where it was
    report = build_collection("mine", wanted, moved, load=load)
    assert counts(report) == {"unchanged": 6}


def test_a_folder_above_does_not_lead_through_the_links(places, index, settings):
    """Who indexes a folder that holds the data folder as well finds no picture by way of links."""
    index(*places)
    found = scan(settings.data_folder.parent, leave_out=[settings.collections_folder])
    assert {Path(file.path).parts[0] for file in found.files} == {"disk", "other disk"}


@pytest.mark.parametrize("form", VectorFormat)
def test_every_export_names_true_places(places, index, engine, tmp_path, form):
    """What is handed on says where pictures lie, never the links; copies are of their files."""
    index(*places)
    export_vectors(engine(), form, tmp_path / "out")
    written = [file for file in (tmp_path / "out").rglob("*") if file.is_file()]
    assert not [file for file in written if b".joined-folders" in file.read_bytes()]
    told = ""
    for file in written:
        if file.suffix == ".parquet":
            told += pd.read_parquet(file).drop(columns="vector", errors="ignore").to_json()
        elif file.suffix in {".json", ".csv"}:
            told += file.read_text("utf-8-sig")
    told = told.replace("\\/", "/")
    copies = [file for file in written if file.suffix == ".png"]
    of_places = [f"{folder}/2019" for folder in places]
    by_name = form is VectorFormat.COCO  # its file names are relative to its folder of pictures
    assert by_name or len(copies) == 6 or all(place in told for place in of_places)


def test_one_call_takes_several(places, settings, monkeypatch):
    """As a library as well."""
    report = index_folder(places, settings, model="mini")
    ((_, root),) = Library(settings).roots()
    assert is_joined(root)
    assert list(folders_of(root).values()) == places
    assert report.added == 6
