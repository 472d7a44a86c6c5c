"""A picture that is dropped anywhere on the page, or pasted, becomes part of the query."""

import re

from playwright.sync_api import expect

from tests.app.browser import LONG, expect_first, idle
from tests.conftest import paint


def drag(tab, *kinds, files=(), at=(640, 700)):
    """Drag files of this machine over the page, as its desktop does."""
    session = tab.context.new_cdp_session(tab)
    data = {"items": [], "files": [str(file) for file in files], "dragOperationsMask": 1}
    for kind in kinds:
        place = {"type": kind, "x": at[0], "y": at[1], "data": data}
        session.send("Input.dispatchDragEvent", place)


def copy(tab, script):
    """Put something into the clipboard, which ``script`` writes."""
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.evaluate(f"async () => {{ {script} }}")


PICTURE = """
const canvas = document.createElement("canvas");
canvas.width = canvas.height = 64;
canvas.getContext("2d").fillRect(0, 0, 64, 64);
const png = new Promise((done) => canvas.toBlob(done, "image/png"));
await navigator.clipboard.write([new ClipboardItem({ "image/png": png })]);
"""
TEXT = 'await navigator.clipboard.writeText("a crown");'


def chips(tab):
    buttons = tab.locator(".st-key-query-chips").get_by_test_id("stPopoverButton")
    return buttons.filter(has_text="uploaded picture")


def test_dropped_and_pasted_pictures_are_searched_for(site, prepared, tab, tmp_path):
    """Several at once, each with its thumbnail; what is no picture is named, and costs nothing."""
    crown, other = sorted((prepared.parent / "drawings/crown").glob("*.jpg"))[:2]
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n and nothing else")
    tab.goto(f"{site}/Search?collection=drawings")
    tab.locator("li .open").first.wait_for(timeout=LONG)
    idle(tab)

    target = tab.get_by_text("Drop to find similar pictures")
    drag(tab, "dragEnter", "dragOver", files=[crown])
    expect(target).to_be_visible()
    drag(tab, "dragCancel", files=[crown])
    expect(target).to_be_hidden()
    drag(tab, "dragEnter", "dragOver", "drop", files=[crown, tmp_path / "notes.txt"])
    expect(tab.get_by_text("“notes.txt” is not a picture.")).to_be_visible()
    expect_first(tab, "crown", score="100 %")
    expect(target).to_be_hidden()
    expect(chips(tab)).to_have_count(1)
    thumbnail = tab.locator(".st-key-query-chips img")
    expect(thumbnail).to_have_js_property("complete", value=True)
    idle(tab)

    drag(tab, "dragEnter", "dragOver", "drop", files=[other, tmp_path / "broken.png"])
    expect(tab.get_by_text("“broken.png” cannot be used")).to_be_visible(timeout=LONG)
    expect(chips(tab)).to_have_count(2)
    expect(thumbnail).to_have_count(2)
    expect(tab.locator(".legend .term").nth(1)).to_have_text("+ uploaded picture")
    idle(tab)

    copy(tab, PICTURE)
    tab.keyboard.press("Control+v")
    expect(chips(tab)).to_have_count(3, timeout=LONG)
    idle(tab)
    many = [paint(tmp_path / f"{number}.png", "red", salt=number) for number in range(7)]
    drag(tab, "dragEnter", "dragOver", "drop", files=many)
    expect(tab.get_by_text("Only the first 6 of 7 pictures are used.")).to_be_visible()
    expect(chips(tab)).to_have_count(9, timeout=LONG)
    idle(tab)
    copy(tab, TEXT)
    tab.get_by_placeholder("Search…").focus()
    tab.keyboard.press("Control+v")
    tab.wait_for_url(re.compile("q=a%2Bcrown|q=a\\+crown"), timeout=LONG)
    idle(tab)
    assert len(re.findall("t=", tab.url)) == 9


def test_a_picture_dropped_on_the_first_page_is_searched_for(site, prepared, tab):
    """The way leads to the results."""
    crown = next((prepared.parent / "drawings/crown").glob("*.jpg"))
    tab.goto(f"{site}/?collection=drawings")
    tab.get_by_text("Search in “drawings”").wait_for(timeout=LONG)
    idle(tab)
    drag(tab, "dragEnter", "dragOver", "drop", files=[crown])
    tab.wait_for_url(re.compile("/Search"), timeout=LONG)
    expect_first(tab, "crown", score="100 %")
