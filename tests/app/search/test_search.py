"""The search page in every state, and what a link to it reproduces."""

import re

import pytest

from tests.app.payloads import address, components, cosine, grid, opened, paths, summary


def shown(app):
    return paths(grid(app))


@pytest.fixture
def search(page, collection):
    """Open the search page of the collection."""
    return lambda **wanted: page("2_Search.py", **wanted)


def test_with_nothing_indexed_it_invites(page, no_sample):
    """An empty start says what to do."""
    app = page("2_Search.py")
    assert not app.exception
    assert "no collection to search" in app.info[0].value


def test_before_a_query_it_offers_some_and_shows_pictures(search):
    """Example queries of this collection, and all pictures."""
    app = search()
    assert not app.exception
    assert [b.label for b in app.button if b.label.startswith("a photo of")][:2] == [
        "a photo of black",
        "a photo of blue",
    ]
    assert len(grid(app)["items"]) == 12
    assert grid(app)["cuts"] == []  # none of these has a date


def test_words_are_answered_with_pictures_and_scores(search):
    """A query shows its pictures best first, each with thumbnail, match and cosine."""
    app = search(q="purple")
    assert not app.exception
    best, second, *_ = grid(app)["items"]
    assert {best["path"], second["path"]} == {"purple/0.png", "purple/1.png"}
    assert (best["what"], best["number"]) == ("purple", f"{best['fill'] * 100:.0f} %")
    assert cosine(best) == pytest.approx(1, abs=0.01)
    assert re.fullmatch(r"/pictures/pictures/[0-9a-f]{64}", best["url"])
    assert "12 pictures" in summary(app)["facts"]


def test_typing_asks_and_the_address_follows(search):
    """A typed query is answered and written into the address as a new step."""
    app = search()
    app.text_input(key="q").set_value("blue").run()
    assert shown(app)[0].startswith("blue/")
    assert address(app) == {"search": "collection=pictures&q=blue", "step": "new"}
    app.text_input(key="q").set_value("blue thing").run()
    assert address(app)["step"] == "same"
    app.text_input(key="q").set_value("red").run()
    assert address(app)["step"] == "new"


def test_a_link_reproduces_the_page(search):
    """Query, terms, filters, page, size and view all come from the address."""
    app = search(q="red", t="- blue", category=["red", "black"], per_page="24", size="L")
    assert not app.exception
    assert {"red", "black", "Clear all"} <= {button.label for button in app.button}
    opened(app, "filters open")
    assert {path.split("/")[0] for path in shown(app)} == {"red", "black"}
    assert app.text_input(key="q").value == "red"
    assert app.multiselect(key="category").value == ["red", "black"]
    assert grid(app)["size"] == 300
    assert grid(search(q="red", size="240"))["size"] == 240
    table = search(q="red", view="table")
    assert table.dataframe[0].value["Path"].iloc[0].startswith("red/")


@pytest.mark.parametrize(
    "nonsense",
    [
        {"page": "abc"},
        {"page": "-3"},
        {"per_page": "1000000"},
        {"size": "XXL"},
        {"size": "9999"},
        {"picture": "-1"},
        {"view": "<script>"},
        {"min_score": "high"},
        {"orientation": "up"},
        {"dated_from": "yesterday"},
        {"min_side": "7"},
        {"fit": "round"},
        {"alike": "maybe"},
        {"browse": "score"},
    ],
    ids=str,
)
def test_nonsense_in_the_address_falls_back(search, nonsense):
    """A broken link shows the search as if the broken part were not there."""
    app = search(q="green", **nonsense)
    assert not app.exception
    assert shown(app)[0].startswith("green/")
    assert len(shown(app)) == 12


@pytest.mark.parametrize("term", ["./secret.png", "/etc/passwd", "- ~/x.jpg", "2:../a.png"])
def test_a_link_cannot_open_files_of_this_machine(search, term):
    """A path among the terms of a link is refused, whatever it names."""
    app = search(q="red", t=term)
    assert not app.exception
    assert "only by a path that you typed here" in app.error[0].value


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"q": "red", "path": "nowhere"}, "No picture passes the filters"),
        ({"q": "red + green", "min_score": "0.9999"}, "minimum score"),
    ],
)
def test_an_empty_answer_says_why(search, wanted, message):
    """Nothing found is explained with what to do."""
    app = search(**wanted)
    assert not app.exception
    assert message in app.info[0].value


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("yelow", "None of the 12 pictures passes the filters"),
        ("yellow", "2 of 12 pictures pass the filters"),
        ("", "12 pictures"),
    ],
)
def test_the_count_never_loses_the_total(search, path, told):
    """How many pass the filters is told beside how many there are; nothing is 0 of 0."""
    app = search(q="red", path=path)
    line = summary(app)["facts"]
    assert told in line
    assert any("Take “yellow”" in b.label for b in app.button) == (path == "yelow")


@pytest.mark.parametrize("number", ["0", "-1", "7", "999", "1000000"])
def test_an_impossible_page_is_the_nearest_that_there_is(search, number):
    """Beyond the last page the last one is shown, before the first the first."""
    app = search(q="red", page=number, min_score="-0.5")
    assert not app.exception
    assert not app.info
    assert shown(app) == shown(search(q="red", min_score="-0.5"))


