"""Saved queries in the app: kept from the search page, checked on the page of scores."""

import re
from urllib.parse import parse_qs

import pytest

from pages.ui.frame.search_state import SearchState, as_address
from pages.ui.search import filter_form, saved_state
from pages.ui.search.saved_state import SavedFilters
from search_engine import Filters, Query, SearchEngine, build_collection, plan_build
from search_engine.cards import SavedQueries, card_of
from search_engine.query import ExamplePicture
from search_engine.search import read
from tests.app.payloads import address, choose, grid, paths


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
    choose(app, "download")
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


EVERYTHING = {
    "q": "red", "t": ["0.5:#9"], "category": ["red", "blue"], "asked": "averaged",
    "good": "1", "bad": "3", "tag": ["warm"], "path": ["red/", "blue/"], "dated_from": "2000-01",
    "dated_to": "2100", "orientation": "landscape", "min_side": "33", "min_match": "2.5",
    "min_score": "-0.9", "shown": "matches", "sort": "name", "group": "category",
}  # fmt: skip
"""All that a query of the search page can be asked for."""


def asked(app):
    """Return what the address asks for, by name."""
    said = parse_qs(address(app)["search"])
    return {name: sorted(values) for name, values in said.items() if name != "collection"}


def test_a_saved_query_is_run_with_all_that_it_was_saved_with(page, collection, settings, load):
    """Every filter, the marks, the order: run again, the search page asks for just the same."""
    with SearchEngine.open("pictures", settings, load=load) as engine:
        engine.catalog.tags.add(range(1, 13), "warm")
    app = page("2_Search.py", **EVERYTHING)
    before, found = asked(app), paths(grid(app))
    assert before.keys() == EVERYTHING.keys()
    open_downloads(app).run()
    name_of_query(app).set_value("all of it")
    press(open_downloads(app), "Save")
    app = page("4_Scores.py", tab="saved")
    said = next(one.value for one in app.caption if "filter_alt" in one.value).replace("\\", "")
    for one in ("red", "blue", "Tag: warm", "Path: red/", "From 2000-01", "Until 2100", "Landscape",
                "33 pixels or more", "Match 2.5 % or more", "Cosine −0.90 or more", "1 marked good",
                "1 marked bad", "Name, by category"):  # fmt: skip
        assert one in said
    press(app, "Run it")
    assert asked(app) == before
    assert paths(grid(app)) == found


@pytest.mark.parametrize(
    "state",
    [
        SearchState(category=("", "red", "bytes:%FF")), SearchState(tag=("a", "b")),
        SearchState(path=("x/",)), SearchState(path=("y", "x/")), SearchState(dated_from="2024-05"),
        SearchState(dated_to="2024"), SearchState(orientation="square"), SearchState(min_side=33),
        SearchState(min_match=82.5), SearchState(min_score=-0.25), SearchState(),
    ],
    ids=as_address,
)  # fmt: skip
def test_each_filter_is_read_back_by_itself(state):
    """None of them needs another one, and none is left out."""
    assert saved_state.filters_of(filter_form.filters(state)) == SavedFilters(state, ())


def test_filters_of_the_command_line_are_named_and_not_run(page, collection, settings, load):
    """The app has no box for them, so that nobody takes the results for those of before."""
    filters = Filters(min_width=20, max_bytes=5_000, min_height=10)
    with SearchEngine.open("pictures", settings, load=load) as engine:
        found = engine.search("red", 2, filters)
        SavedQueries(engine.catalog.folder).save("odd", card_of(engine, found, 2, filters))
    app = page("4_Scores.py", tab="saved")
    said = next(one.value for one in app.caption if "filter_alt" in one.value)
    assert "at least 20 pixels wide (not in the app)" in said.replace("\\", "")
    assert "at most 5,000 bytes (not in the app)" in said.replace("\\", "")
    press(app, "Run it")
    assert asked(app) == {"q": ["red"]}


def test_an_example_picture_is_kept_and_run_again(page, collection, settings, load):
    """As the square that the model looks at, which is a picture of the query again."""
    with SearchEngine.open("pictures", settings, load=load) as engine:
        query = Query.parse("red").plus(ExamplePicture(collection / "blue/0.png"), 0.5)
        found = engine.search(query, 5)
        SavedQueries(engine.catalog.folder).save("like", card_of(engine, found, 5, Filters()))
        order = read(lambda k: engine.search(query, k), 12).order
    app = page("4_Scores.py", tab="saved")
    press(app, "Run it")
    assert re.fullmatch(r"0\.5:@[0-9a-f]{64}", asked(app)["t"][0])
    assert paths(grid(app)) == [one.record.path for one in order]


def test_what_a_save_replaces_can_be_put_back(page, saved):
    """So can a deleted one, and results that were accepted."""
    before = saved.read("my red")
    app = page("2_Search.py", q="green")
    open_downloads(app).run()
    name_of_query(app).set_value("MY RED")
    press(open_downloads(app), "Save")
    assert saved.read("my red").query == "green"
    press(open_downloads(app), "Put it back")
    assert saved.read("my red") == before
    app = page("4_Scores.py", tab="saved")
    press(app, "Forget")
    assert saved.names() == ["my red"]
    press(app, "Put it back")
    assert saved.names() == ["my blue", "my red"]


def test_a_damaged_card_is_named_and_hides_no_other(page, saved):
    """A card that cannot be read is an error in its place."""
    (saved.folder / "my blue.json").write_text("{")
    app = page("4_Scores.py", tab="saved")
    press(app, "Run all of them again")
    assert "no whole result card" in app.error[0].value
    assert app.warning[0].value.startswith("1 of 2")
