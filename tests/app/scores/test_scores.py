"""The page of scores: the whole collection, terms, two queries, one picture."""

from dataclasses import replace

import numpy as np
import pytest

from pages.ui.frame import resources
from search_engine.settings import DATA_VARIABLE
from tests.app.payloads import address, chart, metrics


@pytest.fixture
def scores(page, collection):
    """Open the page of scores of the collection."""
    return lambda **wanted: page("4_Scores.py", **wanted)


def test_with_nothing_indexed_it_invites(page, no_sample):
    """An empty start says what to do."""
    app = page("4_Scores.py")
    assert not app.exception
    assert "no collection to search" in app.info[0].value


@pytest.mark.parametrize("tab", ["query", "pair", "words"])
def test_before_a_query_it_asks_for_one(scores, tab):
    """Each view says what it needs."""
    app = scores(tab=tab)
    assert not app.exception
    assert "query" in app.info[0].value


def test_an_example_is_asked_here(scores):
    """An example query stays on the page and is answered."""
    app = scores()
    next(button for button in app.button if button.label == "a photo of red").click().run()
    assert not app.exception
    assert metrics(app)["Pictures scored"] == "12"


def test_all_scores_are_counted_and_the_shown_marked(scores):
    """The histogram holds every picture once; the best score is that of the best picture."""
    app = scores(q="red")
    assert not app.exception
    bars = chart(app, "Scores of the whole collection")
    assert bars["pictures"].sum() == 12
    assert bars.loc[bars["which"] == "shown", "pictures"].sum() == 12
    assert float(metrics(app)["Best score"]) == pytest.approx(1, abs=0.01)
    curve = chart(app, "Rank curve")
    assert curve["score"].iloc[0] == pytest.approx(1, abs=0.01)
    assert curve["rank"].tolist() == list(range(1, 13))
    assert (np.diff(curve["score"]) <= 0).all()


@pytest.mark.parametrize("tab", ["query", "pair"])
def test_scores_from_codes_say_so(scores, monkeypatch, tab):
    """Where the index keeps only codes of the vectors, the page tells that scores are rounded."""
    whole = resources.scored

    def from_codes(*asked):
        found = whole(*asked)
        return replace(found, all=replace(found.all, exact=False))

    assert not any(
        "8-bit codes" in one.value for one in scores(q="red", tab=tab, other="blue").caption
    )
    monkeypatch.setattr(resources, "scored", from_codes)
    assert any("8-bit codes" in one.value for one in scores(q="red", tab=tab, other="blue").caption)


def test_filters_restrict_what_is_scored(scores):
    """Only the pictures of the chosen categories are scored and compared."""
    app = scores(q="red", category=["red", "blue"])
    assert metrics(app)["Pictures scored"] == "4"
    shares = chart(app, "Categories on top")
    assert set(shares["category"]) == {"red", "blue"}
    assert shares["share"].tolist() == pytest.approx([0.5] * 4)


def test_clearing_the_filters_clears_nothing_else(scores):
    """The query, the view and the second query stay."""
    app = scores(q="red", tab="pair", other="blue", category="red", min_score="0.5")
    clear = next(button for button in app.button if button.label == "Clear all")
    clear.click().run()
    assert address(app)["search"].count("category") == 0
    assert "min_score" not in address(app)["search"]
    assert app.text_input(key="other").value == "blue"
    assert app.text_input(key="q").value == "red"


def test_a_filter_that_leaves_nothing_is_explained(scores):
    """No picture passes: that is said instead of an empty chart."""
    app = scores(q="red", path="nowhere")
    assert not app.exception
    assert "No picture passes the filters" in app.info[0].value


def test_the_match_restricts_what_is_scored_and_compared(scores):
    """What matches the first query is compared with the second, whether or not it matches that."""
    app = scores(q="red", min_match="80")
    assert metrics(app)["Pictures scored"] == "2"
    app = scores(q="red", tab="pair", other="blue", min_match="80")
    assert not app.exception
    assert len(chart(app, "Score comparison")) == 2
    app = scores(q="red + green", tab="pair", other="blue", min_match="100")
    assert not app.exception
    assert "No picture passes the filters" in app.info[0].value


def test_terms_sum_to_the_score(scores):
    """For every result, the contributions of the terms add up to its score."""
    app = scores(q="red + 0.5:blue - green")
    assert not app.exception
    table = chart(app, "Scores by term")
    assert set(table["term"]) == {"+ red", "+ 0.5 × blue", "− 0.5 × green"}
    for _, rows in table.groupby("rank"):
        assert rows["contribution"].sum() == pytest.approx(rows["score"].iloc[0], abs=1e-6)


def test_one_term_has_no_terms_to_show(scores):
    """Where the score has one part, it is not drawn as a part."""
    with pytest.raises(AssertionError, match="no chart"):
        chart(scores(q="red"), "Scores by term")


def test_equal_queries_agree(scores):
    """The same query twice shares everything."""
    app = scores(q="red", tab="pair", other="red")
    assert not app.exception
    assert metrics(app) == {
        "Shared of the best 12": "12",
        "Jaccard": "1.00",
        "Rank-biased overlap": "1.00",
        "Correlation of scores": "1.00",
    }


