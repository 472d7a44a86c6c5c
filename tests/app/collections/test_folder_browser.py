"""A folder can be found by clicking, also where a drive is slow."""

import threading

import pytest
from playwright.sync_api import expect

from tests.app.browser import LONG, idle
from tests.app.shown import button, words
from tests.conftest import paint


@pytest.fixture
def home(tmp_path, monkeypatch):
    home = tmp_path / "home"
    paint(home / "Pictures/Alps/1.png", "red")
    paint(home / "Pictures/*old* [photos](x)/1.png", "green")
    (home / "Pictures/.hidden").mkdir()
    monkeypatch.setenv("HOME", str(home))
    return home


@pytest.fixture
def opened(page, home, no_sample):
    app = page("1_Build_index.py")
    return button(app, "Choose…").click().run()


def test_the_folders_are_listed_from_home(opened, home):
    """The usual places and the way up are there, and nothing hidden."""
    labels = [one.label.replace("\\", "") for one in opened.button]
    assert {"Home", "Pictures"} <= set(labels)
    inside = opened.button(key=f"place {home / 'Pictures'}").click().run()
    labels = [one.label.replace("\\", "") for one in inside.button]
    assert any(label.startswith("Alps") and "1 picture" in label for label in labels)
    assert any(label.startswith("*old* [photos](x)") for label in labels)
    assert ".hidden" not in labels
    chosen = button(inside, "Choose “").click().run()
    assert chosen.text_input(key="folder").value == str(home / "Pictures")
    assert "Choose “" not in " ".join(one.label for one in chosen.button)


def test_a_slow_drive_keeps_no_page_waiting(page, home, no_sample, monkeypatch):
    """The page says that it waits, and can be used meanwhile."""
    answer = threading.Event()
    look = {}

    def slow(folder):
        answer.wait(30)
        return look["real"](folder)

    from search_engine.collection.folders import folders_in

    look["real"] = folders_in
    monkeypatch.setattr("pages.ui.collections.folder_browser.folders_in", slow)
    monkeypatch.setattr("pages.ui.frame.folder_looks._SECONDS_TO_WAIT", 0.4)
    app = button(page("1_Build_index.py"), "Choose…").click().run()
    assert "takes long to open" in words(app)
    assert not app.exception
    answer.set()
    app.run()
    assert "takes long to open" not in words(app)


def test_a_folder_is_chosen_with_the_keyboard_on_a_small_screen(serve, settings, home, tab):
    """Every step is a button that can be reached and pressed, and fits the screen of a phone."""
    settings.collections_folder.mkdir(parents=True)
    (settings.collections_folder / ".no-sample").touch()
    tab.set_viewport_size({"width": 390, "height": 844})
    with_app = serve(settings.data_folder)
    tab.goto(f"{with_app}/Build_index")
    tab.get_by_role("button", name="Choose…").press("Enter", timeout=LONG)
    dialog = tab.get_by_role("dialog")
    dialog.get_by_role("button", name="Pictures").first.press("Enter", timeout=LONG)
    dialog.get_by_role("button", name="Alps").press("Enter", timeout=LONG)
    done = dialog.get_by_role("button", name="Choose “Alps”")
    expect(done).to_be_visible(timeout=LONG)
    width = tab.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    done.press("Enter")
    field = tab.get_by_role("textbox", name="Folder of pictures")
    expect(field).to_have_value(str(home / "Pictures/Alps"), timeout=LONG)
    expect(tab.get_by_role("button", name="Index 1 picture")).to_be_visible(timeout=LONG)
    idle(tab)
