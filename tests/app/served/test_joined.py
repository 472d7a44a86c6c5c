"""The app works as ever where the command serves it, under its policy and behind its token."""

import http.server
import re
import threading

import httpx2
import pytest
from playwright.sync_api import expect
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from pages.ui.frame.resources import engines
from pages.ui.served import joined
from search_engine import Library, Settings
from search_engine.collection import read_manifest
from search_engine.errors import CollectionMissing
from search_engine.settings import DATA_VARIABLE
from tests.app.browser import LONG, chromium, idle, note_problems
from tests.server.conftest import serving

VALUE = "a-token-of-more-than-24-letters"
NOTE_VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
"""


@pytest.fixture(scope="module")
def guarded(prepared):
    """Serve the collections by a token, as if others could reach it."""
    with serving(prepared, token=VALUE) as server:
        yield server


@pytest.fixture
def tab():
    """A tab that notes what the policy refuses, beside errors and foreign requests."""
    with chromium() as browser:
        tab = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        note_problems(tab)
        tab.said = []
        tab.on("console", lambda line: tab.said.append(line.text))
        tab.add_init_script(NOTE_VIOLATIONS)
        yield tab
        assert tab.problems == []
        assert tab.foreign == []


def violations(tab):
    """Return all that the policy refused on this page."""
    return tab.evaluate("window.violations") + [
        line for line in tab.said if "Content Security Policy" in line
    ]


def test_search_viewer_and_why_work_behind_the_token(guarded, tab):
    """A browser comes by the link, and is shown the app without the token in its address.

    Nothing that the app needs is refused by the policy.
    """
    tab.goto(guarded.address)
    expect(tab.get_by_text("open to those only who know its token")).to_be_visible()
    tab.goto(guarded.link)
    tab.wait_for_url(re.compile(rf"^{re.escape(guarded.address)}/$"), timeout=LONG)
    idle(tab)
    assert violations(tab) == []
    tab.goto(f"{guarded.address}/Search?collection=drawings&q=a+red+fish")
    tab.locator("li .score").first.wait_for(timeout=LONG)
    idle(tab)
    tab.locator("li .open").first.click()
    drawer = tab.get_by_role("dialog")
    drawer.locator(".stage img").first.wait_for(timeout=LONG)
    drawer.get_by_role("tab", name="Why").click()
    drawer.get_by_text("Contribution of each word").wait_for(timeout=LONG)
    drawer.locator(".heat").wait_for(timeout=LONG)
    idle(tab)
    assert violations(tab) == []
    assert VALUE not in tab.evaluate("document.cookie")
    health = tab.evaluate("fetch('/api/v1/health').then((answer) => answer.json())")
    assert health["status"] == "ok"


def test_charts_and_maps_are_drawn_under_the_policy(guarded, tab):
    """What draws with code of its own is no exception."""
    tab.goto(guarded.link)
    tab.wait_for_url(re.compile(r"/$"), timeout=LONG)
    for page, drawn in (("Categories?show=map", ".map > canvas"), ("Scores?q=a+fish", ".marks")):
        tab.goto(f"{guarded.address}/{page}")
        tab.locator(f"{drawn}, .open").first.wait_for(timeout=LONG)
        idle(tab)
        assert violations(tab) == []


def test_the_policy_would_be_noticed(guarded, tab):
    """A picture and a script of elsewhere are refused, and noted as above."""
    tab.goto(guarded.link)
    tab.wait_for_url(re.compile(r"/$"), timeout=LONG)
    idle(tab)
    tab.evaluate("document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:9/x'}))")
    script = "Object.assign(document.createElement('script'), {text: 'window.x = 1'})"
    tab.evaluate(f"document.body.append({script})")
    tab.wait_for_function("window.violations.length >= 2")
    assert len(violations(tab)) >= 2
    assert tab.evaluate("window.x") is None


@pytest.fixture
def stranger():
    """A page of another origin."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<h1>A page of somebody else</h1>")

        def log_message(self, *_):
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_a_page_of_a_stranger_gets_nothing(guarded, tab, stranger):
    """Though the browser was let in: it can neither read from the API, nor write, nor frame it."""
    tab.goto(guarded.link)
    tab.wait_for_url(re.compile(r"/$"), timeout=LONG)
    tab.goto(stranger)
    tried = tab.evaluate(
        """async (address) => {
          const ask = (path, how) => fetch(address + path, {credentials: 'include', ...how})
            .then(() => 'read', () => 'refused');
          const body = JSON.stringify({query: 'fish'});
          return [
            await ask('/api/v1/collections'),
            await ask('/api/v1/collections/drawings/search', {method: 'POST', body}),
            await ask('/api/v1/collections/drawings/search',
                      {method: 'POST', body, headers: {'Content-Type': 'application/json'}}),
          ];
        }""",
        guarded.address,
    )
    assert tried == ["refused"] * 3
    framed = tab.evaluate(
        """(address) => new Promise((done) => {
          const frame = document.createElement('iframe');
          frame.onload = () => done(frame.contentDocument === null);
          frame.src = address + '/';
          document.body.append(frame);
        })""",
        guarded.address,
    )
    assert framed
    assert all("Magpie" not in frame.content() for frame in tab.frames[1:])


def test_a_tab_without_the_cookie_is_told_nothing(guarded):
    """Neither by a request nor by a websocket; a foreign origin is refused with it, too."""
    host = guarded.address.removeprefix("http://")
    for headers in ({}, {"Cookie": "image_search_access=guess"}):
        with pytest.raises(InvalidStatus) as refused:
            connect(f"ws://{host}/_stcore/stream", proxy=None, additional_headers=headers)
        assert refused.value.response.status_code == 401
    login = httpx2.get(guarded.link)
    cookie = {"Cookie": login.headers["set-cookie"].partition(";")[0]}
    with connect(f"ws://{host}/_stcore/stream", proxy=None, additional_headers=cookie):
        pass
    with pytest.raises(InvalidStatus) as refused:
        connect(
            f"ws://{host}/_stcore/stream", proxy=None, additional_headers=cookie,
            origin="http://evil.example",
        )  # fmt: skip
    assert refused.value.response.status_code == 403


def test_the_app_and_the_api_have_each_collection_open_once(prepared, monkeypatch):
    """What the API asks is the collection, with its model, that the app has open."""
    monkeypatch.setenv(DATA_VARIABLE, str(prepared))
    manifest = read_manifest(Library(Settings(prepared)).folder("drawings"))
    assert joined._engine("drawings") is engines.engine("drawings", manifest)
    with pytest.raises(CollectionMissing, match="drawings"):
        joined._engine("drawing")
