"""A real browser for tests, where there is one."""

import os
import re
import shutil
from contextlib import contextmanager, suppress

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from playwright.sync_api import expect, sync_playwright

_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@contextmanager
def chromium(*flags, profile=None):
    """Open a headless Chromium; skip the test where none is installed, but fail in CI.

    With a folder for its profile it is one context, which keeps there what it has fetched.
    """
    program = next((found for name in _PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        reason = "no Chromium is installed"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    how = {"executable_path": program, "headless": True, "args": [*_FLAGS, *flags]}
    with sync_playwright() as playwright:
        kind = playwright.chromium
        opened = kind.launch_persistent_context(profile, **how) if profile else kind.launch(**how)
        try:
            yield opened
        finally:
            opened.close()


def forget(context, origins):
    """Close all tabs but the first, and take from a browser what a person would have left in it.

    What pages are made of stays: to read the app's scripts anew takes three seconds of a processor.
    """
    first, *others = context.pages
    for tab in others:
        tab.close()
    context.clear_cookies()
    context.clear_permissions()
    session = context.new_cdp_session(first)
    for origin in origins:
        kept = {"origin": origin, "storageTypes": "local_storage,indexeddb,service_workers"}
        session.send("Storage.clearDataForOrigin", kept)
    session.detach()


LONG = 90_000
"""Milliseconds that a busy machine may need for a step that loads a model."""
expect.set_options(timeout=30_000)
"""What comes at once on an idle machine takes a busy one some seconds."""


def note_problems(tab):
    """Record every script error of a tab, and every request that leaves this machine."""
    tab.problems, tab.foreign, tab.origins = [], [], set()
    tab.on("pageerror", lambda error: tab.problems.append(str(error)))
    tab.on("request", lambda request: _note_foreign(tab, request.url))


def _note_foreign(tab, url):
    tab.origins.add("/".join(url.split("/", 3)[:3]))
    if not re.match(r"(https?|ws)://(127\.0\.0\.1|localhost)[:/]|data:|blob:|about:", url):
        tab.foreign.append(url)


def idle(tab):
    """Wait until the script of the page has run."""
    selector = '[data-testid="stApp"][data-test-script-state="notRunning"]'
    tab.wait_for_selector(selector, timeout=LONG)


def scores(tab):
    """Return the numbers on the cards of the grid, in their order."""
    return tab.locator("li .score").all_text_contents()


def expect_first(tab, category, score=None):
    """Wait until the best result is of this category, and has this number."""
    expect(tab.locator("li .what").first).to_have_text(category, timeout=LONG)
    if score is not None:
        expect(tab.locator("li .score").first).to_have_text(score, timeout=LONG)


def categories_of(grids):
    """Return the categories in these grids, each once it has drawn its pictures."""
    found = set()
    for grid in grids:
        grid.locator("li .what").first.wait_for(timeout=LONG)
        found.update(grid.locator("li .what").all_text_contents())
    return found


def ask(tab, words):
    """Type a query and wait for its answer."""
    box = tab.get_by_placeholder("Search…")
    box.fill(words)
    box.press("Enter")
    tab.wait_for_url(re.compile(r"q=" + words.replace(" ", r"\+")), timeout=LONG)
    tab.locator("li .score").first.wait_for(timeout=LONG)
    idle(tab)


def choose(tab, label, option):
    """Type the beginning of an option into a list and take it, again if the list closes by itself.

    A press and its release may fall on different places while a form is still unfolding, which
    closes the list that the press opened; a person does it again.
    """
    box = tab.get_by_role("combobox", name=label)
    offered = tab.get_by_role("option", name=option)
    for _ in range(5):
        box.fill("", timeout=LONG)
        box.press_sequentially(option)
        with suppress(PlaywrightTimeout):
            offered.click(timeout=5_000)
            return
        idle(tab)
    pytest.fail(f"the list {label!r} did not stay open")


def wait_for_charts(tab):
    """Wait until the page, and a chart or map on it if there is any, is drawn."""
    tab.wait_for_selector("h1", timeout=LONG)
    drawn = ".marks, .map > canvas, .open"
    tab.locator(drawn).first.wait_for(timeout=LONG)
    idle(tab)


def point_at(tab, element, across, down):
    """Move the mouse to a place within an element, given as shares of its sides."""
    box = element.bounding_box()
    x, y = box["x"] + across * box["width"], box["y"] + down * box["height"]
    tab.mouse.move(x, y)
    return x, y
