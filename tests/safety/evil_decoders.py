"""Decoders that do something evil with files which begin with the word, and sound ones."""

import sys

import pytest

from search_engine.collection.decoding import Refusal
from tests.hostile import encoded

GOOD = encoded("PNG")
STUCK = "ctypes.PyDLL(None).sleep(600)"  # holds Python's lock, so that nothing of Python runs
SERVE = """
import ctypes, os, signal, time
from search_engine.collection.decoding import limits, worker
from search_engine.collection.decoding.picture import decode_here
from search_engine.collection.decoding.frames import write_frame
limits.LONGEST, limits.SECONDS = {seconds}
out, files = os.fdopen(os.dup(1), "wb"), 0
def work(content, reserve, **more):
    global files
    files += 1
    if content.startswith(b"evil"):
        {evil}
    return decode_here(content, reserve, **more)
worker.serve(work)
"""


def program(evil, seconds=(20, 20), before=""):
    """Return the command of a decoder that does this, within these limits."""
    return [sys.executable, "-c", before + SERVE.format(seconds=seconds, evil=evil)]


def refused(pool, content=b"evil"):
    with pytest.raises(Refusal) as caught:
        pool.decode(content, "hash")
    return caught.value


def processes(pool):
    return {child.process_id for child in pool._all}


def still_decodes(pool):
    return pool.decode(GOOD, "hash").facts.width == 64
