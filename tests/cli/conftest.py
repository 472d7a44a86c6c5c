"""Drawings on the command line."""

import pytest

from search_engine.sample import draw_gallery


@pytest.fixture(scope="session")
def drawings(tmp_path_factory):
    """A small gallery to copy folders from."""
    folder = tmp_path_factory.mktemp("drawings") / "gallery"
    draw_gallery(folder, pictures=96)
    return folder


@pytest.fixture
def indexed(run, drawings):
    """The drawings as the collection ``things``."""
    code, out, _ = run("index", drawings, "--name", "things", "--model", "mini")
    assert code == 0, out
    return drawings
