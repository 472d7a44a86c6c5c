"""The view Retrieval: how well each category is found when it is asked for."""

import pytest

from search_engine import build_collection, plan_build
from tests.app.payloads import chart, grid, metrics, of_collection, paths
from tests.conftest import paint


def table(app, *columns):
    """Return the first table with these columns."""
    return next(one.value for one in app.dataframe if set(columns) <= set(one.value.columns))


@pytest.fixture
def retrieval(page, collection):
    """Open the view Retrieval of the collection."""
    return lambda **wanted: page("6_Quality.py", show="Retrieval", **wanted)


def test_retrieval_shows_the_figures_of_every_category(retrieval):
    """Each colour finds its own two pictures first."""
    app = retrieval()
    assert not app.exception
    shown = metrics(app)
    assert (shown["mAP"], shown["Precision@10"], shown["Recall@10"]) == ("1.000", "0.200", "1.000")
    assert shown["Zero-shot top-1"] == "1.000"
    bars = chart(app, "Search quality by category")
    assert set(bars["query"]) == {
        f"a photo of a {colour}" for colour in ("black", "blue", "green", "purple", "red", "yellow")
    }
    figures = table(app, "results", "average precision").set_index("category")
    assert figures.loc["red", "results"] == "Search?collection=pictures&q=a+photo+of+a+red"
    assert figures.loc["red", "average precision"] == 1
    confusions = table(app, "Searched for", "Found", "Share")
    assert (confusions["Searched for"] != confusions["Found"]).all()
    cells = chart(app, "Zero-shot").set_index(["one", "other"])["share"]
    assert cells["red", "red"] == 1
    assert cells.sum() == 6


def test_every_metric_is_explained(retrieval):
    """Each has its meaning beside it, and the method is told once in full."""
    app = retrieval()
    assert all(metric.help for metric in app.metric)
    method = next(text.value for text in app.markdown if "bootstrap" in text.value)
    assert all(f"**{label}**" in method for label in metrics(app))


def test_options_come_from_the_link_and_go_into_it(retrieval):
    """Template, number of answers and how copies count."""
    app = retrieval(question="my {}", first="5", copies="once")
    assert not app.exception
    assert "Precision@5" in metrics(app)
    assert "my red" in set(chart(app, "Search quality by category")["query"])
    app.text_input(key="question").set_value("the {}").run()
    assert app.query_params["question"] == "the {}"
    assert "the red" in set(chart(app, "Search quality by category")["query"])


def test_a_template_without_a_place_is_explained(retrieval):
    """The mistake is named, with what to write."""
    app = retrieval(question="a photo")
    assert not app.exception
    assert "no place for the words" in app.error[0].value


def test_a_confusion_shows_its_pictures(retrieval):
    """The chosen row leads to the pictures of the other category."""
    app = retrieval(first="5")
    pair = table(app, "Searched for", "Found", "Share").iloc[0]
    app.session_state[of_collection(app, "confusions")] = {
        "selection": {"rows": [0], "columns": [], "cells": []}
    }
    app.run()
    assert not app.exception
    found = {path.partition("/")[0] for path in paths(grid(app))}
    assert found == {pair["Found"]}


def test_without_categories_it_says_what_to_do(page, settings, load, tmp_path, monkeypatch):
    """Pictures in the root alone cannot be judged by their folders; wordings still can."""
    for number in range(3):
        paint(tmp_path / f"flat/{number}.png", "red", salt=number)
    name, wanted = plan_build(tmp_path / "flat", settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    monkeypatch.setattr("pages.ui.frame.resources.models.load_embedder", load)
    app = page("6_Quality.py", show="Retrieval")
    assert not app.exception
    assert "this collection has none" in app.info[0].value
    app = page("4_Scores.py", tab="wording", q="red")
    assert not app.exception
    assert metrics(app)["Agreement of all phrasings"] == "1.00"
