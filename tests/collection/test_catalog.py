"""A picture's life in the catalog: ids, paths, and vectors by model."""

import numpy as np
import pytest

from search_engine.collection.catalog import Catalog
from search_engine.records import ModelCard, PictureFacts, PictureFile, SkippedFile, SkipReason
from tests.lookups import at_path

MODEL = ModelCard("model", "print-1", 3, "notes")
OTHER = ModelCard("other", "print-2", 2)
ODD_PATH = b"caf\xe9/\xff\n*.jpg".decode("utf-8", "surrogateescape")


@pytest.fixture
def catalog(tmp_path):
    with Catalog.create(tmp_path / "cats") as catalog:
        yield catalog


def file(path, size=10, time=1):
    return PictureFile(path, size, time)


def facts(content="hash", width=4, height=3, **others):
    return PictureFacts(content, width, height, **others)


def vector(*values):
    return np.array(values, dtype=np.float32)


def add(catalog, *paths):
    return [catalog.pictures.add(file(path), facts(f"hash of {path}")) for path in paths]


def paths(catalog):
    return {record.picture_id: record.path for record in catalog.pictures}


def batches(catalog, model=MODEL, **since):
    """All vectors of a model by id."""
    return {
        int(picture_id): row.tolist()
        for ids, rows in catalog.vectors.batches(model, **since)
        for picture_id, row in zip(ids, rows, strict=True)
    }


def test_what_is_added_is_found_again(catalog):
    """All that is known of a picture comes back by id, by path, by content and in a walk."""
    about = facts("abc", 640, 480, taken_at="2024-05-01T10:00:00", camera="Maker Model")
    number = catalog.pictures.add(file("cats/a.jpg", 99, 2**62), about)
    record = at_path(catalog, "cats/a.jpg")
    assert record.picture_id == number
    assert (record.path, record.category) == ("cats/a.jpg", "cats")
    assert (record.size_bytes, record.modified_ns) == (99, 2**62)
    assert (record.content_hash, record.width, record.height) == ("abc", 640, 480)
    assert (record.taken_at, record.camera) == ("2024-05-01T10:00:00", "Maker Model")
    assert catalog.pictures.by_id([number, 999]) == {number: record}
    assert catalog.pictures.ids_with_content("abc") == [number]
    assert list(catalog.pictures) == [record]
    assert len(catalog.pictures) == 1


def test_what_was_never_added_is_not_found(catalog):
    """Strangers are answered with nothing instead of an error."""
    add(catalog, "a.jpg")
    assert at_path(catalog, "A.jpg") is None
    assert catalog.pictures.by_id([77]) == {}
    assert catalog.pictures.ids_with_content("none") == []


def test_many_ids_at_once(catalog):
    """More ids than fit into one statement are looked up all the same."""
    with catalog.transaction():
        ids = add(catalog, *(f"{number}.jpg" for number in range(2100)))
    assert sorted(catalog.pictures.by_id(ids)) == ids
    assert [record.picture_id for record in catalog.pictures] == ids


def test_a_changed_picture_keeps_its_id(catalog):
    """New content under an old path is the same picture with new facts."""
    number, _ = add(catalog, "a.jpg", "b.jpg")
    catalog.pictures.change(number, file("a.jpg", 77, 5), facts("new", 8, 9))
    record = at_path(catalog, "a.jpg")
    assert (record.picture_id, record.size_bytes, record.modified_ns) == (number, 77, 5)
    assert (record.content_hash, record.width, record.height) == ("new", 8, 9)
    assert at_path(catalog, "b.jpg").content_hash == "hash of b.jpg"


def test_moves_swaps_and_chains_keep_ids(catalog):
    """Pictures may take each other's places in one step; facts and vectors go with the id."""
    a, b, c, d = add(catalog, "a.jpg", "b.jpg", "x/c.jpg", "d.jpg")
    catalog.vectors.put(MODEL, [a], [vector(1, 0, 0)])
    records = catalog.pictures.by_id([a, b, c, d])
    with catalog.transaction():
        catalog.pictures.relocate(
            [
                (records[a], file("b.jpg", 11, 12)),
                (records[b], file("a.jpg")),
                (records[c], file("d.jpg")),
                (records[d], file("y/new.jpg")),
            ]
        )
    assert paths(catalog) == {a: "b.jpg", b: "a.jpg", c: "d.jpg", d: "y/new.jpg"}
    moved = catalog.pictures.by_id([a, c, d])
    assert (moved[a].size_bytes, moved[a].modified_ns) == (11, 12)
    assert moved[a].content_hash == "hash of a.jpg"
    assert (moved[c].category, moved[d].category) == (None, "y")
    assert batches(catalog) == {a: [1, 0, 0]}


def test_a_removed_picture_is_gone_with_its_vectors(catalog):
    """Removal takes record and vectors of all models, and nothing of others."""
    a, b = add(catalog, "a.jpg", "b.jpg")
    catalog.vectors.put(MODEL, [a, b], [vector(1, 0, 0), vector(0, 1, 0)])
    catalog.vectors.put(OTHER, [a], [vector(1, 0)])
    catalog.pictures.remove([a])
    assert paths(catalog) == {b: "b.jpg"}
    assert batches(catalog) == {b: [0, 1, 0]}
    assert batches(catalog, OTHER) == {}


def test_ids_are_never_used_again(tmp_path):
    """Not even after everything was removed and the catalog was closed."""
    with Catalog.create(tmp_path) as catalog:
        gone = add(catalog, "a.jpg", "b.jpg")
        catalog.pictures.remove(gone)
    with Catalog.open(tmp_path) as catalog:
        (fresh,) = add(catalog, "a.jpg")
    assert fresh > max(gone)


