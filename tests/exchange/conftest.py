"""A collection of colours to hand on, and one call to take such a one over."""

import numpy as np
import pytest

from search_engine import SearchEngine
from search_engine.exchange import VectorFormat, VectorImport, import_vectors
from search_engine.records import Filters


@pytest.fixture
def shared(build, engine, settings):
    """The collection of colours, open, with a tag of its own and a hidden picture."""
    build()
    opened = engine()
    tags = opened.catalog.tags
    tags.add([1, 2], "sea")
    tags.add([2], 'Ärger, "quoted"')
    tags.hide([5])
    return opened


@pytest.fixture
def take(settings, load):
    """Import a folder as a collection and open it; all are closed at the end."""
    opened = []

    def run(folder, form, name="taken", model="colours", **more):
        order = VectorImport(folder, VectorFormat(form), name, model, **more)
        report = import_vectors(order, settings, load=load)
        opened.append(SearchEngine.open(name, settings, load=load))
        return report, opened[-1]

    yield run
    for one in opened:
        one.close()


def told(engine):
    """Return all that is known of a collection's pictures, by path, with vectors as bytes."""
    hidden = set(engine.catalog.pictures.matching(Filters(hidden=True)).tolist())
    tags = engine.catalog.tags.of([one.picture_id for one in engine.catalog.pictures])
    return {
        one.path: (
            one.category, one.width, one.height, one.content_hash, one.taken_at, one.camera,
            one.modified_ns, set(tags.get(one.picture_id, ())), one.picture_id in hidden,
            engine.embeddings.of(np.array([one.picture_id]))[0].tobytes(),
        )
        for one in engine.catalog.pictures
    }  # fmt: skip


def vectors_of(engine):
    """Return the vector of each picture by path, as bytes."""
    return {path: facts[-1] for path, facts in told(engine).items()}
