"""The commands that measure how good answers are, for people and for scripts."""

import json

import pytest

from search_engine.query.phrasing import CATEGORY_TEMPLATE, WORDINGS
from search_engine.settings import DATA_VARIABLE


@pytest.fixture
def run(run, indexed_gallery, monkeypatch):
    """Run a command on the gallery."""
    monkeypatch.setenv(DATA_VARIABLE, str(indexed_gallery.catalog.folder.parent.parent))
    return run


def test_evaluate_retrieval_gives_documented_json(run):
    """Headline figures with intervals, zero-shot, confusions, and a line a category."""
    code, out, _ = run("evaluate", "retrieval", "--json")
    found = json.loads(out)
    assert code == 0
    assert list(found) == [
        "collection", "model", "template", "k", "once", "pictures", "pictures_without_category",
        "categories_in_all", "map", "precision_at_10", "recall_at_10", "ndcg_at_10", "chance_map",
        "intervals", "zero_shot", "picture_to_picture", "confusions", "categories", "remarks",
        "seconds", "labelling",
    ]  # fmt: skip
    assert (found["template"], found["k"], found["pictures"]) == (CATEGORY_TEMPLATE, 10, 150)
    low, high = found["intervals"]["map"]
    assert 0.9 < low <= found["map"] <= high <= 1
    assert found["chance_map"] < 0.1
    assert set(found["intervals"]) == {"map", "precision_at_10", "recall_at_10", "ndcg_at_10"}
    assert found["zero_shot"]["pictures"] == 150
    assert found["zero_shot"]["top_1"] <= found["zero_shot"]["top_5"] <= 1
    fish = next(one for one in found["categories"] if one["category"] == "fish")
    assert fish["question"] == "a photo of a fish"
    assert fish["precision_at_10"] == pytest.approx(fish["recall_at_10"] * fish["pictures"] / 10)
    pair = found["confusions"][0]
    assert list(pair) == ["asked", "found", "share", "picture_ids"]
    assert pair["share"] == len(pair["picture_ids"]) / 10
    assert any("fewer than 10" in remark for remark in found["remarks"])


def test_evaluate_retrieval_takes_k_and_template(run):
    """The figures are named after k, the queries made by the template."""
    _, out, _ = run("evaluate", "retrieval", "-k", 3, "--template", "{}", "--once", "--json")
    found = json.loads(out)
    assert {"precision_at_3", "ndcg_at_3"} < set(found)
    assert found["once"] is True
    assert {one["question"] for one in found["categories"]} >= {"fish", "ice cream"}
    assert found["precision_at_3"] > 0.9


def test_evaluate_retrieval_reads_well(run):
    """For a person: figures, the hardest categories first, confusions, what limits them."""
    code, out, err = run("evaluate", "retrieval")
    assert code == 0
    assert "50 categories as queries" in out
    assert "By chance" in out
    assert "hardest of 50" in out
    assert " finds " in out
    assert "note: 50 categories have fewer than 10 pictures" in err


def test_evaluate_templates_names_the_best(run):
    """All wordings with their figures, best first."""
    code, out, _ = run("evaluate", "templates", "--json")
    found = json.loads(out)
    assert code == 0
    assert {one["template"] for one in found["templates"]} == {
        *WORDINGS, CATEGORY_TEMPLATE, "average",
    }  # fmt: skip
    assert found["best"] == found["templates"][0]["template"]
    assert found["templates"][0]["map"] == max(one["map"] for one in found["templates"])
    _, out, _ = run("evaluate", "templates")
    assert out.splitlines()[2].startswith(found["best"])


def test_wording_tells_how_far_the_answer_holds(run):
    """A known thing is stable, and the pictures in every wording are named."""
    code, out, _ = run("wording", "a", "red", "fish", "-k", 3, "--json")
    found = json.loads(out)
    assert code == 0
    assert list(found) == [
        "collection", "model", "query", "k", "verdict", "agreement", "stable_from",
        "fragile_below", "wordings", "always", "come_and_go",
    ]  # fmt: skip
    assert (found["query"], found["verdict"]) == ("a red fish", "stable")
    assert found["agreement"] > found["stable_from"]
    assert [one["template"] for one in found["wordings"]] == [*WORDINGS, "average"]
    assert found["wordings"][0]["overlap"] == 1
    assert found["always"][0]["path"].startswith("fish/")
    _, out, _ = run("wording", "something", "to", "eat")
    assert "mean rank-biased overlap" in out
    assert "are unstable" in out


def test_a_search_can_average_wordings(run):
    """The option and the braces ask the same."""
    _, out, _ = run("search", "--average-wordings", "a red fish - night", "--json")
    option = json.loads(out)
    _, out, _ = run("search", "{a red fish} - {night}", "--json")
    braces = json.loads(out)
    assert option == braces
    assert option["query"] == "{a red fish} - {night}"
    assert option["results"][0]["category"] == "fish"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("evaluate", "retrieval", "--template", "a photo"), "no place"),
        (("evaluate", "retrieval", "-k", 5000), "cannot be judged"),
        (("evaluate", "templates", "-k", 5000), "cannot be judged"),
        (("wording", "#1"), "no words"),
    ],
)
def test_what_cannot_be_measured_is_explained(run, arguments, told):
    """Exit code 3, with cause and remedy, and nothing on standard output."""
    code, out, err = run(*arguments)
    assert (code, out) == (3, "")
    assert told in err
