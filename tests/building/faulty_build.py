"""Run the command ``index`` in this process, with a decoder that one file is the end of.

python -m tests.building.faulty_build PICTURES_FOLDER FAULT [FAULT …]

A fault is what happens to the file whose bytes hold ``EVIL``, here or in a decoder apart.
"""

import ctypes
import os
import sys
import time
from functools import partial

from search_engine.building import build_collection, pipeline
from search_engine.cli import index, main
from search_engine.collection.decoding import routes
from search_engine.collection.decoding.children import Children
from tests.conftest import ColourEmbedder

EVIL = b"the end of its decoder"
APART = f"""
import ctypes, os, time
from search_engine.collection.decoding.worker import decode_alone, serve
def work(content, reserve):
    if {EVIL!r} in content:
        %s
    return decode_alone(content, reserve)
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


def tell(text):
    """Let the test know."""
    os.write(1, f"{text}\n".encode())


def here(fault):
    """Have the fault befall the evil file where it is decoded in this process."""
    decode = routes.decode_here

    def faulty(content, *arguments):
        if EVIL in content:
            fault()
        return decode(content, *arguments)

    routes.decode_here = faulty


def apart(fault):
    """Have the fault befall the evil file in a decoder apart."""
    routes.CHILDREN = Children([sys.executable, "-c", APART % fault])


def while_apart(fault):
    """Have the fault befall this process while the evil file is decoded apart."""
    decode = routes.CHILDREN.decode

    def faulty(content, digest):
        if EVIL in content:
            fault()
        return decode(content, digest)

    routes.CHILDREN.decode = faulty


FAULTS = {
    "stuck": lambda: here(stuck),
    "locked": lambda: here(locked),
    "abort": lambda: here(os.abort),
    "abort apart": lambda: apart("os.abort()"),
    "stuck apart": lambda: apart("ctypes.PyDLL(None).sleep(600)"),
    "abort while apart": lambda: while_apart(os.abort),
}


def run(folder, *faults):
    """Index a folder; a fault that is named has its way."""
    pipeline.BATCH_SIZE = pipeline.PART_SIZE = 4
    for fault in faults:
        FAULTS[fault]()
    load = lambda *_: ColourEmbedder()  # noqa: E731 - what build_collection takes
    index.build_collection = partial(build_collection, load=load)
    return main(["index", folder, "--model", "colours", "--json"])


if __name__ == "__main__":
    sys.exit(run(*sys.argv[1:]))
