"""The server, with libraries in it that print: in Python, past Python, and from a child.

The search for duplicates goes on until it is stopped, and then says so on standard error.
"""

import os
import subprocess
import sys
import time

from search_engine.agents import open_collections
from search_engine.audit import Audit
from search_engine.cli import main
from search_engine.records import Step

load = open_collections.load_embedder


def printing(model_id, settings):
    """Load a model, and print as libraries do."""
    print("Loading weights:  50%|#####     |")  # noqa: T201 - that is what it is about
    os.write(1, b"a library in C\n")
    subprocess.run([sys.executable, "-c", "print('a child')"], check=True)
    sys.stdin.read()  # what comes next is nobody's but the protocol's
    time.sleep(0.5)
    return load(model_id, settings)


def without_end(audit, thresholds=None, progress=None):
    """Look for duplicates until nobody wants them any more."""
    try:
        for done in range(10**6):
            progress(Step("Looking", done, 10**6))
            time.sleep(0.01)
    finally:
        os.write(2, b"the work was stopped\n")


open_collections.load_embedder = printing
Audit.duplicates = without_end
sys.exit(main(["mcp"]))
