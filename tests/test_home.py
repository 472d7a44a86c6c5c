"""The first page starts, and names the collections."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from search_engine import build_collection, plan_build
from tests.browser import chromium

HOME = str(Path(__file__).parent.parent / "Home.py")


@pytest.fixture
def collection(pictures, settings, load):
    """The collection ``pictures``."""
    name, wanted = plan_build(pictures, settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)


def test_without_collections_home_says_how_to_make_one(settings):
    """An empty start is an invitation, not an empty table."""
    home = AppTest.from_file(HOME, default_timeout=30).run()
    assert not home.exception
    assert "No collection yet" in home.info[0].value
    assert "search_engine demo" in home.code[0].value


def test_home_names_the_collections(collection):
    """Each collection is named with its counts, its model and its state."""
    home = AppTest.from_file(HOME, default_timeout=30).run()
    assert not home.exception
    row = home.dataframe[0].value.iloc[0]
    assert (row["Collection"], row["Pictures"], row["Categories"]) == ("pictures", 12, 6)
    assert (row["Model"], row["State"]) == ("colours", "ready")


@pytest.fixture
def server(settings):
    """Streamlit as a user starts it, on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", HOME, "--server.port", str(port)]
    environment = os.environ | {"IMAGE_SEARCH_DATA": str(settings.data_folder)}
    running = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/_stcore/health")
        yield address
    finally:
        running.terminate()
        running.wait(timeout=20)


def _wait_for(address):
    for _ in range(120):
        try:
            with urllib.request.urlopen(address) as answer:  # noqa: S310 - our own server
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.25)
    pytest.fail(f"{address} did not come up")


def test_home_shows_in_a_browser(collection, server):
    """In a real browser the page has its heading and no error."""
    with chromium() as browser:
        page = browser.new_page()
        page.goto(server)
        page.get_by_role("heading", name="Image search").wait_for(timeout=30_000)
        page.get_by_test_id("stDataFrame").wait_for(timeout=30_000)
        assert page.get_by_test_id("stException").count() == 0
