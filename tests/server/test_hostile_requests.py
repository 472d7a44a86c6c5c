"""Requests that nobody sends in good faith get a problem, quickly, and nothing else."""

import asyncio
import json

import pytest

from search_engine.server import ProblemKind
from search_engine.server.problems import PROBLEM_TYPE, STATUS, without_paths
from tests.server.conftest import UNLIMITED, asking


def problem(answer, status):
    """Check that an answer is a problem of a status, and return it."""
    assert answer.status_code == status, answer.text[:300]
    assert answer.headers["content-type"] == PROBLEM_TYPE
    told = answer.json()
    assert set(told) == {"type", "title", "status", "detail", "remedy"}
    assert told["status"] == status
    kind = told["type"].partition("#")[2]
    assert STATUS[ProblemKind(kind)] == (status, told["title"])
    return told


HOSTILE_BODIES = {
    "no JSON": (b"query=fish", 400),
    "nothing": (b"", 400),
    "a list": (b"[]", 422),
    "no query": (b"{}", 422),
    "an empty query": (b'{"query": ""}', 422),
    "blanks": (b'{"query": "   "}', 422),
    "a number": (b'{"query": 1}', 422),
    "an unknown field": (b'{"query": "fish", "image": "/etc/passwd"}', 422),
    "a path": (b'{"query": "./private.jpg"}', 422),
    "a path in a sum": (b'{"query": "fish + /etc/passwd"}', 422),
    "zero": (b'{"query": "fi\\u0000sh"}', 422),
    "half a letter": (b'{"query": "\\ud800"}', 400),
    "no UTF-8": (b'{"query": "\xff"}', 400),
    "NaN": (b'{"query": "fish", "filters": {"min_score": NaN}}', 422),
    "infinity": (b'{"query": "fish", "filters": {"min_score": Infinity}}', 422),
    "a huge number": (b'{"query": "fish", "filters": {"min_width": 1e400}}', 422),
    "more digits": (b'{"query": "fish", "limit": ' + b"9" * 5000 + b"}", 400),
    "nothing to find": (b'{"query": "fish", "limit": 0}', 422),
    "less than nothing": (b'{"query": "fish", "limit": -1}', 422),
    "too much": (b'{"query": "fish", "limit": 101}', 422),
    "text for a number": (b'{"query": "fish", "limit": "5"}', 422),
    "truth for a number": (b'{"query": "fish", "limit": true}', 422),
    "a negative cursor": (b'{"query": "fish", "cursor": "-1"}', 422),
    "an empty cursor with dots": (b'{"query": "fish", "cursor": ".."}', 422),
    "no such day": (b'{"query": "fish", "filters": {"dated_from": "2024-02-31"}}', 422),
    "no such category": (b'{"query": "fish", "filters": {"categories": ["nothing"]}}', 422),
    "no such tag": (b'{"query": "fish", "filters": {"tags": ["nothing"]}}', 422),
    "a mark that is both": (b'{"query": "fish", "good": [1], "bad": [1]}', 422),
    "deep": (b'{"query": ' + b"[" * 20_000 + b"]" * 20_000 + b"}", 400),
    "deep filters": (b'{"query": "fish", "filters": ' + b'{"a":' * 9000 + b"1" + b"}" * 9001, 400),
    "many terms": (json.dumps({"query": " + ".join(["a"] * 300)}).encode(), 422),
    "long": (json.dumps({"query": "a" * 2001}).encode(), 422),
    "many names": (json.dumps({"query": "a", "filters": {"tags": ["a"] * 101}}).encode(), 422),
    "many stars": (json.dumps({"query": "a", "filters": {"path": "*" * 5000}}).encode(), 422),
}


@pytest.mark.parametrize("name", HOSTILE_BODIES)
def test_a_hostile_body_is_refused(client, name):
    """With what is wrong about it, and without any of its values at length."""
    body, status = HOSTILE_BODIES[name]
    headers = {"Content-Type": "application/json"}
    told = problem(client.post(f"{client.base}/search", content=body, headers=headers), status)
    assert len(json.dumps(told)) < 1000
    assert told["detail"]


def test_a_pattern_that_is_slow_to_try_is_tried_quickly(client):
    """Stars upon stars find what they fit, and hold nobody up."""
    filters = {"path": "*" * 30 + "b"}
    found = client.post(f"{client.base}/search", json={"query": "fish", "filters": filters})
    assert found.status_code == 200


def test_a_body_is_bounded(client):
    """A body of more than the limit is refused by what it says of itself, or as it comes."""
    body = json.dumps({"query": "a" * 100_000}).encode()
    headers = {"Content-Type": "application/json"}
    address = f"{client.base}/search"
    problem(client.post(address, content=body, headers=headers), 413)

    def parts():
        for _ in range(100):
            yield b" " * 10_000

    problem(client.post(address, content=parts(), headers=headers), 413)
    problem(client.post(address, content=b"{}", headers=headers | {"Content-Length": "x"}), 413)


