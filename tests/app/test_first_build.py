"""A collection is searched while its first build runs: pages say how much is in, and it grows."""

import os
import queue
import re
import threading
import time
from functools import partial

import psutil
import pytest
from playwright.sync_api import expect

from pages.ui.frame import resources
from search_engine import Library, build_collection, plan_build
from search_engine.building import interim
from search_engine.calibration import (
    CALIBRATION_FILE,
    background_texts,
    find_background,
    keep_calibrated,
)
from search_engine.collection import read_manifest
from search_engine.jobs.control import Jobs, JobState, JobStatus
from search_engine.records.builds import BuildProgress, Stage
from search_engine.sample import draw_gallery
from search_engine.settings import MINI_MODEL
from tests.app.browser import LONG
from tests.app.shown import button, labels, words
from tests.conftest import COLOURS, paint

MANY = 96
PAGES = ("2_Search.py", "3_Categories.py", "4_Scores.py", "5_Clean_up.py", "6_Quality.py")


def note(settings, state, **facts):
    """Write how the build of ``pictures`` is, as its process does."""
    process = psutil.Process(os.getpid())
    jobs = Jobs(settings)
    jobs._folder.mkdir(parents=True, exist_ok=True)
    status = JobStatus(state, process.pid, process.create_time(), time.time() + 1, **facts)
    jobs.write("pictures", status)


@pytest.fixture
def part(tmp_path, settings, load, monkeypatch):
    """The collection ``pictures``, whose first build was stopped after 32 of 96."""
    for number in range(MANY):
        colour = list(COLOURS)[number % len(COLOURS)]
        paint(tmp_path / "pictures" / colour / f"{number:03}.png", colour, salt=number)
    monkeypatch.setattr("pages.ui.frame.resources.models.load_embedder", load)
    name, wanted = plan_build(tmp_path / "pictures", settings, model_id="colours")
    done = []
    build_collection(
        name, wanted, settings, load=load,
        on_progress=lambda told: done.append(told.done) if told.stage is Stage.EMBED else None,
        cancelled=lambda: bool(done) and done[-1] >= 32,
    )  # fmt: skip
    return tmp_path / "pictures"


@pytest.fixture
def running(part, settings):
    """That collection, while its build is at work."""
    note(settings, JobState.RUNNING, progress=BuildProgress(Stage.EMBED, 40, MANY, 0, 4.5, 12.0))
    return part


@pytest.mark.parametrize("name", PAGES)
def test_every_page_about_it_says_how_much_is_in(page, running, name):
    """And that more come; nothing is called a change, and nothing is to be gone on with."""
    app = page(name, collection="pictures")
    assert not app.exception
    assert "So far 32 of 96 pictures can be searched; more come" in words(app).replace("**", "")
    assert "Being indexed" in words(app)
    assert "Files changed" not in words(app)
    assert "Go on" not in labels(app)


@pytest.mark.parametrize("name", ["Home.py", "1_Build_index.py"])
def test_who_watches_the_build_can_search_what_there_is(page, running, name):
    """The build at work has a button that leads to its pictures."""
    app = page(name)
    button(app, "Search the first 32").click().run()
    assert not app.exception
    assert app.session_state["collection"] == "pictures"
    app = page("2_Search.py", collection="pictures", q="red")
    assert not app.exception
    assert "32 pictures · " in words(app)


def test_what_takes_long_to_draw_is_not_drawn_anew_by_itself(page, running, monkeypatch):
    """Search follows what is added; a map or an audit would be made again every two minutes."""
    followed = []
    monkeypatch.setattr(
        "pages.ui.collections.job_panel._watch_briefly",
        lambda _names, name, _state: followed.append(name),
    )
    for name in PAGES:
        followed.clear()
        assert not page(name, collection="pictures").exception
        assert followed[-1] == ("pictures" if name == "2_Search.py" else None)


def test_a_build_of_the_command_line_is_at_work_too(page, part, settings):
    """Nobody is asked to go on with what goes on; one that was killed can be gone on with."""
    with Library(settings).open_catalog("pictures") as catalog:
        build = catalog.builds.start("colours")
    assert "more come as they are indexed" in words(page("2_Search.py", collection="pictures"))
    with Library(settings).open_catalog("pictures") as catalog:
        earlier = "UPDATE builds SET started_at = '2020-01-01T00:00:00Z' WHERE id = ?"
        catalog._database.rows(earlier, (build,))
    assert "Go on" in labels(page("2_Search.py", collection="pictures"))


def test_a_stopped_first_build_offers_to_go_on(page, part, settings, started):
    """On each page it is told what is missing, and one click gets it."""
    for name in ("Home.py", *PAGES):
        app = page(name, collection="pictures")
        told = words(app).replace("**", "")
        assert "So far 32 of 96 pictures can be searched: its first build has not finished" in told
        assert "Files changed" not in told
        started.clear()
        button(app, "Go on").click().run()
        assert not app.exception
        assert [what[:2] for what in started] == [plan_build(part, settings)]


@pytest.mark.parametrize("state", [JobState.CANCELLED, JobState.INTERRUPTED])
def test_how_it_ended_is_told_with_what_is_there(page, part, ended, state):
    """The news of a build that was stopped says what can be searched, and leads there."""
    ended(state)
    for name in ("Home.py", "1_Build_index.py"):
        app = page(name)
        assert "So far 32 of 96 pictures can be searched, and it goes on from there" in words(app)
        assert "Search what is there" in labels(app)
        assert labels(app).count("Go on") == 1
    button(app, "Search what is there").click().run()
    assert not app.exception
    assert app.session_state["collection"] == "pictures"


