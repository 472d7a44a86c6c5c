"""What the tests of the server share: the API in this process, and servers as users start them."""

import contextlib
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from search_engine import SearchEngine
from search_engine.server import Api, RequestLimits, Source
from search_engine.settings import DATA_VARIABLE

ROOT = Path(__file__).parents[2]
UNLIMITED = RequestLimits(points_a_second=1e9, points_at_once=1e9)
SECONDS = 120
"""In which a server is up on a machine that has much else to do."""


@contextlib.contextmanager
def asking(engine, limits=UNLIMITED, *, allow_writes=False):
    """Ask the API over one open collection, in this process."""

    def engine_of(name):
        return engine if name == engine.name else SearchEngine.open(name, engine.settings)

    source = Source(settings=engine.settings, engine_of=engine_of, allow_writes=allow_writes)
    api = Api(source, limits)
    try:
        with TestClient(Starlette(routes=api.routes()), raise_server_exceptions=False) as client:
            client.base = f"/api/v1/collections/{engine.name}"
            yield client
    finally:
        api.close()


@pytest.fixture(scope="session")
def client(indexed_gallery):
    """Ask the API over the sample gallery, which nobody may change."""
    with asking(indexed_gallery) as client:
        yield client


@pytest.fixture
def own(build, engine):
    """Ask the API over a collection that the test may change, with a fake model."""
    build()
    with asking(engine(), allow_writes=True) as client:
        yield client


class Server:
    """A server that runs as a process of its own."""

    def __init__(self, process):
        self.process = process
        self.lines = []
        self.up = threading.Event()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line)
            if "Ctrl-C" in line:
                self.up.set()
        self.up.set()

    @property
    def link(self):
        """What the server told to open."""
        return re.search(r"http://\S+", "".join(self.lines))[0]

    @property
    def address(self):
        """Without what lets a browser in."""
        return self.link.partition("/login")[0]


@contextlib.contextmanager
def serving(data_folder, *options, port=0, token=None):
    """Start a server as a user does."""
    environment = os.environ | {DATA_VARIABLE: str(data_folder), "HF_HUB_OFFLINE": "1"}
    environment.pop("IMAGE_SEARCH_TOKEN", None)
    if token:
        environment["IMAGE_SEARCH_TOKEN"] = token
    process = subprocess.Popen(
        [sys.executable, "-m", "search_engine", "serve", "--port", str(port), *options],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    server = Server(process)
    try:
        assert server.up.wait(SECONDS)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=30)
        server.reader.join(timeout=30)
        process.stdout.close()


@pytest.fixture(scope="session")
def server(indexed_gallery):
    """Serve the sample gallery to this machine, for reading."""
    with serving(indexed_gallery.settings.data_folder) as started:
        yield started
