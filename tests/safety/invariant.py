"""What has to hold after any fault, and after it was mended: one place for all tests of faults."""

from collections import Counter

import numpy as np

from search_engine import Library
from search_engine.checking import FaultKind, check_collection
from search_engine.cli.remedies import told
from search_engine.collection.manifest import read_manifest
from search_engine.errors import CollectionDamaged, IndexMissing
from tests.safety.history import NAME

SAME = 0.999
"""Cosine between a stored vector and a fresh one of the same picture."""
_SCORE = 0.01
_QUERIES = ("red", "green", "a blue thing", "yellow")


def right_or_told(world, kinds=(IndexMissing, CollectionDamaged)):
    """Make sure that a collection shows nothing wrong: it opens and all is right, or it says why.

    Return nothing, or the message.
    """
    try:
        with world.open() as engine:
            wrong = list(wrong_things(engine, world))
    except kinds as error:
        if not error.remedy:
            raise
        return told(error)
    assert not wrong, wrong[:10]
    return ""


def wrong_things(engine, world):
    """Find all that an open collection says and that is not so.

    Every vector is compared with one made now of the content that the catalog says the picture had
    when it was read, every thumbnail with one made of that content, every score with both.
    """
    records = {record.picture_id: record for record in engine.catalog.pictures}
    model = engine.manifest.model
    ids = np.array(sorted(records), dtype=np.int64)
    vectors = engine.catalog.vectors.of(model, ids)
    for picture_id, vector in zip(ids.tolist(), vectors, strict=True):
        record = records[picture_id]
        if record.content_hash not in world.contents:
            yield f"{record.path}: nobody knows its content {record.content_hash[:8]}"
        elif not np.isnan(vector[0]) and vector @ world.vector(record.content_hash, model) < SAME:
            yield f"{record.path}: its vector is of another picture"
    yield from _wrong_thumbnails(engine, world, records.values())
    embedded = ids[~np.isnan(vectors[:, 0])].tolist()
    some = world.chance.sample(embedded, k=min(2, len(embedded)))
    for query in (*_QUERIES, *(f"#{picture_id}" for picture_id in some)):
        yield from wrong_answers(engine, world, query)


def _wrong_thumbnails(engine, world, records):
    for record in records:
        file = engine.thumbnail_path(record)
        known = record.content_hash in world.contents
        if known and file.exists() and file.read_bytes() != world.thumbnail(record.content_hash):
            yield f"{record.path}: its thumbnail shows something else"


def wrong_answers(engine, world, query, k=1000):
    """Find results whose score is not that of what is shown, or that are doubled or unsorted."""
    answer = engine.search(query, k=k)
    found, card = answer.results, engine.manifest.model
    for result in found:
        content_hash = result.record.content_hash
        if content_hash not in world.contents:
            yield f"{query}: {result.record.path} has a content that nobody knows"
            continue
        true = float(answer.encoded.vector @ world.vector(content_hash, card))
        if abs(true - result.score) > _SCORE:
            yield f"{query}: {result.record.path} scores {result.score:.3f}, truly {true:.3f}"
    twice = [i for i, n in Counter(r.record.picture_id for r in found).items() if n > 1]
    if twice:
        yield f"{query}: twice {twice}"
    scores = [result.score for result in found]
    if scores != sorted(scores, reverse=True):
        yield f"{query}: not in order"


def all_right(world):
    """Make sure that a collection says exactly what its folder shows now, and is sound."""
    shown = world.shown()
    with world.open() as engine:
        assert not list(wrong_things(engine, world))[:10]
        catalog, model = engine.catalog, engine.manifest.model
        records = list(catalog.pictures)
        assert {r.path: r.content_hash for r in records} == shown
        ids = sorted(record.picture_id for record in records)
        assert catalog.vectors.ids(model).tolist() == ids
        assert engine.store.ids().tolist() == ids
        assert (len(engine), engine.manifest.count) == (len(shown), len(shown))
        assert engine.manifest.made_of == catalog.version
        assert all(engine.thumbnail_path(record).is_file() for record in records)
        assert len(engine.search("red", k=len(shown) + 5).results) == len(shown)
        assert catalog.problem() == ""
    report = check_collection(NAME, world.settings, sample=5, load=world.load)
    assert {fault.kind for fault in report.faults} <= {FaultKind.LEFTOVERS}, report.faults
    assert read_manifest(world.folder).count == len(shown)


def mended_by_index(world, before, **how):
    """Run one `index`, and make sure that all is right, kept and embedded once.

    Args:
        world: The folder and its collection.
        before: What the catalog held with a vector, as `World.committed` told it.
        how: What the build is asked for beside that.
    """
    report = world.build(**how)
    all_right(world)
    shown = world.shown()
    known = {content for _, content in before.values()}
    assert report.embedded == len(set(shown.values()) - known), report
    ids_kept(world, before)
    assert world.build().embedded == 0
    return report


def ids_kept(world, before):
    """Make sure that each picture has the id it had, wherever its file is now."""
    with Library(world.settings).open_catalog(NAME) as catalog:
        after = {r.picture_id: (r.path, r.content_hash) for r in catalog.pictures}
    contents = Counter(content for _, content in after.values())
    for picture_id, (path, content) in before.items():
        if contents[content] == 1:
            assert after[picture_id][1] == content, f"#{picture_id} {path} has another id now"
        elif not contents[content] and picture_id in after:
            assert after[picture_id][0] == path, f"#{picture_id} was {path}"
    return after
