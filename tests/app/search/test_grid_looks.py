"""How cards lie and what they show, seen in a browser: rows, keys, previews, copies."""

import shutil
from itertools import groupby

import pytest
from PIL import ImageChops
from playwright.sync_api import expect

from search_engine import build_collection, plan_build
from search_engine.settings import MINI_MODEL, Settings
from tests.app.browser import LONG, idle
from tests.app.conftest import _server
from tests.collection.decoding.pictures import scene

SIZES = [(640, 480), (480, 640), (600, 600), (1600, 400), (900, 600), (200, 900), (800, 500)]
BOXES = """all => all.map((one) => {
  const box = one.getBoundingClientRect(), image = one.querySelector("img");
  const at = image.getBoundingClientRect();
  return { id: one.dataset.id, top: box.top, left: box.left, right: box.right,
           height: at.height, ratio: at.width / at.height,
           own: image.naturalWidth / (image.naturalHeight || 1) };
})"""


@pytest.fixture(scope="module")
def shapes(tmp_path_factory):
    """Serve pictures of all shapes, one of them twice."""
    folder = tmp_path_factory.mktemp("looks") / "shapes"
    folder.mkdir()
    settings = Settings(folder.parent / "data")
    for number in range(28):
        image = ImageChops.offset(scene(SIZES[number % len(SIZES)]), 61 * number, 47 * number)
        image.save(folder / f"IMG_2024{number % 3 + 1:02}03_0000{number:02}.jpg")
    shutil.copy(folder / "IMG_20240103_000000.jpg", folder / "copy.jpg")
    name, wanted = plan_build(folder, settings, model_id=MINI_MODEL)
    build_collection(name, wanted, settings)
    with _server(settings.data_folder) as address:
        yield address


def boxes(tab):
    return tab.locator("li .open").evaluate_all(BOXES)


def rows(found):
    return [list(row) for _, row in groupby(found, key=lambda box: round(box["top"]))]


def test_whole_pictures_lie_in_rows(shapes, tab):
    """All of each is shown, those of a row are equally high, and the keys go up and down."""
    tab.goto(f"{shapes}/Search?size=190")
    tab.locator("li .open").nth(20).wait_for(timeout=LONG)
    idle(tab)
    before = [(box["id"], round(box["left"]), round(box["height"])) for box in boxes(tab)]
    tab.mouse.wheel(0, 3_000)
    tab.wait_for_timeout(1_000)
    tab.mouse.wheel(0, -3_000)
    found = boxes(tab)
    assert [(box["id"], round(box["left"]), round(box["height"])) for box in found] == before
    assert len(rows(found)) >= 5
    for row in rows(found):
        assert max(box["height"] for box in row) - min(box["height"] for box in row) < 1
        assert 150 <= row[0]["height"] <= 290
    loaded = [box for box in found if box["own"]]
    assert len(loaded) >= 7
    for box in loaded:
        assert box["ratio"] == pytest.approx(max(0.5, min(4, box["own"])), rel=0.02)
    one, other = rows(found)[:2]
    tab.locator(f".open[data-id='{one[-1]['id']}']").focus()
    tab.keyboard.press("ArrowDown")
    middle = (one[-1]["left"] + one[-1]["right"]) / 2
    nearest = min(other, key=lambda box: abs((box["left"] + box["right"]) / 2 - middle))
    focused = tab.locator("li .open:focus")
    expect(focused).to_have_attribute("data-id", nearest["id"])
    tab.keyboard.press("ArrowUp")
    assert focused.get_attribute("data-id") in {box["id"] for box in one}


def test_a_picture_is_larger_while_one_points_at_it(shapes, tab):
    """After a moment, beside the card; Esc, leaving and Space put it away or bring it."""
    tab.goto(f"{shapes}/Search")
    card = tab.locator("li .open").nth(1)
    card.wait_for(timeout=LONG)
    idle(tab)
    tab.mouse.move(5, 5)
    card.hover()
    larger = tab.locator(".preview")
    expect(larger).to_be_visible(timeout=3_000)
    box, of_card = larger.bounding_box(), card.bounding_box()
    assert max(box["width"] / of_card["width"], box["height"] / of_card["height"]) > 1.25
    assert box["x"] >= of_card["x"] + of_card["width"] or box["x"] + box["width"] <= of_card["x"]
    assert "/pictures/shapes/" in larger.locator("img").get_attribute("src")
    tab.keyboard.press("Escape")
    expect(larger).to_be_hidden()
    tab.mouse.move(5, 5)
    card.focus()
    tab.keyboard.press(" ")
    expect(larger).to_be_visible()
    first = larger.get_attribute("data-id")
    tab.keyboard.press("ArrowRight")
    expect(larger).not_to_have_attribute("data-id", first)
    tab.keyboard.press(" ")
    expect(larger).to_be_hidden()
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("dialog")).to_be_visible(timeout=LONG)


def test_copies_unfold_where_they_are(shapes, tab):
    """A click on “+1 alike” shows it behind the card that stood for it; another folds it again."""
    tab.goto(f"{shapes}/Search?t=%231")
    fold = tab.locator("li .fold").first
    expect(fold).to_have_text("+1 alike", timeout=LONG)
    idle(tab)
    count = tab.locator("li .open").count()
    fold.click()
    expect(tab.locator("li .open")).to_have_count(count + 1)
    expect(tab.locator("li:has(.open)").nth(1)).to_contain_class("copy")
    expect(fold).to_have_attribute("aria-expanded", "true")
    fold.click()
    expect(tab.locator("li .open")).to_have_count(count)
    assert tab.locator("li.copy").count() == 0
