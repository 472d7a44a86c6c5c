"""What axe, the accessibility checker, finds on every page in light and dark."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.app.browser import LONG, idle

PAGES = (
    "",
    "Build_index",
    "Search",
    "Search?q=a+crown",
    "Search?q=a+crown&view=table",
    "Categories",
    "Categories?show=Similarity",
    "Categories?show=One+category",
    "Categories?show=Map",
    "Categories?show=Retrieval",
    "Categories?show=Duplicates",
    "Categories?show=Suspects",
    "Categories?show=Unusual",
    "Scores?q=a+crown+-+night",
    "Scores?q=a+crown&tab=pair&other=a+hat",
    "Scores?q=a+crown&tab=words",
    "Scores?q=a+crown&tab=wording",
    "Scores?tab=presence",
    "Scores?tab=saved",
)


GROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(16, 19, 28)"}


def test_no_serious_finding_of_ours(site, tab):
    """No page has a serious or critical finding, in light or dark."""
    found = {}
    for page in PAGES:
        tab.goto(f"{site}/{page}{'&' if '?' in page else '?'}collection=drawings")
        tab.wait_for_selector("h1", timeout=LONG)
        idle(tab)
        tab.wait_for_timeout(1000)
        for scheme, ground in GROUNDS.items():
            tab.emulate_media(color_scheme=scheme)
            expect(tab.get_by_test_id("stApp")).to_have_css("background-color", ground)
            found[page, scheme] = serious(tab)
    assert found == {(page, scheme): [] for page in PAGES for scheme in GROUNDS}


def serious(tab):
    """Give the serious findings of what a tab shows."""
    return [
        (finding["id"], node["html"][:200], node["target"])
        for finding in Axe().run(tab).response["violations"]
        if finding["impact"] in {"serious", "critical"}
        for node in finding["nodes"]
    ]
