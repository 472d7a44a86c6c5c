"""The main ways through the app, in a real browser against the real server and the mini model."""

import re

from playwright.sync_api import expect

from pages.ui.frame.feedback import readable
from search_engine import IndexKind, Library, ScanRules
from search_engine.jobs.control import Jobs
from search_engine.records import CollectionSettings
from search_engine.sample import draw_gallery
from search_engine.settings import MINI_MODEL, Settings
from tests.app.browser import (
    LONG,
    ask,
    categories_of,
    choose,
    expect_first,
    idle,
    point_at,
    scores,
    wait_for_charts,
)
from tests.app.conftest import HOSTILE
from tests.conftest import paint


def test_from_the_first_start_to_the_first_result(serve, tmp_path, tab):
    """On a fresh machine the sample prepares itself; one click gives red fish first."""
    tab.goto(serve(tmp_path / "data"))
    tab.get_by_text("sample gallery").first.wait_for(timeout=LONG)
    tab.get_by_role("button", name="a red fish").click(timeout=LONG)
    tab.wait_for_url(re.compile("/Search.*q=a"), timeout=LONG)
    tab.locator("li .score").first.wait_for(timeout=LONG)
    expect_first(tab, "fish")


def test_queries_history_and_links(site, tab):
    """Searching, going back and forward, and opening a copied link all show the right pictures."""
    tab.goto(f"{site}/Search?collection=drawings")
    ask(tab, "a crown")
    expect_first(tab, "crown")
    ask(tab, "an umbrella")
    expect_first(tab, "umbrella")
    tab.wait_for_url("**q=an+umbrella", timeout=LONG)
    idle(tab)
    tab.go_back()
    expect(tab.get_by_placeholder("Search…")).to_have_value("a crown", timeout=LONG)
    idle(tab)
    expect_first(tab, "crown")
    tab.go_forward()
    expect(tab.get_by_placeholder("Search…")).to_have_value("an umbrella", timeout=LONG)
    link = tab.url
    other = tab.context.new_page()
    other.goto(link)
    other.locator("li .score").first.wait_for(timeout=LONG)
    expect_first(other, "umbrella")
    assert scores(other) == scores(tab)


def test_a_typed_date_filters_at_enter_and_at_tab(site, tab):
    """Nothing has to be clicked: the pictures are those of the date as soon as it is confirmed."""
    tab.goto(f"{site}/Search?collection=drawings&q=a+crown")
    expect_first(tab, "crown")
    tab.get_by_role("button", name="Filters").click()
    for key in ("Enter", "Tab"):
        box = tab.get_by_label("Dated from")
        box.fill("2150-1")
        box.press(key)
        tab.get_by_text("No picture passes the filters").wait_for(timeout=LONG)
        expect(box).to_have_value("2150-01", timeout=LONG)
        tab.get_by_role("button", name="Clear filters").click()
        expect_first(tab, "crown")
        expect(box).to_have_value("", timeout=LONG)


def test_more_like_this_drawer_and_keyboard(site, tab):
    """A card opens by click and by key, leads to more like it, and / leads back to the box."""
    tab.goto(f"{site}/Search?collection=drawings&q=a+crown")
    tab.locator("li .score").first.wait_for(timeout=LONG)
    idle(tab)
    tab.locator("li .open").nth(0).focus()
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("Enter")
    drawer = tab.get_by_role("dialog")
    drawer.get_by_text("Cosine similarity").wait_for(timeout=LONG)
    drawer.locator(".stage img").first.wait_for(timeout=LONG)
    tab.keyboard.press("Escape")
    drawer.wait_for(state="hidden")
    tab.locator("li .open").nth(0).hover()
    tab.locator("li .open").nth(0).hover()
    tab.locator("li .like").nth(0).click()
    tab.wait_for_url(re.compile(r"t=%23\d+"), timeout=LONG)
    expect_first(tab, "crown", score="100 %")
    tab.locator("li .open").nth(0).focus()
    tab.keyboard.press("/")
    assert tab.evaluate("document.activeElement.type") == "search"


