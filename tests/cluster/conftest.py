"""What the tests share: a Milvus on this machine, stores in it, and builds on workers."""

import json
import os
import secrets
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import psutil
import pytest

from search_engine import Library, build_collection, plan_build
from search_engine.sample import draw_gallery
from search_engine.settings import DATA_VARIABLE, MINI_MODEL, Settings
from tests.cluster.milvus_machines import OneMilvus, why_not
from tests.hostile import crashing_heic
from tests.index.stores import random_vectors

DRAWN = 300
RAY = {
    "RAY_AUTH_MODE": "token",
    "RAY_AUTH_TOKEN": secrets.token_hex(32),
    "RAY_USAGE_STATS_ENABLED": "0",
}
"""What all machines of a cluster have to agree on."""


def waited_for(found, seconds=120):
    """Return what is found once it is something."""
    end = time.monotonic() + seconds
    while not (what := found()):
        assert time.monotonic() < end, "nothing came"
        time.sleep(0.01)
    return what


@dataclass(frozen=True)
class Shelf:
    """Drawings, a file that is none, one that crashes its decoder; where collections are kept."""

    folder: os.PathLike
    settings: Settings

    def vectors(self, name):
        """Return the vector of each picture of a collection, by its path."""
        with Library(self.settings).open_catalog(name) as catalog:
            paths = {record.picture_id: record.path for record in catalog.pictures}
            model = catalog.vectors.main_model()
            found = {
                paths[int(one)]: vector
                for ids, vectors in catalog.vectors.batches(model)
                for one, vector in zip(ids, vectors, strict=True)
            }
            assert len(found) == len(paths)
            return found

    def facts(self, name):
        """Return all else that is known of each picture, by its path, and what was skipped."""
        with Library(self.settings).open_catalog(name) as catalog:
            facts = {
                one.path: (one.content_hash, one.width, one.height, one.taken_at, one.dated_by)
                for one in catalog.pictures
            }
            return facts, {skip.path: skip.reason for skip in catalog.skipped}

    def stored(self, name):
        """Return how many pictures are stored by now."""
        if name not in Library(self.settings).names():
            return 0
        with Library(self.settings).open_catalog(name) as catalog:
            return len(catalog.pictures)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """Have them, and the collection ``plain``, which was built in this process."""
    root = tmp_path_factory.mktemp("cluster")
    folder, settings = root / "drawings", Settings(root / "data")
    draw_gallery(folder, pictures=DRAWN)
    (folder / "note.jpg").write_text("no picture")
    (folder / "evil.heic").write_bytes(crashing_heic())
    name, wanted = plan_build(folder, settings, name="plain", model_id=MINI_MODEL)
    build_collection(name, wanted, settings)
    return Shelf(folder, settings)


@pytest.fixture
def begun(shelf):
    """Begin a build of the shelf's drawings on the command line."""
    processes = []

    def begin(name, *options):
        command = [sys.executable, "-m", "search_engine", "index", str(shelf.folder), "--json"]
        process = subprocess.Popen(
            [*command, "--name", name, "--model", MINI_MODEL, *options],
            env=os.environ | RAY | {DATA_VARIABLE: str(shelf.settings.data_folder)},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        processes.append(process)
        return process

    yield begin
    for process in processes:
        process.kill()
        process.communicate()


def workers_of(raylet):
    """Return the workers below a process that embed at this moment."""
    with_names = []
    for one in raylet.children(recursive=True):
        try:
            name = "".join(one.cmdline())
        except psutil.Error:
            continue
        if name.startswith("ray::EmbeddingWorker.embed"):
            with_names.append(one)
    return with_names


@pytest.fixture(scope="module")
def machines():
    """Have a cluster of a head and two machines, as `some_machines` starts it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.cluster.some_machines", str(port)],
        env=os.environ | RAY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    told = json.loads(process.stdout.readline())
    host = told["address"].partition(":")[0]
    raylets = [psutil.Process(number) for number in told["raylets"]]
    yield SimpleNamespace(
        address=told["address"], for_clients=f"ray://{host}:{port}", raylets=raylets
    )
    process.stdin.close()
    process.wait(60)
    process.stdout.close()


@pytest.fixture(scope="session")
def milvus_program(tmp_path_factory):
    """The server, unpacked."""
    if why := why_not():
        pytest.skip(why)
    return tmp_path_factory.mktemp("program")


@pytest.fixture(scope="session")
def one_milvus(tmp_path_factory, milvus_program):
    """A Milvus in one process."""
    with OneMilvus(tmp_path_factory.mktemp("milvus"), milvus_program) as machines:
        yield machines


@pytest.fixture
def filled(bench, count):
    """A store with so many vectors."""
    bench.ids = np.arange(count) * 3 + 10
    bench.add(bench.ids, random_vectors(count))
    return bench
