"""While a query is half typed, the answer before stays, and nobody is scolded."""

import pytest

from tests.app.browser import LONG, idle
from tests.app.payloads import chart, components, grid, opened, paths

HALF = (
    "red -", "red +", "-", "red - 0.5:", "0.5:", "{a red", "red + {blue", '"red', 'red - "blue',
    "#", "red - #", "#99999", "red + ./no/such/pict", "/no", "red - 1:red", "1" * 9 + ":red",
)  # fmt: skip


def note(app):
    """Return what is said once the box is left, or Enter pressed."""
    return next((part["text"] for part in components(app) if "text" in part), "")


@pytest.fixture
def search(page, collection):
    """Open the search page of the collection."""
    return lambda **wanted: page("2_Search.py", **wanted)


@pytest.mark.parametrize("half", HALF)
def test_a_half_typed_query_keeps_the_answer(search, half):
    """Its pictures stay as they are, without an error; a calm note tells what is missing."""
    app = search()
    app.text_input(key="q").set_value("red").run()
    before = paths(grid(app))
    app.text_input(key="q").set_value(half).run()
    assert not app.exception
    assert not app.error
    assert paths(grid(app)) == before
    assert note(app)
    assert app.text_input(key="q").value == half
    app.text_input(key="q").set_value("blue").run()
    assert paths(grid(app))[0].startswith("blue/")
    assert not note(app)


@pytest.mark.parametrize("half", HALF)
def test_the_first_letters_are_no_mistake_either(search, half):
    """Before anything was answered, the beginning of the page stays."""
    app = search()
    before = paths(grid(app))
    app.text_input(key="q").set_value(half).run()
    assert not app.exception
    assert not app.error
    assert paths(grid(app)) == before
    assert note(app)


def test_filters_and_pages_go_on_while_a_query_is_half_typed(search):
    """What is kept is the query, not the page: a filter acts on it at once."""
    app = search()
    app.text_input(key="q").set_value("red").run()
    app.text_input(key="q").set_value("red -").run()
    opened(app, "filters open").multiselect(key="category").set_value(["blue"]).run()
    assert not app.error
    assert {path.split("/")[0] for path in paths(grid(app))} == {"blue"}


def test_the_scores_of_the_query_before_stay_as_well(page, collection):
    """The page of scores keeps its charts."""
    app = page("4_Scores.py")
    app.text_input(key="q").set_value("red").run()
    before = chart(app, "Rank curve")["score"].tolist()
    app.text_input(key="q").set_value("red -").run()
    assert not app.exception
    assert not app.error
    assert chart(app, "Rank curve")["score"].tolist() == before


def test_a_link_that_makes_no_sense_is_still_an_error(search):
    """Nobody types it on, so it is told as what it is."""
    app = search(q="red -")
    assert "follows the sign" in app.error[0].value


def test_a_browser_is_told_no_words_that_it_has_told_itself(search):
    """What is set in a box takes the place of letters that were typed since; a link sets them."""
    app = search(q="red")
    assert app.text_input(key="q").proto.set_value is True
    app.text_input(key="q").set_value("red thing").run()
    assert app.text_input(key="q").proto.set_value is False
    app.session_state["result action"] = "explain"
    app.run()
    assert app.text_input(key="q").proto.set_value is False


def test_slow_typing_loses_no_letter_while_the_list_grows(site, tab):
    """Runs that answer earlier letters come back while one types on, and scrolls."""
    tab.goto(f"{site}/Search?collection=drawings&q=fish")
    tab.locator("li .score").first.wait_for(timeout=LONG)
    idle(tab)
    box = tab.get_by_placeholder("Search…")
    for words in ("red car", "a house by the sea", "umbrella at night"):
        box.focus()
        tab.keyboard.press("Control+A")
        tab.mouse.move(700, 600)
        for letter in words:
            tab.keyboard.type(letter)
            tab.mouse.wheel(0, 500)
            tab.wait_for_timeout(160)
        idle(tab)
        tab.wait_for_timeout(300)
        assert box.input_value() == words
        tab.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")
