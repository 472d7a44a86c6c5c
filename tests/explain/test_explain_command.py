"""The command explains a picture to people and to scripts."""

import json

import pytest
from PIL import Image

from search_engine.explain.windows import PLACES
from search_engine.sample import draw_gallery
from tests.conftest import paint


@pytest.fixture
def things(run, tmp_path):
    """Some drawings, and one picture that is far wider than high."""
    folder = tmp_path / "things"
    draw_gallery(folder, pictures=50)
    paint(folder / "wide.png", "blue", size=(900, 300))
    assert run("index", folder, "--model", "mini")[0] == 0
    return folder


def first(run, *query):
    return json.loads(run("search", *query, "--json")[1])["results"][0]


def test_json_explains_all_of_it(run, things, tmp_path):
    """Terms sum to the score of the search; words, crop, negation and heat map have their keys."""
    query = ("a", "red", "fish", "without", "snow", "-", "night")
    best = first(run, *query)
    file = tmp_path / "heat.png"
    code, out, err = run(
        "explain", *query, "--picture", best["picture_id"], "--heat-map", file, "--json"
    )
    found = json.loads(out)
    assert code == 0
    assert list(found) == [
        "query", "collection", "picture_id", "path", "score", "mean_score", "rank", "exact",
        "terms", "words", "crop", "negation", "heat_map", "parts",
    ]  # fmt: skip
    assert (found["path"], found["rank"]) == (best["path"], 1)
    assert found["score"] == pytest.approx(best["score"], abs=2e-6)
    assert list(found["terms"][0]) == [
        "term",
        "weight",
        "cosine",
        "mean_cosine",
        "contribution",
    ]
    total = sum(term["contribution"] for term in found["terms"])
    assert total == pytest.approx(found["score"], abs=2e-6)
    assert [word["word"] for word in found["words"]] == [*query[:5], "night"]
    for word in found["words"]:
        above = found["score"] - found["mean_score"]
        above_without = word["score_without"] - word["mean_score_without"]
        assert word["difference"] == pytest.approx(above - above_without, abs=4e-6)
        assert word["rank_without"] >= 1
    assert found["crop"] == {"box": [0, 0, 480, 480], "cut_percent": 0}
    assert found["negation"] == {"word": "without", "suggestion": "a red fish - snow - night"}
    assert "a red fish - snow - night" in err
    heat = found["heat_map"]
    assert heat["method"] == "patches"
    assert len(heat["grid"]) == len(heat["grid"][0]) == PLACES
    highest = max(max(row) for row in heat["grid"])
    row, column = (int(heat["peak"][axis] / 480 * PLACES) for axis in ("y", "x"))
    assert heat["grid"][row][column] == highest
    with Image.open(file) as painted:
        assert (painted.format, painted.size) == ("PNG", (480, 480))


def test_people_read_a_report(run, things):
    """Score, terms, words and what was cut away; no heat map unless it is asked for."""
    best = first(run, "a", "crown")
    code, out, err = run("explain", "a", "crown", "-", "night", "--picture", best["picture_id"])
    assert code == 0
    assert f"Score {engine_score(run, best):.4f}" in out
    assert any(line.startswith("crown ") and "+0." in line for line in out.splitlines())
    assert "0.0 % was cut away" in out
    assert "answers most" not in out
    assert err == ""


def engine_score(run, best):
    found = json.loads(run("search", "a", "crown", "-", "night", "-k", "51", "--json")[1])
    return next(r["score"] for r in found["results"] if r["picture_id"] == best["picture_id"])


def test_a_panorama_comes_with_a_warning(run, things):
    """Where two thirds were never seen, standard error says so."""
    wide = next(
        r for r in json.loads(run("search", "x", "-k", "51", "--json")[1])["results"]
        if r["path"].endswith("wide.png")
    )  # fmt: skip
    _, out, err = run("explain", "a", "boat", "--picture", wide["picture_id"], "--json")
    assert json.loads(out)["crop"] == {"box": [300, 0, 600, 300], "cut_percent": 66.67}
    assert json.loads(out)["heat_map"] is None
    assert "67 % was cut away" in err


def test_mistakes_are_named(run, things, tmp_path):
    """An unknown picture, a file that is gone and a folder that is not there: code 3, no trace."""
    code, out, err = run("explain", "fish", "--picture", 777)
    assert (code, out) == (3, "")
    assert err.startswith("error: There is no picture #777 in the collection. Take an id")
    best = first(run, "a", "fish")
    nowhere = tmp_path / "no" / "heat.png"
    code, out, err = run("explain", "fish", "--picture", best["picture_id"], "--heat-map", nowhere)
    assert (code, out) == (3, "")
    assert "cannot be written" in err
    (things / "fish" / "0001.jpg").unlink()
    gone = run("explain", "fish", "--picture", best["picture_id"], "--method", "regions")
    assert gone[0] == 3
    assert "The file is not there any more" in gone[2]
    assert best["path"] in gone[2]


def test_a_search_notes_what_the_model_does_not_understand(run, things):
    """A negation is noted on standard error, in quotes it is not."""
    _, out, err = run("search", "a", "fish", "without", "stripes", "--json")
    assert json.loads(out)["query"] == "a fish without stripes"
    assert "“without”" in err
    assert "a fish - stripes" in err
    assert "note" not in run("search", '"a fish without stripes"', "--json")[2]
