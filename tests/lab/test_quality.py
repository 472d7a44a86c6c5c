import json
import re

import pytest

from search_engine.evaluation.metrics import auroc
from search_engine.lab.model_quality import quality
from search_engine.lab.model_quality.album import encoder_of
from search_engine.lab.model_quality.quality import FLOORS, QualityFigure


@pytest.mark.parametrize("name", FLOORS)
def test_the_shipped_model_is_good_enough(figures, name):
    """The shipped model reaches the floor of every figure on drawings it has never seen."""
    assert figures[name] >= FLOORS[name]


def test_absent_kinds_score_lower(figures):
    """A kind whose pictures are gone scores below kinds that are there, nearly always."""
    assert figures["kind present or removed AUROC"] >= 0.95


@pytest.mark.long
def test_example_queries_find_right_pictures(drawn_gallery, model_folder):
    """The queries that the app offers as examples have a right first answer in the gallery."""
    from PIL import Image

    folder, pictures = drawn_gallery
    encode = encoder_of(model_folder)
    vectors = encode([Image.open(folder / picture.path) for picture in pictures])
    expected = {
        "a red fish": ("fish", "colour", "red"),
        "two purple cats": ("cat", "colour", "purple"),
        "a boat at sunset": ("boat", "background", "sunset"),
        "umbrellas on a striped background": ("umbrella", "background", "stripes"),
        "three yellow stars at night": ("star", "background", "night"),
    }
    best = (encode(list(expected)) @ vectors.T).argmax(axis=1)
    for (query, (kind, aspect, value)), row in zip(expected.items(), best, strict=True):
        scene = pictures[row].scene
        assert (scene.kind, getattr(scene, aspect)) == (kind, value), query


def test_auroc():
    """The measure is 1 for perfect order, 0 for reversed order and 0.5 for ties."""
    low, high = [0.1, 0.2], [0.3, 0.4]
    assert auroc(high, low) == 1
    assert auroc(low, high) == 0
    assert auroc(low, low) == 0.5


@pytest.mark.parametrize(("value", "code"), [(0.99, 0), (0.5, 1)])
def test_the_command_fails_below_a_floor(monkeypatch, capsys, value, code):
    """The command prints the figures as JSON and fails if one is below its floor."""
    figure = QualityFigure("object P@10", value, 50, 0.98)
    monkeypatch.setattr(quality, "measure", lambda _folder: [figure])
    with pytest.raises(SystemExit) as left:
        quality.main(["--json"])
    assert int(left.value.code) == code
    assert json.loads(capsys.readouterr().out)[0]["value"] == value


def test_the_table_shows_every_figure(monkeypatch, capsys):
    """Without an option the command prints a line for every figure."""
    monkeypatch.setattr(
        quality, "measure", lambda _folder: [QualityFigure("anything R@1", 1.0, 5, None)]
    )
    with pytest.raises(SystemExit):
        quality.main([])
    assert "anything R@1" in capsys.readouterr().out


def test_the_card_tells_the_truth(figures, model_folder):
    """Every figure in the table of the model card is what is measured, within 0.01."""
    card = (model_folder / "README.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| ([^|]+?) +\| (\d\.\d{3}) \|", card, re.MULTILINE))
    assert set(told) == set(figures)
    assert {name: float(value) for name, value in told.items()} == pytest.approx(figures, abs=0.01)
