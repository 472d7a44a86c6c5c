"""The app tells why a picture was found, in the grid, in the drawer and for a whole query."""

import io
from contextlib import suppress

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from pages.ui.search import seen_view
from search_engine import Library, SearchEngine, build_collection, plan_build
from search_engine.embedding import ClipEmbedder
from search_engine.explain.heat_map import HeatMethod
from search_engine.records import PictureFacts, PictureFile
from search_engine.settings import DATA_VARIABLE
from tests.app.browser import LONG, idle
from tests.app.payloads import components, cosine, grid
from tests.conftest import paint


@pytest.fixture
def search(page, collection):
    """Open the search page of the collection."""
    return lambda **wanted: page("2_Search.py", **wanted)


@pytest.fixture
def drawer(search):
    """Open a tab of the drawer for the first result of a query."""

    def open_tab(label, **wanted):
        app = search(**wanted)
        app.session_state["results"] = {"pick": grid(app)["items"][0]["id"]}
        app.session_state["drawer tabs"] = label
        return app.run()

    return open_tab


def viewer(app):
    """Return what the viewer was told to show."""
    return next(part for part in components(app) if "desktop" in part)


def bars(app):
    """Return the rows of bars by their label."""
    return {part["label"]: part["rows"] for part in components(app) if "rows" in part}


def test_each_result_shows_what_each_term_gives(search):
    """The pieces of a bar are the shares of the score, and lie on one scale around zero."""
    shown = grid(search(q="red + 0.5:blue - green"))
    assert [entry["text"] for entry in shown["legend"]] == [
        "+ red",
        "+ 0.5 × blue",
        "− 0.5 × green",
    ]
    scales = set()
    for item in shown["items"]:
        shares = [
            float(part["text"].rpartition(" ")[2].replace("−", "-")) for part in item["parts"]
        ]
        assert sum(shares) == pytest.approx(cosine(item), abs=0.0025)
        total = sum(part["share"] for part in item["parts"])
        if abs(total) > 0.1:
            scales.add(round(sum(shares) / total, 1))
        for part in item["parts"]:
            assert -1e-9 <= part["start"] <= part["start"] + abs(part["share"]) <= 1 + 1e-9
            assert part["start"] >= part["zero"] - 1e-9 or part["share"] < 0
    assert len(scales) == 1


def test_one_term_needs_no_pieces(search):
    """A query of one term keeps its plain bar."""
    shown = grid(search(q="red"))
    assert shown["legend"] == []
    assert all(item["parts"] == [] for item in shown["items"])


def test_a_negation_is_turned_into_a_minus_by_one_click(search):
    """The warning names the word; the button runs the better query, which raises no warning."""
    app = search(q="red without blue")
    assert not app.exception
    assert "without" in app.warning[0].value
    button = next(one for one in app.button if one.label.startswith("Search for red"))
    button.click().run()
    assert app.text_input(key="q").value == "red - blue"
    assert not app.warning
    assert len(grid(app)["legend"]) == 2


@pytest.mark.parametrize("query", ['"red without blue"', "a red knot", "red - blue"])
def test_other_queries_raise_no_warning(search, query):
    """Quotes, longer words and minus terms are no negation."""
    assert not search(q=query).warning


def test_the_drawer_tells_terms_and_words(drawer):
    """Terms sum to the score of the card; the word that names the colour carries it."""
    app = drawer("Why", q="a red thing", t="- blue")
    assert not app.exception
    terms = bars(app)["Contribution of each term to the score"]
    best = grid(app)["items"][0]
    assert sum(row["value"] for row in terms) == pytest.approx(cosine(best), abs=0.001)
    words = bars(app)["What each word adds to this picture"]
    assert [row["name"] for row in words] == ["a", "red", "thing", "blue"]
    assert max(words, key=lambda row: row["value"])["name"] == "red"
    of_the_red_ones = {"rank 1", "rank 2"}
    assert words[1]["note"] not in of_the_red_ones
    assert words[0]["note"] in of_the_red_ones


def test_a_word_that_is_hardly_used_is_named_instead_of_a_bar(page, gallery, monkeypatch):
    """In the drawer and for the query as a whole; the others keep their bars."""
    monkeypatch.setenv(DATA_VARIABLE, str(gallery.settings.data_folder))
    query = "a red fish zuloonvar"
    app = page("2_Search.py", q=query)
    app.session_state["results"] = {"pick": grid(app)["items"][0]["id"]}
    app.session_state["drawer tabs"] = "Why"
    for shown, label in (
        (app.run(), "What each word adds to this picture"),
        (page("4_Scores.py", q=query), "What each word adds to the best pictures"),
    ):
        assert not shown.exception
        assert [row["name"] for row in bars(shown)[label]] == ["red", "fish"]
        assert any("hardly uses “a”, “zuloonvar”" in one.value for one in shown.caption)


