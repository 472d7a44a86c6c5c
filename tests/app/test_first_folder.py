"""From one's own folder to the first picture, with a model that is missing and one that is there.

In a real browser, as a person does it who has the sample gallery already.
"""

import re

from playwright.sync_api import expect

from search_engine import Library, build_collection, plan_build
from search_engine.embedding import trust
from search_engine.sample import draw_gallery
from search_engine.settings import DEFAULT_MODEL, MINI_MODEL
from tests.app.browser import LONG, choose, idle
from tests.conftest import paint

LEGIBLE = 4.5
CONTRAST = """element => {
    const rgb = text => text.match(/[\\d.]+/g).map(Number);
    const over = (top, below) => {
        const a = top.length > 3 ? top[3] : 1;
        return [0, 1, 2].map(i => top[i] * a + below[i] * (1 - a));
    };
    const layers = [];
    for (let at = element; at; at = at.parentElement)
        layers.push(rgb(getComputedStyle(at).backgroundColor));
    const ground = layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255]);
    const light = colour => {
        const [r, g, b] = colour.map(v => v / 255).map(
            v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const [high, low] = [light(over(rgb(getComputedStyle(element).color), ground)), light(ground)]
        .sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
}"""


def first_collection(settings):
    """Make a collection that was there before, whose name comes before that of the new one."""
    draw_gallery(settings.data_folder.parent / "drawings", pictures=20)
    name, wanted = plan_build(
        settings.data_folder.parent / "drawings", settings, model_id=MINI_MODEL
    )
    build_collection(name, wanted, settings)


def fill_in(tab, folder):
    """Name a folder in the form."""
    box = tab.get_by_role("textbox", name="Folder of pictures")
    box.fill(str(folder))
    box.press("Enter")
    idle(tab)


def test_a_first_folder_with_a_missing_model_then_with_one(settings, tmp_path, serve, tab):
    """The failure says why and leads to another model; the success leads to the pictures."""
    first_collection(settings)
    draw_gallery(tmp_path / "trip", pictures=30, seed=5)
    (tmp_path / "trip/broken.jpg").write_bytes(b"x")
    site = serve(settings.data_folder)
    tab.goto(f"{site}/Build_index")
    idle(tab)
    fill_in(tab, tmp_path / "trip")
    tab.get_by_role("button", name="Index 31 pictures").click(timeout=LONG)
    failure = tab.get_by_text("“trip” could not be built")
    failure.wait_for(timeout=LONG)
    assert "is not on this machine" in failure.inner_text()
    assert not re.search(r"--|HF_|command", tab.get_by_test_id("stMain").inner_text())
    tab.goto(site)
    tab.get_by_text("“trip” could not be built").wait_for(timeout=LONG)
    tab.get_by_role("button", name="Use another model").click()
    choose(tab, "Model", "mini")
    idle(tab)
    tab.get_by_role("button", name="Index 31 pictures").click(timeout=LONG)
    tab.get_by_text(re.compile("30 pictures ready.*1 file skipped")).wait_for(timeout=LONG)
    idle(tab)
    assert tab.get_by_text("could not be built").count() == 0
    tab.get_by_role("button", name="Search them").click()
    tab.get_by_placeholder("Search…").wait_for(timeout=LONG)
    idle(tab)
    expect(tab.get_by_label("Collection", exact=True).first).to_have_value("trip", timeout=LONG)
    tab.goto(site)
    idle(tab)
    assert tab.get_by_text("30 pictures ready").count() == 0


def test_another_model_is_asked_about_before_anything_starts(settings, tmp_path, serve, tab):
    """A question says how many pictures are embedded again; a no leaves all as it is."""
    first_collection(settings)
    trust(DEFAULT_MODEL, settings)
    site = serve(settings.data_folder)
    tab.goto(f"{site}/Build_index")
    idle(tab)
    fill_in(tab, settings.data_folder.parent / "drawings")
    tab.get_by_text("Unchanged", exact=True).wait_for(timeout=LONG)
    idle(tab)
    tab.get_by_text("Advanced options").click()
    choose(tab, "Model", "clip-ViT-B-16")
    tab.get_by_role("button", name="Update (20 pictures)").click(timeout=LONG)
    question = tab.get_by_role("dialog")
    question.get_by_text("20 pictures").wait_for(timeout=LONG)
    question.get_by_role("button", name="Leave it as it is").click()
    idle(tab)
    with Library(settings).open_catalog("drawings") as catalog:
        assert catalog.settings.model_id == MINI_MODEL
        assert len(catalog.builds.latest(5)) == 1


def test_what_changed_is_legible_in_the_sidebar(settings, serve, tab):
    """Its words have the contrast that small text needs, in light and in dark."""
    first_collection(settings)
    paint(settings.data_folder.parent / "drawings/new.png", "red")
    site = serve(settings.data_folder)
    for scheme in ("light", "dark"):
        tab.emulate_media(color_scheme=scheme)
        tab.goto(site)
        told = tab.get_by_text("Files changed since the last update")
        told.wait_for(timeout=LONG)
        for element in (told, tab.get_by_text("1 new").first):
            assert element.evaluate(CONTRAST) >= LEGIBLE
