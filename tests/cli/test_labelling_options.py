"""Retrieval, suspects and wordings with folders of another level, and with names for codes."""

import csv
import io
import json

import pytest

from search_engine import SearchEngine
from search_engine.cli import main
from search_engine.evaluation import Labelling, read_names_file
from search_engine.sample import draw_gallery
from search_engine.settings import DATA_VARIABLE, Settings
from tests.coded_folders import CODES, set_of_codes


@pytest.fixture(scope="module")
def coded(tmp_path_factory):
    """A collection of parts with codes in them, a fish among the boats; its file of names."""
    root = tmp_path_factory.mktemp("coded")
    draw_gallery(root / "drawings", pictures=300)
    folder, names = set_of_codes(root / "drawings", root)
    stray = next(folder.glob("train/n00001/*.jpg"))
    stray.rename(folder / "train/n00002/stray.jpg")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(DATA_VARIABLE, str(root / "data"))
        assert main(["index", str(folder), "--name", "coded", "--model", "mini"]) == 0
    return root, names


@pytest.fixture
def ask(coded, run, monkeypatch):
    """Run a command on that collection; give its JSON and what it said beside."""
    monkeypatch.setenv(DATA_VARIABLE, str(coded[0] / "data"))

    def asked(command, *options):
        code, out, err = run(*command.split(), *options, "--json")
        assert code == 0, err
        return json.loads(out), err

    return asked


COMMANDS = ("evaluate retrieval", "evaluate templates", "evaluate presence", "suspects")


@pytest.mark.parametrize("command", COMMANDS)
def test_the_level_and_the_names_are_told(ask, run, coded, command):
    """How many categories there are, how many are named, and which codes are unknown."""
    plain, _ = ask(command)
    assert (plain["labelling"]["level"], plain["labelling"]["categories"]) == (1, 2)
    assert "at level 2" in plain["remarks"][0]
    deeper, _ = ask(command, "--level", 2)
    labels = deeper["labelling"]
    assert (labels["level"], labels["categories"], labels["named"]) == (2, 4, 0)
    assert labels["codes"] == {"found": 4, "codes": list(CODES)}
    assert (
        "like n00001, which no model knows: give a file that tells their names"
        in deeper["remarks"][0]
    )
    names = coded[0] / "some.csv"
    names.write_text("n00001;fish;a water animal\nn00002;boat\nn99999;nothing\n")
    named, _ = ask(command, "--level", 2, "--names", names)
    assert named["labelling"] == {
        "level": 2, "categories": 4, "named": 2,
        "codes": {"found": 2, "codes": ["n00003", "n00004"]},
        "unnamed": {"found": 2, "codes": ["n00003", "n00004"]},
        "unused": {"found": 1, "codes": ["n99999"]},
    }  # fmt: skip
    unnamed, unused = named["remarks"][:2]
    assert "no name of 2 of 4 categories (n00003, n00004)" in unnamed
    assert "1 of the 3 codes in the file of names is no category here (n99999)" in unused
    _, _, err = run(*command.split(), "--level", 2, "--names", names)
    assert f"note: {unused}" in err


def test_retrieval_asks_by_the_names(ask, coded):
    """Codes say nothing, names find their pictures; each stands beside its code."""
    codes, _ = ask("evaluate retrieval", "--level", 2)
    named, _ = ask("evaluate retrieval", "--level", 2, "--names", coded[1])
    assert codes["map"] < 0.7
    assert named["map"] > 0.9
    assert [(one["category"], one["name"], one["question"]) for one in named["categories"]] == [
        (code, kind, f"a photo of a{'n' if kind[0] in 'ou' else ''} {kind}")
        for code, kind in CODES.items()
    ]
    assert {one["name"] for one in codes["categories"]} == {None}
    fish = named["categories"][0]
    assert fish["pictures"] == 5  # of both parts
    assert named["picture_to_picture"]["precision_at_10"] == pytest.approx(
        codes["picture_to_picture"]["precision_at_10"]
    )  # no words are in it


def test_wordings_ask_by_the_names(ask, coded):
    """The best wording of names is better than that of codes."""
    codes, _ = ask("evaluate templates", "--level", 2)
    named, _ = ask("evaluate templates", "--level", 2, "--names", coded[1])
    assert codes["categories"] == named["categories"] == 4
    assert codes["templates"][0]["map"] < 0.7
    assert named["templates"][0]["map"] > 0.9


