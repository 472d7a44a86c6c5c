"""Who uses the keyboard, or goes on to another page, finds the way."""

from playwright.sync_api import expect

from tests.app.browser import LONG, idle

_FOCUSED = """() => {
  let one = document.activeElement;
  while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
  return `${one.id || one.className} ${one.dataset.id || ""}`.trim();
}"""


def opened(site, tab, address):
    tab.goto(f"{site}/Search?collection=drawings&{address}")
    tab.locator("li .open").first.wait_for(timeout=LONG)
    idle(tab)


def ids(tab):
    return tab.locator("li .open").evaluate_all("all => all.map((one) => one.dataset.id)")


def test_two_keys_lead_to_the_first_picture_and_one_past_the_last(site, tab):
    """The first stop of the page skips to the results, which are one stop themselves."""
    opened(site, tab, "q=a+crown")
    tab.keyboard.press("Tab")
    assert tab.evaluate(_FOCUSED) == "skip-to-results"
    tab.keyboard.press("Enter")
    first, second = ids(tab)[:2]
    assert tab.evaluate(_FOCUSED) == f"open {first}"
    tab.keyboard.press("ArrowRight")
    assert tab.evaluate(_FOCUSED) == f"open {second}"
    tab.keyboard.press("Tab")
    assert not tab.evaluate(_FOCUSED).startswith(("open", "like"))
    tab.keyboard.press("Shift+Tab")
    assert tab.evaluate(_FOCUSED) == f"open {second}"
    tab.keyboard.press("m")
    tab.wait_for_url(f"**t=%23{second}*", timeout=LONG)


def test_few_keys_lead_from_the_box_to_the_first_picture(site, tab):
    """The buttons of a row are one stop, with arrows from one to the next."""
    opened(site, tab, "q=a+crown")
    tab.get_by_placeholder("Search…").focus()
    stops = 0
    while not tab.evaluate(_FOCUSED).startswith("open "):
        tab.keyboard.press("Tab")
        stops += 1
        assert stops <= 6
    tools = tab.get_by_role("toolbar", name="Search tools").get_by_role("button")
    tools.first.focus()
    tab.keyboard.press("ArrowRight")
    expect(tools.nth(1)).to_be_focused()
    tab.keyboard.press("End")
    expect(tools.last).to_be_focused()
    tab.keyboard.press("Tab")
    tab.keyboard.press("Shift+Tab")
    expect(tools.last).to_be_focused()


def test_the_focus_returns_to_the_card_that_was_opened(site, tab):
    """After Esc the arrow keys go on from there."""
    opened(site, tab, "q=a+crown")
    third, fourth = ids(tab)[2:4]
    tab.locator("li .open").nth(2).click()
    expect(tab.get_by_role("dialog")).to_be_visible(timeout=LONG)
    idle(tab)
    tab.keyboard.press("Escape")
    expect(tab.get_by_role("dialog")).to_have_count(0, timeout=LONG)
    tab.wait_for_function(f"() => ({_FOCUSED})() === 'open {third}'", timeout=LONG)
    tab.keyboard.press("ArrowRight")
    assert tab.evaluate(_FOCUSED) == f"open {fourth}"


def test_other_results_begin_at_their_top(site, tab):
    """The box stays in sight; what is typed there brings the first of other results into sight."""
    tab.goto(f"{site}/Search?collection=drawings&q=a+crown")
    tab.locator("li .open").first.wait_for(timeout=LONG)
    idle(tab)
    tab.locator("li .open").nth(40).scroll_into_view_if_needed()
    box = tab.locator('[data-testid="stMain"] input[type="search"]')
    expect(box).to_be_in_viewport()
    before = ids(tab)
    box.fill("an umbrella")
    tab.wait_for_url("**q=an+umbrella*", timeout=LONG)
    idle(tab)
    assert ids(tab)[:24] != before[:24]
    expect(tab.locator("li .open").first).to_be_in_viewport(timeout=LONG)


