"""How quick the app is in a browser: ``python -m tests.app.speed [COLLECTION] [--data FOLDER]``.

Without a collection 600 drawings are made and indexed with the bundled model. Each figure is what a
person sees: from the last key or click to the last picture of the window drawn.
"""

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path

from search_engine import build_collection, plan_build
from search_engine.cli.console import show
from search_engine.sample import draw_gallery
from search_engine.settings import MINI_MODEL, Settings
from tests.app.browser import LONG, chromium, idle, note_problems
from tests.app.conftest import _server

WORDS = (
    "a red fish", "a boat at night", "two cats", "a crown", "a house in the snow", "a green car",
    "an apple", "a blue bird", "the moon", "a tree and a dog", "an orange", "a yellow flower",
)  # fmt: skip
PAGES = ("Build index", "Search", "Categories", "Scores", "Clean up", "Quality")
STEPS = 12

WATCH = """() => {
  // Tells of the state that a person sees: which pictures are in the window, and whether all of
  // them are drawn. Looks only where the pictures are, so that looking costs next to nothing.
  const roots = (root) => [root, ...[...root.querySelectorAll("*")].flatMap((one) =>
    one.shadowRoot ? roots(one.shadowRoot) : [])];
  let known = [];
  const images = () => {
    const seen = () => known.filter((root) => root.isConnected || root === document)
      .flatMap((root) => [...root.querySelectorAll("li img, .stage > img")]);
    const found = seen();
    if (found.length) return found;
    known = roots(document).filter((root) => root.querySelector("li img, .stage > img"));
    return seen();
  };
  const inWindow = (image) => {
    const box = image.getBoundingClientRect();
    return box.width > 0 && box.bottom > 0 && box.top < innerHeight;
  };
  const shown = () => {
    const seen = images().filter(inWindow);
    const drawn = seen.length > 0 && seen.every((one) => one.complete && one.naturalWidth > 1);
    return { drawn, what: seen.map((one) => one.src).join(" ") };
  };
  window.measure = (start) => new Promise((done, fail) => {
    const before = shown().what;
    const limit = performance.now() + 20000;
    let began = null;
    if (start === "key") addEventListener("keydown", () => { began = performance.now(); }, true);
    else began = performance.now();
    const look = () => {
      const now = began && shown();
      if (now && now.drawn && now.what !== before)
        return requestAnimationFrame(() => done(performance.now() - began));
      if (performance.now() > limit) return fail(new Error("nothing else was shown in 20 s"));
      requestAnimationFrame(look);
    };
    look();
  });
}"""


class Frames:
    """Counts what the server sends to a tab."""

    def __init__(self, tab):
        self.count = self.size = 0
        tab.on("websocket", lambda socket: socket.on("framereceived", self._note))

    def _note(self, data):
        self.count += 1
        self.size += len(data)


def prepared(folder):
    """Make a collection of 600 drawings, and return its data folder and name."""
    settings = Settings(folder / "data")
    draw_gallery(folder / "drawings", pictures=600)
    name, wanted = plan_build(folder / "drawings", settings, model_id=MINI_MODEL)
    build_collection(name, wanted, settings)
    return settings.data_folder, name


def opened(browser, address):
    """Open a tab at an address and wait until pictures are there."""
    tab = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    note_problems(tab)
    tab.goto(address)
    tab.locator("li .open").first.wait_for(timeout=LONG)
    idle(tab)
    tab.evaluate(WATCH)
    return tab


def searched(tab, words):
    """Type words as a person does, and return milliseconds from the last key to the pictures."""
    box = tab.get_by_placeholder("Search…")
    box.focus()
    tab.keyboard.press("Control+A")
    tab.keyboard.insert_text(words[:-1])
    tab.evaluate("() => { window.measured = window.measure('key'); }")
    tab.keyboard.press(words[-1])
    taken = tab.evaluate("() => window.measured")
    idle(tab)
    return taken


def queries(tab):
    """Return milliseconds of new words, messages and kilobytes a search."""
    taken = []
    for words in WORDS:
        taken.append(searched(tab, words))
        tab.wait_for_timeout(400)
    # Only then are messages counted, for who listens to them takes a part of the time.
    frames = Frames(tab)
    tab.reload()
    tab.locator("li .open").first.wait_for(timeout=LONG)
    idle(tab)
    tab.evaluate(WATCH)
    sent, size = [], []
    for words in WORDS:
        before = frames.count, frames.size
        searched(tab, words)
        tab.wait_for_timeout(400)
        sent.append(frames.count - before[0])
        size.append((frames.size - before[1]) / 1000)
    return {"query_ms": taken, "messages": sent, "kilobytes": size}


