"""A file of the folder is what was indexed, or is told; no command writes over it."""

import shutil

import pytest

from search_engine import SearchEngine
from search_engine.errors import PictureChanged
from search_engine.settings import MINI_MODEL
from tests.app.conftest import collection, fresh_caches, page  # noqa: F401
from tests.app.payloads import components, grid


def test_an_engine_gives_only_the_bytes_that_were_indexed(build, pictures, settings, load):
    """Content of a file is that of its record, or an error that names the file and leads on."""
    name = build().collection
    with SearchEngine.open(name, settings, load=load) as engine:
        record = engine.search("red", k=1).results[0].record
        file = engine.path(record)
        assert engine.content(record) == file.read_bytes()
        shutil.copy(pictures / "blue" / "0.png", file)
        with pytest.raises(PictureChanged, match="has changed since it was indexed") as caught:
            engine.content(record)
        assert caught.value.place == str(file)


def test_results_whose_files_changed_or_went_are_noted(run, pictures):
    """A list of results says how many of the files are not what was found any more."""
    run("index", pictures, "--model", MINI_MODEL)
    found = ("search", "red", "-k", "12")
    assert "after the last update" not in run(*found)[2]
    shutil.copy(pictures / "blue" / "0.png", pictures / "red" / "0.png")
    (pictures / "green" / "1.png").unlink()
    said = run(*found)[2]
    assert "1 of these files changed after the last update" in said
    assert "1 of these files went away after the last update" in said


@pytest.mark.parametrize("what", ["changed", "gone"])
def test_the_drawer_shows_what_was_found(page, collection, what):  # noqa: F811
    """It says that the file is another one now, shows the thumbnail, and offers no download."""
    app = page("2_Search.py", q="red")
    app.session_state["results"] = {"pick": grid(app)["items"][0]["id"]}
    for name in ("0.png", "1.png"):
        if what == "gone":
            (collection / "red" / name).unlink()
        else:
            shutil.copy(collection / "blue" / name, collection / "red" / name)
    app.run()
    shown = " ".join(error.value for error in app.error)
    expected = "has changed since it was indexed" if what == "changed" else "not there any more"
    assert expected in shown, shown
    assert not [one for one in app.get("download_button") if one.proto.label == "Download"]
    (viewer,) = [one for one in components(app) if "desktop" in one]
    assert viewer["items"][0]["thumb"].startswith("/pictures/pictures/")


@pytest.mark.parametrize(
    "command",
    [
        ("search", "red", "--card"),
        ("explain", "red", "--picture", "1", "--heat-map"),
        ("duplicates", "--export"),
        ("suspects", "--export"),
        ("outliers", "--export"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("is_link", [False, True])
def test_no_command_writes_over_a_file(run, pictures, tmp_path, command, is_link):
    """A picture that is named as the file to write to stays as it is, by way of a link too."""
    run("index", pictures, "--model", MINI_MODEL)
    picture = pictures / "red" / "0.png"
    before, named = picture.read_bytes(), picture
    if is_link:
        named = tmp_path / "link.png"
        named.symlink_to(picture)
    code, _, err = run(*command, named)
    assert (code, "There is a file of this name already" in err) == (3, True), err
    assert (picture.read_bytes(), str(named) in err) == (before, True)