def test_a_table_goes_on_as_well(site, tab):
    """With a button below it."""
    tab.goto(f"{site}/Search?collection=drawings&q=a+crown&view=table")
    tab.locator('[data-testid="stDataFrame"]').wait_for(timeout=LONG)
    idle(tab)
    tab.get_by_role("button", name="Show more").click()
    tab.wait_for_url("**page=2*", timeout=LONG)
    table = tab.get_by_test_id("stDataFrame")
    for row in (0, 0):  # once more the same row, which is chosen no more
        table.click(position={"x": 16, "y": 36 + 72 * row + 36})
        picture = tab.get_by_role("dialog", name="Picture")
        picture.wait_for(timeout=LONG)
        assert "picture=" in tab.url
        idle(tab)
        tab.keyboard.press("Escape")
        expect(picture).to_have_count(0, timeout=LONG)
        idle(tab)


def test_a_note_waits_until_the_box_is_left(site, tab):
    """While somebody types nothing is said; Enter, or leaving the box, tells what is missing."""
    opened(site, tab, "q=a+crown")
    before = ids(tab)
    box = tab.locator('[data-testid="stMain"] input[type="search"]')
    box.click()
    box.press("End")
    box.press_sequentially(" -")
    note = tab.get_by_text("Nothing follows the sign")
    note.wait_for(state="attached", timeout=LONG)
    idle(tab)
    assert not note.is_visible()
    assert ids(tab) == before
    assert tab.get_by_role("alert").count() == 0
    box.press("Enter")
    expect(note).to_be_visible(timeout=LONG)


def test_the_keys_are_told_and_each_escape_closes_one_thing(site, tab):
    """A question mark shows them, also over a picture; the focus comes back to where it was."""
    opened(site, tab, "q=a+crown")
    keys = tab.get_by_role("dialog", name="Keys")
    tab.locator("li .open").nth(1).focus()
    tab.keyboard.press("?")
    expect(keys).to_be_visible()
    expect(keys).to_contain_text("More like this")
    tab.keyboard.press("m")
    tab.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    second = ids(tab)[1]
    assert tab.evaluate(_FOCUSED) == f"open {second}"
    tab.keyboard.press("Enter")
    picture = tab.get_by_role("dialog", name="Picture")
    picture.get_by_text("2 of ").wait_for(timeout=LONG)
    idle(tab)
    tab.keyboard.press("?")
    expect(keys).to_be_visible()
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    expect(picture).to_be_visible()
    expect(picture.get_by_text("2 of ")).to_be_visible()
    tab.keyboard.press("Escape")
    expect(picture).to_have_count(0, timeout=LONG)
    tab.wait_for_function(f"() => ({_FOCUSED})() === 'open {second}'", timeout=LONG)
    tab.get_by_placeholder("Search…").focus()
    tab.keyboard.type("?")
    expect(keys).to_be_hidden()


def test_the_focus_is_never_lost(site, tab):
    """What is closed by Escape gives it back to what opened it; a field that opens has it."""
    opened(site, tab, "q=a+crown")
    for name in ("Picture", "Exclude", "Filters", "Sort", "View"):
        button = tab.locator(".st-key-query-tools").get_by_role("button", name=name)
        button.focus()
        tab.keyboard.press("Enter")
        expect(button).to_have_attribute("aria-expanded", "true", timeout=LONG)
        tab.get_by_test_id("stPopoverBody").wait_for(timeout=LONG)
        idle(tab)
        tab.keyboard.press("Escape")
        expect(button).to_have_attribute("aria-expanded", "false", timeout=LONG)
        expect(button).to_be_focused()
    tab.locator("li .open").first.focus()
    tab.keyboard.press("x")
    tag = tab.locator(".st-key-selection").get_by_role("button", name="Tag")
    tag.click(timeout=LONG)
    expect(tab.get_by_label("New tag")).to_be_focused(timeout=LONG)
