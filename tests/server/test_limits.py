"""One client, however busy, leaves room for others; what is too much is told with when to ask."""

import threading

import pytest
from starlette.testclient import TestClient

from search_engine.server import RequestLimits
from search_engine.server.problems import ProblemKind, Refused
from search_engine.server.request_limits import Rates, Workers
from tests.server.conftest import asking


def test_a_client_that_asks_too_often_is_told_when_to_ask_again(indexed_gallery):
    """The others are answered meanwhile; a search costs more than a look."""
    limits = RequestLimits(points_a_second=0.001, points_at_once=12)
    with asking(indexed_gallery, limits) as client:
        assert client.get("/api/v1/health").status_code == 200
        found = client.post(f"{client.base}/search", json={"query": "#1"})
        assert found.status_code == 200
        assert client.get("/api/v1/health").status_code == 200
        refused = client.get("/api/v1/health")
        assert (refused.status_code, refused.json()["type"]) == (429, "/api/v1/problems#too-many")
        assert int(refused.headers["retry-after"]) >= 1
        other = TestClient(client.app, client=("10.0.0.9", 1))
        assert other.get("/api/v1/health").status_code == 200


def test_points_come_back_and_clients_are_forgotten(monkeypatch):
    """What was used is there again after a while; memory does not grow with clients."""
    now = [0.0]
    monkeypatch.setattr("search_engine.server.request_limits.time.monotonic", lambda: now[0])
    rates = Rates(RequestLimits(points_a_second=2, points_at_once=10))
    rates.take("a", 10)
    with pytest.raises(Refused) as refused:
        rates.take("a", 4)
    assert refused.value.headers == {"Retry-After": "2"}
    now[0] = 2.0
    rates.take("a", 4)
    for number in range(10_000):
        rates.take(str(number), 1)
    assert len(rates._left) <= 4096


def test_searches_at_once_are_bounded_and_hold_nothing_else_up(indexed_gallery, monkeypatch):
    """Those that find no place are told so at once; health is told while searches last."""
    begun, go_on = threading.Semaphore(0), threading.Event()
    search = indexed_gallery.search

    def slow(*args, **kwargs):
        begun.release()
        assert go_on.wait(60)
        return search(*args, **kwargs)

    monkeypatch.setattr(indexed_gallery, "search", slow)
    limits = RequestLimits(searches_at_once=1, waiting=1, points_at_once=1e6)
    with asking(indexed_gallery, limits) as client:
        answers = []

        def ask():
            answers.append(client.post(f"{client.base}/search", json={"query": "#1"}))

        asking_at_once = [threading.Thread(target=ask) for _ in range(3)]
        for one in asking_at_once:
            one.start()
        assert begun.acquire(timeout=60)
        assert client.get("/api/v1/health").status_code == 200
        for one in asking_at_once:
            if len(answers) == 0:
                one.join(timeout=0.01)
        go_on.set()
        for one in asking_at_once:
            one.join()
    assert sorted(one.status_code for one in answers) == [200, 200, 503]
    refused = next(one for one in answers if one.status_code == 503)
    assert refused.headers["retry-after"] == "2"


def test_an_answer_that_takes_too_long_is_not_waited_for(indexed_gallery, monkeypatch):
    """The client is told to ask later."""
    go_on = threading.Event()
    monkeypatch.setattr(indexed_gallery, "search", lambda *_, **__: go_on.wait(60))
    try:
        with asking(indexed_gallery, RequestLimits(seconds=0.2)) as client:
            refused = client.post(f"{client.base}/search", json={"query": "#1"})
            assert (refused.status_code, refused.headers["retry-after"]) == (503, "10")
    finally:
        go_on.set()


async def _run(workers):
    return await workers.run(lambda: 1, 1)


def test_nothing_is_begun_after_the_end():
    """A server that ends answers no more."""
    import asyncio

    workers = Workers(1, 1, "test")
    assert asyncio.run(_run(workers)) == 1
    workers.close()
    with pytest.raises(Refused) as refused:
        asyncio.run(_run(workers))
    assert refused.value.kind is ProblemKind.BUSY
