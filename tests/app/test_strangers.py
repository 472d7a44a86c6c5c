"""Collections from somebody else in the app: each ends in a state of its own."""

import os
import shutil
import sqlite3
from contextlib import closing

import pytest

from search_engine import build_collection, plan_build
from search_engine.collection.catalog import CATALOG_FILE
from tests.app.payloads import grid, paths
from tests.conftest import paint


@pytest.fixture
def strange(collection, settings, load, tmp_path):
    """Beside the collection ``pictures``, one whose files a stranger replaced."""
    paint(tmp_path / "strange" / "red" / "0.png", "red")
    name, wanted = plan_build(tmp_path / "strange", settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    return settings.collections_folder / name


def lie(folder, path):
    """Change the path of the picture with id 1."""
    with closing(sqlite3.connect(folder / CATALOG_FILE)) as base, base:
        base.execute("UPDATE pictures SET path = ? WHERE id = 1", (path,))


@pytest.mark.parametrize("path", [b"../home/photo.png", b"red/1.png\0.png", b"keys"])
def test_the_search_page_leaves_out_what_leads_outside(page, collection, settings, path):
    """The page is as it is, less the picture whose path a catalog lies about."""
    lie(settings.collections_folder / "pictures", path)
    app = page("2_Search.py", q="black")
    assert not app.exception
    assert len(paths(grid(app))) == 11
    assert not any("photo" in shown or shown.endswith("keys") for shown in paths(grid(app)))


BREAKS = {
    "a link": lambda folder: (
        (folder / "calibration.npz").unlink()
        or (folder / "calibration.npz").symlink_to("/dev/zero")
    ),
    "a pipe": lambda folder: (
        (folder / "manifest.json").unlink() or os.mkfifo(folder / "manifest.json")
    ),
    "deep JSON": lambda folder: (folder / "manifest.json").write_text("[" * 200_000),
    "thumbnails elsewhere": lambda folder: (
        shutil.rmtree(folder / "thumbnails") or (folder / "thumbnails").symlink_to(folder.parent)
    ),
    "an empty catalog": lambda folder: (folder / CATALOG_FILE).write_bytes(b""),
    "another database": lambda folder: (folder / CATALOG_FILE).write_bytes(b"x" * 5000),
    "an index of zeros": lambda folder: next(folder.glob("index.*")).write_bytes(b"\0" * 999),
}


@pytest.mark.parametrize("name", BREAKS)
@pytest.mark.parametrize("start", ["Home.py", "1_Build_index.py", "2_Search.py"])
def test_one_broken_collection_hides_no_other(page, strange, name, start):
    """Every page still opens, offers both, and answers from the one that is whole."""
    BREAKS[name](strange)
    app = page(start, collection="pictures")
    assert not app.exception
    picker = next(box for box in app.selectbox if box.label == "Collection")
    assert picker.options == ["pictures", "strange"]
    assert picker.value == "pictures"
    broken = page(start, collection="strange")
    assert not broken.exception
