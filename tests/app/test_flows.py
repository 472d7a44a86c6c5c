"""The main ways through the app, in a real browser against the real server and the mini model."""

import re

import pytest

from search_engine import build_collection, plan_build
from search_engine.sample import draw_gallery
from search_engine.settings import MINI_MODEL, Settings
from tests.app.browser import chromium
from tests.conftest import paint

LONG = 90_000


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A data folder with two collections: drawings, and pictures with hostile names."""
    root = tmp_path_factory.mktemp("prepared")
    settings = Settings(root / "data")
    draw_gallery(root / "drawings", pictures=150)
    name, wanted = plan_build(root / "drawings", settings, model_id=MINI_MODEL)
    build_collection(name, wanted, settings)
    for number, odd in enumerate(HOSTILE):
        paint(root / "hostile" / odd / f"{odd}.png", "red", salt=number)
    name, wanted = plan_build(root / "hostile", settings, model_id=MINI_MODEL)
    build_collection(name, wanted, settings)
    return settings.data_folder


HOSTILE = (
    "![x](http:⁄⁄evil.example⁄a.png)",
    "<img src=x onerror=alert(1)>",
    "**bold** $x^2$ :red[y]",
    "`code` [link](javascript:alert(1))",
)


@pytest.fixture
def page():
    """A page in a headless Chromium that records every request and error."""
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        page = context.new_page()
        page.problems = []
        page.foreign = []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on("request", lambda request: note_foreign(page, request.url))
        yield page
        assert page.problems == []
        assert page.foreign == []


def note_foreign(page, url):
    if not re.match(r"(https?|ws)://(127\.0\.0\.1|localhost)[:/]|data:|blob:|about:", url):
        page.foreign.append(url)


def idle(page):
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')


def scores(page):
    return page.locator("li .score").all_text_contents()


def ask(page, words):
    box = page.get_by_placeholder("Words")
    box.fill(words)
    box.press("Enter")
    page.wait_for_url(re.compile(r"q=" + words.replace(" ", r"\+")), timeout=LONG)
    page.locator("li .score").first.wait_for(timeout=LONG)
    idle(page)


def first_category(page):
    return page.locator("li .what").first.text_content()


def test_from_the_first_start_to_the_first_result(serve, tmp_path, page):
    """On a fresh machine the sample prepares itself; one click gives red fish first."""
    page.goto(serve(tmp_path / "data"))
    page.get_by_text("sample gallery").first.wait_for(timeout=LONG)
    page.get_by_role("button", name="a red fish").click(timeout=LONG)
    page.wait_for_url(re.compile("/Search.*q=a"), timeout=LONG)
    page.locator("li .score").first.wait_for(timeout=LONG)
    assert first_category(page) == "fish"


def test_questions_history_and_links(serve, prepared, page):
    """Asking, going back and forward, and opening a copied link all show the right pictures."""
    address = serve(prepared)
    page.goto(f"{address}/Search?collection=drawings")
    ask(page, "a crown")
    assert first_category(page) == "crown"
    ask(page, "an umbrella")
    assert first_category(page) == "umbrella"
    page.go_back()
    page.wait_for_function("document.querySelector('input[type=search]').value === 'a crown'")
    idle(page)
    assert first_category(page) == "crown"
    page.go_forward()
    page.wait_for_function("document.querySelector('input[type=search]').value === 'an umbrella'")
    link = page.url
    other = page.context.new_page()
    other.goto(link)
    other.locator("li .score").first.wait_for(timeout=LONG)
    assert first_category(other) == "umbrella"
    assert scores(other) == scores(page)


def test_more_like_this_drawer_and_keyboard(serve, prepared, page):
    """A card opens by click and by key, leads to more like it, and / leads back to the box."""
    page.goto(f"{serve(prepared)}/Search?collection=drawings&q=a+crown")
    page.locator("li .score").first.wait_for(timeout=LONG)
    idle(page)
    page.locator("li .open").nth(0).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog")
    drawer.get_by_text("Score, cosine similarity").wait_for(timeout=LONG)
    assert drawer.locator("img").count() == 1
    page.keyboard.press("Escape")
    drawer.wait_for(state="hidden")
    page.locator("li").nth(0).hover()
    page.locator("li .like").nth(0).click()
    page.wait_for_url(re.compile(r"t=%23\d+"), timeout=LONG)
    idle(page)
    assert scores(page)[0] == "1.000"
    page.locator("li .open").nth(0).focus()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"


def test_hostile_names_fetch_nothing_and_run_nothing(serve, prepared, page):
    """Names full of Markdown and HTML are shown as they are, on every page."""
    address = serve(prepared)
    page.goto(f"{address}/Search?collection=hostile&q=red")
    page.locator("li .score").first.wait_for(timeout=LONG)
    idle(page)
    assert set(page.locator("li .what").all_text_contents()) == set(HOSTILE)
    page.locator("li .open").first.click()
    page.get_by_role("dialog").get_by_text("Score, cosine similarity").wait_for(timeout=LONG)
    page.goto(f"{address}/?collection=hostile")
    page.get_by_role("button", name="a photo of").first.wait_for(timeout=LONG)
    page.goto(f"{address}/Build_index?collection=hostile")
    page.get_by_role("button", name="Update").wait_for(timeout=LONG)
    idle(page)
    assert page.locator("img[src^=http]:not([src*='127.0.0.1'])").count() == 0


def test_a_folder_is_indexed_watched_and_searched(serve, tmp_path, page):
    """From a typed folder to the finished build, with a look at what will be done before."""
    data, folder = tmp_path / "data", tmp_path / "mine"
    (data / "collections").mkdir(parents=True)
    (data / "collections/.no-sample").touch()
    draw_gallery(folder, pictures=60)
    (folder / "broken.jpg").write_bytes(b"x")
    page.goto(f"{serve(data)}/Build_index")
    box = page.get_by_role("textbox", name="Folder of pictures on this machine")
    box.fill(str(folder))
    box.press("Enter")
    page.get_by_text("Name, model, kind").click(timeout=LONG)
    page.get_by_role("combobox", name="Model").click()
    page.get_by_role("option", name="mini").click()
    page.get_by_role("button", name="Index 61 pictures").click(timeout=LONG)
    page.get_by_text("Done in").wait_for(timeout=LONG)
    assert page.get_by_text("60 added").count() == 1
    page.get_by_text("1 files were left out").wait_for()
