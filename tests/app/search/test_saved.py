"""Saved queries in the app: kept from the search page, checked on the page of scores."""

import pytest

from search_engine import Filters, SearchEngine, build_collection, plan_build
from search_engine.cards import SavedQueries, card_of


@pytest.fixture
def saved(collection, settings, load):
    """Two queries kept with the collection."""
    with SearchEngine.open("pictures", settings, load=load) as engine:
        kept = SavedQueries(engine.catalog.folder)
        for query in ("red", "blue"):
            kept.save(f"my {query}", card_of(engine, engine.search(query, 2), 2, Filters()))
    return kept


def press(app, label):
    """Click the button of this label."""
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception


def open_downloads(app):
    """Open the dialog; each click of a test runs the whole page, and closes it again."""
    app.button(key="download open").click()
    return app


def name_of_query(app):
    """Return the box for the name."""
    return next(box for box in app.text_input if box.label == "Save this query as")


def test_with_none_saved_it_says_how(page, collection):
    """The empty view says where queries are saved."""
    app = page("4_Scores.py", tab="saved")
    assert not app.exception
    assert "No query is saved yet" in app.info[0].value


def test_a_query_is_saved_from_the_search_page(page, collection, settings):
    """The name offered comes from the query; afterwards the card is in the collection."""
    app = page("2_Search.py", q="red - night")
    open_downloads(app).run()
    assert name_of_query(app).value == "red - night"
    press(open_downloads(app), "Save")
    kept = SavedQueries(settings.collections_folder / "pictures")
    assert kept.names() == ["red - night"]
    assert kept.read("red - night").results[0].path.startswith("red/")
    name_of_query(app).set_value("../out")
    press(open_downloads(app), "Save")
    assert "cannot be the name" in app.error[0].value


def test_a_check_tells_what_changed_until_it_is_accepted(page, saved, collection, settings, load):
    """A query whose picture is gone is different, the other the same; accepting settles it."""
    app = page("4_Scores.py", tab="saved")
    press(app, "Run all of them again")
    assert app.success[0].value.startswith("2 of 2")
    (collection / saved.read("my red").results[0].path).unlink()
    build_collection(*plan_build(collection, settings, model_id="colours"), settings, load=load)
    app = page("4_Scores.py", tab="saved")
    press(app, "Run all of them again")
    assert app.warning[0].value.startswith("1 of 2")
    rows = app.dataframe[0].value
    assert rows["change"].tolist() == ["came", "left"]
    assert rows["reason"].tolist() == ["", "no longer in the collection"]
    press(app, "Accept new results")
    press(app, "Run all of them again")
    assert app.success[0].value.startswith("2 of 2")


def test_one_is_forgotten(page, saved):
    """Forgetting deletes the query and leaves the others."""
    app = page("4_Scores.py", tab="saved")
    press(app, "Forget")
    assert saved.names() == ["my red"]


def test_a_damaged_card_is_named_and_hides_no_other(page, saved):
    """A card that cannot be read is an error in its place."""
    (saved.folder / "my blue.json").write_text("{")
    app = page("4_Scores.py", tab="saved")
    press(app, "Run all of them again")
    assert "no whole result card" in app.error[0].value
    assert app.warning[0].value.startswith("1 of 2")
