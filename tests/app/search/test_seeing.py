"""Pictures as large as the window, one after the other, and many of them in the grid."""

import re

import pytest
from playwright.sync_api import expect

from tests.app.browser import LONG, idle


@pytest.fixture
def results(site, tab):
    """Open the results of a query."""
    tab.goto(f"{site}/Search?collection=drawings&q=an+animal")
    tab.locator("li .score").first.wait_for(timeout=LONG)
    idle(tab)
    return tab


_WATCH = """() => {
  window.dialogs = [document.querySelectorAll('[role="dialog"]').length];
  new MutationObserver(() => {
    const count = document.querySelectorAll('[role="dialog"]').length;
    if (window.dialogs.at(-1) !== count) window.dialogs.push(count);
  }).observe(document.body, { childList: true, subtree: true });
}"""
"""Notes how many dialogs there are, whenever that changes."""


def test_a_result_opens_in_the_address_and_back_closes_it(results):
    """The arrows turn to the next one; Escape leads back to the card, Back to the results."""
    tab = results
    ids = [one.get_attribute("data-id") for one in tab.locator("li .open").all()[:3]]
    tab.locator("li .open").first.click()
    viewer = tab.get_by_role("dialog")
    viewer.get_by_text("1 of ").wait_for(timeout=LONG)
    tab.wait_for_url(re.compile(f"picture={ids[0]}$"), timeout=LONG)
    name = viewer.get_by_role("heading", level=4)
    first = name.inner_text()
    tab.keyboard.press("ArrowRight")
    viewer.get_by_text("2 of ").wait_for(timeout=LONG)
    tab.wait_for_url(re.compile(f"picture={ids[1]}$"), timeout=LONG)
    expect(name).not_to_have_text(first, timeout=LONG)
    idle(tab)
    tab.evaluate(_WATCH)
    tab.go_back()
    viewer.wait_for(state="detached", timeout=LONG)
    tab.wait_for_timeout(1_000)
    idle(tab)
    assert tab.evaluate("dialogs") == [1, 0]  # it does not flicker
    assert viewer.count() == 0
    assert "picture" not in tab.url
    tab.locator("li .open").nth(2).focus()
    tab.keyboard.press("Enter")
    viewer.get_by_text("3 of ").wait_for(timeout=LONG)
    idle(tab)
    tab.keyboard.press("Escape")
    viewer.wait_for(state="detached", timeout=LONG)
    tab.wait_for_url(re.compile("q=an\\+animal$"), timeout=LONG)
    tab.wait_for_function("document.activeElement?.shadowRoot?.activeElement?.matches('.open')")


def test_pictures_side_by_side_are_part_of_the_address(results):
    """Back closes them, Forward and a link open them again."""
    tab = results
    for place in (0, 2):
        tab.locator("li .open").nth(place).focus()
        tab.keyboard.press("x")
    tab.get_by_text("2 pictures selected").wait_for(timeout=LONG)
    ids = [tab.locator("li .open").nth(place).get_attribute("data-id") for place in (0, 2)]
    tab.get_by_role("button", name="Compare").click()
    both = tab.get_by_role("dialog").locator("img")
    expect(both).to_have_count(2, timeout=LONG)
    tab.wait_for_url(re.compile(f"compare={ids[0]}&compare={ids[1]}$"), timeout=LONG)
    link = tab.url
    idle(tab)
    tab.go_back()
    expect(both).to_have_count(0, timeout=LONG)
    idle(tab)
    assert "compare" not in tab.url
    tab.go_forward()
    expect(both).to_have_count(2, timeout=LONG)
    idle(tab)
    tab.keyboard.press("Escape")
    expect(both).to_have_count(0, timeout=LONG)
    tab.wait_for_url(re.compile("q=an\\+animal$"), timeout=LONG)
    tab.goto(link)
    expect(both).to_have_count(2, timeout=LONG)


def test_a_link_opens_a_result(site, tab):
    """As large as the window, with its own pixels."""
    tab.goto(f"{site}/Search?collection=drawings&q=an+animal")
    tab.locator("li .open").first.wait_for(timeout=LONG)
    picture_id = tab.locator("li .open").nth(1).get_attribute("data-id")
    tab.goto(f"{site}/Search?collection=drawings&q=an+animal&picture={picture_id}")
    image = tab.get_by_role("dialog").locator(".stage img").first
    image.wait_for(timeout=LONG)
    tab.wait_for_function(
        "(one) => one.naturalWidth === 480 && one.src.includes('/pictures/')",
        arg=image.element_handle(), timeout=LONG,
    )  # fmt: skip
    assert image.bounding_box()["height"] > 600


