"""What the tests of the app share: a collection, pages to run, a server and a browser."""

import contextlib
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
from search_engine.jobs.control import Jobs, JobStatus
from search_engine.sample import draw_gallery
from search_engine.settings import DATA_VARIABLE, MINI_MODEL, Settings
from tests.app.browser import chromium, forget, note_problems
from tests.conftest import paint

HOSTILE = (
    "![x](http:⁄⁄evil.example⁄a.png)",
    "<img src=x onerror=alert(1)>",
    "**bold** $x^2$ :red[y]",
    "`code` [link](javascript:alert(1))",
    os.fsdecode(b"not utf-8 \xff\xfe"),
)

_PORTS, _A_WORKER = 21_500, 50
"""Where the ports of the servers begin, below those that the system gives out; so many a worker."""

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(autouse=True)
def fresh_caches():
    """Nothing that one test loaded answers another."""
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """A folder takes a busy machine longer to look into than a page waits for; a test waits."""
    monkeypatch.setattr("pages.ui.frame.folder_looks._SECONDS_TO_WAIT", 30)


@pytest.fixture
def collection(pictures, settings, load, monkeypatch):
    """The collection ``pictures``, asked with the fake embedder."""
    name, wanted = plan_build(pictures, settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    monkeypatch.setattr("pages.ui.frame.resources.models.load_embedder", load)
    return pictures


@pytest.fixture
def no_sample(settings):
    """The sample gallery was removed by the user, so that no page prepares it."""
    settings.collections_folder.mkdir(parents=True)
    (settings.collections_folder / ".no-sample").touch()


@pytest.fixture
def page(settings):
    """Run a page as the app does, that is by way of Home."""

    def run(name="Home.py", /, **address):
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
    with contextlib.ExitStack() as running:
        yield lambda data_folder: running.enter_context(_server(data_folder))


@contextlib.contextmanager
def _server(data_folder):
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "Home.py", "--server.port", str(port)],
        cwd=ROOT,
        env=os.environ | {DATA_VARIABLE: str(data_folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory):
    """Make two collections that no test changes: drawings, and pictures with hostile names."""
    root = tmp_path_factory.mktemp("prepared")
    settings = Settings(root / "data")
    draw_gallery(root / "drawings", pictures=150)
    for number, odd in enumerate(HOSTILE):
        paint(root / "hostile" / odd / f"{odd}.png", "red", salt=number)
    for folder in ("drawings", "hostile"):
        name, wanted = plan_build(root / folder, settings, model_id=MINI_MODEL)
        build_collection(name, wanted, settings)
    return settings.data_folder


@pytest.fixture(scope="session")
def site(prepared):
    """Serve the two collections that no test changes."""
    with _server(prepared) as address:
        yield address


@pytest.fixture(scope="session")
def profile(tmp_path_factory):
    """A folder in which a browser keeps what it has fetched, from one file of tests to the next."""
    return tmp_path_factory.mktemp("profile")


@pytest.fixture(scope="module")
def window(profile):
    """A browser that a file of tests shares; while it is open nothing else can be asynchronous."""
    with chromium(profile=profile) as context:
        yield context


@pytest.fixture
def tab(window):
    """A tab of a headless Chromium, without script errors or foreign requests at its end."""
    tab = window.new_page()
    tab.set_viewport_size({"width": 1280, "height": 900})
    note_problems(tab)
    yield tab
    origins = tab.origins
    forget(window, origins)
    assert tab.problems == []
    assert tab.foreign == []


def _free_port():
    """Take the same port again and again, so that a browser knows the scripts that come from it."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    for port in range(_PORTS + _A_WORKER * worker, 32_768):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    pytest.fail("no port is free")


def _wait_for(address):
    for _ in range(240):
        try:
            with urllib.request.urlopen(address) as answer:  # noqa: S310 - our own server
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.25)
    pytest.fail(f"{address} did not come up")


@pytest.fixture
def started(monkeypatch):
    """Note what is asked of the builds, instead of running them."""
    begun = []
    monkeypatch.setattr(Jobs, "start", lambda jobs, *what: begun.append(what))
    return begun


@pytest.fixture
def ended(settings):
    """Write how the last build of a collection ended."""

    def write(state, name="pictures", **facts):
        jobs = Jobs(settings)
        jobs._folder.mkdir(parents=True, exist_ok=True)
        jobs.write(name, JobStatus(state, began=time.time() + 1, **facts))
        return jobs

    return write