def test_hostile_names_fetch_nothing_and_run_nothing(site, tab):
    """Names full of Markdown and HTML are shown as they are, on every tab."""
    tab.goto(f"{site}/Search?collection=hostile&q=red")
    tab.locator("li .score").first.wait_for(timeout=LONG)
    assert categories_of([tab.locator("ul[data-size]")]) == {readable(name) for name in HOSTILE}
    tab.locator("li .open").first.click()
    tab.get_by_role("dialog").get_by_text("Cosine similarity").wait_for(timeout=LONG)
    tab.goto(f"{site}/?collection=hostile")
    tab.get_by_role("button", name="a dog").first.wait_for(timeout=LONG)
    tab.goto(f"{site}/Build_index?collection=hostile")
    tab.get_by_role("button", name="Update").first.wait_for(timeout=LONG)
    idle(tab)
    for view in ("Overview", "Similarity", "One+category", "Map"):
        tab.goto(f"{site}/Categories?collection=hostile&show={view}")
        wait_for_charts(tab)
    point_at(tab, tab.locator(".map canvas").first, 0.5, 0.5)
    for view in ("query", "pair&other=blue", "words"):
        tab.goto(f"{site}/Scores?collection=hostile&q=red+-+blue&tab={view}")
        wait_for_charts(tab)
        for mark in tab.locator("[data-testid=stVegaLiteChart] path[aria-label]").all()[:40]:
            mark.dispatch_event("mousemove", {"bubbles": True})
    assert tab.locator("img[src^=http]:not([src*='127.0.0.1'])").count() == 0


def test_a_folder_is_indexed_watched_and_searched(serve, tmp_path, tab):
    """From a typed folder to the finished build, with a look at what will be done before."""
    data, folder = tmp_path / "data", tmp_path / "mine"
    (data / "collections").mkdir(parents=True)
    (data / "collections/.no-sample").touch()
    draw_gallery(folder, pictures=60)
    (folder / "broken.jpg").write_bytes(b"x")
    tab.goto(f"{serve(data)}/Build_index")
    box = tab.get_by_role("textbox", name="Folder of pictures on this machine")
    box.fill(str(folder))
    box.press("Enter")
    tab.get_by_role("button", name="Index 61 pictures").wait_for(timeout=LONG)
    idle(tab)
    tab.get_by_text("Advanced options").click(timeout=LONG)
    choose(tab, "Model", "mini")
    idle(tab)
    tab.get_by_role("button", name="Index 61 pictures").click(timeout=LONG)
    tab.get_by_text(re.compile("60 pictures ready in.*1 file skipped")).wait_for(timeout=LONG)
    tab.get_by_text("1 file was skipped").wait_for()


def test_a_build_is_stopped_and_goes_on(serve, tmp_path, tab):
    """A stopped build says so within seconds, keeps what it has, and can be taken up again."""
    data, folder = tmp_path / "data", tmp_path / "mine"
    (data / "collections").mkdir(parents=True)
    (data / "collections/.no-sample").touch()
    for number in range(2000):  # enough for some seconds
        paint(folder / "red" / f"{number}.png", "red", (64, 64), salt=number)
    site = serve(data)
    jobs = Jobs(Settings(data))
    jobs.start("mine", CollectionSettings(folder, ScanRules(), MINI_MODEL, IndexKind.EXACT))
    tab.goto(f"{site}/Build_index")
    tab.get_by_text(re.compile(r"[1-9][\d,]* of 2,000")).wait_for(timeout=LONG)
    tab.get_by_role("button", name="Pause").click()
    tab.get_by_text("The build of “mine” was stopped").wait_for(timeout=LONG)
    with Library(Settings(data)).open_catalog("mine") as catalog:
        assert 0 < len(catalog.pictures) < 2000
    tab.get_by_role("button", name="Go on").click()
    tab.get_by_text("2,000 pictures ready in").wait_for(timeout=LONG)
    tab.get_by_text("2,000 pictures").first.wait_for(timeout=LONG)


def test_filters_restrict_what_is_found(site, tab):
    """A chosen category is all that is found and stands in the link, until filters are cleared."""
    tab.goto(f"{site}/Search?collection=drawings&q=something+red")
    tab.locator("li .score").first.wait_for(timeout=LONG)
    idle(tab)
    tab.get_by_role("button", name="Filters").click()
    choose(tab, "Category", "crown")
    tab.wait_for_url(re.compile("category=crown"), timeout=LONG)
    expect(tab.locator("li .what")).to_have_count(3, timeout=LONG)
    assert categories_of([tab.locator("ul[data-size]")]) == {"crown"}
    tab.keyboard.press("Escape")
    tab.get_by_role("button", name="crown", exact=True).click()
    expect(tab.locator("li .what")).to_have_count(48, timeout=LONG)
    assert "category" not in tab.url


