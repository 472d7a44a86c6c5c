"""Who says what is asked for, row by row of the tables of `search_memory`."""

from dataclasses import replace
from urllib.parse import parse_qs

import pytest

from pages.ui.frame.search_memory import (
    HistoryStep,
    SearchMemory,
    Winner,
    after_page,
    after_part,
    as_widgets,
    changed_to,
    while_half_typed,
    written,
)
from pages.ui.frame.search_state import EMPTY, PER_PAGE, SearchState, as_address, from_address
from tests.test_architecture import modules_after

RED, BLUE, GREEN = (SearchState(q=words) for words in ("red", "blue", "green"))
BEFORE = SearchMemory(asked=RED, told="q=red", shown=RED)


def test_it_needs_no_streamlit():
    """What is decided here can be read and tested as it stands."""
    assert "streamlit" not in modules_after("import pages.ui.frame.search_memory")


@pytest.mark.parametrize("entered", [False, True])
@pytest.mark.parametrize(("linked", "told"), [(RED, "q=red"), (GREEN, "q=green"), (EMPTY, "")])
def test_row_1_a_widget_wins(linked, told, entered):
    """Whatever the address says, and whichever page ran before."""
    memory = replace(BEFORE, asked=BLUE, changed=True, typing=True)
    turn = after_page(memory, linked, told, entered=entered, filled=True)
    assert (turn.winner, turn.memory.asked, turn.sets_widgets) == (Winner.WIDGET, BLUE, True)
    assert not turn.memory.changed
    assert turn.memory.told == told
    assert turn.memory.typing
    assert not turn.memory.from_outside


@pytest.mark.parametrize("linked", [GREEN, EMPTY])
def test_row_2_a_new_address_wins(linked):
    """Back, Forward and links, also to the page where nothing was asked."""
    memory = replace(BEFORE, typing=True)
    turn = after_page(memory, linked, "visit=2", entered=False, filled=True)
    assert (turn.winner, turn.memory.asked, turn.sets_widgets) == (Winner.ADDRESS, linked, True)
    assert turn.memory.from_outside
    assert not turn.memory.typing


def test_row_3_a_link_wins_on_a_page_that_is_entered():
    """A link from elsewhere to the search page."""
    turn = after_page(BEFORE, GREEN, "q=green", entered=True, filled=False)
    assert (turn.winner, turn.memory.asked, turn.sets_widgets) == (Winner.ADDRESS, GREEN, True)


def test_row_4_the_menu_comes_back_to_what_was_asked():
    """Streamlit's menu drops the address; what was asked stays."""
    turn = after_page(BEFORE, EMPTY, "", entered=True, filled=False)
    assert (turn.winner, turn.memory.asked, turn.sets_widgets) == (Winner.BEFORE, RED, True)


@pytest.mark.parametrize(("linked", "told"), [(RED, "q=red&visit=3"), (GREEN, "q=red")])
def test_row_5_a_page_that_is_entered_fills_its_widgets(linked, told):
    """The address is what the app wrote, or is told again: it says nothing new."""
    turn = after_page(BEFORE, linked, told, entered=True, filled=True)
    assert (turn.winner, turn.memory.asked, turn.sets_widgets) == (Winner.BEFORE, RED, True)


@pytest.mark.parametrize("filled", [True, False])
@pytest.mark.parametrize(("linked", "told"), [(RED, "q=red&visit=3"), (GREEN, "q=red")])
def test_row_6_widgets_are_left_alone(linked, told, filled):
    """Somebody may be typing in them, unless they hold nothing yet."""
    turn = after_page(BEFORE, linked, told, entered=False, filled=filled)
    assert (turn.winner, turn.memory.asked) == (Winner.BEFORE, RED)
    assert turn.sets_widgets is not filled


def test_back_to_the_address_of_before_is_told_by_the_browser():
    """What Streamlit tells is not new then; what the address line says wins, and is no new step."""
    memory = replace(BEFORE, shown=BLUE, asked=BLUE, visited=RED)
    turn = after_page(memory, RED, "q=red", entered=False, filled=True)
    assert (turn.winner, turn.memory.asked, turn.sets_widgets) == (Winner.ADDRESS, RED, True)
    assert turn.memory.visited is None
    assert written(turn.memory, "", scores=False)[2] is HistoryStep.SAME
    changed = after_page(replace(memory, changed=True), RED, "q=red", entered=False, filled=True)
    assert (changed.winner, changed.memory.asked) == (Winner.WIDGET, BLUE)


def test_a_new_tab_without_an_address_asks_nothing():
    """An empty address is none that came from elsewhere."""
    turn = after_page(SearchMemory(), EMPTY, "", entered=True, filled=False)
    assert (turn.winner, turn.memory.asked) == (Winner.BEFORE, EMPTY)
    assert not turn.memory.from_outside


@pytest.mark.parametrize("changed", [True, False])
def test_a_part_of_the_page_asks_no_address(changed):
    """Rows 1 and 6 are all there is."""
    turn = after_part(replace(BEFORE, asked=BLUE, changed=changed))
    assert turn.winner is (Winner.WIDGET if changed else Winner.BEFORE)
    assert (turn.memory.asked, turn.sets_widgets) == (BLUE, changed)
    assert not turn.memory.changed


