"""What the tests of the app share: a collection, pages to run, a server and a browser."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from search_engine import build_collection, plan_build
from search_engine.settings import DATA_VARIABLE

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(autouse=True)
def fresh_caches():
    """Nothing that one test loaded answers another."""
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture
def collection(pictures, settings, load, monkeypatch):
    """The collection ``pictures``, asked with the fake embedder."""
    name, wanted = plan_build(pictures, settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    monkeypatch.setattr("pages.ui.resources.load_embedder", load)
    return pictures


@pytest.fixture
def no_sample(settings):
    """The sample gallery was removed by the user, so that no page prepares it."""
    settings.collections_folder.mkdir(parents=True)
    (settings.collections_folder / ".no-sample").touch()


@pytest.fixture
def page(settings):
    """Run a page as the app does, that is by way of Home."""

    def run(name="Home.py", **address):
        app = AppTest.from_file(str(ROOT / "Home.py"), default_timeout=60)
        app.run()
        if name != "Home.py":
            app.switch_page(f"pages/{name}")
        for key, value in address.items():
            app.query_params[key] = value
        return app.run()

    return run


@pytest.fixture
def serve():
    """Start Streamlit as a user does, on a free port, over a data folder."""
    running = []

    def start(data_folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "streamlit", "run", "Home.py", "--server.port", str(port)]
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | {DATA_VARIABLE: str(data_folder)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        running.append(process)
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}/_stcore/health")
        return address

    yield start
    for process in running:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(address):
    for _ in range(240):
        try:
            with urllib.request.urlopen(address) as answer:  # noqa: S310 - our own server
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.25)
    pytest.fail(f"{address} did not come up")
