"""What the tests of exports share: a collection of pictures with odd names."""

import os
import shutil

import pytest
from PIL import Image

from search_engine.cli import main
from search_engine.sample import draw_gallery
from search_engine.settings import DATA_VARIABLE
from tests.seams.conftest import load_each_model_once
from tests.seams.exports.exported import CATEGORY, COPIES, NAMES


@pytest.fixture(scope="session")
def odd(tmp_path_factory):
    """A folder of odd names, each picture once more in another folder, indexed."""
    root = tmp_path_factory.mktemp("odd $names")
    draw_gallery(root / "drawings", pictures=50)
    drawings = sorted((root / "drawings").glob("*/0001.jpg"))
    for number, name in enumerate(NAMES):
        file, copy = root / "pictures" / CATEGORY / name, root / "pictures" / COPIES / name
        for folder in (file.parent, copy.parent):
            folder.mkdir(parents=True, exist_ok=True)
        exif = Image.Exif()
        exif.get_ifd(0x8769)[0x9003] = f"2024:03:{number + 1:02} 10:00:00"
        image = Image.open(drawings[number]).resize((210 + 3 * number, 150 + 2 * number))
        image.save(file, exif=exif)
        shutil.copy2(file, copy)
        os.utime(file, (1_500_000_000, 1_500_000_000))
    with pytest.MonkeyPatch.context() as patch:
        load_each_model_once(patch)
        patch.setenv(DATA_VARIABLE, str(root / "data"))
        assert main(["index", str(root / "pictures"), "--name", "odd", "--model", "mini"]) == 0
    return root


@pytest.fixture
def folder(odd, monkeypatch):
    """The folder of the pictures, with its collection as the only one."""
    monkeypatch.setenv(DATA_VARIABLE, str(odd / "data"))
    load_each_model_once(monkeypatch)
    return odd / "pictures"