HERE = replace(RED, collection="c")
STEPS = [
    ("a, the first of the tab", None, False, RED, HistoryStep.SAME),
    ("b, from outside", HERE, True, GREEN, HistoryStep.SAME),
    ("c, the same", HERE, False, RED, HistoryStep.SAME),
    ("d, typed on", HERE, False, SearchState(q="red ca"), HistoryStep.SAME),
    ("d, partly deleted", HERE, False, SearchState(q="re"), HistoryStep.SAME),
    ("d, deleted", HERE, False, EMPTY, HistoryStep.SAME),
    ("g, other words", HERE, False, BLUE, HistoryStep.NEW),
    ("g, the first words", replace(HERE, q=""), False, RED, HistoryStep.NEW),
    ("e, more results", HERE, False, replace(RED, page=2), HistoryStep.SAME),
    ("f, a picture is closed", replace(HERE, picture=3), False, RED, HistoryStep.BACK),
    ("g, a picture is opened", HERE, False, replace(RED, picture=3), HistoryStep.NEW),
    (
        "g, another picture",
        replace(HERE, picture=3),
        False,
        replace(RED, picture=4),
        HistoryStep.NEW,
    ),
    (
        "g, typed on and filtered",
        HERE,
        False,
        SearchState(q="red ca", path=("x",)),
        HistoryStep.NEW,
    ),
]


@pytest.mark.parametrize(("shown", "outside", "asked", "step"), [one[1:] for one in STEPS],
                         ids=[one[0] for one in STEPS])  # fmt: skip
def test_steps_of_the_history(shown, outside, asked, step):
    """Each row of the second table."""
    memory = SearchMemory(asked=asked, shown=shown, from_outside=outside)
    after, address, found = written(memory, "c", scores=False)
    assert found is step
    assert address == after.shown == replace(asked, collection="c")
    assert not after.from_outside
    assert written(after, "c", scores=False)[2] is HistoryStep.SAME


def test_only_scores_write_what_only_they_know():
    """The address of the search page says nothing of them, and the tab remembers it."""
    memory = SearchMemory(asked=replace(RED, tab="pair", other="blue", label=("x",), subject=3))
    after, address, _ = written(memory, "c", scores=False)
    assert address == HERE
    assert after.asked == replace(memory.asked, collection="c")
    assert written(memory, "c", scores=True)[1] == after.asked


def test_half_typed_words_keep_the_answer_before():
    """The words and terms of before, on its page, with today's filters; of this collection only."""
    answered = replace(HERE, t=("#1",), page=3, path=("old",))
    memory = SearchMemory(answered=answered)
    asked = replace(HERE, q='red "', path=("new",), view="table")
    kept = while_half_typed(memory, asked)
    assert (kept.q, kept.t, kept.page) == ("red", ("#1",), 3)
    assert (kept.path, kept.view) == (("new",), "table")
    assert while_half_typed(memory, replace(asked, collection="other")) is None
    assert while_half_typed(SearchMemory(), asked) is None


ASKED = replace(RED, page=4, category=("x",), path=("a/",), size=300, picture=3)


@pytest.mark.parametrize(
    ("widget", "value", "changes"),
    [
        ("q", "blue", {"q": "blue", "page": 1}),
        ("category", ["a", "b"], {"category": ("a", "b"), "page": 1}),
        ("averaged", True, {"asked": "averaged", "page": 1}),
        ("averaged", False, {"asked": "typed", "page": 1}),
        ("min_score", 0.2, {"min_score": 0.2, "page": 1}),
        ("min_match", 80.0, {"min_match": 80.0, "page": 1}),
        ("path", " b/ ", {"path": ("a/", "b/"), "page": 1}),
        ("path", "a/", {"path": ("a/",), "page": 1}),
        ("path", "", {"path": ("a/",), "page": 1}),
        ("size", 240, {"size": 240, "page": 1}),
        ("view", None, {"view": "grid", "page": 1}),
        ("view", "table", {"view": "table", "page": 1}),
        ("labels", "cat\n\n dog ", {"label": ("cat", "dog")}),
        ("template", "{}", {"template": "{}"}),
        ("tab", "pair", {"tab": "pair"}),
        ("other", "green", {"other": "green"}),
    ],
)
def test_what_a_widget_changes(widget, value, changes):
    """Its own field, what is open, and the page, unless only the page of scores knows it."""
    assert changed_to(ASKED, widget, value) == replace(ASKED, picture=0, **changes)


STATES = [
    EMPTY,
    SearchState(
        q="red cat", t=("#1", "- night"), category=("a b", "bytes:%FF"), asked="averaged",
        path=("x/*", "y"), dated_from="2024", dated_to="2024-05", orientation="square",
        min_side=640, min_match=82.5, min_score=0.25, page=3, per_page=PER_PAGE[2], size=120,
        view="table", picture=9, good=(1, 2), bad=(3,),
        shown="matches", sort="date", group="month", tab="words",
        other="dog", subject=12, label=("cat", "dog"), template="{}", collection="c",
    ),
]  # fmt: skip


@pytest.mark.parametrize("state", STATES, ids=["empty", "full"])
def test_widgets_give_back_what_they_show(state):
    """Each widget that is shown a state and touched says the same of it."""
    for widget, value in as_widgets(state).items():
        before = replace(state, page=1, picture=0)
        assert changed_to(before, widget, value) == before


@pytest.mark.parametrize("nonsense", ["month=2024-13", "compare=1", "picture=-1", "view=odd"])
def test_what_makes_no_sense_in_an_address_is_not_kept(nonsense):
    """So it is not written there again, nor copied on."""
    assert from_address(parse_qs(nonsense)) == EMPTY


@pytest.mark.parametrize("state", STATES, ids=["empty", "full"])
def test_addresses_give_back_what_they_say(state):
    """A link asks for just what it was made of."""
    assert from_address(parse_qs(as_address(state), keep_blank_values=True)) == state
