"""The command that compares two models, for people and for scripts."""

import json

import pytest

from search_engine.lab.benchmark import random_model
from search_engine.sample import draw_gallery
from search_engine.settings import DATA_VARIABLE


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A gallery indexed with the bundled model, which knows it, and with one that knows nothing."""
    from search_engine.cli import main

    root = tmp_path_factory.mktemp("compare")
    draw_gallery(root / "drawings", pictures=100)
    draw_gallery(root / "others", pictures=50)
    for file in [*(root / "others").rglob("*.jpg")]:
        file.rename(file.with_stem(f"other {file.stem}"))
    model = random_model.build(root / "random", seed=7, small=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(DATA_VARIABLE, str(root / "data"))
        drawings = ["index", str(root / "drawings")]
        assert main([*drawings, "--model", "mini"]) == 0
        assert main([*drawings, "--model", str(model), "--name", "random"]) == 0
        assert main(["index", str(root / "others"), "--model", str(model)]) == 0
    return root


@pytest.fixture
def run(run, home, monkeypatch):
    """Run a command on them."""
    monkeypatch.setenv(DATA_VARIABLE, str(home / "data"))
    return run


def compared(run, *arguments):
    code, out, _ = run("compare-models", *arguments, "--json")
    assert code == 0
    return json.loads(out)


def test_the_better_model_is_found(run):
    """Whichever comes first, the model that knows the drawings wins, beyond chance."""
    found, back = compared(run, "drawings", "random"), compared(run, "random", "drawings")
    assert [found[side]["model"] == "mini" for side in ("first", "second")] == [True, False]
    assert (found["pictures"], found["only_in_first"], found["only_in_second"]) == (100, 0, 0)
    whole, other = found["figures"]["map"], back["figures"]["map"]
    assert whole["first"] == other["second"] > 0.9
    assert whole["second"] == other["first"] < 0.2
    assert whole["difference"] == pytest.approx(whole["second"] - whole["first"], abs=1e-5)
    low, high = whole["difference_interval"]
    assert low < whole["difference"] < high < -0.5
    assert other["difference"] == -whole["difference"]
    mean = sum(one["first"]["average_precision"] for one in found["categories"]) / 50
    assert whole["first"] == pytest.approx(mean, abs=1e-5)
    assert found["categories"][0]["first"]["first_right"] in {True, False}


def test_every_figure_is_that_of_evaluate_retrieval(run):
    """What is measured here of one model is what is measured of it alone."""
    found = compared(run, "drawings", "random", "-k", "3", "--template", "{}")
    for side, name in (("first", "drawings"), ("second", "random")):
        asked = ("--collection", name, "-k", "3", "--template", "{}", "--json")
        alone = json.loads(run("evaluate", "retrieval", *asked)[1])
        for figure in ("map", "precision_at_3", "recall_at_3", "ndcg_at_3"):
            assert found["figures"][figure][side] == pytest.approx(alone[figure], abs=1e-6)
            ends = found["figures"][figure][f"{side}_interval"]
            assert ends == pytest.approx(alone["intervals"][figure], abs=1e-6)


def test_k_and_template_are_taken(run):
    """The figures are named after k, the queries made by the template."""
    usual = compared(run, "drawings", "random")
    found = compared(run, "drawings", "random", "-k", "1", "--template", "{} at night")
    assert {"precision_at_1", "recall_at_1", "ndcg_at_1"} < set(found["figures"])
    assert "precision_at_10" in usual["figures"]
    assert found["categories"][0]["query"].endswith(" at night")
    assert found["figures"]["map"]["first"] != usual["figures"]["map"]["first"]


def test_people_read_who_is_better(run):
    """Both models, the figures side by side, a verdict, and the categories that differ most."""
    code, out, err = run("compare-models", "random", "drawings")
    assert code == 0
    assert "B: 'drawings', mini" in out
    assert "over 100 pictures" in out
    assert any(line.startswith("map ") and " to +" in line for line in out.splitlines())
    assert "'drawings' finds these categories better" in out
    assert "these 20 differ most" in out
    assert "note:" not in err


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("drawings", "drawings"), 3, "the same model, 'mini'"),
        (("random", "others"), 3, "the same model"),
        (("drawings", "others"), 3, "not of the same folder: of 100 and 50 pictures 0"),
        (("drawings", "nothing"), 4, "nothing"),
        (("drawings", "random", "-k", "5000"), 3, "cannot be judged"),
        (("drawings", "random", "--template", "a photo"), 3, "no place"),
        (("drawings",), 2, "B"),
    ],
)
def test_what_cannot_be_compared_is_explained(run, arguments, code, told):
    """With an exit code, cause and remedy, and nothing on standard output."""
    left, out, err = run("compare-models", *arguments)
    assert (left, out) == (code, "")
    assert told in err


def test_a_model_of_somebody_else_is_confirmed_first(run, home):
    """Of a copied collection it is loaded only after it was chosen here."""
    chosen = home / "data/collections/.models.json"
    kept = chosen.read_bytes()
    chosen.unlink()
    try:
        code, out, err = run("compare-models", "drawings", "random")
        assert (code, out) == (5, "")
        assert "--trust-model" in err
        assert run("compare-models", "drawings", "random", "--trust-model")[0] == 0
    finally:
        chosen.write_bytes(kept)
