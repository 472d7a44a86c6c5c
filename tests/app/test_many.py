"""Pages of a collection that holds more than can be shown, or that has just changed."""

import threading
import time

import pytest

from pages.ui.frame.feedback import file_size
from pages.ui.frame.folder_watch import FolderWatch
from search_engine import build_collection, plan_build
from search_engine.building.changes import Changes
from tests.app.payloads import chart, grid, grids, of_collection, opened, paths
from tests.conftest import COLOURS, paint


def texts(app):
    shown = [*app.markdown, *app.caption, *app.info]
    return " ".join(element.value for element in shown).replace("\\", "")


@pytest.fixture
def uneven(collection, settings, load):
    """The collection with two more reds and one more black, so that these are the largest."""
    for name, number in (("red", 7), ("red", 8), ("black", 9)):
        paint(collection / name / f"{number}.png", name, salt=number)
    return build(collection, settings, load)


def build(folder, settings, load):
    name, wanted = plan_build(folder, settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    return folder


def test_of_many_categories_the_largest_are_drawn_and_listed(page, uneven, monkeypatch):
    """What is left out of chart and table is said, and both hold the largest."""
    monkeypatch.setattr("pages.ui.categories.category_overview._MOST_BARS", 1)
    monkeypatch.setattr("pages.ui.categories.category_overview._MOST_ROWS", 2)
    app = page("3_Categories.py")
    assert not app.exception
    assert chart(app, "Categories")["category"].tolist() == ["red"]
    assert app.dataframe[0].value["Category"].tolist() == ["black", "red"]
    assert "The 1 largest of 6 are shown." in texts(app)
    assert "The 2 largest of 6 are listed, all of them in the CSV." in texts(app)


def test_of_many_categories_the_largest_are_compared(page, uneven, monkeypatch):
    """Heat map and closest pairs are of the largest categories, and say so."""
    monkeypatch.setattr("pages.ui.categories.category_similarity._MOST_CATEGORIES", 2)
    app = page("3_Categories.py", show="Similarity")
    cells = chart(app, "Similarity")
    assert sorted(zip(cells["one"], cells["other"], strict=True)) == [
        ("black", "black"), ("black", "red"), ("red", "black"), ("red", "red"),
    ]  # fmt: skip
    assert len(app.dataframe[0].value) == 1
    assert "The 2 largest of 6 categories are shown." in texts(app)
    assert "among the 2 largest." in texts(app)


def test_of_many_categories_some_are_offered_and_others_found_by_name(page, uneven, monkeypatch):
    """The filter offers the largest, those that hold what is typed, and what is chosen."""
    monkeypatch.setattr("pages.ui.search.category_choice._MOST", 2)
    app = opened(page("2_Search.py", q="red", category="purple"), "filters open")
    assert app.multiselect(key="category").options == ["red · 4", "purple · 2"]
    assert "The 2 largest of 6 are offered." in texts(app)
    app.text_input(key=of_collection(app, "find filter")).set_value("BL").run()
    assert app.multiselect(key="category").options == ["purple · 2", "black · 0", "blue · 0"]
    assert app.multiselect(key="category").value == ["purple"]
    assert "2 of 6 categories have that in their name." in texts(app)
    app.multiselect(key="category").set_value(["purple", "blue"]).run()
    assert not app.exception
    assert {path.partition("/")[0] for path in paths(grid(app))} == {"blue", "purple"}


def test_a_link_opens_a_category_that_is_not_offered(page, uneven, monkeypatch):
    """However many categories there are, the one that the address names is shown."""
    monkeypatch.setattr("pages.ui.search.category_choice._MOST", 2)
    app = page("3_Categories.py", show="One category", name="yellow")
    assert app.selectbox(key="name").value == "yellow"
    assert {path.partition("/")[0] for shown in grids(app) for path in paths(shown)} == {"yellow"}


def test_few_categories_are_offered_without_a_search(page, collection):
    """Where all fit into the list, no box to find them is in the way."""
    app = opened(page("2_Search.py"), "filters open")
    assert len(app.multiselect(key="category").options) == len(COLOURS)
    assert not any(str(box.key).startswith("find filter") for box in app.text_input)


def test_of_many_left_out_files_the_first_are_listed(page, collection, settings, load, monkeypatch):
    """All are counted, and it is said that the table is not all of them."""
    for number in range(3):
        (collection / f"{number}.jpg").write_bytes(b"x")
    build(collection, settings, load)
    monkeypatch.setattr("pages.ui.build.collection_panel._MOST_LEFT_OUT", 2)
    app = page("1_Build_index.py")
    assert app.dataframe[0].value["Path"].tolist() == ["0.jpg", "1.jpg"]
    assert "**3 files were skipped**" in texts(app)
    assert "The first 2 are listed" in texts(app)


@pytest.mark.parametrize(
    ("size", "written"),
    [
        (0, "0 kB"), (999_499, "999 kB"), (999_500, "1.0 MB"), (999_949_999, "999.9 MB"),
        (999_950_000, "1.0 GB"), (53_532_900_000, "53.5 GB"), (2.5e12, "2,500.0 GB"),
    ],
)  # fmt: skip
def test_sizes_are_written_in_the_unit_that_fits(size, written):
    """However large a collection is, its size is a short number."""
    assert file_size(size) == written


def test_a_moved_category_has_its_new_name_everywhere(page, collection, settings, load):
    """A move makes no new index; names, filters, answers and counts follow it all the same."""
    assert "red" in chart(page("3_Categories.py"), "Categories")["category"].tolist()
    page("2_Search.py", q="red")
    (collection / "red").rename(collection / "crimson")
    build(collection, settings, load)
    overview = page("3_Categories.py")
    assert "crimson" in chart(overview, "Categories")["category"].tolist()
    assert "red" not in overview.dataframe[0].value["Category"].tolist()
    search = opened(page("2_Search.py", q="red"), "filters open")
    assert "crimson · 2" in search.multiselect(key="category").options
    assert paths(grid(search))[0].startswith("crimson/")


def test_home_shows_other_collections_without_opening_their_index(
    page, collection, settings, load, tmp_path, monkeypatch
):
    """Covers come from the catalog: a damaged index elsewhere keeps nothing from Home."""
    paint(tmp_path / "second/one.png", "green")
    build(tmp_path / "second", settings, load)
    next((settings.collections_folder / "second").glob("index.*")).write_bytes(b"broken")
    home = page()
    assert not home.exception
    assert not home.error
    assert "**second**" in texts(home)


def test_pages_do_not_wait_for_a_look_that_takes_long(settings, monkeypatch):
    """While a large folder is being looked through, a page goes on without its result."""
    held = threading.Event()

    def look(*_):
        held.wait(5)
        return Changes(new=1)

    monkeypatch.setattr("pages.ui.frame.folder_watch.changes_since_build", look)
    monkeypatch.setattr("pages.ui.frame.folder_watch._SECONDS_TO_WAIT", 0.01)
    watch = FolderWatch()
    assert watch.look("cats", "first", settings) is None
    monkeypatch.setattr("pages.ui.frame.folder_watch._SECONDS_TO_WAIT", 60)
    assert watch.look("cats", "first", settings) is None
    held.set()
    assert watch.look("dogs", "first", settings) == Changes(new=1)
    while (seen := watch.look("cats", "first", settings)) is None:
        time.sleep(0.01)
    assert seen == Changes(new=1)