def test_an_uploaded_picture_is_an_example_and_results_can_be_taken_along(
    site, prepared, tab, tmp_path
):
    """A picture finds itself, words are taken away, and a table lists what is shown."""
    crown = next((prepared.parent / "drawings/crown").glob("*.jpg"))
    tab.goto(f"{site}/Search?collection=drawings")
    tab.locator("li .open").first.wait_for(timeout=LONG)
    idle(tab)
    tab.get_by_role("button", name="Picture").click()
    tab.locator("input[type=file]").set_input_files(crown)
    tab.locator("li .score").first.wait_for(timeout=LONG)
    expect_first(tab, "crown", score="100 %")
    tab.keyboard.press("Escape")
    tab.get_by_role("button", name="Exclude").click()
    tab.get_by_placeholder("night").fill("a crown")
    tab.keyboard.press("Enter")
    tab.get_by_role("button", name="− 0.5 × a crown").wait_for(timeout=LONG)
    idle(tab)
    tab.keyboard.press("Escape")
    tab.get_by_role("button", name="Download or save").click()
    tab.get_by_text("48 results shown").click()
    idle(tab)
    with tab.expect_download() as download:
        tab.get_by_role("button", name="Table (CSV)").click()
    download.value.save_as(tmp_path / "results.csv")
    rows = (tmp_path / "results.csv").read_text("utf-8-sig").splitlines()
    assert len(rows) == 49
    best = max(float(row.split(",")[2]) for row in rows[1:])
    assert f"{best:.0f} %" == scores(tab)[0]


def test_scores_are_about_the_query_of_the_search(site, tab):
    """The way to the scores, and a button there, keep the query; Back leads to the search."""
    tab.goto(f"{site}/Search?collection=drawings&q=a+crown")
    tab.locator("li .score").first.wait_for(timeout=LONG)
    idle(tab)
    tab.get_by_test_id("stMain").get_by_role("link", name="Scores").click()
    tab.get_by_text("Scores of the whole collection").wait_for(timeout=LONG)
    idle(tab)
    assert "q=a+crown" in tab.url
    tab.go_back()
    tab.locator("li .score").first.wait_for(timeout=LONG)
    idle(tab)
    expect_first(tab, "crown")
    assert tab.url.split("?")[1].split("&") == ["collection=drawings", "q=a+crown"]
    tab.go_forward()
    tab.get_by_text("Scores of the whole collection").wait_for(timeout=LONG)
    assert "q=a+crown" in tab.url


def test_a_way_that_a_page_leads_is_one_step(site, tab):
    """Back after a button that leads to another page shows the view that the button was in."""
    tab.goto(f"{site}/Categories?collection=drawings&show=One+category")
    ways = tab.get_by_role("button", name="Search within it")
    ways.wait_for(timeout=LONG)
    idle(tab)
    steps, before = tab.evaluate("history.length"), tab.url
    ways.click()
    tab.wait_for_url("**/Search?*category=*", timeout=LONG)
    idle(tab)
    assert tab.evaluate("history.length") == steps + 1
    tab.go_back()
    ways.wait_for(timeout=LONG)
    assert tab.url == before


def test_a_button_does_not_lead_back_to_the_link_that_was_opened(site, tab):
    """What was asked after opening a link stays when something else is clicked, until Back."""
    tab.goto(f"{site}/Scores?collection=drawings&q=a+crown")
    tab.get_by_text("Scores of the whole collection").wait_for(timeout=LONG)
    idle(tab)
    tab.get_by_text("Wording", exact=True).click()
    tab.get_by_role("button", name="Search all phrasings").wait_for(timeout=LONG)
    idle(tab)
    tab.get_by_text("Two searches", exact=True).click()
    tab.get_by_role("textbox", name="Second query").wait_for(timeout=LONG)
    assert "tab=pair" in tab.url
    tab.go_back()
    tab.get_by_role("button", name="Search all phrasings").wait_for(timeout=LONG)
    idle(tab)
    assert tab.url.endswith("tab=wording")
    tab.go_forward()
    tab.get_by_role("textbox", name="Second query").wait_for(timeout=LONG)
    assert tab.url.endswith("tab=pair")
