"""Links of before lead to where a view is now, with all else that they say."""

import pytest

from pages.ui.frame.moved_views import new_address
from tests.app.browser import LONG, idle

CATEGORIES, SCORES = "3_Categories.py", "4_Scores.py"
MOVED = [
    (CATEGORIES, {"show": "Duplicates"}, "Clean up", "Duplicates"),
    (CATEGORIES, {"show": "duplicates"}, "Clean up", "Duplicates"),
    (CATEGORIES, {"show": "Suspects", "level": "1"}, "Clean up", "Suspects"),
    (CATEGORIES, {"show": "Unusual"}, "Clean up", "Unusual"),
    (CATEGORIES, {"show": "Retrieval", "question": "my {}", "first": "5"}, "Quality", "Retrieval"),
    (SCORES, {"tab": "presence", "q": "red"}, "Quality", "Presence"),
]


@pytest.mark.parametrize(("page_of_before", "said", "title", "view"), MOVED)
def test_a_link_of_before_leads_to_the_new_place(
    page, collection, page_of_before, said, title, view
):
    """The view is open there, about the same collection, with its settings."""
    app = page(page_of_before, collection="pictures", **said)
    assert not app.exception
    assert [one.value for one in app.title] == [title]
    assert app.segmented_control(key="show").value == view
    assert app.session_state["collection"] == "pictures"
    kept = {name: value for name, value in said.items() if name not in {"show", "tab"}}
    told = {name: app.query_params[name] for name in ["collection", "show", *kept]}
    assert {name: one if isinstance(one, str) else one[-1] for name, one in told.items()} == {
        "collection": "pictures", "show": view, **kept,
    }  # fmt: skip


def test_a_setting_of_the_link_is_used(page, collection):
    """The query that the link asks with is the one that is measured."""
    app = page(CATEGORIES, show="Retrieval", question="my {}", first="5")
    assert next(one for one in app.text_input if "Template" in one.label).value == "my {}"
    assert app.segmented_control(key="first").value == "5"


@pytest.mark.parametrize(
    ("name", "said", "title"),
    [(CATEGORIES, {"show": "Map"}, "Categories"), (SCORES, {"tab": "wording"}, "Scores")],
)
def test_what_did_not_move_stays(page, collection, name, said, title):
    """Nobody is led away from a view that is where it was."""
    app = page(name, **said)
    assert not app.exception
    assert [one.value for one in app.title] == [title]


@pytest.mark.parametrize(
    ("path", "query", "now"),
    [
        ("/Categories", "collection=a+b&show=Duplicates",
         "Clean_up?collection=a+b&show=Duplicates"),
        ("/base/Categories", "show=retrieval&first=5&level=2",
         "Quality?first=5&level=2&show=Retrieval"),
        ("/Scores", "q=a&q=b&tab=presence", "Quality?q=a&q=b&show=Presence"),
        ("/Scores", "show=Duplicates", ""),
        ("/Categories", "show=Map", ""),
        ("/Categories", "show=Duplicates&show=Map", ""),
        ("/Categories/_stcore/health", "show=Duplicates", ""),
        ("/Categories", "x=//evil.example&show=Unusual",
         "Clean_up?x=%2F%2Fevil.example&show=Unusual"),
        ("/", "", ""),
    ],
)  # fmt: skip
def test_the_server_knows_where_a_view_is_now(path, query, now):
    """Beside the page of before, on the same server, with all else that was said."""
    assert new_address(path, query) == now


def test_back_leads_to_where_the_link_was_opened(site, tab):
    """A browser that opens a link of before is not held there."""
    tab.goto(f"{site}/Build_index?collection=drawings")
    tab.wait_for_selector("h1", timeout=LONG)
    idle(tab)
    tab.goto(f"{site}/Categories?collection=drawings&show=Duplicates")
    tab.wait_for_selector("h1:has-text('Clean up')", timeout=LONG)
    idle(tab)
    assert tab.url == f"{site}/Clean_up?collection=drawings&show=Duplicates"
    tab.go_back()
    tab.wait_for_selector("h1:has-text('Build index')", timeout=LONG)
