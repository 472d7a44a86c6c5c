"""A picture that crashes its decoder does not crash the app."""

from playwright.sync_api import expect

from tests.app.browser import LONG, expect_first, idle
from tests.hostile import crashing_heic


def test_an_upload_that_crashes_its_decoder_is_told_and_the_app_goes_on(
    site, prepared, tab, tmp_path
):
    """The person who drops it is told; that tab, and everybody else's, goes on to find pictures."""
    file = tmp_path / "holiday.heic"
    file.write_bytes(crashing_heic())
    tab.goto(f"{site}/Search?collection=drawings")
    tab.locator("li .open").first.wait_for(timeout=LONG)
    idle(tab)
    tab.get_by_role("button", name="Picture").click()
    tab.locator("input[type=file]").set_input_files(file)
    expect(tab.get_by_text("its decoder crashed").first).to_be_visible(timeout=LONG)
    crown = next((prepared.parent / "drawings/crown").glob("*.jpg"))
    tab.locator("input[type=file]").set_input_files(crown)
    tab.locator("li .score").first.wait_for(timeout=LONG)
    expect_first(tab, "crown", score="100 %")
