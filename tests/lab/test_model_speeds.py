"""The speeds in the table of models are measured with models of just these sizes."""

import re
from pathlib import Path

import pytest

import search_engine
from search_engine.lab import model_speeds
from search_engine.lab.benchmark import random_model
from search_engine.lab.benchmark.random_families import SMALL, build_siglip, build_words
from search_engine.lab.model_speeds import MODELS, main, measure
from tests.embedding.scenes import SCENES

README = (Path(search_engine.__file__).parent / "README.md").read_text("utf-8")


def rows():
    """The rows of the table of models, as cells."""
    table = README.split("### Models that work\n\n")[1].split("\n\n")
    lines = next(part for part in table if part.startswith("| `--model`")).splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def small(folder):
    return str(random_model.build(folder, small=True))


def small_siglip(folder):
    return str(build_siglip(folder, SMALL))


def small_pair(folder):
    words = build_words(folder / "words", small=True)
    return f"{random_model.build(folder / 'pictures', small=True)}::{words}"


def test_the_table_names_the_models_that_are_measured():
    """In the same order, with figures of both kinds in every row."""
    assert [re.findall(r"`([^`]+)`", row[0])[0] for row in rows()] == [*MODELS]
    for row in rows():
        assert re.fullmatch(r"\d+ ms", row[-2])
        assert re.fullmatch(r"\d+ ms", row[-1])


@pytest.mark.parametrize(
    ("build", "dimension"), [(small, 512), (small_siglip, 32), (small_pair, 512)]
)
def test_a_model_is_timed_and_counted(build, dimension):
    """Pictures and words, and the parameters of both of its halves."""
    found = measure("a model", build, SCENES[:16], rounds=1)
    assert (found.model, found.dimension) == ("a model", dimension)
    assert 0 < found.picture_ms < 1000
    assert found.query_ms > 0
    if build is small_siglip:
        assert found.precision == "fp32"
    if build is small_pair:
        alone = measure("pictures", small, SCENES[:16], rounds=1)
        assert found.million_parameters > alone.million_parameters


@pytest.mark.long
def test_a_line_is_printed_for_each_model(monkeypatch, capsys):
    """Only for those that are asked for; another name is an error."""
    monkeypatch.setattr(model_speeds, "MODELS", {"one": small, "other": small_siglip})
    main(["other"])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" | ")[0] for line in lines] == ["| model", "| other"]
    with pytest.raises(SystemExit):
        main(["nobody's"])
    assert "nobody's" in capsys.readouterr().err
