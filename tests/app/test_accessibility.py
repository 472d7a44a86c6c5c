"""What axe, the accessibility checker, finds on every page in light and dark."""

import tomllib

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from search_engine import build_collection, plan_build
from search_engine.sample import draw_gallery
from search_engine.settings import MINI_MODEL, Settings
from tests.app.browser import LONG, idle
from tests.app.conftest import ROOT

PAGES = (
    "",
    "Build_index",
    "Search",
    "Search?q=a+crown",
    "Search?q=a+crown&view=table",
    "Search?q=xyzzy+blorp",
    "Search?q=a+crown+without+snow&t=-+night",
    "Categories",
    "Categories?show=Similarity",
    "Categories?show=One+category",
    "Categories?show=Map",
    "Quality?show=Retrieval",
    "Clean_up?show=Duplicates",
    "Clean_up?show=Compare",
    "Clean_up?show=Suspects",
    "Clean_up?show=Unusual",
    "Scores?q=a+crown+-+night",
    "Scores?q=a+crown&tab=pair&other=a+hat",
    "Scores?q=a+crown&tab=words",
    "Scores?q=a+crown&tab=wording",
    "Quality?show=Presence",
    "Scores?tab=saved",
)


COLOURS = ("red", "orange", "yellow", "green", "blue", "violet", "gray")
ALL = None
COLOUR = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
"""The rules that ask for colours; nothing else differs from light to dark."""
GROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(14, 21, 23)"}


def test_no_serious_finding_of_ours(site, tab, request):
    """No page has a serious or critical finding, in light or dark; in dark some in a short run."""
    found = {}
    in_dark = PAGES[:: 1 if request.config.getoption("--long") else 3]
    for page in PAGES:
        tab.goto(f"{site}/{page}{'&' if '?' in page else '?'}collection=drawings")
        tab.wait_for_selector("h1", timeout=LONG)
        idle(tab)
        tab.wait_for_timeout(500)
        for scheme in GROUNDS if page in in_dark else ("light",):
            tab.emulate_media(color_scheme=scheme)
            expect(tab.get_by_test_id("stApp")).to_have_css("background-color", GROUNDS[scheme])
            found[page, scheme] = serious(tab, rules=ALL if scheme == "light" else COLOUR)
    assert {about: findings for about, findings in found.items() if findings} == {}


def selected(tab):
    """Select two results by keyboard."""
    tab.locator("li .open").first.focus()
    tab.keyboard.press("x")
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("x")
    return tab.get_by_text("2 pictures selected")


def compared(tab):
    """Put two results side by side."""
    selected(tab).wait_for(timeout=LONG)
    tab.get_by_role("button", name="Compare").click()
    return tab.get_by_role("dialog").locator("img").nth(1)


def viewed(tab):
    """Open a result."""
    tab.locator("li .open").nth(2).click()
    return tab.get_by_role("dialog").get_by_text("Cosine similarity")


def filtering(tab):
    """Open the filters."""
    tab.get_by_role("button", name="Filters").click()
    return tab.get_by_text("Orientation", exact=True)


def telling_keys(tab):
    """Show what the keys do."""
    tab.keyboard.press("?")
    return tab.get_by_text("Skip to the results", exact=False).last


def suggesting(tab):
    """Type what a category begins with."""
    tab.get_by_placeholder("Search…").fill("cro")
    return tab.get_by_role("option").first


@pytest.mark.parametrize("scheme", GROUNDS)
def test_what_opens_over_the_results_has_no_serious_finding(site, tab, scheme):
    """The bar of a selection, filters, both dialogs, keys and suggestions."""
    tab.emulate_media(color_scheme=scheme)
    tab.goto(f"{site}/Search?collection=drawings&q=a+crown")
    tab.locator("li .open").first.wait_for(timeout=LONG)
    idle(tab)
    for opens in (selected, filtering, compared, telling_keys, suggesting, viewed):
        opens(tab).wait_for(timeout=LONG)
        idle(tab)
        tab.wait_for_timeout(600)  # what moves has come to rest
        found = serious(tab, rules=ALL if scheme == "light" else COLOUR)
        assert found == [], opens.__name__
        tab.keyboard.press("Escape")
        idle(tab)


def serious(tab, rules=ALL):
    """Return the serious findings of what a tab shows."""
    return [
        (finding["id"], node["html"][:200], node["target"])
        for finding in Axe().run(tab, options=rules).response["violations"]
        if finding["impact"] in {"serious", "critical"}
        for node in finding["nodes"]
    ]


def test_text_in_colour_is_legible():
    """Every colour that text may have stands out 4.5 to 1 from page and sidebar, light and dark."""
    themes = tomllib.loads((ROOT / ".streamlit/config.toml").read_text("utf-8"))["theme"]
    for scheme in ("light", "dark"):
        theme = themes[scheme]
        grounds = theme["backgroundColor"], theme["secondaryBackgroundColor"]
        for name in COLOURS:
            for ground in grounds:
                assert contrast(theme[f"{name}TextColor"], ground) >= 4.5, (scheme, name, ground)


def test_what_changed_in_the_folder_is_legible(serve, tmp_path, tab):
    """Notes in colour in the sidebar, and all that a search can say, have no serious finding."""
    draw_gallery(tmp_path / "drawings", pictures=50)
    settings = Settings(tmp_path / "data")
    build_collection(*plan_build(tmp_path / "drawings", settings, model_id=MINI_MODEL), settings)
    next((tmp_path / "drawings").glob("*/*.jpg")).unlink()
    server, found = serve(settings.data_folder), {}
    for query in ("a+crown", "xyzzy+blorp", "-+night", "a+crown+without+snow"):
        tab.goto(f"{server}/Search?collection=drawings&q={query}")
        tab.locator("li .open").first.wait_for(timeout=LONG)
        idle(tab)
        for scheme, ground in GROUNDS.items():
            tab.emulate_media(color_scheme=scheme)
            expect(tab.get_by_test_id("stApp")).to_have_css("background-color", ground)
            found[query, scheme] = serious(tab)
    assert set(map(tuple, found.values())) == {()}, found


def contrast(one, other):
    """Return the contrast of two colours as WCAG 2 defines it, from 1 to 21."""
    low, high = sorted(map(_luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour):
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
