"""Keys act on what is seen: on the picture that opens, on its tabs, on the whole grid."""

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


def test_keys_act_on_the_picture_that_opens(results):
    """From the first moment: one is marked, one Escape closes it, and the mark stays."""
    tab = results
    first, second, third = [
        one.get_attribute("data-id") for one in tab.locator("li .open").all()[:3]
    ]
    tab.locator("li .open").first.focus()
    for key in ("Enter", "ArrowRight", "g"):
        tab.keyboard.press(key)
    viewer = tab.get_by_role("dialog", name="Picture")
    viewer.get_by_text("2 of ").wait_for(timeout=LONG)
    expect(viewer.locator(".said")).to_have_text("Marked as a good result")
    tab.wait_for_timeout(500)
    idle(tab)
    tab.keyboard.press("Escape")
    expect(viewer).to_have_count(0, timeout=LONG)
    tab.wait_for_url(re.compile(f"q=an\\+animal&good={second}$"), timeout=LONG)
    idle(tab)
    tab.locator(f"li .open[data-id='{third}']").focus()
    tab.keyboard.press("Enter")
    viewer.get_by_text(" of ").first.wait_for(timeout=LONG)
    idle(tab)
    tab.keyboard.press("b")
    expect(viewer).to_have_count(0, timeout=LONG)
    tab.wait_for_url(re.compile(f"good={second}&bad={third}$"), timeout=LONG)
    tab.locator(f"li .open[data-id='{first}']").focus()
    tab.keyboard.press("Enter")
    tab.keyboard.press("Escape")
    tab.wait_for_timeout(1_000)
    idle(tab)
    expect(viewer).to_have_count(0)
    expect(tab).not_to_have_url(re.compile("picture="), timeout=LONG)


def test_arrows_walk_from_picture_to_picture_on_a_tab(results):
    """Left and right turn to others, up and down to other tabs, whose ring is seen."""
    tab = results
    tab.locator("li .open").first.click()
    viewer = tab.get_by_role("dialog", name="Picture")
    why, seen = (viewer.get_by_role("tab", name=name) for name in ("Why", "Model’s view"))
    why.click(timeout=LONG)
    expect(viewer.get_by_text("Contribution of each word")).to_be_visible(timeout=LONG)
    idle(tab)
    tab.keyboard.press("ArrowRight")
    expect(viewer.get_by_text("2 of ")).to_be_visible()
    expect(why).to_have_attribute("aria-selected", "true")
    tab.keyboard.press("ArrowDown")
    expect(seen).to_have_attribute("aria-selected", "true", timeout=LONG)
    expect(seen).to_be_focused()
    room = "(one) => { const a = one.getBoundingClientRect(), b = one.parentElement.getBoundingClientRect(); return Math.min(a.top - b.top, b.bottom - a.bottom); }"  # noqa: E501
    assert seen.evaluate(room) >= 3


def test_all_that_are_shown_are_selected_from_anywhere(results):
    """By Ctrl-A, where no field or dialog has the focus; Escape selects none."""
    tab = results
    chosen = tab.locator("li.chosen")
    tab.evaluate("document.activeElement.blur()")
    tab.keyboard.press("Control+a")
    expect(chosen).to_have_count(tab.locator("li .open").count())
    assert tab.evaluate("String(getSelection())") == ""
    tab.keyboard.press("Escape")
    expect(chosen).to_have_count(0)
    tab.get_by_placeholder("Search…").focus()
    tab.keyboard.press("Control+a")
    expect(chosen).to_have_count(0)
    tab.locator("li .open").first.click()
    viewer = tab.get_by_role("dialog", name="Picture")
    viewer.get_by_text("1 of ").wait_for(timeout=LONG)
    tab.keyboard.press("Control+a")
    tab.keyboard.press("Escape")
    expect(viewer).to_have_count(0, timeout=LONG)
    assert chosen.count() == 0


def test_only_a_mouse_that_moved_shows_a_picture_larger(results):
    """Not where the page moves below it; not over a notice; never once it is turned off."""
    tab = results
    larger = tab.locator(".preview")
    card = tab.locator("li .open").nth(1)
    at = card.bounding_box()
    x, y = at["x"] + at["width"] / 2, at["y"] + at["height"] / 2
    tab.mouse.move(5, 5)
    tab.mouse.move(x, y)
    expect(larger).to_be_visible()
    tab.mouse.wheel(0, 60)
    tab.wait_for_timeout(900)
    expect(larger).to_be_hidden()
    tab.mouse.wheel(0, -60)
    tab.evaluate(
        "(at) => { const one = document.createElement('div'); one.className = 'st-key-undo';"
        " one.style = `left: ${at.x}px; top: ${at.y}px; right: auto; bottom: auto`;"
        " one.textContent = 'Undo'; document.body.append(one); }", {"x": x + 200, "y": y},
    )  # fmt: skip
    tab.mouse.move(x + 3, y)
    tab.wait_for_timeout(900)
    assert larger.is_hidden()
    tab.evaluate("document.querySelector('body > .st-key-undo').remove()")
    tab.mouse.move(x, y)
    expect(larger).to_be_visible()
    tab.mouse.move(5, 5)
    tab.locator(".st-key-query-tools").get_by_role("button", name="View").click()
    switch = tab.get_by_role("switch", name="Preview on hover")
    expect(switch).to_be_checked(timeout=LONG)
    switch.uncheck()
    tab.keyboard.press("Escape")
    tab.reload()
    card.wait_for(timeout=LONG)
    idle(tab)
    tab.mouse.move(x, y)
    tab.mouse.move(x + 3, y)
    tab.wait_for_timeout(900)
    assert larger.count() == 0 or larger.is_hidden()