def turned(tab):
    """Return milliseconds from an arrow key to the next picture in the viewer, sharp."""
    tab.locator("li .open").first.click()
    tab.locator(".stage > img").first.wait_for(timeout=LONG)
    idle(tab)
    tab.wait_for_timeout(1500)
    taken = []
    for _ in range(STEPS):
        before = tab.locator(".stage > img").first.get_attribute("src")
        tab.evaluate(
            """(before) => { window.measured = new Promise((done) => {
                const image = () => {
                    const all = [document];
                    for (let at = 0; at < all.length; at++)
                        for (const one of all[at].querySelectorAll("*"))
                            if (one.shadowRoot) all.push(one.shadowRoot);
                    return all.map((root) => root.querySelector(".stage > img")).find(Boolean);
                };
                let began = null;
                addEventListener("keydown", () => { began = performance.now(); }, true);
                const look = () => {
                    const one = image();
                    if (began && one && one.src !== before && one.complete && one.naturalWidth > 1)
                        return requestAnimationFrame(() => done(performance.now() - began));
                    requestAnimationFrame(look);
                };
                look();
            }); }""",
            before,
        )
        tab.keyboard.press("ArrowRight")
        taken.append(tab.evaluate("() => window.measured"))
        tab.wait_for_timeout(300)
    tab.keyboard.press("Escape")
    idle(tab)
    return {"next_picture_ms": taken}


def changed(tab):
    """Return milliseconds from a click on a page's name to its title, of three rounds."""
    taken = {page: [] for page in PAGES}
    for _ in range(4):
        for page in PAGES:
            link = tab.get_by_test_id("stSidebarNav").get_by_role("link", name=page, exact=True)
            tab.wait_for_timeout(700)  # what the page before drew last is drawn
            began = time.perf_counter()
            link.click()
            tab.wait_for_url(f"**/{page.replace(' ', '_')}*")
            tab.wait_for_selector('[data-testid="stMain"] h1, [data-testid="stMain"] input')
            taken[page].append((time.perf_counter() - began) * 1000)
            idle(tab)
    return {f"page {page}": times[1:] for page, times in taken.items()}


def crowded(browser, address, sessions):
    """Search in many tabs at once; return milliseconds from a key to pictures, and errors."""
    tabs = [opened(browser, address) for _ in range(sessions)]
    taken, began = [], time.perf_counter()
    for number in range(3):
        for at, tab in enumerate(tabs):
            box = tab.get_by_placeholder("Search…")
            box.focus()
            tab.keyboard.press("Control+A")
            tab.evaluate("() => { window.measured = window.measure('now'); }")
            tab.keyboard.insert_text(WORDS[(at + 5 * number) % len(WORDS)])
            tab.keyboard.press("Enter")
        taken += [tab.evaluate("() => window.measured") for tab in tabs]
    seconds = time.perf_counter() - began
    errors = [problem for tab in tabs for problem in tab.problems]
    errors += [
        tab.get_by_test_id("stException").first.inner_text()
        for tab in tabs
        if tab.get_by_test_id("stException").count()
    ]
    return {"crowd_ms": taken, "crowd_per_second": [len(taken) / seconds], "errors": errors}


def measure(data, name, sessions):
    """Return all figures of a collection, each as a list of single measurements."""
    with _server(data) as site, chromium() as browser:
        address = f"{site}/Search?collection={name}"
        tab = opened(browser, f"{address}&q=a+fish")
        figures = queries(tab) | turned(tab) | changed(tab)
        tab.context.close()
        return figures | crowded(browser, f"{address}&q=a+fish", sessions)


def main():
    """Measure, and print medians beside the worst."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("collection", nargs="?")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--sessions", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data, name = (asked.data, asked.collection) if asked.collection else prepared(Path(folder))
        figures = measure(data, name, asked.sessions)
    if asked.json:
        show(json.dumps(figures))
        return
    for what, values in figures.items():
        numbers = [value for value in values if isinstance(value, float | int)]
        if numbers:
            show(f"{what:20} median {statistics.median(numbers):8.1f}  most {max(numbers):8.1f}")
        else:
            show(f"{what:20} {values or 'none'}")


if __name__ == "__main__":
    main()
