"""What is fetched from the hub is looked at first, and is loaded from where it lies."""

import hashlib
import json
import os
import pickle
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.safety.hostile_models import MINI, Marked

COMMIT = "0123456789abcdef0123456789abcdef01234567"
NAME = "stranger/model"

LOAD = """
import sys
from pathlib import Path
from search_engine.embedding import load_embedder
from search_engine.errors import ModelUnavailable
from search_engine.settings import Settings
try:
    print("loaded", load_embedder("stranger/model", Settings(Path(sys.argv[1]))).card.fingerprint)
except ModelUnavailable as error:
    print("refused", error)
"""


class Hub(ThreadingHTTPServer):
    """A hub on this machine with one model; it remembers what was asked for."""

    def __init__(self, files):
        super().__init__(("127.0.0.1", 0), Answers)
        self.files = files
        self.asked = []
        self.lost = set()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self):
        """Where it answers."""
        return f"http://127.0.0.1:{self.server_port}"


class Answers(BaseHTTPRequestHandler):
    """The four answers that fetching a model takes."""

    def log_message(self, *_):
        """Say nothing."""

    def do_GET(self):
        """Return facts or a file."""
        self._answer(body=True)

    def do_HEAD(self):
        """Return the facts of a file."""
        self._answer(body=False)

    def _answer(self, *, body):
        path = self.path.partition("?")[0]
        files = self.server.files
        if path.startswith(f"/{NAME}/resolve/"):
            name = path.removeprefix(f"/{NAME}/resolve/").partition("/")[2]
            self.server.asked.append(name)
            if name in files and name not in self.server.lost:
                self._send(files[name], body=body)
                return
        elif path.startswith(f"/api/models/{NAME}/tree/"):
            listed = [
                {"type": "file", "path": name, "size": len(content),
                 "oid": hashlib.sha1(content, usedforsecurity=False).hexdigest()}
                for name, content in files.items()
            ]  # fmt: skip
            self._send(json.dumps(listed).encode(), body=body)
            return
        elif path.startswith(f"/api/models/{NAME}"):
            facts = {"id": NAME, "sha": COMMIT, "siblings": [{"rfilename": name} for name in files]}
            self._send(json.dumps(facts).encode(), body=body)
            return
        self.send_error(404)

    def _send(self, content, *, body):
        self.send_response(200)
        self.send_header("ETag", f'"{hashlib.sha1(content, usedforsecurity=False).hexdigest()}"')
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if body:
            self.wfile.write(content)


@pytest.fixture
def files():
    """The files of the bundled model."""
    return {file.name: file.read_bytes() for file in MINI.iterdir()}


@pytest.fixture
def hub(files):
    """A hub that has these files."""
    hub = Hub(files)
    yield hub
    hub.shutdown()
    hub.server_close()


@pytest.fixture
def load(tmp_path):
    """Load the model in a process that may ask this hub only."""

    def call(address):
        environment = {k: v for k, v in os.environ.items() if k != "HF_HUB_OFFLINE"}
        environment |= {"HF_ENDPOINT": address, "HF_HOME": str(tmp_path / "home")}
        environment.pop("SENTENCE_TRANSFORMERS_HOME", None)
        run = subprocess.run(
            [sys.executable, "-c", LOAD, str(tmp_path / "data")],
            env=environment, capture_output=True, text=True, timeout=120, check=True,
        )  # fmt: skip
        return run.stdout.strip()

    return call


def test_a_model_is_fetched_and_loaded_again_without_the_hub(hub, files, load, tmp_path):
    """What is needed is fetched once, without pickles; what no model here needs stays there."""
    others = {"onnx/model.onnx": b"large", "tf_model.h5": b"large", "evil.py": b"raise SystemExit"}
    others["pytorch_model.bin"] = pickle.dumps(Marked(tmp_path / "marker"))
    files |= others
    first = load(hub.address)
    assert first.startswith("loaded")
    assert "model.safetensors" in hub.asked
    assert not set(others) & set(hub.asked)
    hub.shutdown()
    assert load("http://127.0.0.1:9") == first


def test_a_hostile_model_of_the_hub_runs_nothing(hub, files, load, tmp_path):
    """A model that asks for its pickles to be run is refused by the file that asks."""
    settings = json.loads(files["sentence_bert_config.json"])
    settings["model_kwargs"] = {"weights_only": False}
    files["sentence_bert_config.json"] = json.dumps(settings).encode()
    del files["model.safetensors"]
    files["pytorch_model.bin"] = pickle.dumps(Marked(tmp_path / "marker"))
    for _ in range(2):  # fetched, and from the download cache
        assert "sentence_bert_config.json" in load(hub.address)
        assert not (tmp_path / "marker").exists()


@pytest.mark.long
def test_a_download_that_was_stopped_goes_on(hub, load):
    """A model of which only the settings are here is fetched whole the next time."""
    hub.lost = {"model.safetensors"}
    assert "could not be downloaded" in load(hub.address)
    hub.lost = set()
    assert load(hub.address).startswith("loaded")