def test_keys_zoom_and_hide_the_details(results):
    """Plus and zero; I hides what stands beside the picture, also of the next one."""
    tab = results
    tab.locator("li .open").first.click()
    viewer = tab.get_by_role("dialog")
    viewer.locator(".stage img").first.wait_for(timeout=LONG)
    idle(tab)
    image = viewer.locator(".stage img").first
    tab.keyboard.press("+")
    assert "scale(1.3)" in image.get_attribute("style")
    tab.keyboard.press("0")
    assert "scale(1)" in image.get_attribute("style")
    width = image.bounding_box()["width"]
    tab.keyboard.press("i")
    viewer.get_by_text("Cosine similarity").wait_for(state="hidden")
    assert image.bounding_box()["width"] > width + 300
    for place in (2, 3, 4, 5):
        tab.keyboard.press("ArrowRight")
        viewer.get_by_text(f"{place} of ").wait_for(timeout=LONG)
        tab.wait_for_timeout(400)  # the page runs for each
        idle(tab)
    assert viewer.get_by_text("Cosine similarity").is_hidden()
    tab.keyboard.press("+")
    assert "scale(1.3)" in image.get_attribute("style")


def test_the_end_of_the_list_brings_more(results):
    """Scrolling adds results to those that are there, in the address without a new step."""
    tab = results
    steps = tab.evaluate("history.length")
    first = tab.locator("li .open").first.element_handle()
    count = tab.locator("li .open").count()
    tab.locator("li .open").last.scroll_into_view_if_needed()
    expect(tab.locator("li .open")).not_to_have_count(count, timeout=LONG)
    tab.wait_for_url(re.compile(r"page=\d"), timeout=LONG)
    assert tab.evaluate("history.length") == steps
    assert first.evaluate("(one) => one.isConnected")


def test_shift_and_keys_select(results):
    """A range by Shift, single ones by X; Escape selects nothing any more."""
    tab = results
    cards = tab.locator("li .open")
    cards.nth(1).hover()
    tab.locator("li:has(.open)").nth(1).hover()
    tab.locator("li .select").nth(1).click()
    tab.get_by_text("1 picture selected").wait_for(timeout=LONG)
    cards.nth(4).click(modifiers=["Shift"])
    tab.get_by_text("4 pictures selected").wait_for(timeout=LONG)
    cards.nth(2).focus()
    tab.keyboard.press("x")
    tab.get_by_text("3 pictures selected").wait_for(timeout=LONG)
    tab.get_by_role("button", name=re.compile("^Select all [0-9]+ matches$")).click()
    tab.get_by_text(re.compile("^All [0-9]+ matches selected$")).wait_for(timeout=LONG)
    idle(tab)
    chosen, strong = tab.locator("li.chosen"), tab.locator("li:not(.dim):not(.cut) .open")
    assert chosen.count() == strong.count() < tab.locator("li .open").count()
    cards.nth(0).focus()
    tab.keyboard.press("x")  # one of all is taken out: those in sight are selected, one by one
    tab.get_by_text(f"{strong.count() - 1} pictures selected").wait_for(timeout=LONG)
    tab.keyboard.press("Escape")
    tab.get_by_text("selected").wait_for(state="detached", timeout=LONG)
    assert chosen.count() == 0
    tab.keyboard.press("x")
    tab.get_by_role("button", name="Clear", exact=True).click()
    tab.get_by_text("selected").wait_for(state="detached", timeout=LONG)


def test_a_thumb_changes_the_results_at_once(results):
    """A bad one goes, a good one is marked; the address says both, and Back undoes it."""
    tab = results
    bad = tab.locator("li .open").first.get_attribute("data-id")
    tab.locator("li .open").first.focus()
    tab.keyboard.press("b")
    tab.wait_for_url(re.compile(f"bad={bad}$"), timeout=LONG)
    tab.locator(f"li .open[data-id='{bad}']").wait_for(state="detached", timeout=LONG)
    tab.get_by_role("button", name="1 bad").wait_for(timeout=LONG)
    idle(tab)
    tab.go_back()
    tab.locator(f"li .open[data-id='{bad}']").wait_for(timeout=LONG)
