"""Bars, cells and points lead to pictures, in a real browser."""

import re

import pytest

from tests.app.browser import LONG, categories_of, expect_first, idle, point_at, wait_for_charts


def test_a_bar_leads_to_its_pictures(site, tab):
    """A click on a bar of the file sizes shows just as many pictures as it counts."""
    tab.goto(f"{site}/Categories?collection=drawings")
    wait_for_charts(tab)
    bar = tab.locator("[data-testid=stVegaLiteChart]").first.locator(".mark-rect path").nth(2)
    count = re.search("pictures: ([0-9]+)", bar.get_attribute("aria-label"))[1]
    bar.click()
    tab.get_by_text(re.compile(f"File size .* · {count} picture")).wait_for(timeout=LONG)
    tab.locator("ul[data-size] li .open").nth(min(int(count), 24) - 1).wait_for(timeout=LONG)
    assert tab.get_by_text("Each of the 50 categories has 3 pictures.").is_visible()


def test_a_query_for_a_category_leads_to_its_answers(site, tab):
    """A click on a bar of the view Retrieval shows the results; from there Search runs the same."""
    tab.goto(f"{site}/Quality?collection=drawings&show=Retrieval")
    wait_for_charts(tab)
    bar = tab.locator("[data-testid=stVegaLiteChart]").first.locator(".mark-rect path").nth(39)
    query = re.search("query: ([^;]+)", bar.get_attribute("aria-label"))[1]
    bar.click()
    tab.get_by_text(f"Results for “{query}”").wait_for(timeout=LONG)
    tab.get_by_role("button", name=f"Search for “{query}”").click()
    tab.wait_for_url(re.compile("/Search.*q=a[+]photo[+]of[+]a"), timeout=LONG)
    tab.locator("li .score").first.wait_for(timeout=LONG)
    expect_first(tab, query.removeprefix("a photo of a "))


def test_back_returns_to_the_view_before(site, tab):
    """Each view of the categories is a step of the history."""
    tab.goto(f"{site}/Categories?collection=drawings")
    wait_for_charts(tab)
    tab.get_by_role("radio", name="One category").click()
    tab.get_by_text("Most typical of").wait_for(timeout=LONG)
    assert "show=One+category" in tab.url
    tab.go_back()
    tab.get_by_text("All categories").wait_for(timeout=LONG)


def test_a_cell_leads_to_the_pictures_that_make_two_categories_alike(site, tab):
    """A click into the heat map shows pictures of both categories."""
    tab.goto(f"{site}/Categories?collection=drawings&show=Similarity")
    wait_for_charts(tab)
    heat_map = tab.locator("[data-testid=stVegaLiteChart] canvas").first
    tab.mouse.click(*point_at(tab, heat_map, 0.5, 0.2))
    two = [tab.locator("ul[data-size]").nth(place) for place in (0, 1)]
    assert [len(categories_of([one])) for one in two] == [1, 1]
    assert len(categories_of(two)) == 2


def test_results_a_lasso_and_keys_on_the_map(site, tab):
    """Results of a search are ringed there; a lasso selects, a link of it too; keys open one."""
    tab.goto(f"{site}/Search?collection=drawings&q=a+crown")
    tab.get_by_role("link", name="Show on map").click(timeout=LONG)
    canvas = tab.locator(".map > canvas").first
    canvas.wait_for(timeout=LONG)
    tab.get_by_text("ringed").wait_for(timeout=LONG)
    idle(tab)
    canvas.scroll_into_view_if_needed()
    point_at(tab, canvas, 0.01, 0.01)
    tab.mouse.down()
    for corner in ((0.99, 0.01), (0.99, 0.99), (0.01, 0.99), (0.01, 0.02)):
        point_at(tab, canvas, *corner)
    tab.mouse.up()
    tab.get_by_text("150 pictures selected").wait_for(timeout=LONG)
    assert "area=" in tab.url
    tab.reload()
    tab.get_by_text("150 pictures selected").wait_for(timeout=LONG)
    canvas.focus()
    tab.keyboard.press("Escape")
    tab.get_by_text("150 pictures selected").wait_for(state="hidden", timeout=LONG)
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("ArrowRight")
    shown = tab.locator(".tip span").text_content()
    tab.keyboard.press("Enter")
    tab.get_by_role("dialog").get_by_text(shown, exact=True).wait_for(timeout=LONG)


def test_scores_lead_from_the_histogram_to_pictures(site, tab):
    """The best bar of the histogram holds the best picture."""
    tab.goto(f"{site}/Scores?collection=drawings&q=a+crown")
    wait_for_charts(tab)
    chart = tab.locator("[data-testid=stVegaLiteChart]").first
    bars = chart.locator(".mark-rect path[aria-label*='which: shown']")
    bars.first.wait_for(timeout=LONG)
    bars.last.click()
    tab.locator("li .score").first.wait_for(timeout=LONG)
    expect_first(tab, "crown")
    tab.get_by_role("radio", name="Two searches").click()
    tab.get_by_label("Second query").fill("a hat")
    tab.keyboard.press("Enter")
    tab.get_by_text("Rank-biased overlap").wait_for(timeout=LONG)
    assert "other=a+hat" in tab.url


@pytest.mark.one_in(3)
@pytest.mark.parametrize(
    "page", ["Build_index", "Search", "Categories", "Scores", "Clean_up", "Quality"]
)
def test_every_page_opens_by_a_link_on_a_cold_server(serve, prepared, tab, page):
    """The first thing a server is asked for may be any page: it has its title and its frame."""
    tab.goto(f"{serve(prepared)}/{page}?collection=drawings")
    tab.wait_for_selector("h1", timeout=LONG)
    assert tab.locator("h1").text_content() == page.replace("_", " ")
    idle(tab)
    assert tab.get_by_text("150 pictures").first.is_visible()
