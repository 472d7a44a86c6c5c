"""The page of categories: what it counts, compares and lays out."""

import pytest

from tests.app.payloads import (
    address,
    chart,
    grids,
    metrics,
    paths,
)


@pytest.fixture
def categories(page, collection):
    """Open the page of categories of the collection."""
    return lambda show=None, **wanted: page(
        "3_Categories.py", **({"show": show} if show else {}), **wanted
    )


def test_with_nothing_indexed_it_invites(page, no_sample):
    """An empty start says what to do."""
    app = page("3_Categories.py")
    assert not app.exception
    assert "no collection to search" in app.info[0].value


def test_the_overview_counts_the_pictures(categories, collection):
    """Totals, counts of each category and file sizes are those of the files."""
    app = categories()
    assert not app.exception
    assert (metrics(app)["Pictures"], metrics(app)["Categories"]) == ("12", "6")
    counts = chart(app, "Categories").set_index("category")["pictures"]
    assert counts.to_dict() == dict.fromkeys(
        ("black", "blue", "green", "purple", "red", "yellow"), 2
    )
    table = app.dataframe[0].value.set_index("Category")
    size = sum(file.stat().st_size for file in (collection / "red").iterdir())
    assert table.loc["red", "Size, MB"] == pytest.approx(size / 1e6)
    assert table.loc["red", "Share"] == pytest.approx(1 / 6)
    assert table.loc["red", "Similarity within"] > 0.99
    assert table.loc["red", "Similarity within"] > table.loc["red", "Similarity to it"]


def test_alike_measures_are_a_sentence_instead_of_a_chart(categories):
    """All pictures here have one resolution: that is said, not drawn as a single bar."""
    app = categories()
    assert any("resolution 0.0024 MP" in c.value.replace("\\", "") for c in app.caption)


def test_the_heat_map_compares_every_pair(categories):
    """Each pair of categories has its mean cosine, and the closest pair comes first."""
    app = categories("Similarity")
    assert not app.exception
    cells = chart(app, "Similarity").set_index(["one", "other"])["similarity"]
    assert len(cells) == 36
    assert cells["red", "red"] > 0.99
    assert cells["red", "blue"] == pytest.approx(cells["blue", "red"])
    pairs = app.dataframe[0].value
    between = cells[[one != other for one, other in cells.index]]
    assert pairs["Mean cosine"].iloc[0] == pytest.approx(between.max())


def test_one_category_shows_typical_pictures_and_all(categories):
    """Most typical, least typical and all pictures of the chosen category, no others."""
    app = categories("One category", name="green")
    assert not app.exception
    assert app.selectbox(key="name").value == "green"
    most, least, everything = grids(app)
    assert len(most["items"]) == len(least["items"]) == 1
    assert set(paths(most) + paths(least)) == {"green/0.png", "green/1.png"}
    assert paths(everything) == ["green/0.png", "green/1.png"]


@pytest.mark.parametrize(
    ("label", "found"),
    [
        ("Search for “green”", "collection=pictures&q=green"),
        ("Search within it", "collection=pictures&category=green"),
    ],
)
def test_a_category_leads_to_search(categories, label, found):
    """A category's name is a query, and a filter."""
    app = categories("One category", name="green")
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    assert address(app)["search"] == found


@pytest.mark.parametrize("nonsense", [{"show": "Everything"}, {"name": "no such"}])
def test_nonsense_in_the_address_falls_back(categories, nonsense):
    """A broken link shows the page as if the broken part were not there."""
    app = categories(**nonsense)
    assert not app.exception
    assert metrics(app)["Pictures"] == "12"


def test_a_collection_without_categories(page, settings, load, tmp_path, monkeypatch):
    """Pictures in the root alone are counted, laid out, and compared with nothing."""
    from search_engine import build_collection, plan_build
    from tests.conftest import paint

    for number in range(3):
        paint(tmp_path / f"flat/{number}.png", "red", salt=number)
    name, wanted = plan_build(tmp_path / "flat", settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    monkeypatch.setattr("pages.ui.frame.resources.models.load_embedder", load)
    assert "Categories" not in metrics(page("3_Categories.py"))
    app = page("3_Categories.py", show="Similarity")
    assert not app.exception
    assert "this collection has none" in app.info[0].value
    for view in ("One category", "Map"):
        assert not page("3_Categories.py", show=view).exception


def test_many_equal_bars_are_a_sentence(categories, monkeypatch):
    """Where each category has as many pictures, that is said instead of drawn."""
    monkeypatch.setattr("pages.ui.categories.category_overview._SAYS_NOTHING", 6)
    app = categories()
    assert "Each of the 6 categories has 2 pictures." in [c.value for c in app.caption]
    with pytest.raises(AssertionError, match="no chart"):
        chart(app, "Categories")


def test_a_large_heat_map_is_without_names_until_they_are_wanted(categories, monkeypatch):
    """They are a switch away."""
    monkeypatch.setattr("pages.ui.widgets.charts._NAMED", 5)
    app = categories("Similarity")
    assert not app.exception
    assert not app.toggle(key="similarity names").value
    app.toggle(key="similarity names").set_value(True).run()
    assert not app.exception
    assert len(chart(app, "Similarity")) == 36