@pytest.mark.parametrize(
    "kind", ["text/plain", "", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_a_body_that_forms_can_send_is_refused(client, kind):
    """So that no page of a stranger can send one without asking first."""
    body = b'{"query": "fish"}'
    answer = client.post(f"{client.base}/search", content=body, headers={"Content-Type": kind})
    problem(answer, 415)


def test_a_compressed_body_is_refused(client):
    """What is small on its way may be huge when it is read."""
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    problem(client.post(f"{client.base}/search", content=b"x", headers=headers), 415)


ELSEWHERE = (
    "/api/v1/collections/..%2f..%2fetc/pictures/1/image",
    "/api/v1/collections/%2e%2e/pictures/1/image",
    "/api/v1/collections/%00/pictures/1/image",
    "/api/v1/collections/nothing/pictures/1/image",
    "/api/v1/collections/CON/pictures/1/image",
    "/api/v1/collections/.last-used.json",
    "/api/v1/collections/gallery/catalog.sqlite",
    "{base}/pictures/0",
    "{base}/pictures/-1",
    "{base}/pictures/1.5",
    "{base}/pictures/٣",
    "{base}/pictures/999999999999999999999999",
    "{base}/pictures/1/%2e%2e/2",
    "{base}/pictures/1/image/etc",
    "{base}/pictures/..%2f1/image",
    "/api/v2/collections",
    "/api/",
    "/api",
)


@pytest.mark.parametrize("address", ELSEWHERE)
def test_nothing_else_is_reached(client, address):
    """Names and ids that lead elsewhere lead nowhere; a catalog is no answer."""
    answer = client.get(address.format(base=client.base))
    told = problem(answer, 404)
    assert "SQLite" not in answer.text
    assert "/" not in told["detail"].replace("and/or", "")


@pytest.mark.parametrize(
    "address",
    ["search?search_query=a&search_query=b", "search?search_query=a&k=9", "api/v1/health?a"],
)
def test_what_an_address_says_is_known_and_said_once(client, address):
    """A mistyped name is told, and not passed over."""
    problem(client.get(f"/{address}"), 422)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "GET"])
def test_other_methods_are_refused_with_those_there_are(client, method):
    """An address says which methods it has."""
    answer = client.request(method, f"{client.base}/search")
    problem(answer, 405)
    assert answer.headers["allow"] == "OPTIONS, POST"


def test_head_and_options_are_answered(client):
    """HEAD as GET without a body; OPTIONS with the methods, and without an invitation."""
    for address in ("/api/v1/health", f"{client.base}/pictures/1/thumbnail", "/api/v1/nothing"):
        whole, head = client.get(address), client.head(address)
        assert head.content == b""
        assert head.status_code == whole.status_code
        assert head.headers["content-length"] == str(len(whole.content))
    asked = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    options = client.options(f"{client.base}/search", headers=asked)
    assert (options.status_code, options.headers["allow"]) == (204, "OPTIONS, POST")
    assert not [name for name in options.headers if name.startswith("access-control")]


def test_a_fault_tells_nothing(indexed_gallery, monkeypatch, caplog):
    """Neither a message nor a path; the log has its kind and place, and no message either."""

    def fail(*_, **__):
        cause = "secret of /home/somebody/private"
        raise RuntimeError(cause)

    monkeypatch.setattr("search_engine.server.listing.Library", fail)
    with asking(indexed_gallery) as client:
        answer = client.get("/api/v1/health")
    problem(answer, 500)
    assert "secret" not in answer.text
    assert "RuntimeError" in caplog.text
    assert "listing.py" in caplog.text
    assert "somebody" not in caplog.text


def test_no_path_of_the_machine_is_told():
    """Whatever an error says, and wherever it lies."""
    told = "a path of the server"
    assert without_paths("“/home/me/a b.jpg” is broken") == f"“{told} b.jpg” is broken"
    assert without_paths("/data/my pictures/a.jpg", ["/data/my pictures"]) == f"{told}/a.jpg"
    assert without_paths(r"C:\Users\me\a.jpg is away") == f"{told} is away"
    kept = "24 km/h, and/or 1/2 of fish/1.jpg at http://somewhere/there"
    assert without_paths(kept) == kept


def test_a_body_that_never_comes_is_not_waited_for(indexed_gallery):
    """A client that sends nothing is let go of, and holds no thread."""
    limits = UNLIMITED.__class__(seconds_to_send=0.2)
    with asking(indexed_gallery, limits) as client:
        sent = []

        async def ask():
            async def receive():
                await asyncio.sleep(60)

            async def send(message):
                sent.append(message)

            headers = [(b"content-type", b"application/json"), (b"content-length", b"20")]
            scope = {
                "type": "http", "method": "POST", "path": f"{client.base}/search",
                "headers": headers, "query_string": b"", "client": ("1.2.3.4", 5),
                "root_path": "", "scheme": "http", "server": ("x", 80),
            }  # fmt: skip
            await client.app(scope, receive, send)

        asyncio.run(ask())
    assert sent[0]["status"] == 408
