"""Run a build in this process and kill it, without warning, at a chosen moment.

python -m tests.building.killed_build PICTURES_FOLDER MODULE:CLASS.FUNCTION before|after N [FIRST]

With FIRST the build publishes what it has once it has so many pictures, and each time it doubled.
"""

import importlib
import itertools
import os
import signal
import sys
from functools import wraps
from pathlib import Path

from search_engine import Settings, build_collection, plan_build
from search_engine.building import interim, pipeline
from tests.conftest import ColourEmbedder

BATCH = 8


def kill_at(place, when, count):
    """Make the process die before or after the given call of a function."""
    module, _, path = place.partition(":")
    *owners, name = path.split(".")
    owner = importlib.import_module(module)
    for part in owners:
        owner = getattr(owner, part)
    original, numbers = getattr(owner, name), itertools.count(1)

    @wraps(original)
    def deadly(*args, **kwargs):
        number = next(numbers)  # at once, because several threads may call
        if number == count and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = original(*args, **kwargs)
        if number == count:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, deadly)


def main(folder, place, when, count, first=None):
    """Build until killed."""
    pipeline.BATCH_SIZE, pipeline.FILES_TOGETHER = BATCH, 1
    if first:
        interim.FIRST_PUBLISHED, interim.SECONDS_WORTH_IT, interim._REST = int(first), 0, 0
    kill_at(place, when, int(count))
    settings = Settings.from_environment()
    name, wanted = plan_build(Path(folder), settings, model_id="colours")
    build_collection(name, wanted, settings, load=lambda *_: ColourEmbedder())


if __name__ == "__main__":
    main(*sys.argv[1:])
