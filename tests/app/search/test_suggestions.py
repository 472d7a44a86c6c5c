"""Recent searches in an empty box, and what fits while one types, by keyboard and by mouse."""

import re

import pytest
from playwright.sync_api import expect

from search_engine import Filters, Query, SearchEngine
from search_engine.cards import SavedQueries, card_of
from tests.app.browser import LONG, idle
from tests.app.payloads import address, components, grid, paths


def options(tab):
    return tab.get_by_role("option").locator("span").all_text_contents()


def query(tab, words):
    """Wait until these words are searched for."""
    tab.wait_for_url(re.compile(f"q={words.replace(' ', '.')}(&|$)"), timeout=LONG)
    tab.locator("li .score").first.wait_for(timeout=LONG)
    idle(tab)


def test_recent_searches_and_suggestions(site, tab):
    """Enter notes a search; arrows and Enter take one again; what is half typed changes nothing."""
    tab.goto(f"{site}/Search?collection=drawings")
    tab.locator("li .open").first.wait_for(timeout=LONG)
    idle(tab)
    box = tab.get_by_placeholder("Search…")
    box.click()
    assert options(tab) == []
    for words in ("a red fish", "two purple cats"):
        box.fill(words)
        box.press("Enter")
        query(tab, words)
    box.fill("")
    assert options(tab) == ["two purple cats", "a red fish", "Clear recent searches"]
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    box.press("ArrowDown")
    active = tab.locator(f"#{box.get_attribute('aria-activedescendant')}")
    expect(active).to_contain_text("a red fish")
    box.press("Enter")
    query(tab, "a red fish")
    expect(tab.get_by_role("listbox")).to_be_hidden()
    expect(box).to_be_focused()

    box.fill("cro")
    expect(tab.get_by_role("option").first).to_contain_text("crown")
    box.press("Escape")
    expect(tab.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_value("cro")
    box.fill("night - cro")
    tab.get_by_role("option").filter(has_text="crown").click()
    expect(box).to_have_value(re.compile(r"^night - .*crown"))
    query(tab, ".*night.-.*crown")
    first = tab.locator("li .open").first.get_attribute("data-id")
    box.press("End")
    box.press_sequentially(" -")
    tab.wait_for_timeout(700)
    idle(tab)
    assert tab.locator("li .open").first.get_attribute("data-id") == first

    box.fill("")
    tab.get_by_role("option").filter(has_text="Clear recent searches").click()
    tab.get_by_placeholder("Search…").blur()
    box.click()
    assert options(tab) == []
    tab.goto(f"{site}/?collection=drawings")
    home = tab.get_by_placeholder("Describe what you’re looking for")
    home.click(timeout=LONG)
    home.fill("cro")
    tab.get_by_role("option").filter(has_text="crown").click()
    query(tab, ".*crown")
    assert "/Search" in tab.url


@pytest.fixture
def saved(collection, settings, load):
    """Save a query in words, and one with an example picture."""
    with SearchEngine.open("pictures", settings, load=load) as engine:
        example = Query.picture(next(collection.rglob("*.png")))
        for name, asked in (("mine", Query.parse("red - blue")), ("by example", example)):
            card = card_of(engine, engine.search(asked, 3), 3, Filters())
            SavedQueries(engine.catalog.folder).save(name, card)
        engine.catalog.tags.add([next(iter(engine.catalog.pictures)).picture_id], "holiday")


def test_categories_tags_and_saved_queries_are_suggested(page, saved):
    """As words that a query takes; a tag filters; an example picture cannot be typed."""
    app = page("2_Search.py", q="red")
    (told,) = [data for data in components(app) if "known" in data]
    known = {(one["kind"], one["text"]): one["query"] for one in told["known"]}
    assert known["category", "red"] == "a photo of red"
    assert known["saved", "mine"] == "red - blue"
    assert known["tag", "holiday"] == ""
    assert ("saved", "by example") not in known
    assert told["searched"] == "red"
    app.session_state["suggestions"] = {"tag": "holiday"}
    app.run()
    assert address(app)["search"] == "collection=pictures&q=red&tag=holiday"
    assert len(paths(grid(app))) == 1
