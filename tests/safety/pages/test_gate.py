"""Only pages of the app itself may ask it for anything, and few uploads are held."""

import asyncio
import os
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from pages.ui.frame import gate, uploads
from tests.app.conftest import ROOT
from tests.safety.pages.serving import served, session, upload

PATHS = (
    "/",
    "/Search?q=x",
    "/_stcore/health",
    "/_stcore/host-config",
    "/media/none.png",
    "/static/js/none.js",
    "/_stcore/upload_file/none/none",
    "/_stcore/agent/openapi.json",
)
FOREIGN_ORIGINS = (
    "http://localhost:9",
    "http://127.0.0.1:9",
    "https://x.streamlit.app",
    "https://evil.example",
    "http://{host}.evil.example",
    "http://user@{host}",
    "null",
    "file://",
    "",
)
FOREIGN_HOSTS = ("evil.example", "localhost.evil.example", "u@localhost", "10.0.0.1", "[::1]", "")
ASKED_BY_A_FOREIGN_PAGE = (
    {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors", "Sec_Fetch_Dest": "image"},
    {"Sec_Fetch_Site": "same-site", "Sec_Fetch_Mode": "no-cors", "Sec_Fetch_Dest": "script"},
    {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "iframe"},
    {"Sec_Fetch_Site": "same-site", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "frame"},
    {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "object"},
    {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "cors", "Sec_Fetch_Dest": "empty"},
)
MEGABYTES = 19


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The app over an empty data folder, as its user starts it."""
    with served(tmp_path_factory.mktemp("empty") / "data") as found:
        yield found


def refused(server, **headers):
    """Tell the status with which a socket is refused; None when it opens."""
    try:
        with connect(f"ws://{server.host}/_stcore/stream", proxy=None, **headers):
            return None
    except InvalidStatus as error:
        return error.response.status_code


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("host", FOREIGN_HOSTS)
def test_a_foreign_name_reaches_nothing(server, path, host):
    """A name that somebody pointed at this machine is no name of the app, for any path."""
    assert server.ask(path, Host=host)[0] == 400


@pytest.mark.parametrize("host", FOREIGN_HOSTS)
def test_a_foreign_name_opens_no_socket(server, host):
    """Nor is it one for the socket over which the app talks."""
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec_WebSocket_Version": "13"}
    upgrade["Sec_WebSocket_Key"] = "MDEyMzQ1Njc4OWFiY2RlZg=="
    assert server.ask("/_stcore/stream", Host=host, **upgrade)[0] == 400


@pytest.mark.parametrize("origin", FOREIGN_ORIGINS)
def test_a_page_of_another_origin_reaches_nothing(server, origin):
    """No path and no socket answers what a page of another origin asks for."""
    origin = origin.format(host=server.host)
    assert {server.ask(path, Origin=origin)[0] for path in PATHS} == {403}
    assert server.ask("/_stcore/upload_file/a/b", "PUT", b"x", Origin=origin)[0] == 403
    assert refused(server, additional_headers={"Origin": origin}) == 403


@pytest.mark.parametrize("headers", ASKED_BY_A_FOREIGN_PAGE, ids=lambda one: " ".join(one.values()))
def test_nothing_loads_into_a_foreign_page(server, headers):
    """A picture, script or frame of the app in another page is refused before it is made."""
    assert {server.ask(path, **headers)[0] for path in PATHS} == {403}


def test_a_link_from_another_page_opens_the_app(server):
    """Following a link, typing the address and what the app asks for itself go through."""
    link = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate"}
    assert server.ask("/Search", **link, Sec_Fetch_Dest="document")[0] == 200
    assert server.ask("/Search", Sec_Fetch_Site="none", Sec_Fetch_Mode="navigate")[0] == 200
    assert server.ask("/_stcore/health", Origin=server.address)[0] == 200
    assert refused(server, origin=server.address) is None


@pytest.mark.parametrize("path", [*PATHS, "/_stcore/metrics"])
def test_every_answer_says_what_is_allowed(server, path):
    """No page may frame it, nothing guesses its type, and no script of others runs in it."""
    for headers in (server.ask(path)[1], server.ask(path, Host="evil.example")[1]):
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        content = headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in content
        assert "script-src 'self' blob: 'sha256-" in content
        assert "unsafe-inline" not in content.partition("style-src")[0]
        assert "'unsafe-eval'" not in content
        assert "http" not in content


def test_figures_for_monitoring_are_closed(server):
    """How many sessions there are and what they hold is nobody's business."""
    assert server.ask("/_stcore/metrics")[0] == 404
    assert server.ask("/_stcore/metrics?families=cache_memory_bytes")[0] == 404


def test_no_origin_is_named_that_may_steer():
    """The list of those who may send messages to the app is empty, on whatever port it runs."""
    config = tomllib.loads((ROOT / ".streamlit/config.toml").read_text("utf-8"))
    assert config["client"]["allowedOrigins"] == []


def test_nothing_is_looked_up_for_a_foreign_origin(tmp_path):
    """A socket of a foreign origin does not make the server ask the network who it is."""
    names = tmp_path / "names"
    names.touch()
    program = ("-m", "tests.safety.pages.looked_up")
    with served(tmp_path / "data", program, LOOKED_UP=str(names)) as server:
        for origin in ("https://evil.example", "null", "http://10.0.0.1"):
            assert refused(server, additional_headers={"Origin": origin}) == 403
        with session(server):
            time.sleep(1)
    asked = set(names.read_text("utf-8").splitlines())
    assert {one for one in asked if "127.0.0.1" not in one and one != "localhost"} == set()


def test_uploads_of_a_tab_are_few(server):
    """Forty uploads of 19 MB by one tab leave two in memory, and none when the tab is closed."""
    process = psutil.Process(server.process.pid)
    before = process.memory_info().rss
    content = os.urandom(MEGABYTES * 1_000_000)
    with session(server) as (session_id, carried):
        sent = [upload(server, session_id, carried, content) for _ in range(40)]
        assert set(sent) == {204}
        assert process.memory_info().rss - before < 8 * MEGABYTES * 1_000_000
    assert upload(server, session_id, carried, content) == 400
    assert process.memory_info().rss - before < 6 * MEGABYTES * 1_000_000


def test_uploads_of_many_tabs_are_bounded(server):
    """Thirty tabs that upload at the same time hold no more than is allowed for all of them."""
    process = psutil.Process(server.process.pid)
    before = process.memory_info().rss
    content = os.urandom(MEGABYTES * 1_000_000)

    def one(_):
        with session(server) as (session_id, carried):
            sent = [upload(server, session_id, carried, content) for _ in range(2)]
            time.sleep(1)
            return sent, process.memory_info().rss - before

    with ThreadPoolExecutor(15) as tabs:
        found = list(tabs.map(one, range(30)))
    assert {status for sent, _ in found for status in sent} == {204}
    several = gate.UPLOADS_AT_ONCE * 3 * MEGABYTES * 1_000_000
    assert max(grown for _, grown in found) < gate.UPLOADED_BYTES + several


def test_an_upload_that_does_not_come_gives_its_place_back(monkeypatch):
    """Uploads that begin and never end keep others waiting, but not for ever."""
    monkeypatch.setattr(gate, "SECONDS_FOR_AN_UPLOAD", 0.3)
    monkeypatch.setattr(gate, "_drop_uploads", lambda session_id: None)
    answered = []

    async def never(scope, receive, send):
        if scope["path"].endswith("slow"):
            await asyncio.Event().wait()
        answered.append(scope["path"])

    async def send(message):
        if message["type"] == "http.response.start":
            answered.append(message["status"])

    async def put(app, name):
        path = f"/_stcore/upload_file/tab/{name}"
        await app({"type": "http", "method": "PUT", "path": path, "headers": []}, None, send)

    async def all_of_them():
        app = gate.FewUploads(never)
        slow = [asyncio.create_task(put(app, "slow")) for _ in range(gate.UPLOADS_AT_ONCE)]
        await asyncio.sleep(0.2)
        await put(app, "quick")
        await asyncio.gather(*slow)

    asyncio.run(all_of_them())
    assert sorted(answered, key=str) == ["/_stcore/upload_file/tab/quick", 408, 408, 408, 408]


def test_browsers_are_told_apart_by_a_cookie_of_their_own(server):
    """A page hands out a cookie that scripts cannot read, once, and to no one who has it."""
    given = server.ask("/Search")[1].get_all("Set-Cookie")
    (cookie,) = [one for one in given if one.startswith(uploads.COOKIE)]
    assert cookie.endswith("; Path=/; HttpOnly; SameSite=Strict")
    again = server.ask("/Search", Cookie=cookie.split(";")[0])[1].get_all("Set-Cookie") or []
    assert [one for one in again if one.startswith(uploads.COOKIE)] == []
    other = server.ask("/Search")[1].get_all("Set-Cookie")
    assert cookie not in other
