"""The index on disk: readers find a matching pair at any moment, or are told what is wrong."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from search_engine.collection.manifest import MANIFEST_FILE, read_manifest
from search_engine.errors import CollectionDamaged, IndexMissing
from search_engine.index import new_store
from search_engine.index.generations import open_published, publish
from search_engine.index.store import CONCRETE_KINDS
from search_engine.index.tuning import Appraisal, text_recall
from search_engine.records import CatalogVersion, IndexKind, ModelCard

MODEL = ModelCard("model", "print", 8, "notes")


def vectors(count):
    """Unit vectors; the first so many of always the same ones."""
    rows = np.random.default_rng(0).normal(size=(100, 8)).astype(np.float32)[:count]
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def source(_):
    """What a catalog gives to a store: the vectors of ids, which begin at one."""
    return lambda ids: vectors(100)[np.asarray(ids) - 1]


def made_of(revision):
    return CatalogVersion("catalog", revision, f"token {revision}")


def store_of(count, kind=IndexKind.EXACT):
    store = new_store(kind, 8, source(MODEL))
    store.add(np.arange(1, count + 1), vectors(count))
    return store


def put(folder, count=3, revision=1, **others):
    return publish(folder, store_of(count, **others), MODEL, made_of(revision))


def files(folder):
    return sorted(file.name for file in folder.iterdir())


@pytest.fixture
def folder(tmp_path):
    return tmp_path


@pytest.mark.parametrize("kind", CONCRETE_KINDS)
def test_what_is_published_is_opened(folder, kind):
    """The manifest tells how the index was made, and the index answers as before."""
    store = store_of(20, kind)
    began = datetime.now(UTC).replace(microsecond=0)
    published = publish(folder, store, MODEL, made_of(7))
    manifest, opened = open_published(folder, source)
    assert manifest == published == read_manifest(folder)
    assert (manifest.kind, manifest.count, manifest.made_of) == (kind, 20, made_of(7))
    assert (manifest.model, manifest.parameters) == (MODEL, store.parameters)
    assert began <= datetime.fromisoformat(manifest.created_at) <= datetime.now(UTC)
    assert opened.ids().tolist() == list(range(1, 21))
    query = vectors(5)[4]
    assert (
        opened.search(query, 3).picture_ids.tolist() == store.search(query, 3).picture_ids.tolist()
    )


def test_a_manifest_of_before_is_still_read(folder):
    """What was published before there were notes and measurements opens as it did."""
    put(folder)
    file = folder / MANIFEST_FILE
    text = json.loads(file.read_text("utf-8"))
    del text["note"], text["instead_of"]
    file.write_text(json.dumps(text | {"format_version": 1}), "utf-8")
    manifest, store = open_published(folder, source)
    assert (manifest.note, manifest.instead_of, len(store)) == ("", None, 3)
    assert text_recall(manifest) is None


def test_what_was_measured_stands_in_the_manifest(folder):
    """Figures, note and the kind that was wanted are read back as they were published."""
    appraisal = Appraisal({"text_recall_at_10": 0.97}, "A note.", IndexKind.HNSW)
    publish(folder, store_of(5), MODEL, made_of(1), appraisal)
    manifest = read_manifest(folder)
    assert text_recall(manifest) == 0.97
    assert (manifest.note, manifest.instead_of) == ("A note.", IndexKind.HNSW)


def test_an_empty_index_can_be_published(folder):
    """A collection whose pictures all went has an index of nothing."""
    publish(folder, new_store(IndexKind.EXACT, 8, source(MODEL)), MODEL, made_of(1))
    manifest, store = open_published(folder, source)
    assert manifest.count == len(store) == 0


def test_generations_count_up_and_old_files_go(folder):
    """Each publication has a higher number, and only the newest index stays on disk."""
    numbers = [put(folder, count).generation for count in (3, 4, 5)]
    assert numbers == sorted(set(numbers))
    manifest, store = open_published(folder, source)
    assert (manifest.generation, len(store)) == (numbers[-1], 5)
    assert files(folder) == sorted([manifest.file, MANIFEST_FILE])


def test_a_number_is_not_used_again_after_the_file_was_lost(folder):
    """A generation means one index, even if somebody deleted the file of the last."""
    put(folder)
    before = put(folder)
    (folder / before.file).unlink()
    assert put(folder).generation > before.generation


def test_nothing_published_is_said_with_a_remedy(folder):
    """Before the first publication there is no manifest, and opening says what to do."""
    assert read_manifest(folder) is None
    with pytest.raises(IndexMissing) as missing:
        open_published(folder, source)
    assert missing.value.remedy


@pytest.mark.parametrize("step", ["before the manifest", "at the manifest", "in the index file"])
def test_a_crash_leaves_the_old_pair(folder, monkeypatch, step):
    """Whenever a publication ends early, readers find the one before; the next one succeeds."""
    before = put(folder, 3)
    replaced = Path.replace

    def crash(*_, **__):
        raise KeyboardInterrupt

    def crash_at_the_manifest(self, target):
        if Path(target).name == MANIFEST_FILE:
            raise KeyboardInterrupt
        return replaced(self, target)

    store = store_of(5)
    with monkeypatch.context() as crashing:
        if step == "before the manifest":
            crashing.setattr(json, "dumps", crash)
        elif step == "at the manifest":
            crashing.setattr(Path, "replace", crash_at_the_manifest)
        else:
            crashing.setattr(store, "save", lambda file: (file.write(b"half"), crash()))
        with pytest.raises(KeyboardInterrupt):
            publish(folder, store, MODEL, made_of(2))
    manifest, opened = open_published(folder, source)
    assert manifest == before
    assert opened.ids().tolist() == [1, 2, 3]
    after = put(folder, 4)
    assert after.generation > before.generation
    assert files(folder) == sorted([after.file, MANIFEST_FILE])


def test_leftovers_go_with_the_next_publication(folder):
    """Half-written files of a crash go; those of others stay, and what is being written now."""
    names = (".9.partial", "manifest.partial", "index.4.faiss", "catalog.sqlite", ".now.partial")
    for name in names:
        (folder / name).write_bytes(b"left over")
    for name in names[:-1]:
        os.utime(folder / name, (1, 1))
    manifest = put(folder)
    stay = ["catalog.sqlite", ".now.partial", manifest.file, MANIFEST_FILE]
    assert files(folder) == sorted(stay)
    assert len(open_published(folder, source)[1]) == 3


@pytest.mark.parametrize("name", ["index.old.faiss", "index.1 (copy).faiss"])
def test_a_copy_of_an_index_file_does_not_stop_a_publication(folder, name):
    """A file that only looks like one of ours is no reason to fail."""
    (folder / name).write_bytes(b"somebody's copy")
    manifest = put(folder)
    assert open_published(folder, source)[0] == manifest


def cut(content):
    return content[: len(content) // 2]


def flipped(content):
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


@pytest.mark.parametrize(
    "damage", [cut, flipped, lambda _: b"", lambda content: content + b"\0"],
    ids=["cut", "one bit", "empty", "longer"],
)  # fmt: skip
def test_a_damaged_index_file_is_not_searched(folder, damage):
    """Any change to the file is noticed and told with its place and a remedy."""
    file = folder / put(folder).file
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(CollectionDamaged) as damaged:
        open_published(folder, source)
    assert file.name in str(damaged.value)
    assert damaged.value.remedy


def test_a_missing_index_file_is_damage(folder):
    """A manifest whose file is gone is told with a remedy, and heals with a publication."""
    (folder / put(folder).file).unlink()
    with pytest.raises(CollectionDamaged, match="missing") as damaged:
        open_published(folder, source)
    assert damaged.value.remedy
    put(folder, 4)
    assert len(open_published(folder, source)[1]) == 4


def test_a_foreign_index_file_is_not_searched(folder):
    """An index that does not hold what its manifest says is refused, though it is whole."""
    manifest = put(folder, 3)
    text = json.loads((folder / MANIFEST_FILE).read_text("utf-8"))
    for lie in ({"count": 4}, {"model": text["model"] | {"dimension": 9}}):
        (folder / MANIFEST_FILE).write_text(json.dumps(text | lie), "utf-8")
        with pytest.raises(CollectionDamaged):
            open_published(folder, source)
    assert manifest.count == 3


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "null", "7", '"text"', "{}", '{"format_version": 1}', "\udcff",
        '{"format_version": "1", "model": {}}', '{"format_version": 1, "model": [], "kind": 1}',
        '{"format_version": 1, "model": null, "kind": "exact"}',
    ],
)  # fmt: skip
def test_a_manifest_of_nonsense_is_damage(folder, text):
    """Whatever stands in the manifest, the answer is one error with place and remedy."""
    put(folder)
    (folder / MANIFEST_FILE).write_bytes(text.encode("utf-8", "surrogateescape"))
    for read in (read_manifest, lambda folder: open_published(folder, source)):
        with pytest.raises(CollectionDamaged) as damaged:
            read(folder)
        assert MANIFEST_FILE in str(damaged.value)
        assert damaged.value.remedy
    put(folder, 4)
    assert open_published(folder, source)[0].count == 4


@pytest.mark.parametrize(
    "change",
    [{"kind": "quantum"}, {"surprise": 1}, {"file": None}, {"format_version": None}],
    ids=str,
)
def test_a_manifest_with_wrong_entries_is_damage(folder, change):
    """Every entry is one that this version can use, or the collection is told to be damaged."""
    put(folder)
    text = json.loads((folder / MANIFEST_FILE).read_text("utf-8"))
    (folder / MANIFEST_FILE).write_text(json.dumps(text | change), "utf-8")
    with pytest.raises(CollectionDamaged):
        open_published(folder, source)


def test_a_newer_manifest_is_told_as_such(folder):
    """What a later program published is refused with the advice to update."""
    put(folder)
    text = json.loads((folder / MANIFEST_FILE).read_text("utf-8"))
    newer = text | {"format_version": text["format_version"] + 1, "surprise": True}
    (folder / MANIFEST_FILE).write_text(json.dumps(newer), "utf-8")
    with pytest.raises(CollectionDamaged, match="newer version") as refused:
        read_manifest(folder)
    assert "Update" in refused.value.remedy


def test_a_reader_that_is_overtaken_reads_again(folder):
    """If the file goes because a newer one came, the newer pair is opened instead of failing."""
    put(folder, 1)
    overtaking = iter([2, 3])

    def overtaken(model):
        for count in overtaking:
            put(folder, count)
            break
        return source(model)

    manifest, store = open_published(folder, overtaken)
    assert manifest.count == len(store) == 3


def test_a_reader_always_finds_a_matching_pair(folder):
    """While thirty generations are published, every opening gives an index with its manifest."""
    put(folder, 1, revision=1)

    def publish_all():
        for number in range(2, 32):
            put(folder, number, revision=number)

    with ThreadPoolExecutor(1) as pool:
        publishing = pool.submit(publish_all)
        seen = []
        while not publishing.done() or not seen:
            manifest, store = open_published(folder, source)
            assert store.ids().tolist() == list(range(1, manifest.count + 1))
            assert manifest.catalog_revision == manifest.count
            seen.append(manifest.generation)
        publishing.result()
    assert seen == sorted(seen)
    assert open_published(folder, source)[0].count == 31


def test_the_model_of_the_manifest_gives_the_vectors(folder):
    """The source of original vectors is asked for with the model that made the index."""
    put(folder)
    asked = []
    open_published(folder, lambda model: (asked.append(model), source(model))[1])
    assert asked == [MODEL]
