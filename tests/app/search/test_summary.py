"""The line above the results: where it leads, and that nothing is lost on the way."""

import re

import pytest
from playwright.sync_api import expect

from tests.app.browser import LONG, idle


@pytest.fixture
def results(site, tab):
    """Open the results of a query that was typed, with one of all pictures before it."""
    tab.goto(f"{site}/Search?collection=drawings")
    tab.locator("li .open").first.wait_for(timeout=LONG)
    idle(tab)
    box = tab.get_by_placeholder("Search…")
    box.fill("an animal")
    box.press("Enter")
    tab.locator("li .score").first.wait_for(timeout=LONG)
    tab.wait_for_url("**q=an+animal", timeout=LONG)
    idle(tab)
    return tab


def test_a_link_to_the_scores_takes_the_query_along(results):
    """As another tab opens it."""
    link = results.get_by_role("link", name="Scores").last
    assert re.fullmatch(r"Scores\?collection=drawings&q=an\+animal", link.get_attribute("href"))


@pytest.mark.parametrize("name", ["explain", "download", "check"])
def test_the_focus_comes_back_to_what_opened_a_dialog(results, name):
    """By keyboard alone one goes on from there."""
    button = results.locator(f".summary .{name}")
    button.focus()
    results.keyboard.press("Enter")
    results.get_by_role("dialog").wait_for(timeout=LONG)
    idle(results)
    results.keyboard.press("Escape")
    results.get_by_role("dialog").wait_for(state="detached", timeout=LONG)
    expect(button).to_be_focused(timeout=LONG)