def test_the_drawer_shows_the_date_that_filters_use(drawer, settings):
    """And where it is from, and what was odd about the file."""
    with Library(settings).open_catalog("pictures") as catalog:
        for record in list(catalog.pictures):
            file = PictureFile(record.path, record.size_bytes, 1_556_964_672 * 10**9)
            facts = PictureFacts(record.content_hash, 60, 40, remark="the end is *missing*")
            catalog.pictures.change(record.picture_id, file, facts)
    table = drawer("Details", q="a red thing").table[0].value
    taken, remark = (table.loc[name].iloc[0].replace("\\", "") for name in ("Date", "Remark"))
    assert taken.startswith("2019-05-04 ")
    assert taken.endswith(", from the file's own date")
    assert remark == "The end is *missing*"


def test_nothing_is_computed_before_it_is_asked_for(drawer, monkeypatch):
    """The first tab of the drawer neither searches again nor looks at the picture part by part."""
    for name in ("explain", "heat_map"):
        monkeypatch.setattr(SearchEngine, name, lambda *_: pytest.fail("computed"))
    app = drawer("Details", q="a red thing")
    assert not app.exception
    assert [one.label for one in app.metric] == ["Match", "Cosine similarity"]


def test_a_heat_map_is_there_at_once(drawer):
    """Hiding and showing works with any model; it is done, and said, where patches are unread."""
    app = drawer("Why", q="red")
    assert not app.exception
    assert not app.error
    assert "made by hiding and showing" in app.info[0].value
    assert any("95 variants" in one.value for one in app.caption)
    assert viewer(app)["heat"].startswith("data:image/jpeg;base64,")
    app.segmented_control(key="heat method").set_value(HeatMethod.REGIONS.value).run()
    assert not app.exception
    assert any("Orange" in one.value for one in app.caption)
    assert [slider.label for slider in app.slider if slider.label == "Opacity"]
    assert not app.info
    app.segmented_control(key="heat method").set_value("off").run()
    assert viewer(app)["heat"] is None


def test_a_file_that_is_gone_leaves_terms_and_words(drawer, collection):
    """What needs the file says so; what the vectors tell is still told."""
    for file in collection.rglob("*.png"):
        file.unlink()
    app = drawer("Why", q="a red thing - blue")
    assert not app.exception
    assert bars(app)
    seen = drawer("Model’s view", q="red")
    assert not seen.exception
    assert "The file is not there any more" in seen.error[0].value


def test_the_query_as_a_whole_is_told_on_scores(page, collection):
    """Over the best pictures, the colour's name carries the query; one word has no such view."""
    app = page("4_Scores.py", q="a red thing")
    assert not app.exception
    rows = bars(app)["What each word adds to the best pictures"]
    assert max(rows, key=lambda row: row["value"])["name"] == "red"
    assert bars(page("4_Scores.py", q="red")) == {}


def test_the_pixels_shown_are_those_that_were_embedded(tmp_path, settings, monkeypatch):
    """What the drawer shows of a wide, turned picture is, pixel by pixel, what the model got."""
    given = []
    whole = ClipEmbedder.embed_plainly

    def spy(self, images):
        given.extend(images)
        return whole(self, images)

    monkeypatch.setattr(ClipEmbedder, "embed_plainly", spy)
    noise = Image.effect_noise((1500, 500), 90).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 6
    file = paint(tmp_path / "p" / "wide.jpg")
    noise.save(file, exif=exif)
    name, wanted = plan_build(tmp_path / "p", settings, model_id="mini")
    build_collection(name, wanted, settings)
    with SearchEngine.open(name, settings) as engine:
        record = engine.catalog.pictures.by_id([1])[1]
        assert (record.width, record.height) == (500, 1500)
        png, _ = seen_view._seen(engine, record)
    embedded = next(pixels for pixels in map(np.asarray, given) if pixels.shape == (64, 64, 3))
    with Image.open(io.BytesIO(png)) as shown:
        assert np.array_equal(shown, embedded)


def test_a_picture_is_explained_in_the_browser(site, tab):
    """Pieces in the grid, then the drawer: heat map over the picture, words, what the model saw."""
    tab.goto(f"{site}/Search?collection=drawings&q=a+crown+without+snow")
    tab.get_by_role("button", name="Search for a crown").click(timeout=LONG)
    with suppress(
        PlaywrightTimeout
    ):  # on a busy machine the answer to a click is lost now and then
        tab.locator("li .parts i").first.wait_for(timeout=20_000)
    if not tab.locator("li .parts i").count():
        tab.reload()
    tab.locator("li .parts i").first.wait_for(timeout=LONG)
    assert tab.locator(".legend .term").all_text_contents() == ["+ a crown", "− 0.5 × snow"]
    idle(tab)
    tab.locator("li .open").first.click()
    drawer = tab.get_by_role("dialog")
    drawer.locator(".stage img").first.wait_for(timeout=LONG)
    assert drawer.locator(".heat").is_hidden()
    drawer.get_by_role("tab", name="Why").click()
    drawer.get_by_text("Contribution of each word").wait_for(timeout=LONG)
    drawer.get_by_text("the ring marks").wait_for(timeout=LONG)
    drawer.locator(".heat").wait_for(timeout=LONG)
    idle(tab)
    drawer.get_by_role("tab", name="Model’s view").click()
    drawer.get_by_text("nothing was cut away").wait_for(timeout=LONG)
    drawer.locator(".heat").wait_for(state="hidden", timeout=LONG)
