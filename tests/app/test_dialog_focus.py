"""The focus stays in what is open over a page, and comes back to what opened it."""

from playwright.sync_api import expect

from tests.app.browser import LONG, idle

_IN_DIALOG = """() => document.querySelector('[role="dialog"]').contains(document.activeElement)"""
_LABEL = "() => document.activeElement?.shadowRoot?.activeElement?.textContent || ''"


def opened(site, tab):
    tab.goto(f"{site}/Search?collection=drawings&q=a+crown")
    tab.locator("li .score").first.wait_for(timeout=LONG)
    idle(tab)
    tab.get_by_role("button", name="Download or save").click()
    return tab.get_by_role("dialog", name="Download or save")


def test_escape_closes_a_dialog_after_a_download(site, tab):
    """A button that is disabled while its file is made gets the focus back."""
    dialog = opened(site, tab)
    taken = dialog.get_by_role("button", name="Table (CSV)")
    with tab.expect_download(timeout=LONG):
        taken.click(timeout=LONG)
    expect(taken).to_be_focused()
    tab.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    tab.wait_for_function(f"() => ({_LABEL})().includes('Download')")


def test_what_goes_takes_no_focus_along(site, tab):
    """Where the focused button goes, the dialog itself has the focus, and Escape closes it."""
    dialog = opened(site, tab)
    taken = dialog.get_by_role("button", name="Document (JSON)")
    taken.focus(timeout=LONG)
    taken.evaluate("(one) => { one.style.display = 'none'; one.disabled = true; }")
    tab.wait_for_function(_IN_DIALOG)
    tab.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