def test_dates_reach_back_to_the_first_photograph_and_beyond_today(search):
    """Either end can be set alone, to any day; a link with one end shows it at that end."""
    app = opened(search(q="red", dated_to="1826-06-01"), "filters open")
    assert app.text_input(key="dated_from").value == ""
    assert app.text_input(key="dated_to").value == "1826-06-01"
    assert not grid(app)
    app.text_input(key="dated_to").set_value("2199-12-31").run()
    app.text_input(key="dated_from").set_value("1826").run()
    assert not app.exception
    assert len(shown(app)) == 12
    assert "dated_from=1826&dated_to=2199-12-31" in address(app)["search"]
    app.text_input(key="dated_to").set_value("").run()
    assert "dated_to" not in address(app)["search"]


@pytest.mark.parametrize(
    ("typed", "box", "count"),
    [
        ("2099", "2099", 0),
        ("2099-05", "2099-05", 0),
        (" 2099/5/1 ", "2099-05-01", 0),
        ("1999.12", "1999-12", 12),
        ("", "", 12),
    ],
)
def test_a_date_is_typed_as_a_year_a_month_or_a_day(search, typed, box, count):
    """Each filters as it is typed, is shown as an ISO date, and what it counts is said."""
    app = opened(search(q="red"), "filters open")
    app.text_input(key="dated_from").set_value(typed).run()
    assert app.text_input(key="dated_from").value == box
    assert len(shown(app) if grid(app) else ()) == count
    assert any("date of their file" in one.value for one in app.caption) == bool(box)


@pytest.mark.parametrize("typed", ["yesterday", "2024-13", "2023-02-29", "05/2024", "20", "*x*"])
def test_what_is_no_date_is_said_and_filters_nothing(search, typed):
    """The box keeps what was typed, with an error in words below; a link with it is passed over."""
    app = opened(search(q="red"), "filters open")
    app.text_input(key="dated_from").set_value(typed).run()
    assert app.text_input(key="dated_from").value == typed
    assert "is no date, so it does not filter" in app.warning[0].value
    assert len(shown(app)) == 12
    assert not search(q="red", dated_from=typed).warning


def test_days_in_the_wrong_order_are_said(search):
    """Nothing can lie between them, and the reason is told."""
    app = search(q="red", dated_from="2024-05", dated_to="2023")
    assert "first day is after the last" in app.warning[0].value
    assert not search(q="red", dated_from="2024-05", dated_to="2024").warning


@pytest.mark.parametrize(
    ("query", "message"), [("red - 1:red", "cancel"), ("red +", "follows the sign")]
)
def test_a_query_that_makes_no_sense_is_explained(search, query, message):
    """A mistake in the syntax is shown with its remedy, not as a crash."""
    app = search(q=query)
    assert not app.exception
    assert message in app.error[0].value


def test_more_like_this_and_the_drawer(search):
    """A click on a card opens it; more like this asks for the picture itself."""
    app = search(q="red")
    first = grid(app)["items"][0]
    app.session_state["results"] = {"like": first["id"]}
    app.run()
    assert address(app)["search"] == f"collection=pictures&t=%23{first['id']}"
    assert grid(app)["items"][0]["id"] == first["id"]
    assert cosine(grid(app)["items"][0]) == 1
    app.session_state["results"] = {"pick": first["id"]}
    app.run()
    assert not app.exception
    assert f"picture={first['id']}" in address(app)["search"]
    (viewer,) = [one for one in components(app) if "desktop" in one]
    assert viewer["id"] == first["id"]
    assert [one["id"] for one in viewer["items"]] == [one["id"] for one in grid(app)["items"]]
    assert first["path"].rpartition("/")[2] in " ".join(m.value for m in app.markdown).replace(
        "\\", ""
    )


def test_an_id_that_was_not_shown_is_ignored(search):
    """The browser cannot ask for pictures that the grid did not show."""
    app = search(q="red", path="red/0")
    app.session_state["results"] = {"like": 999}
    app.run()
    assert not app.exception
    assert "q=red" in address(app)["search"]


def test_taking_words_away(search):
    """Words to take away become a term that lowers their pictures, and can be removed again."""
    app = search(q="red + blue")
    assert shown(app)[0].startswith("purple/")
    app.session_state["minus open"] = True
    app.run()
    app.text_input(key="minus").set_value("purple").run()
    assert not shown(app)[0].startswith("purple/")
    remove = next(button for button in app.button if button.label == "Remove")
    remove.click().run()
    assert shown(app)[0].startswith("purple/")


def test_another_model_than_the_index_was_made_with(search, embedder, monkeypatch):
    """A model that changed behind its name is an error with a way to mend it."""
    other = type(embedder)("colours", "changed")
    monkeypatch.setattr("pages.ui.frame.resources.models.load_embedder", lambda *_: other)
    app = search(q="red")
    assert not app.exception
    assert "not the one the index was made with" in app.error[0].value


def test_a_link_to_a_picture_that_is_no_result_opens_it_all_the_same(search):
    """By itself; one that is not there is said to be missing."""
    app = search(q="red", category="red")
    other = search(q="blue")
    wanted = grid(other)["items"][0]["id"]
    app = search(q="red", category="red", picture=str(wanted))
    (viewer,) = [one for one in components(app) if "desktop" in one]
    assert [one["id"] for one in viewer["items"]] == [wanted]
    gone = search(q="red", picture="999999")
    assert not gone.exception
    assert "no picture #999999" in gone.warning[0].value
