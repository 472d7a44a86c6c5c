"""The options of ``serve``: where it listens, for whom, and what it lets be done."""

import httpx2
import pytest

from tests.seams.options.rows import each_option_of, row, row_of
from tests.seams.options.shared_rows import replace
from tests.server.conftest import serving

VALUE = "a-token-of-more-than-24-letters"
EVERYWHERE = "0.0.0.0"  # noqa: S104 - behind a token


@pytest.fixture
def terms(desk, monkeypatch):
    """Tell on which terms the command would start a server."""
    monkeypatch.delenv("IMAGE_SEARCH_TOKEN", raising=False)

    def told(*options):
        begun = []
        replace(desk, "open_doors", lambda terms, _: begun.append(terms))
        answer = desk("serve", *options)
        return answer, *begun

    desk.terms = told
    return told


@each_option_of("serve")
def test_each_option_of_serve_does_what_it_says(command, name, desk, terms):
    """With the option the server is another one, in the way that its help promises."""
    row_of(command, name)(desk)


@row("serve", "--port")
def serve_port(desk):
    """It listens there; a port that is taken is refused before anything begins."""
    with serving(desk.data) as server:
        port = server.address.rpartition(":")[2]
        answer, *begun = desk.terms("--port", port)
        assert (answer.code, begun) == (3, [])
        assert f"port {port}" in answer.err
    with serving(desk.data, port=port) as server:
        assert server.address.endswith(f":{port}")


@row("serve", "--address")
def serve_address(desk):
    """Another one than this machine's own is taken with a token only."""
    _, usual = desk.terms("--port", 0)
    assert (usual.address, usual.token, usual.is_private) == ("127.0.0.1", None, True)
    answer, *begun = desk.terms("--port", 0, "--address", EVERYWHERE)
    assert (answer.code, begun) == (3, [])
    desk.monkeypatch.setenv("IMAGE_SEARCH_TOKEN", VALUE)
    answer, open_to_others = desk.terms("--port", 0, "--address", EVERYWHERE)
    assert answer.code == 0
    assert not open_to_others.is_private
    assert open_to_others.token.matches(VALUE)


@row("serve", "--token-file")
def serve_token_file(desk):
    """It is made where it is not there, and needed by whoever asks, on this machine as well."""
    file = desk.tmp / "token"
    with serving(desk.data, "--token-file", file) as server:
        asked = f"{server.address}/api/v1/health"
        assert httpx2.get(asked, timeout=60).status_code == 401
        token = {"Authorization": f"Bearer {file.read_text().strip()}"}
        assert httpx2.get(asked, headers=token, timeout=60).status_code == 200
    assert file.stat().st_mode & 0o077 == 0
    file.chmod(0o644)
    assert desk.terms("--port", 0, "--token-file", file)[0].code == 3


@row("serve", "--host-name")
def serve_host_name(desk):
    """A request by that name is answered, and by no other."""
    with serving(desk.data, "--host-name", "pictures.home") as server:
        port = server.address.rpartition(":")[2]
        asked = f"http://127.0.0.1:{port}/api/v1/health"
        for name, status in (("pictures.home", 200), ("elsewhere.home", 400)):
            assert httpx2.get(asked, headers={"Host": name}, timeout=60).status_code == status


@row("serve", "--allow-writes")
def serve_allow_writes(desk):
    """Without it a server reads; with it a picture is tagged, as the command tells afterwards."""
    body = {"tag": "sea", "picture_ids": [1]}
    for options, status, tags in (((), 405, {}), (("--allow-writes",), 200, {"sea": 1})):
        with serving(desk.data, *options) as server:
            address = f"{server.address}/api/v1/collections/things/tags"
            assert httpx2.post(address, json=body, timeout=60).status_code == status
        assert desk("tag", "--list", "--collection", "things", "--json").json["tags"] == tags
