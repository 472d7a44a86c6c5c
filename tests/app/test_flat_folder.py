"""A folder without categories, with one only, or with a single picture in each."""

import pytest
import sklearn.manifold  # noqa: F401 - of the map; its import is not what a page is timed by

from search_engine import build_collection, plan_build
from tests.app.shown import words
from tests.conftest import COLOURS, paint

VIEWS = {
    "3_Categories.py": ("Overview", "One category", "Similarity", "Map"),
    "5_Clean_up.py": ("Duplicates", "Compare", "Suspects", "Unusual"),
    "6_Quality.py": ("Retrieval", "Presence"),
}
PAGE_OF = {view: page for page, views in VIEWS.items() for view in views}
TABS = ("query", "pair", "words", "wording", "saved")
NEEDY = {
    "flat": {"One category", "Similarity", "Retrieval", "Suspects", "Presence"},
    "one": {"Similarity", "Retrieval", "Suspects", "Presence"},
    "singles": {"Suspects", "Presence"},
}
PLACES = {"flat": "{n}.png", "one": "colours/{n}.png", "singles": "{colour}/{n}.png"}


@pytest.fixture(params=list(PLACES))
def kind(request, tmp_path, settings, load, monkeypatch):
    """Six colours, all in the folder itself, all in one category, or each in one of its own."""
    for n, colour in enumerate(COLOURS):
        place = PLACES[request.param].format(n=n, colour=colour)
        paint(tmp_path / "mine" / place, colour, salt=n)
    name, wanted = plan_build(tmp_path / "mine", settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    monkeypatch.setattr("pages.ui.frame.resources.models.load_embedder", load)
    return request.param


def labels(app):
    return [one.label for one in app.button]


@pytest.mark.parametrize("view", [*PAGE_OF, *TABS])
def test_every_view_shows_what_it_can_and_says_what_it_needs(view, kind, page):
    """Nothing is red, nothing is called (none), and where categories are needed, that is said."""
    if view in PAGE_OF:
        app = page(PAGE_OF[view], show=view)
    else:
        app = page("4_Scores.py", tab=view, q="red")
    assert not app.exception
    assert not app.error
    told = words(app)
    assert "(none)" not in told + " ".join(str(table.value) for table in app.dataframe)
    needs = [one.value for one in app.info if "ategories" in one.value]
    assert bool(needs) == (view in NEEDY[kind])
    if needs:
        assert "Each folder directly inside the folder of pictures is a category" in needs[0]
        assert "Update" in labels(app)


def views(app):
    """Return the views that a page offers, as the address names them."""
    return next((list(one.options) for one in app.segmented_control if one.key == "show"), [])


@pytest.mark.parametrize("kind", ["flat", "one"], indirect=True)
def test_views_that_need_categories_are_offered_where_there_are_any(kind, page):
    """Of a folder without any the others are offered, and beside them what a link asks for."""
    flat = kind == "flat"
    assert views(page("3_Categories.py")) == (
        ["Overview", "Map"] if flat else ["Overview", "One category", "Similarity", "Map"]
    )
    assert views(page("5_Clean_up.py")) == (
        ["Duplicates", "Compare", "Unusual"]
        if flat
        else ["Duplicates", "Compare", "Suspicious labels", "Unusual"]
    )
    assert views(page("6_Quality.py")) == ([] if flat else ["Search quality", "Is it here?"])
    assert "Suspicious labels" in views(page("5_Clean_up.py", show="Suspects"))
    assert "this collection has" in page("6_Quality.py").info[0].value


@pytest.mark.parametrize("kind", ["flat"], indirect=True)
def test_without_categories_the_overview_still_counts(kind, page):
    """Sizes and dates need no categories; what categories are is said once."""
    app = page("3_Categories.py")
    figures = {metric.label: metric.value for metric in app.metric}
    assert figures["Pictures"] == "6"
    assert "Categories" not in figures
    assert "Folders inside the folder of pictures are categories" in words(app)
    assert "0 categories" not in words(app)


@pytest.mark.parametrize("kind", ["flat"], indirect=True)
def test_a_flat_folder_has_queries_to_begin_with(kind, page):
    """They are about what most photos show."""
    assert {"a dog", "a beach", "mountains"} <= {one.label for one in page().button}


def test_suggested_queries_are_about_words(page, settings, load, tmp_path, monkeypatch):
    """A year, a code and what a camera writes make no query; a word has its article."""
    for n, name in enumerate(["2023-Alps", "100CANON", "n01440764", "apple", "DCIM", "cats"]):
        paint(tmp_path / "mine" / name / "1.png", "red", salt=n)
    name, wanted = plan_build(tmp_path / "mine", settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    monkeypatch.setattr("pages.ui.frame.resources.models.load_embedder", load)
    offered = [one.label for one in page("2_Search.py").button if "try " in (one.key or "")]
    assert offered[:2] == ["a photo of an apple", "a photo of cats"]
    assert not any(sign.isdigit() for query in offered for sign in query)
    assert not any("dcim" in query.casefold() for query in offered)