def test_presence_asks_by_the_names(ask, coded):
    """Codes are not told from nonsense; names are, and each case says of which folder it is."""
    codes, _ = ask("evaluate presence", "--level", 2)
    named, _ = ask("evaluate presence", "--level", 2, "--names", coded[1])
    assert {one["queries"][0] for one in codes["categories"]} == set(CODES)
    found = {one["names"][0]: one["queries"] for one in named["categories"]}
    assert {code: queries[0] for code, queries in found.items()} == CODES
    assert codes["auroc_match_nonsense"] < 0.9 < named["auroc_match_nonsense"]
    assert codes["map_match"] < 0.7
    assert named["map_match"] > 0.9


def test_wordings_are_measured_by_the_engine_as_by_the_command(ask, coded):
    """With a level and names, it gives the figures that the command prints."""
    named, _ = ask("evaluate templates", "--level", 2, "--names", coded[1])
    labelling = Labelling(2, read_names_file(coded[1]))
    with SearchEngine.open("coded", Settings(coded[0] / "data")) as engine:
        found = engine.measure.templates(labelling=labelling)
    assert (found.categories, found.best.template) == (named["categories"], named["best"])
    assert found.best.mean_average_precision.value == pytest.approx(named["templates"][0]["map"])


def test_suspects_are_of_the_level_and_words_of_the_names(ask, coded, tmp_path):
    """The stray fish is found by its words once these are names; table and document agree."""
    file = tmp_path / "suspects.csv"
    line = ("suspects", "--signal", "words", "--level", 2, "--names", coded[1])
    found, _ = ask(*line, "--all", "--export", file)
    first = found["suspects"][0]
    assert first["path"].endswith("train/n00002/stray.jpg")
    assert (first["category"], first["category_name"]) == ("n00002", "boat")
    assert (first["suggested"], first["suggested_name"]) == ("n00001", "fish")
    rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"))))
    assert len(rows) == found["found"]
    for row, one in zip(rows, found["suspects"], strict=False):
        for key in ("category", "category_name", "suggested", "suggested_name"):
            assert row[key] == (one[key] or "")
    plain, _ = ask("suspects", "--signal", "words", "--level", 2, "--all")
    assert plain["suspects"][0]["category_name"] is None
    whole, _ = ask("suspects", "--all")
    assert {one["category"] for one in whole["suspects"]} <= {"train", "val"}


def test_which_neighbours_were_taken_is_told(ask, run, coded):
    """With both accuracies, in the document and to people."""
    found, _ = ask("suspects", "--level", 2, "--no-words")
    near = found["neighbours_found"]
    better = max(near["accuracy_plain"], near["accuracy_whitened"])
    assert near[f"accuracy_{near['by']}"] == better
    with SearchEngine.open("coded", Settings(coded[0] / "data")) as engine:
        assert near["asked"] == len(engine)
    _, out, _ = run("suspects", "--level", 2, "--no-words")
    assert f"put {better:.1%} of {near['asked']} pictures" in out


def test_people_see_names_beside_codes(run, ask, coded):
    """In the tables of retrieval and in the list of suspects."""
    assert ask  # sets where the collection is
    names = ("--level", 2, "--names", coded[1])
    _, out, err = run("evaluate", "retrieval", *names)
    assert "fish (n00001)" in out
    assert "number or code" not in err
    _, out, _ = run("suspects", "--signal", "words", *names)
    assert "stray.jpg: boat (n00002) → fish (n00001)" in out
    _, out, _ = run("suspects", "--all", "--signal", "words", "--level", 2)
    assert "stray.jpg: n00002 → " in out


WRONG = {
    "No picture lies in a folder at level 3": (3, "n00001,fish"),
    "names.csv, line 2": (2, "n00001,fish\nn00002\n"),
    "'n00002' has no name": (2, "n00001,fish\nn00002\n"),
    "is empty": (2, ""),
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("told", WRONG)
def test_what_cannot_be_used_is_told(run, ask, tmp_path, command, told):
    """Exit code 3, with cause, place and what to do; nothing is measured."""
    assert ask  # sets where the collection is
    level, text = WRONG[told]
    file = tmp_path / "names.csv"
    file.write_text(text)
    code, out, err = run(*command.split(), "--level", level, "--names", file)
    assert (code, out) == (3, "")
    assert told in err
    assert run(*command.split(), "--level", 0)[0] == 2
