"""Who is let in: by a name that the server has, and with its token where others can reach it."""

import os
import socket

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient, WebSocketDenialResponse

from search_engine.errors import BadInput
from search_engine.server import (
    TOKEN_VARIABLE,
    KnownHosts,
    Terms,
    Token,
    TokenOnly,
    token_of,
)

VALUE = "a-token-of-more-than-24-letters"
TOKEN = Token(VALUE)
EVERYWHERE = "0.0.0.0"  # noqa: S104 - that it is refused without a token


async def page(_request):
    return PlainTextResponse("in")


async def stream(websocket):
    await websocket.accept()
    await websocket.send_text("in")
    await websocket.close()


def guarded(*middleware):
    paths = ("/", "/api/v1/health", "/search")
    routes = [*(Route(path, page) for path in paths), WebSocketRoute("/stream", stream)]
    return TestClient(Starlette(routes=routes, middleware=list(middleware)))


@pytest.fixture
def client():
    """A server that only who knows the token may ask."""
    with guarded(Middleware(TokenOnly, token=TOKEN)) as client:
        yield client


def test_a_program_sends_the_token(client):
    """With each request; any other token, in whatever form, is none."""
    for scheme in ("Bearer", "bearer"):
        headers = {"Authorization": f"{scheme} {VALUE}"}
        assert client.get("/api/v1/health", headers=headers).text == "in"
    wrong = ("", f"Basic {VALUE}", f"Bearer {VALUE}x", "Bearer", VALUE, f"Bearer {TOKEN.cookie}")
    for said in wrong:
        answer = client.get("/api/v1/health", headers={"Authorization": said})
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert answer.json()["type"] == "/api/v1/problems#token-needed"
        assert VALUE not in answer.text
    assert client.get("/api/v1/health", params={"token": VALUE}).status_code == 401


def test_a_browser_is_let_in_by_the_link(client):
    """It gets a cookie that no script reads and no other page sends, and goes on without it."""
    refused = client.get("/")
    assert refused.status_code == 401
    assert "link" in refused.text
    assert client.get("/login", params={"token": f"{VALUE}x"}).status_code == 401
    assert client.get("/login").status_code == 401
    let_in = client.get("/login", params={"token": VALUE})
    cookie = let_in.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= {one.strip() for one in cookie.split(";")}
    assert VALUE not in cookie
    assert 'content="0; url=/"' in let_in.text
    assert VALUE not in let_in.text
    assert client.get("/").text == "in"
    assert client.get("/", headers={"Authorization": "Bearer wrong"}).status_code == 401


def test_a_cookie_over_tls_is_sent_over_tls_only():
    """Where a proxy with TLS stands before the server."""
    app = guarded(Middleware(TokenOnly, token=TOKEN)).app
    with TestClient(app, base_url="https://testserver") as client:
        assert "Secure" in client.get("/login", params={"token": VALUE}).headers["set-cookie"]


def test_messages_of_a_tab_need_the_cookie_too(client):
    """A websocket is opened only by a browser that was let in."""
    with pytest.raises(WebSocketDenialResponse) as refused, client.websocket_connect("/stream"):
        pass
    assert refused.value.status_code == 401
    client.get("/login", params={"token": VALUE})
    with client.websocket_connect("/stream") as tab:
        assert tab.receive_text() == "in"


def test_who_guesses_is_told_to_wait_and_who_knows_is_not(client):
    """Guesses are counted; the right token is let in at any time."""
    guesses = [
        client.get("/search", headers={"Authorization": f"Bearer guess-{number}"})
        for number in range(25)
    ]
    assert {one.status_code for one in guesses[:20]} == {401}
    assert guesses[-1].status_code == 429
    assert int(guesses[-1].headers["retry-after"]) > 0
    assert client.get("/search", headers={"Authorization": f"Bearer {VALUE}"}).status_code == 200


