"""Run the command ``index`` in this process, with a file that something is the end of.

python -m tests.building.faulty_build PICTURES_FOLDER FAULT [FAULT …]

A fault is what happens when the file whose bytes hold ``EVIL`` is read: to this process, or to the
decoder that reads it.
"""

import ctypes
import os
import sys
import time
from functools import partial
from pathlib import Path

from search_engine.building import build_collection, pipeline
from search_engine.cli import build_run, main
from search_engine.collection.decoding import CHILDREN
from tests.conftest import ColourEmbedder

EVIL = b"the end of its decoder"
APART = f"""
import ctypes, os, time
from search_engine.collection.decoding.picture import decode_here
from search_engine.collection.decoding.worker import serve
def work(content, reserve, **more):
    if {EVIL!r} in content:
        %s
    return decode_here(content, reserve, **more)
serve(work)
"""


def stuck():
    """Wait for ever."""
    tell("stuck")
    time.sleep(600)


def locked():
    """Wait for ever, and hold Python's lock."""
    tell("stuck")
    ctypes.PyDLL(None).sleep(600)


def abort_once():
    """End at the first such file that any process meets, as in a power cut."""
    flag = Path(os.environ["IMAGE_SEARCH_DATA"]) / "aborted"
    if not flag.exists():
        flag.touch()
        os.abort()


def tell(text):
    """Let the test know."""
    os.write(1, f"{text}\n".encode())


def here(fault):
    """Have the fault befall this process while the evil file is read."""
    read = pipeline.read

    def faulty(request, owner):
        if any(EVIL in file.read_bytes() for file in request.files):
            fault()
        return read(request, owner)

    pipeline.read = faulty


def apart(fault):
    """Have the fault befall the decoder of the evil file."""
    CHILDREN._command = [sys.executable, "-c", APART % fault]


FAULTS = {
    "stuck": lambda: here(stuck),
    "locked": lambda: here(locked),
    "abort": lambda: here(os.abort),
    "abort once": lambda: here(abort_once),
    "abort apart": lambda: apart("os.abort()"),
    "stuck apart": lambda: apart("ctypes.PyDLL(None).sleep(600)"),
    "too large apart": lambda: apart("held = b'x' * 2**40"),
}


def run(folder, *faults):
    """Index a folder; a fault that is named has its way."""
    pipeline.BATCH_SIZE, pipeline.FILES_TOGETHER = 4, 1
    for fault in faults:
        FAULTS[fault]()
    load = lambda *_: ColourEmbedder()  # noqa: E731 - what build_collection takes
    build_run.build_collection = partial(build_collection, load=load)
    return main(["index", folder, "--model", "colours", "--json"])


if __name__ == "__main__":
    sys.exit(run(*sys.argv[1:]))
