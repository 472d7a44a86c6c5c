"""The options of the comparisons: of two models, and of two sets of pictures."""

import csv
import io
import shutil

from PIL import Image

from search_engine.files.tables import ENCODING
from tests.seams.options.rows import each_option_of, row, row_of
from tests.seams.options.shared_rows import rival


@each_option_of("compare-models", "compare")
def test_each_option_of_comparing_does_what_it_says(command, name, desk):
    """With the option the answer is different, and in the way that its help promises."""
    row_of(command, name)(desk)


def compared(desk, *arguments):
    """Compare the model of the photographs with one that knows nothing."""
    rival(desk)
    answer = desk("compare-models", *arguments, "--json")
    assert answer.code == 0, answer.err
    return answer.json


@row("compare-models", "first")
def compare_first(desk):
    """It is the one whose figures come first; one that is not there is refused."""
    found, back = compared(desk, "things", "things rival"), compared(desk, "things rival", "things")
    assert found["figures"]["map"]["first"] == back["figures"]["map"]["second"]
    assert found["figures"]["map"]["first"] > back["figures"]["map"]["first"]
    assert desk("compare-models", "nothing", "things rival").code == 4


@row("compare-models", "second")
def compare_second(desk):
    """It is the other one; the same twice is no comparison."""
    assert compared(desk, "things", "things rival")["second"]["collection"] == "things rival"
    assert desk("compare-models", "things", "things").code == 3


@row("compare-models", "--k")
def compare_k(desk):
    """So many answers are judged, and the figures are named after it."""
    assert "precision_at_10" in compared(desk, "things", "things rival")["figures"]
    assert "precision_at_3" in compared(desk, "things", "things rival", "-k", 3)["figures"]


@row("compare-models", "--template")
def compare_template(desk):
    """The names are asked for in another wording."""
    plain = compared(desk, "things", "things rival")
    bare = compared(desk, "things", "things rival", "--template", "{}")
    assert bare["template"] == "{}" != plain["template"]
    assert bare["figures"]["map"] != plain["figures"]["map"]


def in_both(desk, *arguments):
    """Compare two sets; return the answer, and the sets of the names of the groups."""
    answer = desk("compare", *arguments, "--json")
    assert answer.code == 0, answer.err
    return answer.json, [
        {one["path"].rpartition("/")[2] for side in ("first", "second") for one in group[side]}
        for group in answer.json["groups"]
    ]


def copies(desk):
    """Index a folder that has a picture of ``things`` as it is, and one made smaller."""
    folder = desk.tmp / "leaks"
    if not folder.exists():
        folder.mkdir()
        shutil.copy(desk.folder / "boat/1.jpg", folder / "same.jpg")
        with Image.open(desk.folder / "bus/2.jpg") as image:
            image.resize((image.width * 2 // 3, image.height * 2 // 3)).save(folder / "less.jpg")
        shutil.copy(desk.root / "drawings/crown/0003.jpg", folder / "alone.jpg")
        assert desk("index", folder, "--model", "mini").code == 0


@row("compare", "first")
def compare_one(desk):
    """It is the first of both; a folder of it is one of its own, and a wrong one is refused."""
    copies(desk)
    found, groups = in_both(desk, "leaks", "things")
    assert groups == [{"same.jpg", "1.jpg"}, {"less.jpg", "2.jpg"}]
    assert (found["first"]["name"], found["first"]["pictures"]) == ("leaks", 3)
    part, groups = in_both(desk, "things/boat", "leaks")
    assert groups == [{"same.jpg", "1.jpg"}]
    assert part["first"]["pictures"] == len(desk.where(lambda one: one.category == "boat"))
    assert desk("compare", "nothing", "things").code == 4
    assert "Did you mean 'boat'" in desk("compare", "things/boot", "leaks").err


@row("compare", "second")
def compare_other(desk):
    """It is the other one; what is in the first is refused."""
    copies(desk)
    found, _ = in_both(desk, "leaks", "things/boat")
    assert found["second"]["name"] == "things/boat"
    assert (found["first"]["only"], found["second"]["in_both"]) == (2, 1)
    assert desk("compare", "things", "things/boat").code == 3


@row("compare", "--exact-only")
def compare_exact(desk):
    """Only files with the same bytes; then the models do not matter."""
    copies(desk)
    assert in_both(desk, "leaks", "things", "--exact-only")[1] == [{"same.jpg", "1.jpg"}]
    rival(desk)
    refused = desk("compare", "leaks", "things rival")
    assert refused.code == 3
    assert "--exact-only" in refused.err
    assert in_both(desk, "leaks", "things rival", "--exact-only")[1] == [{"same.jpg", "1.jpg"}]


@row("compare", "--apart")
def compare_apart(desk):
    """What should have nothing in common has exit code 7 where it has, and 0 where not."""
    copies(desk)
    assert desk("compare", "leaks", "things").code == 0
    assert desk("compare", "leaks", "things", "--apart").code == 7
    assert desk("compare", "things/cat", "things/owl", "--apart").code == 0


@row("compare", "--limit")
def compare_limit(desk):
    """So many are listed of each kind; all are counted."""
    copies(desk)
    found, _ = in_both(desk, "leaks", "things", "--limit", 1)
    assert (len(found["groups"]), found["found"]) == (1, 2)
    assert len(found["second"]["only_pictures"]) == 1 < found["second"]["only"]


@row("compare", "--export")
def compare_export(desk):
    """The table has every picture of both, whatever is shown."""
    copies(desk)
    file = desk.tmp / "compared.csv"
    assert desk("compare", "leaks", "things", "--limit", 1, "--export", file).code == 0
    rows = list(csv.DictReader(io.StringIO(file.read_text(ENCODING))))
    assert len(rows) == 3 + len(desk.photos)
    assert [one["where"] for one in rows].count("both") == 4
    assert {one["relation"] for one in rows if one["group"] == "1"} == {"same bytes"}
    assert desk("compare", "leaks", "things", "--export", file).code == 3
