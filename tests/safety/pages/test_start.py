"""The app starts and ends as people know it from Streamlit."""

import signal
import stat
import time

import pytest

from tests.safety.pages.serving import served, session


def test_starting_opens_the_app_in_a_browser(tmp_path):
    """The address that is shown is the one that is opened, on whatever port."""
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/opened\n')
    browser.chmod(browser.stat().st_mode | stat.S_IXUSR)
    wanted = {"STREAMLIT_SERVER_HEADLESS": "false", "BROWSER": str(browser)}
    with served(tmp_path / "data", **wanted) as server:
        assert f"URL: {server.address}" in server.log.read_text()
        until = time.monotonic() + 20
        while not (tmp_path / "opened").exists() and time.monotonic() < until:
            time.sleep(0.1)
        assert (tmp_path / "opened").read_text().split() == [server.address]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_at_once(tmp_path, number):
    """Asked to end, or by Ctrl-C, it ends within five seconds, with a tab open."""
    with served(tmp_path / "data") as server, session(server):
        server.process.send_signal(number)
        server.process.wait(timeout=5)


def test_what_a_killed_server_kept_is_gone_after_the_next_start(tmp_path):
    """Uploaded pictures of a server that was killed are deleted before anybody is let in."""
    left = tmp_path / "data/collections/.examples/0123456789abcdef/visitor"
    left.mkdir(parents=True)
    (left / ("a" * 64)).write_bytes(b"somebody's picture")
    with served(tmp_path / "data"):
        assert list((tmp_path / "data/collections/.examples").iterdir()) == []


def test_what_older_versions_let_others_see_is_private_after_a_start(tmp_path):
    """A data folder that was readable for all is the user's own once the app runs."""
    kept = tmp_path / "data/collections/mine/thumbnails"
    kept.mkdir(parents=True)
    (kept / "a.jpg").write_bytes(b"a small picture")
    for path in (tmp_path / "data/collections", *(tmp_path / "data/collections").rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    with served(tmp_path / "data"):
        for path in (tmp_path / "data/collections", *(tmp_path / "data/collections").rglob("*")):
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