def test_categories_are_counted_by_name(catalog):
    """Each first folder counts its pictures, those without one under None."""
    add(catalog, "b/1.jpg", "a/1.jpg", "top.jpg", "b/deep/2.jpg")
    assert catalog.pictures.categories() == {None: 1, "a": 1, "b": 2}
    assert list(catalog.pictures.categories())[1:] == ["a", "b"]


def test_copies_are_known_by_content(catalog):
    """All pictures of one content are known."""
    ids = [catalog.pictures.add(file(path), facts("same")) for path in ("b.jpg", "a.jpg")]
    add(catalog, "c.jpg")
    assert sorted(catalog.pictures.ids_with_content("same")) == ids
    assert catalog.pictures.content_hashes() == {"same", "hash of c.jpg"}


def test_names_that_are_not_utf8_survive(catalog):
    """Path and category lead back to the file byte for byte, also after a move."""
    number = catalog.pictures.add(file(ODD_PATH), facts())
    record = at_path(catalog, ODD_PATH)
    assert (record.path, record.category) == (ODD_PATH, ODD_PATH.partition("/")[0])
    assert record.category in catalog.pictures.categories()
    catalog.pictures.relocate([(record, file("b/" + ODD_PATH))])
    assert paths(catalog) == {number: "b/" + ODD_PATH}
    catalog.skipped.put([SkippedFile(ODD_PATH, SkipReason.EMPTY, "")])
    assert [skip.path for skip in catalog.skipped] == [ODD_PATH]


def test_vectors_of_two_models_never_mix(catalog):
    """Each model has its own vectors, of its own dimension, for the same pictures."""
    a, b = add(catalog, "a.jpg", "b.jpg")
    catalog.vectors.put(MODEL, [a, b], [vector(1, 2, 3), vector(4, 5, 6)])
    catalog.vectors.put(OTHER, [b], [vector(7, 8)])
    assert batches(catalog) == {a: [1, 2, 3], b: [4, 5, 6]}
    assert batches(catalog, OTHER) == {b: [7, 8]}
    assert (catalog.vectors.count(MODEL), catalog.vectors.count(OTHER)) == (2, 1)
    assert catalog.vectors.ids(OTHER).tolist() == [b]
    assert catalog.vectors.one(OTHER, a) is None
    catalog.vectors.forget_other_models(OTHER)
    assert (catalog.vectors.count(MODEL), catalog.vectors.count(OTHER)) == (0, 1)


def test_a_model_is_known_by_its_fingerprint(catalog):
    """The same weights under another name share vectors; other weights of that name do not."""
    (a,) = add(catalog, "a.jpg")
    catalog.vectors.put(MODEL, [a], [vector(1, 0, 0)])
    assert batches(catalog, ModelCard("copy", MODEL.fingerprint, 3)) == {a: [1, 0, 0]}
    assert batches(catalog, ModelCard(MODEL.model_id, "print-9", 3)) == {}


def test_a_vector_is_replaced(catalog):
    """What was stored for a picture before does not stay beside the new vector."""
    (a,) = add(catalog, "a.jpg")
    catalog.vectors.put(MODEL, [a], [vector(1, 0, 0)])
    catalog.vectors.put(MODEL, [a], [vector(0, 1, 0)])
    assert batches(catalog) == {a: [0, 1, 0]}
    assert catalog.vectors.one(MODEL, a).tolist() == [0, 1, 0]


def test_vectors_come_in_the_order_that_was_asked_for(catalog):
    """Rows follow the ids, repeated ones included, with NaN for ids that have no vector."""
    ids = add(catalog, "a.jpg", "b.jpg", "c.jpg")
    catalog.vectors.put(MODEL, ids, [vector(n, 0, 0) for n in range(3)])
    asked = np.array([ids[2], 999, ids[0]])
    assert catalog.vectors.of(MODEL, asked)[:, 0] == pytest.approx([2, np.nan, 0], nan_ok=True)
    assert catalog.vectors.source(MODEL)(asked)[0].tolist() == [2, 0, 0]
    assert catalog.vectors.of(MODEL, asked[:0]).shape == (0, 3)
    twice = catalog.vectors.of(MODEL, np.array([ids[1], ids[2], ids[1]]))
    assert twice[:, 0].tolist() == [1, 2, 1]


def test_many_vectors_come_back_in_order(catalog):
    """More vectors than fit into one step are all there, ordered by id."""
    count = 5000
    with catalog.transaction():
        ids = add(catalog, *(f"{number}.jpg" for number in range(count)))
        catalog.vectors.put(MODEL, ids, list(np.eye(1, 3, dtype=np.float32).repeat(count, axis=0)))
    assert list(batches(catalog)) == ids
    backwards = np.array(ids[::-1])
    assert not np.isnan(catalog.vectors.of(MODEL, backwards)).any()


def test_later_vectors_only(catalog):
    """After a revision come the vectors that were put or replaced since, and no others."""
    a, b, c = add(catalog, "a.jpg", "b.jpg", "c.jpg")
    catalog.vectors.put(MODEL, [a, b], [vector(1, 0, 0), vector(0, 1, 0)])
    before = catalog.revision
    catalog.vectors.put(MODEL, [c], [vector(0, 0, 1)])
    catalog.vectors.put(MODEL, [a], [vector(0, 1, 1)])
    assert batches(catalog, after_revision=before) == {a: [0, 1, 1], c: [0, 0, 1]}
    assert batches(catalog, after_revision=catalog.revision) == {}
