"""The view Wording, and questions in several wordings."""

import pytest

from search_engine.query.phrasing import WORDINGS
from tests.app.payloads import address, chart, grid, metrics, opened, paths
from tests.app.shown import words


@pytest.fixture
def wording(page, collection):
    """Open the view Wording of the collection."""
    return lambda **wanted: page("4_Scores.py", tab="wording", **wanted)


def table(app, *columns):
    """Return the first table with these columns."""
    return next(one.value for one in app.dataframe if set(columns) <= set(one.value.columns))


def test_wording_tells_how_far_the_answer_holds(wording):
    """The fake model hears only the colour, so every wording gives the same."""
    app = wording(q="red")
    assert not app.exception
    assert metrics(app) == {
        "Agreement of all phrasings": "1.00", "In the best 10 of each": "10",
        "Unstable results": "0",
    }  # fmt: skip
    assert any("Stable" in text.value for text in app.markdown)
    wordings = table(app, "Phrasing", "Overlap")
    assert wordings["Phrasing"].tolist() == [*WORDINGS, "average of all"]
    assert wordings["Query"].tolist()[-1] == "{red}"
    templates = chart(app, "Phrasings on the categories")
    assert set(templates["mAP"]) == {1.0}


def test_pictures_that_come_and_go_are_listed(wording, embedder, monkeypatch):
    """A model that hears another colour in one wording makes it come and go."""
    heard = type(embedder).embed_words
    monkeypatch.setattr(
        type(embedder), "embed_words",
        lambda self, texts: heard(self, ["blue" if "drawing" in one else one for one in texts]),
    )  # fmt: skip
    app = wording(q="red")
    assert not app.exception
    assert float(metrics(app)["Agreement of all phrasings"]) < 1
    comers = table(app, "In phrasings").set_index("Path")
    assert comers.loc[comers["In phrasings"] == 5, "{}"].le(10).all()
    assert comers.loc[comers["In phrasings"] == 1, "a drawing of {}"].le(10).all()


def test_a_query_can_be_run_in_all_wordings(wording, page):
    """The button turns it on, the link says so, and Search runs it that way."""
    app = wording(q="red")
    next(b for b in app.button if b.label == "Search all phrasings").click().run()
    assert not app.exception
    assert address(app)["search"] == "collection=pictures&q=red&asked=averaged&tab=wording"
    app = page("2_Search.py", q="red", asked="averaged")
    assert not app.exception
    assert opened(app, "filters open").toggle(key="averaged").value is True
    assert "several phrasings" in words(app)
    assert paths(grid(app))[0].startswith("red/")
    app.toggle(key="averaged").set_value(False).run()
    assert address(app)["search"] == "collection=pictures&q=red"
    assert "several phrasings" not in words(app)


def test_a_query_without_words_has_no_wording(wording):
    """A picture as the query: the page says why there is nothing to compare."""
    app = wording(t=["#1"])
    assert not app.exception
    assert "no words" in app.error[0].value
