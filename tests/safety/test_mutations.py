"""A spoiled file is a picture or a refusal, and never the end of the process."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
COUNT = int(os.environ.get("MUTATIONS", "78000"))
AT_ONCE = 6000


def outcomes_of(first, count):
    command = [sys.executable, "-m", "tests.mutations", str(first), str(count)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"it ended at {done.stderr[-3000:]}"
    found = json.loads(done.stdout)
    assert sum(found["outcomes"].values()) == count
    assert found["slowest"] < 25  # one that hangs is ended after 20
    return found


def test_some_spoiled_files_are_decoded_or_refused():
    """A few hundred of every kind, in a process that would show a crash."""
    assert len(outcomes_of(0, 500)["outcomes"]) >= 3


@pytest.mark.long
@pytest.mark.parametrize("first", range(0, COUNT, AT_ONCE))
def test_many_spoiled_files_are_decoded_or_refused(first):
    """As many as the variable MUTATIONS says, 78,000 without it."""
    print(outcomes_of(first, min(AT_ONCE, COUNT - first)))  # noqa: T201 - what a long run is for