def test_other_queries_tell_who_moves(scores):
    """Each picture's ranks for both queries are in the table, and the points have both scores."""
    app = scores(q="red", tab="pair", other="blue")
    assert not app.exception
    table = app.dataframe[0].value
    first = table.iloc[0]
    assert first["Path"].startswith("red/")
    assert (first["First rank"], first["Second rank"] > 2) == (1, True)
    assert first["Rank change"] == first["First rank"] - first["Second rank"]
    points = chart(app, "Score comparison")
    assert len(points) == 12
    red = points[points["path"] == first["Path"]].iloc[0]
    assert red["first"] == pytest.approx(first["First score"])
    assert red["second"] == pytest.approx(first["Second score"])


def test_typing_the_second_query_writes_it_into_the_address(scores):
    """What is typed beside the query is part of the link."""
    app = scores(q="red", tab="pair")
    app.text_input(key="other").set_value("blue").run()
    assert not app.exception
    assert address(app)["search"] == "collection=pictures&q=red&tab=pair&other=blue"
    assert "Jaccard" in metrics(app)


def test_a_second_query_that_makes_no_sense_is_explained(scores):
    """Its mistake is shown like one of the first."""
    app = scores(q="red", tab="pair", other="red - 1:red")
    assert not app.exception
    assert "cancel" in app.error[0].value


def test_the_best_answer_is_asked_for_its_labels(scores):
    """Without labels the categories are taken, and that of the picture wins."""
    app = scores(q="purple", tab="words")
    assert not app.exception
    table = app.dataframe[0].value
    assert table["label"].iloc[0] == "purple"
    assert len(table) == 6
    assert table["probability"].sum() == pytest.approx(1)
    assert table["text"].iloc[0] == "a photo of a purple"


def test_labels_template_and_picture_come_from_the_link(scores):
    """A link names the picture, the labels and the template."""
    app = scores(tab="words", subject="1", label=["blue", "green"], template="{} thing")
    assert not app.exception
    table = app.dataframe[0].value
    assert set(table["text"]) == {"blue thing", "green thing"}
    assert app.text_area(key="labels").value == "blue\ngreen"
    assert any("id 1" in caption.value for caption in app.caption)


def test_what_probabilities_are_is_told(scores, embedder):
    """A softmax over the labels, the sigmoid of a model with a bias, or none; each in its words."""

    def told(scale, bias):
        embedder.logit_scale, embedder.logit_bias = scale, bias
        app = scores(q="purple", tab="words")
        table = app.dataframe[0].value
        drawn = len(chart(app, "Words for the picture"))
        return " ".join(one.value for one in app.caption), table["probability"], drawn

    caption, chances, drawn = told(10.0, None)
    assert "Softmax over these labels with the model's own temperature, 1/10.0" in caption
    assert chances.sum() == pytest.approx(1)
    assert drawn == (chances >= 0.005).sum() < 6
    caption, chances, drawn = told(10.0, -30.0)
    assert "Sigmoid of 10.0 × cosine − 30.0" in caption
    assert (chances.max() < 1e-8, drawn) == (True, 6)  # none is likely, and all are shown
    caption, chances, _ = told(None, None)
    assert "no temperature of its own" in caption
    assert chances.isna().all()


def test_typed_labels_are_asked(scores):
    """Labels are taken line by line, and go into the link."""
    app = scores(q="red", tab="words")
    app.text_area(key="labels").set_value("blue\n\nred ").run()
    assert not app.exception
    assert app.dataframe[0].value["label"].tolist() == ["red", "blue"]
    assert "label=blue&label=red" in address(app)["search"]


def test_a_template_without_a_place_is_explained(scores):
    """The mistake is named, with what to write."""
    app = scores(q="red", tab="words", template="a photo")
    assert not app.exception
    assert "no place for the words" in app.error[0].value


def test_what_only_scores_knows_stays_off_the_address_of_search(scores, page):
    """Going to Search takes the query along, and leaves the second query behind."""
    app = scores(q="red", tab="pair", other="blue")
    app.switch_page("pages/2_Search.py").run()
    assert not app.exception
    assert address(app)["search"] == "collection=pictures&q=red"
    app.switch_page("pages/4_Scores.py").run()
    assert app.text_input(key="other").value == "blue"


@pytest.mark.parametrize("nonsense", [{"tab": "x"}, {"subject": "-1"}, {"subject": "abc"}])
def test_nonsense_in_the_address_falls_back(scores, nonsense):
    """A broken link shows the scores as if the broken part were not there."""
    app = scores(q="red", **nonsense)
    assert not app.exception
    assert metrics(app)["Pictures scored"] == "12"


def test_another_model_than_the_index_was_made_with(scores, embedder, monkeypatch):
    """A model that changed behind its name is an error with a way to mend it."""
    other = type(embedder)("colours", "changed")
    monkeypatch.setattr("pages.ui.frame.resources.models.load_embedder", lambda *_: other)
    app = scores(q="red")
    assert not app.exception
    assert "not the one the index was made with" in app.error[0].value


def test_the_best_are_as_many_as_a_page_shows(page, gallery, monkeypatch):
    """However many pictures were put in order together to find the matches."""
    monkeypatch.setenv(DATA_VARIABLE, str(gallery.settings.data_folder))
    app = page("4_Scores.py", q="an animal", per_page="24")
    assert not app.exception
    assert "Score at rank 24" in metrics(app)
