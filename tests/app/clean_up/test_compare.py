"""The view that compares two sets of pictures."""

import shutil

import pytest
import streamlit as st
from PIL import Image

from search_engine import build_collection, plan_build
from search_engine.sample import draw_gallery
from search_engine.settings import MINI_MODEL
from tests.app.payloads import grids, metrics, paths
from tests.seams.exports.exported import read_csv


@pytest.fixture(scope="module")
def drawings(tmp_path_factory):
    """Some drawings."""
    root = tmp_path_factory.mktemp("compare")
    draw_gallery(root / "drawings", pictures=100)
    return sorted((root / "drawings").glob("*/*.jpg"))


@pytest.fixture
def split(drawings, tmp_path, settings):
    """A collection of two halves, with two pictures of the one in the other as well."""
    root = tmp_path / "split"
    for number, path in enumerate(drawings):
        part = root / ("test" if number % 3 == 0 else "train")
        part.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, part / f"{number}.jpg")
    shutil.copy(root / "train/1.jpg", root / "test/same.jpg")
    with Image.open(root / "train/2.jpg") as image:
        image.resize((300, 300)).save(root / "test/smaller.jpg", quality=80)
    build_collection(*plan_build(root, settings, model_id=MINI_MODEL), settings)
    return root


@pytest.fixture
def other(drawings, tmp_path, settings):
    """A collection of its own that has one of the pictures of the first."""
    root = tmp_path / "other"
    root.mkdir()
    shutil.copy(drawings[4], root / "four.jpg")
    build_collection(*plan_build(root, settings, model_id=MINI_MODEL), settings)
    return root


def figures(app):
    """Return the sums by their names, as they are read."""
    return {name.replace("\\", ""): value for name, value in metrics(app).items()}


def test_test_and_train_are_compared_by_themselves(page, split):
    """Where folders are called so they are what is compared, and their copies are side by side."""
    app = page("5_Clean_up.py", collection="split", show="Compare")
    assert not app.exception
    assert [box.value for box in app.main.selectbox] == ["split/test", "split/train"]
    assert figures(app)["Of split/test in both"] == "2"
    assert figures(app)["Only in split/train"] == "64"
    assert [paths(group) for group in grids(app)] == [
        ["test/same.jpg", "train/1.jpg"],
        ["test/smaller.jpg", "train/2.jpg"],
    ]
    first, second = (group["items"][0] for group in grids(app))
    assert first["label"] == "split/test: same bytes"
    assert second["label"] == "split/test: near copy"
    assert "cosine" in second["why"]
    assert "300 × 300" in second["facts"]
    (download,) = app.get("download_button")
    assert download.label == "Table (CSV)"


def test_the_table_is_offered(page, split, monkeypatch):
    """It has every picture of both."""
    offered = {}
    monkeypatch.setattr(st, "download_button", lambda label, data, *_, **__: offered.update(x=data))
    page("5_Clean_up.py", collection="split", show="Compare")
    assert len(read_csv(offered["x"]())) == 102


def test_another_collection_is_compared(page, split, other):
    """Its pictures stand beside, with the name of their collection, and are not opened here."""
    app = page("5_Clean_up.py", collection="split", show="Compare", first="split", second="other")
    assert not app.exception
    (group,) = grids(app)
    assert paths(group) == ["train/4.jpg", "four.jpg"]
    assert [item["elsewhere"] for item in group["items"]] == [False, True]
    assert any("fewer than 40" in caption.value for caption in app.caption)
    assert figures(app)["Only in other"] == "0"


def test_each_part_can_be_seen(page, split):
    """What one set has alone is shown by itself."""
    app = page("5_Clean_up.py", collection="split", show="Compare")
    control = next(one for one in app.button_group if "In both" in one.options)
    control.set_value("Only in split/test").run()
    assert not app.exception
    (group,) = grids(app)
    assert len(group["items"]) == 24
    assert all(path.startswith("test/") for path in paths(group))


def test_a_lonely_folder_says_what_to_do(page, other):
    """With one collection without folders there is nothing to compare with, and that is said."""
    app = page("5_Clean_up.py", collection="other", show="Compare")
    assert not app.exception
    assert any("nothing to compare with" in info.value for info in app.info)


def test_a_large_comparison_is_begun_by_a_click(page, split, monkeypatch):
    """It says how long it takes, and is known afterwards."""
    monkeypatch.setattr("pages.ui.clean_up.compared_sets._AT_ONCE_UP_TO", 10)
    app = page("5_Clean_up.py", collection="split", show="Compare")
    assert not grids(app)
    (begin,) = (one for one in app.button if one.label == "Begin")
    begin.click().run()
    assert not app.exception
    assert len(grids(app)) == 2
    app.run()
    assert len(grids(app)) == 2
    assert not [one for one in app.button if one.label == "Begin"]
