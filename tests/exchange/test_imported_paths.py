"""Paths of another program, below a folder of ours: found where they are, and nowhere else."""

import pytest

from search_engine.errors import BadInput
from search_engine.exchange.imported_paths import below, file_at
from tests.conftest import paint


@pytest.fixture
def root(tmp_path):
    """A folder with two pictures."""
    for path in ("cat/1.jpg", "dog/deep/2.jpg"):
        paint(tmp_path / "pictures" / path)
    return tmp_path / "pictures"


@pytest.mark.parametrize(
    "before",
    ["", "./", "images/", "/home/ann/images/", "C:\\Users\\ann\\images\\", "//server/share/"],
)
def test_paths_of_elsewhere_are_found(before, root):
    """Relative, in full, of another machine, of another system."""
    paths = [before + path for path in ("cat/1.jpg", "dog/deep/2.jpg")]
    if "\\" in before:
        paths = [path.replace("/", "\\") for path in paths]
    assert below(root, paths, "here") == ("cat/1.jpg", "dog/deep/2.jpg")


def test_paths_of_this_folder_are_known(root):
    """Whatever else would fit."""
    paint(root / "pictures/cat/1.jpg")
    paths = [str(root / "cat/1.jpg"), str(root / "missing/3.jpg")]
    assert below(root, paths, "here") == ("cat/1.jpg", "missing/3.jpg")


def test_where_nothing_is_there_folders_in_common_are_left_out(root):
    """So that categories are what they were; relative paths stay as they are."""
    assert below(root, ["/a/b/x/1.jpg", "/a/b/y/2.jpg"], "here") == ("x/1.jpg", "y/2.jpg")
    assert below(root, ["/a/b/1.jpg", "/a/b/2.jpg"], "here") == ("1.jpg", "2.jpg")
    assert below(root, ["b/x/1.jpg", "b/y/2.jpg"], "here") == ("b/x/1.jpg", "b/y/2.jpg")


def test_two_paths_do_not_become_one(root):
    """In full and relative they would be of one picture."""
    with pytest.raises(BadInput, match="are of the same picture"):
        below(root, [str(root / "cat/1.jpg"), "cat/1.jpg"], "here")


def test_a_link_that_leads_out_of_the_folder_is_missing(root, tmp_path):
    """So nothing outside is ever read, whatever lies in the folder."""
    secret = paint(tmp_path / "secret.jpg")
    (root / "cat/link.jpg").symlink_to(secret)
    (root / "way").symlink_to(tmp_path)
    (root / "cat/inside.jpg").symlink_to(root / "cat/1.jpg")
    (root / "empty.jpg").write_bytes(b"")
    assert file_at(root, "cat/link.jpg") is None
    assert file_at(root, "way/secret.jpg") is None
    assert file_at(root, "cat") is None
    assert file_at(root, "empty.jpg") is None
    assert file_at(root, "cat/inside.jpg") is not None
    assert file_at(root, "cat/1.jpg").size_bytes == (root / "cat/1.jpg").stat().st_size
