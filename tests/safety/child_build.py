"""A build in a process of its own, to be killed.

python -m tests.safety.child_build PLACE MODEL WORK CLOCK [FUNCTION before|after N]

It says when it is ready, waits for a line, and tells the number of stored pictures after each
batch. WORK is ``update``, ``rebuild``, ``migrate``, or the kind of index that is wanted.
"""

import sys
import time
from pathlib import Path

from search_engine import Library, build_collection, plan_build
from search_engine.building import pipeline, rebuild_index
from search_engine.collection.catalog import CATALOG_FILE
from search_engine.collection.catalog.opening import open_database
from search_engine.collection.catalog.schema import MIGRATIONS
from search_engine.embedding import load_embedder
from search_engine.settings import MINI_MODEL, Settings
from tests.building.killed_build import kill_at
from tests.conftest import ColourEmbedder
from tests.safety.history import NAME, READY

NEXT = (
    "UPDATE skipped SET detail = hex(randomblob(300));"
    " ALTER TABLE pictures ADD COLUMN noted TEXT;"
    " UPDATE pictures SET noted = hex(randomblob(200));"
    " CREATE TABLE notes (path BLOB PRIMARY KEY, text TEXT NOT NULL);"
    " INSERT INTO notes SELECT path, detail FROM skipped;"
    " CREATE INDEX notes_by_text ON notes (text)"
)
"""The step to a version that is made up, and takes a while."""


def main(place, model, work, clock, *moment):
    """Build, as it is told to."""
    pipeline.BATCH_SIZE = 8
    settings = Settings(Path(place) / "data")
    embedder = load_embedder(model, settings) if model == MINI_MODEL else ColourEmbedder()
    if int(clock):
        now, shift = time.time, int(clock)
        time.time = lambda: now() + shift
    print(READY, flush=True)  # noqa: T201 - the parent listens
    sys.stdin.readline()
    if moment:
        kill_at(moment[0], moment[1], int(moment[2]))
    if work == "migrate":
        open_database(Library(settings).folder(NAME) / CATALOG_FILE, (*MIGRATIONS, NEXT)).close()
        return
    if work == "rebuild":
        rebuild_index(NAME, settings)
        return
    kind = None if work == "update" else work
    name, wanted = plan_build(
        Path(place) / "pictures", settings, name=NAME, model_id=model, kind=kind
    )
    build_collection(name, wanted, settings, load=lambda *_: embedder, on_progress=tell)


def tell(progress):
    """Say how many pictures were stored; those are committed."""
    if progress.stage == "embed":
        print(progress.done - progress.skipped, flush=True)  # noqa: T201 - the parent listens


if __name__ == "__main__":
    main(*sys.argv[1:])
