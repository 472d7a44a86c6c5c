"""No text makes the program open a file, ask an address, or show words to a model as a picture."""

import http.server
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PIL import Image

from search_engine import build_collection, plan_build
from search_engine.lab.benchmark import random_model
from search_engine.settings import DATA_VARIABLE, MINI_MODEL, Settings
from tests.conftest import paint

ROOT = Path(__file__).parent.parent.parent
CATEGORIES = ("bait.png", "http:⁄⁄127.0.0.1⁄bait.jpg", "~", "data:image⁄png;base64,AAAA", "red")


@pytest.fixture
def site():
    """A server on this machine that notes every request."""
    asked = []

    class Noting(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def do_HEAD(self):
            self.do_GET()

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Noting) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}", asked
        server.shutdown()


@pytest.fixture
def baits(tmp_path):
    """A folder with a picture, a film and a sound, of names that are texts of queries."""
    folder = tmp_path / "baits"
    folder.mkdir()
    Image.new("RGB", (80, 60), "red").save(folder / "bait.png")
    for name in ("bait.mp4", "bait.mp3", "BAIT.PNG"):
        (folder / name).write_bytes((folder / "bait.png").read_bytes())
    return folder


def two_models(folder):
    """Two models of the layout of ViT-B/32, one for pictures and one for words."""
    one, two = (random_model.build(folder / f"{n}", seed=n, small=True) for n in (1, 2))
    return f"{one}::{two}"


MODELS = [
    pytest.param(lambda _folder: MINI_MODEL, "links", id="mini"),
    pytest.param(
        lambda folder: str(random_model.build(folder / "one", small=True)), "", id="clip",
        marks=pytest.mark.long,
    ),
    pytest.param(two_models, "links", id="two models", marks=pytest.mark.long),
]  # fmt: skip


@pytest.mark.parametrize(("model", "links"), MODELS)
def test_no_text_opens_a_file_or_an_address(model, links, tmp_path, baits, site):
    """Addresses and paths in queries, links, labels, templates and categories stay words.

    The control shows that the watch sees what plain ``encode`` does with them, and a path typed on
    the command line is opened, as it is meant.
    """
    address, asked = site
    settings = Settings(tmp_path / "data")
    for number, name in enumerate(CATEGORIES * 3):
        paint(tmp_path / "pictures" / name / f"{number}.png", "green", salt=number)
    model_id = model(tmp_path / "models")
    name, wanted = plan_build(tmp_path / "pictures", settings, model_id=model_id)
    build_collection(name, wanted, settings)
    (settings.collections_folder / ".no-sample").touch()
    ended = subprocess.run(
        [
            sys.executable,
            ROOT / "tests/safety/hostile_words.py",
            address,
            tmp_path / "result",
            links,
        ],
        cwd=baits,
        env=os.environ
        | {DATA_VARIABLE: str(settings.data_folder), "HOME": str(baits), "PYTHONPATH": str(ROOT)}
        | {"OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    report = json.loads((tmp_path / "result").read_text())
    assert report["command line"] == []
    assert report["links"] == []
    assert asked == ["/control.jpg"]
    codes = report["codes"]
    unknown = [code for command, code in codes.items() if "--category" in command]
    assert unknown == [3], codes
    assert {code for command, code in codes.items() if "--category" not in command} == {0}, codes
    assert not any(report["shown"].values()), report["shown"]
    control = report["control"]
    typed = control.index("typed:")
    assert any(one.startswith("open") for one in control[:typed])
    assert any(one.startswith("socket.connect") for one in control[:typed])
    assert any(one.startswith("open") for one in control[typed:])