def asked_as(host, *, any_number=False):
    with guarded(Middleware(KnownHosts, names=("localhost", "127.0.0.1", "::1", "Box"),
                            any_number=any_number)) as client:  # fmt: skip
        return client.get("/api/v1/health", headers={"Host": host}).status_code


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8501", "127.0.0.1:1", "[::1]:8501", "box", "box."]
)
def test_the_server_knows_its_names(host):
    """With and without a port, in whatever case."""
    assert asked_as(host) == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "", "evil@localhost",
     "localhost:x", "localhost/../evil", "[::1", "192.168.0.5", "2130706433"],
)  # fmt: skip
def test_a_name_of_others_is_refused(host):
    """Which a stranger may have led to this machine."""
    assert asked_as(host) == 400


def test_numbers_pass_where_others_may_ask():
    """No stranger can lead an address in numbers elsewhere; names are as before."""
    assert asked_as("192.168.0.5:8501", any_number=True) == 200
    assert asked_as("[fe80::1]:8501", any_number=True) == 200
    assert asked_as("evil.example", any_number=True) == 400


def test_a_token_comes_from_the_environment_or_a_private_file(tmp_path, monkeypatch):
    """A file that is not there is made, for this user alone; then it is the same each time."""
    monkeypatch.delenv(TOKEN_VARIABLE, raising=False)
    assert token_of(None) is None
    monkeypatch.setenv(TOKEN_VARIABLE, VALUE)
    assert token_of(None).matches(VALUE)
    file = tmp_path / "token"
    made = token_of(file)
    assert file.stat().st_mode & 0o077 == 0
    assert token_of(file) == made
    assert made.matches(file.read_text().strip())
    assert len(made.value) >= 40
    assert made.value not in repr(made)


def test_a_file_that_others_may_read_holds_no_token(tmp_path):
    """Nor does a link, a pipe, a folder, or a file with something else in it."""
    file = tmp_path / "token"
    file.write_text(VALUE)
    file.chmod(0o644)
    with pytest.raises(BadInput, match="Others may read"):
        token_of(file)
    file.chmod(0o600)
    assert token_of(file).matches(VALUE)
    link, pipe = tmp_path / "link", tmp_path / "pipe"
    link.symlink_to(file)
    os.mkfifo(pipe, 0o600)
    for wrong in (link, pipe, tmp_path, tmp_path / "nothing" / "token"):
        with pytest.raises(BadInput, match="cannot be read"):
            token_of(wrong)
    for content in ("", "short", f"{VALUE} and more", "é" * 30, "a" * 5000):
        file.write_text(content)
        with pytest.raises(BadInput, match="no token"):
            token_of(file)


@pytest.mark.parametrize("address", [EVERYWHERE, "::", "192.168.0.5", "example.org"])
def test_another_address_needs_a_token(address):
    """No server starts that whoever can reach it may ask."""
    with pytest.raises(BadInput, match="no token") as refused:
        Terms(address=address).checked()
    assert TOKEN_VARIABLE in refused.value.remedy


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "localhost", "127.0.0.9"])
def test_this_machine_needs_none(address):
    """Whoever can ask there runs programs here."""
    assert Terms(address=address).is_private


def test_a_port_that_is_taken_is_told():
    """Before anything is started."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(BadInput, match=f"port {port}"):
            Terms(port=port).checked()
    assert Terms(port=port).checked().port == port


def test_the_link_is_what_a_person_opens():
    """With the token where there is one, by a name that leads to the server."""
    assert Terms().link(8501) == "http://127.0.0.1:8501"
    assert Terms(address="::1").link(9) == "http://[::1]:9"
    everywhere = Terms(address=EVERYWHERE, token=TOKEN)
    assert everywhere.link(9) == f"http://{socket.gethostname()}:9/login?token={VALUE}"
    assert socket.gethostname().lower() in everywhere.names
    named = Terms(address=EVERYWHERE, token=TOKEN, host_names=("pictures.home",))
    assert named.link(9).startswith("http://pictures.home:9/")
    assert "pictures.home" in named.names