def test_home_and_cards_count_what_is_in(page, part, running):
    """Where pictures are counted it is so many of so many."""
    assert "So far 32 of 96 pictures · " in words(page("Home.py"))
    assert "So far 32 of 96 pictures · model colours" in words(page("1_Build_index.py"))


def test_a_card_goes_on_instead_of_updating(page, part, settings, started):
    """What is not whole yet has no update."""
    app = page("1_Build_index.py", collection="pictures")
    assert "Update" not in labels(app)
    button(app, "Go on").click().run()
    assert not app.exception
    assert [what[:2] for what in started] == [plan_build(part, settings)]


def test_before_its_first_pictures_are_in_that_is_said(page, no_sample, settings, tmp_path, load):
    """Nothing can be searched yet, and it is no failure."""
    paint(tmp_path / "pictures" / "one.png", "red")
    name, wanted = plan_build(tmp_path / "pictures", settings, model_id="colours")
    build_collection(name, wanted, settings, load=load, cancelled=lambda: True)
    note(settings, JobState.RUNNING, progress=BuildProgress(Stage.LOAD))
    app = page("2_Search.py")
    assert not app.exception
    assert "It can be searched as soon as the first pictures are in" in words(app)
    assert "Being indexed" in words(app)


def test_results_that_are_not_judged_yet_say_that_it_comes(page, running, settings, monkeypatch):
    """Scores come at once; nobody is sent to update what is being built."""
    (Library(settings).folder("pictures") / CALIBRATION_FILE).unlink(missing_ok=True)
    monkeypatch.setattr("search_engine.calibration.calibrator.QUICK_UP_TO", 3)
    app = page("2_Search.py", collection="pictures", q="red")
    assert not app.exception
    assert "each result gets its match while this is built" in words(app)
    assert "bring the collection up to date" not in words(app)


def test_what_is_judged_later_is_shown(part, settings, load, monkeypatch):
    """An answer that was kept without its matches is not given again once there are some."""
    from search_engine import Filters, Query

    folder = Library(settings).folder("pictures")
    (folder / CALIBRATION_FILE).unlink(missing_ok=True)
    engine = resources.engine("pictures", Library(settings).summary("pictures").manifest)
    state = resources.state_of_published("pictures")

    def answer():
        return resources.answer(engine, Query.parse("red"), 3, Filters())

    with monkeypatch.context() as large:
        large.setattr("search_engine.calibration.calibrator.QUICK_UP_TO", 3)
        assert answer().verdict is None
    assert resources.state_of_published("pictures") == state
    with Library(settings).open_catalog("pictures") as catalog:
        model, texts = engine.manifest.model, background_texts("colours", settings)
        find = partial(
            find_background, catalog, model, texts, settings, lambda: load("colours", settings)
        )
        keep_calibrated(catalog, model, find)
    assert resources.state_of_published("pictures") != state
    assert answer().verdict is not None


@pytest.fixture
def growing(tmp_path, settings, monkeypatch):
    """Build drawings in another thread, which stops at each hold until it is let go on."""
    monkeypatch.setattr(interim, "FIRST_PUBLISHED", 32)
    monkeypatch.setattr(interim, "SECONDS_WORTH_IT", 0)
    monkeypatch.setattr(interim, "_REST", 0)
    draw_gallery(tmp_path / "pictures", pictures=200)
    (settings.collections_folder).mkdir(parents=True)
    (settings.collections_folder / ".no-sample").touch()
    folder, holds, counts = Library(settings).folder("pictures"), [], queue.Queue()

    def look(told):
        note(settings, JobState.RUNNING, progress=told)
        manifest = read_manifest(folder) if told.stage is Stage.EMBED and told.done else None
        if manifest and len(holds) < 2 and manifest.count >= 48 * (len(holds) + 1):
            holds.append(threading.Event())
            counts.put(manifest.count)
            holds[-1].wait(LONG / 1000)

    def run():
        name, wanted = plan_build(tmp_path / "pictures", settings, model_id=MINI_MODEL)
        build_collection(name, wanted, settings, on_progress=look)
        note(settings, JobState.DONE, progress=BuildProgress(Stage.DONE))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield holds, counts
    for hold in holds:
        hold.set()
    thread.join(LONG / 1000)


def test_an_open_tab_sees_it_grow(growing, settings, serve, tab):
    """Nobody touches the page: from a part to more of it to all, with the same query."""
    holds, counts = growing
    first = counts.get(timeout=LONG / 1000)
    tab.goto(f"{serve(settings.data_folder)}/Search?collection=pictures&q=an+apple")
    so_far = tab.get_by_text(re.compile(r"So far \d+ of 200 pictures"))
    expect(so_far.first).to_contain_text(f"So far {first} of 200", timeout=LONG)
    expect(tab.locator("li .what").first).to_have_text("apple", timeout=LONG)
    expect(tab.get_by_text(re.compile(rf"^{first} pictures · \d+ ms"))).to_be_visible(timeout=LONG)
    expect(tab.get_by_text("Clear matches")).to_be_visible(timeout=LONG)
    holds[0].set()
    second = counts.get(timeout=LONG / 1000)
    assert first < second < 200
    expect(tab.get_by_text(re.compile(rf"^{second} pictures · \d+ ms"))).to_be_visible(timeout=LONG)

    tab.locator("li .what").first.click()
    tab.get_by_role("dialog").wait_for(timeout=LONG)
    holds[1].set()
    expect(tab.get_by_text("Done")).to_be_visible(timeout=LONG)
    expect(tab.get_by_role("dialog")).to_be_visible()
    tab.keyboard.press("Escape")
    expect(tab.get_by_text(re.compile(r"^200 pictures · \d+ ms"))).to_be_visible(timeout=LONG)
    expect(so_far).to_have_count(0, timeout=LONG)
