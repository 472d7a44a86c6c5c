"""The command starts the app and the API as one process, which real clients ask over a network."""

import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import httpx2
import pytest

from search_engine.query import Query
from search_engine.records import Filters
from tests.server.conftest import ROOT, serving

VALUE = "a-token-of-more-than-24-letters"
EVERYWHERE = "0.0.0.0"  # noqa: S104 - behind a token


@pytest.fixture(scope="module")
def web(server):
    """A client over the network."""
    with httpx2.Client(base_url=server.address, timeout=120) as client:
        yield client


def test_the_app_and_the_api_are_there(web, indexed_gallery):
    """One address has both, and one gate stands before them."""
    page = web.get("/")
    assert "text/html" in page.headers["content-type"]
    health = web.get("/api/v1/health")
    assert health.json() == {"status": "ok", "collections": 1, "allow_writes": False}
    for answer in (page, health):
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
    record = next(iter(indexed_gallery.catalog.pictures))
    kept = web.get(f"/pictures/{indexed_gallery.name}/{record.content_hash}")
    told = web.get(f"/api/v1/collections/{indexed_gallery.name}/pictures/{record.picture_id}")
    assert web.get(told.json()["thumbnail"]).content == kept.content


def test_searches_over_the_network_find_what_the_engine_finds(web, indexed_gallery):
    """Several at once, too."""
    address = f"/api/v1/collections/{indexed_gallery.name}/search"

    def ask(query):
        return web.post(address, json={"query": query, "limit": 3}).json()

    queries = ["a red fish", "a boat", "an owl", "a castle"] * 3
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(ask, queries))
    for query, answer in zip(queries, answers, strict=True):
        assert answer["query"] == query
        best = max(answer["results"], key=lambda one: one["match"])
        found = indexed_gallery.search(query, 240).results
        assert best["match"] == pytest.approx(max(one.match for one in found), abs=0.01)


def test_the_call_of_the_demo_is_answered(web, indexed_gallery):
    """Its page sends words as they are typed, and shows what the entries of the list lead to."""
    answer = httpx2.get(f"{web.base_url}/search?search_query=a red fish", timeout=60)
    listed = answer.json()
    best = indexed_gallery.search(Query.words("a red fish"), 5, Filters(hidden=False)).results
    assert len(listed) == 5
    for address, one in zip(listed, best, strict=True):
        shown = web.get(address)
        assert shown.headers["content-type"].startswith("image/")
        assert shown.content == indexed_gallery.path(one.record).read_bytes()


def test_strangers_are_refused_with_problems(web):
    """A page of another origin, and a name that the server does not have."""
    foreign = web.get("/api/v1/collections", headers={"Origin": "http://evil.example"})
    assert (foreign.status_code, foreign.json()["type"]) == (403, "/api/v1/problems#foreign-page")
    image = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
    assert web.get("/api/v1/collections", headers=image).status_code == 403
    rebound = web.get("/api/v1/collections", headers={"Host": "evil.example"})
    assert (rebound.status_code, rebound.json()["type"]) == (400, "/api/v1/problems#unknown-host")
    assert web.get("/_stcore/stream", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    "path", ["/api/v1/../../etc/passwd", "/api/v1/%2e%2e/%2e%2e/etc/passwd", "/api/%00",
             "/api//etc/passwd", "/api/v1/collections/%2fetc%2fpasswd"]
)  # fmt: skip
def test_nothing_of_the_machine_is_reached(server, path):
    """Whatever a path looks like, sent as it stands."""
    where = urlsplit(server.address)
    with socket.create_connection((where.hostname, where.port), timeout=60) as line:
        line.sendall(
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
        )
        said = b"".join(iter(lambda: line.recv(65536), b""))
    assert said.split()[1] in {b"400", b"404"}
    assert b"root:" not in said


def test_ctrl_c_ends_it(indexed_gallery):
    """Cleanly: the exit code says that a person stopped it, and nothing is complained of."""
    with serving(indexed_gallery.settings.data_folder) as server:
        with httpx2.Client(base_url=server.address, timeout=60) as client:
            assert client.get("/api/v1/health").status_code == 200
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(timeout=60) == 130
        server.reader.join(timeout=30)
        assert "Traceback" not in "".join(server.lines)


def test_a_taken_port_is_told(server, indexed_gallery):
    """With the exit code of what was given, and what to do."""
    port = server.address.rpartition(":")[2]
    run = subprocess.run(
        [sys.executable, "-m", "search_engine", "serve", "--port", port],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert run.returncode == 3
    assert f"port {port}" in run.stderr
    assert "another port" in run.stderr


def test_with_a_token_everything_needs_it(indexed_gallery):
    """The app, its messages and the API; the link that is told at the start lets a browser in."""
    folder = indexed_gallery.settings.data_folder
    with serving(folder, "--address", EVERYWHERE, token=VALUE) as server:
        port = server.address.rpartition(":")[2]
        assert server.link.endswith(f"/login?token={VALUE}")
        base = f"http://127.0.0.1:{port}"
        with httpx2.Client(base_url=base, timeout=60) as client:
            for path in ("/", "/_stcore/health", "/_stcore/stream", "/api/v1/health", "/search"):
                assert client.get(path).status_code == 401, path
            bearer = {"Authorization": f"Bearer {VALUE}"}
            assert client.get("/api/v1/health", headers=bearer).status_code == 200
            assert client.get("/login", params={"token": VALUE}).status_code == 200
            assert client.get("/_stcore/health").text == "ok"
            rebound = client.get("/", headers={"Host": "evil.example"})
            assert rebound.status_code == 400
