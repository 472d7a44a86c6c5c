"""The commands duplicates, suspects and outliers, for people and for scripts."""

import json
import shutil

import pytest

from search_engine.audit.unusual import Oddity
from search_engine.sample import draw_gallery


@pytest.fixture
def indexed(run, tmp_path):
    """A small gallery with one exact copy in another category."""
    root = tmp_path / "things"
    draw_gallery(root, pictures=72)
    shutil.copy(root / "fish/0001.jpg", root / "boat/a-fish.jpg")
    code, out, _ = run("index", root, "--model", "mini")
    assert code == 0, out
    return root


def test_duplicates_tell_what_to_keep(run, indexed, tmp_path):
    """The JSON names the one to keep and its copy; the lists hold whole paths; no file is gone."""
    code, out, _ = run("duplicates", "--json")
    found = json.loads(out)
    assert code == 0
    assert list(found) == [
        "collection", "folder", "thresholds", "found", "copies", "bytes_to_gain", "groups",
    ]  # fmt: skip
    assert (found["found"], found["copies"]) == (1, 1)
    (group,) = found["groups"]
    pair = {group["keep"]["path"], group["copies"][0]["path"]}
    assert pair == {str(indexed / "fish/0001.jpg"), str(indexed / "boat/a-fish.jpg")}
    assert group["copies"][0]["identical"] is True
    for kind, side in (("keep", group["keep"]), ("remove", group["copies"][0])):
        target = tmp_path / f"{kind}.txt"
        code, _, said = run("duplicates", "--export", target, "--list", kind)
        assert code == 0
        assert "No picture was touched" in said
        assert target.read_text() == f"{side['path']}\n"
    assert run("duplicates", "--exact-only", "--json")[1].count('"identical": true') == 1
    assert len(list(indexed.glob("*/*.jpg"))) == 73


def test_an_export_never_overwrites(run, indexed):
    """Naming a file that is there is refused, so that no picture is lost by a slip."""
    picture = indexed / "fish/0001.jpg"
    before = picture.read_bytes()
    code, _, said = run("duplicates", "--export", picture)
    assert code == 3
    assert "already" in said
    assert picture.read_bytes() == before
    code, _, said = run("suspects", "--no-words", "--export", indexed / "no such" / "x.csv")
    assert code == 3
    assert "cannot be written" in said


def test_the_misplaced_copy_is_the_first_suspect(run, indexed, tmp_path):
    """A fish among the boats is doubted first, and fish is named as the likelier category."""
    target = tmp_path / "suspects.csv"
    code, out, _ = run("suspects", "--json", "--limit", 3, "--export", target)
    found = json.loads(out)
    assert code == 0
    assert list(found) == [
        "collection", "model", "signal", "found", "suspects", "neighbours_found", "labelling",
        "remarks",
    ]  # fmt: skip
    first = found["suspects"][0]
    assert list(first) == [
        "rank", "picture_id", "path", "on_disk", "category", "suggested", "combined", "neighbours",
        "words", "witnesses", "category_name", "suggested_name",
    ]  # fmt: skip
    assert (first["path"], first["suggested"]) == (str(indexed / "boat/a-fish.jpg"), "fish")
    assert target.read_text().splitlines()[1].startswith("1,")
    assert len(target.read_text().splitlines()) == 1 + found["found"]


def test_outliers_of_every_kind(run, indexed):
    """Without a choice every ranking comes; with one, only it, with the limits that are given."""
    code, out, _ = run("outliers", "--json", "--limit", 2)
    found = json.loads(out)
    assert code == 0
    assert [ranking["what"] for ranking in found["rankings"]] == list(Oddity)
    assert all(len(ranking["pictures"]) <= 2 for ranking in found["rankings"])
    code, out, _ = run("outliers", "--what", "tiny", "--tiny", 500, "--json")
    (ranking,) = json.loads(out)["rankings"]
    assert (ranking["what"], ranking["found"]) == ("tiny", 73)
    assert ranking["pictures"][0]["value"] == 480
    assert "73 pictures" in run("outliers", "--what", "tiny", "--tiny", 500)[1]


@pytest.mark.parametrize("command", ["duplicates", "suspects", "outliers"])
def test_people_get_lines(run, indexed, command):
    """Each command has an answer to read, and nothing on standard error but notes."""
    code, out, _ = run(command, "--limit", 2)
    assert code == 0
    assert out.strip()


def test_a_wrong_name_is_told(run):
    """A collection that is not there is told as everywhere."""
    code, _, said = run("duplicates", "--collection", "nothing")
    assert code == 4
    assert "There is no collection 'nothing'" in said
