"""The app says whether something is there, where matches end, and how well it knows."""

import re

import pytest

from search_engine.settings import BACKGROUND_FILE, DATA_VARIABLE
from tests.app.payloads import chart, choose, grid, summary
from tests.app.shown import words


@pytest.fixture
def drawings(page, gallery, monkeypatch):
    """Open a page over the drawings, with the bundled model."""
    monkeypatch.setenv(DATA_VARIABLE, str(gallery.settings.data_folder))
    return page


@pytest.fixture
def search_page_of_changed_texts(page, collection, settings, monkeypatch):
    """Search in a collection that is large for a calibration, after words were added."""
    monkeypatch.setattr("search_engine.calibration.calibrator.QUICK_UP_TO", 1)
    (settings.data_folder / BACKGROUND_FILE).write_text("a chanterelle\n")
    return page("2_Search.py", q="red")


def line(shown):
    """Return the place of the line below which results are weaker; behind all without one."""
    return next((one["at"] for one in shown["cuts"] if one["text"] == "Weaker results"), 48)


@pytest.mark.parametrize(
    "query", ["a cat", "a red fish", "a red fish - night", "#7", "a cat " * 300]
)
def test_what_stands_out_comes_first_and_the_rest_is_set_apart(drawings, query):
    """The number falls from card to card, and the line stands where it falls below 50."""
    app = drawings("2_Search.py", q=query)
    assert not app.exception
    shown = grid(app)
    numbers = [float(item["number"].removesuffix(" %")) for item in shown["items"]]
    assert numbers == sorted(numbers, reverse=True)
    assert [item["dim"] for item in shown["items"]] == [place >= line(shown) for place in range(48)]
    assert all(number >= 50 for number in numbers[: line(shown)])
    assert all(number <= 50 for number in numbers[line(shown) :])


def test_the_count_is_that_of_the_cards_above_the_line_on_all_pages(drawings):
    """However many are shown, the verdict is the same; no match comes after a weaker result."""
    before, counts = [], set()
    for page in ("1", "2", "3"):
        app = drawings("2_Search.py", q="an animal", page=page, per_page="24")
        assert not app.exception
        items = grid(app)["items"]
        assert items[: len(before)] == before
        assert len(items) == 24 * int(page)
        before = items
        counts.add(re.search(r"(Clear|Weak) matches.*?(\d+) strong matches", words(app)).groups())
    dim = [item["dim"] for item in items]
    numbers = [float(item["number"].removesuffix(" %")) for item in items]
    assert dim == sorted(dim)
    assert numbers == sorted(numbers, reverse=True)
    assert counts == {("Clear", str(dim.count(False)))}


def test_a_marked_picture_counts_as_its_card_says(drawings, gallery):
    """With the best result marked, verdict, count and card agree, and the explanation says why."""
    best = max(gallery.search("two purple cats", 48).results, key=lambda one: one.match)
    marked = str(best.record.picture_id)
    app = drawings("2_Search.py", q="two purple cats", good=marked)
    assert not app.exception
    assert summary(app)["presence"] in {"clear", "weak"}
    numbers = [float(item["number"].removesuffix(" %")) for item in grid(app)["items"]]
    assert summary(app)["count"].split()[0] == str(sum(number >= 50 for number in numbers))
    assert summary(app)["presence"] == ("clear" if numbers[0] >= 90 else "weak")
    told = words(choose(app, "explain").run())
    assert f"The best match is **{numbers[0]:.0f} %**" in told
    assert "marked as good count like all others" in told


def test_an_example_alone_is_said_to_be_itself(drawings, gallery):
    """Beside “nothing else like it” stands whose match the card of 100 % is."""
    ids = gallery.embeddings.ids().tolist()
    alone = next(one for one in ids if gallery.search(f"#{one}", 240).verdict.best_match < 50)
    app = drawings("2_Search.py", q=f"#{alone}")
    assert summary(app)["count"] == "only the example itself"
    assert "The best match besides examples is" in words(choose(app, "explain").run())


def test_nonsense_is_said_to_be_missing(drawings):
    """The nearest are still shown, legible below the line, and the verdict explains itself."""
    app = drawings("2_Search.py", q="xyzzy blorp")
    assert not app.exception
    assert "This model finds nothing like it" in words(app)
    assert "no strong match" in words(app)
    assert grid(app)["cuts"] == []
    assert not any(item["dim"] for item in grid(app)["items"])
    assert "**Match** is the probability" in words(choose(app, "explain").run())


def test_a_query_that_only_takes_away_says_why_it_has_no_match(drawings):
    """There is no verdict to show, and no line in the grid."""
    app = drawings("2_Search.py", q="- night")
    assert not app.exception
    assert "Add something to look for" in words(app)
    assert grid(app)["cuts"] == []
    assert grid(app)["items"][0]["about"].startswith("cosine")


def test_the_histogram_shows_cosine_or_match(drawings):
    """Both count every picture once; the match reaches from 0 to 100."""
    app = drawings("4_Scores.py", q="a cat")
    assert not app.exception
    bars = chart(app, "Scores of the whole collection. The cosine similarity")
    assert bars["pictures"].sum() == 200
    app.segmented_control(key="histogram scale").set_value("match").run()
    assert not app.exception
    bars = chart(app, "Scores of the whole collection. The match")
    assert bars["pictures"].sum() == 200
    assert bars["to"].max() == pytest.approx(100, abs=1)


def test_the_bundled_model_blames_no_folder_that_it_cannot_know(drawings, gallery, monkeypatch):
    """Away from the sample gallery one sentence says what it knows, with the way to another."""
    sentence = "knows only the sample drawings; index this folder with another model"
    app = drawings("2_Search.py", q="xyzzy blorp")
    assert sentence in words(app)
    assert "This model finds nothing like it" in words(app)
    assert "in this collection" not in words(app)
    assert sentence in summary(app)["note"]
    choose(app, "other model").run()
    assert not app.exception
    assert [one.value for one in app.title] == ["Build index"]
    app = drawings("2_Search.py", q="xyzzy blorp")
    monkeypatch.setattr("pages.ui.search.bundled_model.is_out_of_its_depth", lambda _: False)
    app = drawings("2_Search.py", q="xyzzy blorp")
    assert sentence not in words(app)
    assert "Probably not in this collection" in words(app)


def test_changed_background_texts_are_told_with_the_remedy(search_page_of_changed_texts):
    """A collection that is too large to be measured at once has no matches until an update."""
    app = search_page_of_changed_texts
    assert not app.exception
    assert "because the background texts were changed" in words(app)
    assert "not calibrated yet" not in words(app)


def test_the_way_to_the_measurement_leads_to_its_page(drawings):
    """The button beside what a match means opens the view that measures it here."""
    app = drawings("2_Search.py", q="a cat")
    choose(app, "explain").run()
    next(b for b in app.button if b.label == "How well does it work here?").click()
    choose(app, "explain").run()
    assert not app.exception
    assert [one.value for one in app.title] == ["Quality"]
    assert app.segmented_control(key="show").value == "Presence"
