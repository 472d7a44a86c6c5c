"""An index file that came from somebody else is read only if it is one that is written here."""

import hashlib
import io
import json
import struct
import subprocess
import sys
from functools import cache

import faiss
import numpy as np
import pytest

from search_engine import Library, SearchEngine, build_collection, plan_build
from search_engine.building import rebuild_index
from search_engine.errors import CollectionDamaged
from search_engine.index import faiss_indexes
from search_engine.index.faiss_store import FaissStore
from search_engine.index.publication import open_tied
from search_engine.records import IndexKind
from search_engine.settings import PROJECT_FOLDER
from tests.safety.hostile_indexes import DIMENSION, made, vectors

FOREIGN = (
    "PCA4,Flat", "IDMap,Flat", "PQ4x4", "IVF4,Flat", "IVF4,PQ4x4", "SQ8", "HNSW8,SQ8", "HNSW16",
    "IVF4_HNSW8,SQ8", "IVF4,SQfp16", "IVF4,SQ4", "Flat,RFlat", "NSG16,Flat",
)  # fmt: skip


@pytest.fixture
def unread(monkeypatch):
    """Faiss must not get the file at all."""

    def fail(_file):
        pytest.fail("the file was given to Faiss")

    monkeypatch.setattr(faiss_indexes, "read", fail)


def load(content, kind=IndexKind.IVF):
    """Read an index from its bytes."""
    return FaissStore.load(io.BytesIO(content), kind, lambda ids: vectors(len(ids)), "here")


def with_ids(index):
    """Return the bytes of any index of Faiss, followed by picture ids as ours are."""
    file = io.BytesIO(faiss.serialize_index(index).tobytes())
    file.seek(0, 2)
    np.save(file, np.arange(1, index.ntotal + 1, dtype=np.int64))
    return file.getvalue()


@cache
def foreign(form):
    """Return the bytes of an index of a form that is not written here."""
    index = faiss.index_factory(DIMENSION, form, faiss.METRIC_INNER_PRODUCT)
    rows = vectors(300)
    index.train(rows)
    index.add_with_ids(rows, np.arange(300)) if form.startswith("ID") else index.add(rows)
    return with_ids(index)


@pytest.mark.parametrize("kind", [IndexKind.EXACT, IndexKind.HNSW, IndexKind.IVF])
@pytest.mark.parametrize("form", FOREIGN)
def test_other_forms_never_reach_faiss(form, kind, unread):
    """Of the many forms that Faiss reads, only the three that are written here are let through."""
    with pytest.raises(CollectionDamaged, match="The index file cannot be read: "):
        load(foreign(form), kind)


@pytest.mark.parametrize("kind", [IndexKind.EXACT, IndexKind.HNSW, IndexKind.IVF])
def test_another_measure_is_not_ours(kind, unread):
    """Distances instead of products would turn every ranking round."""
    index = faiss.IndexFlatL2(DIMENSION)
    index.add(vectors(50))
    with pytest.raises(CollectionDamaged):
        load(with_ids(index), kind)


def on_disk(tmp_path, victim):
    """Make an index whose lists lie in another file, which Faiss maps for writing."""
    rows = vectors(1_200)
    index = faiss.index_factory(DIMENSION, "IVF4,SQ8", faiss.METRIC_INNER_PRODUCT)
    index.train(rows)
    lists = faiss.OnDiskInvertedLists(index.nlist, index.code_size, str(tmp_path / "lists"))
    index.replace_invlists(lists)
    index.add(rows)
    content = with_ids(index)
    named, other = str(tmp_path / "lists").encode(), str(victim).encode()
    assert content.count(named) == 1
    return content.replace(
        struct.pack("<Q", len(named)) + named, struct.pack("<Q", len(other)) + other
    )


def test_an_index_on_disk_maps_no_file(tmp_path, unread):
    """Lists that lie in a file of the user are refused before that file is opened."""
    victim = tmp_path / "letter.odt"
    victim.write_bytes(b"mine" * 50_000)
    with pytest.raises(CollectionDamaged, match="lists are not in the file"):
        load(on_disk(tmp_path, victim))
    assert victim.read_bytes() == b"mine" * 50_000


def test_a_collection_with_such_an_index_is_refused_and_mended(
    tmp_path, pictures, settings, load, run
):
    """The search says what is wrong, a build makes the index anew, the file stays as it is."""
    name, wanted = plan_build(pictures, settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    victim = tmp_path / "letter.odt"
    victim.write_bytes(b"mine" * 50_000)
    folder = settings.collections_folder / name
    manifest = json.loads((folder / "manifest.json").read_text())
    content = on_disk(tmp_path, victim)
    (folder / manifest["file"]).write_bytes(content)
    manifest |= {"checksum": hashlib.sha256(content).hexdigest(), "kind": "ivf", "count": 1_200}
    manifest["model"]["dimension"] = DIMENSION
    (folder / "manifest.json").write_text(json.dumps(manifest))
    code, _, said = run("search", "#1")
    assert code == 4
    assert "Traceback" not in said
    build_collection(name, wanted, settings, load=load)
    with SearchEngine.open(name, settings, load=load) as engine:
        assert engine.search("red").results[0].record.category == "red"
    assert victim.read_bytes() == b"mine" * 50_000


def test_sizes_beyond_the_file_are_not_believed(unread):
    """A small file that says it holds a million million vectors is refused, not reserved for."""
    content, _ = made(IndexKind.EXACT)
    for count in (10**6, 10**12, -1, 2**62):
        changed = bytearray(content)
        changed[8:16] = struct.pack("<q", count)
        with pytest.raises(CollectionDamaged):
            load(bytes(changed), IndexKind.EXACT)


@pytest.mark.parametrize("count", [None, 10**9], ids=["as it is", "as many as would fit"])
def test_a_file_without_an_end_is_not_read(count, pictures, settings, load):
    """A tebibyte that takes no room on the disk is refused by its size, and made anew."""
    name, wanted = plan_build(pictures, settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    folder = settings.collections_folder / name
    manifest = json.loads((folder / "manifest.json").read_text())
    with (folder / manifest["file"]).open("r+b") as file:
        file.truncate(2**40)
    manifest |= {"count": count or manifest["count"]}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(CollectionDamaged, match=r"larger than an index can be|of this catalog"):
        open_tied(Library(settings).open_catalog(name))
    with SearchEngine.open(name, settings, load=load) as engine:
        assert engine.search("red").results[0].record.category == "red"


def test_a_file_of_the_last_number_takes_no_other_away(pictures, settings, load):
    """Generations begin again where a stranger's file has the highest number."""
    name, wanted = plan_build(pictures, settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    (settings.collections_folder / name / "index.999999999.faiss").write_bytes(b"")
    rebuild_index(name, settings)
    with SearchEngine.open(name, settings, load=load) as engine:
        assert engine.manifest.file == "index.1.faiss"


def places_in_graph(content):
    """Find where a graph keeps its levels, offsets, links and entry."""
    at, found = 4 + 33, {}
    for name, size in (("chances", 8), ("rooms", 4), ("levels", 4), ("offsets", 8), ("links", 4)):
        (count,) = struct.unpack_from("<Q", content, at)
        found[name] = (at + 8, count)
        at += 8 + size * count
    found["entry"] = (at, 1)
    return found


@pytest.mark.parametrize(
    ("where", "value"),
    [("links", 2**31 - 1), ("links", 1_200), ("links", -2), ("levels", 7), ("levels", 0),
     ("offsets", 2**31 - 1), ("rooms", 5), ("entry", 5_000), ("entry", -7)],
)  # fmt: skip
def test_a_graph_that_leads_out_of_its_memory_is_refused(where, value, unread):
    """Every link, level and offset has to lead to a node that is there."""
    content = bytearray(made(IndexKind.HNSW)[0])
    at, _ = places_in_graph(content)[where]
    struct.pack_into("<i", content, at, value)
    with pytest.raises(CollectionDamaged):
        load(bytes(content), IndexKind.HNSW)


def test_picture_ids_are_as_they_were_written(unread):
    """Ids that are too few, doubled, negative or in another form of NumPy are refused."""
    content, _ = made(IndexKind.EXACT)
    at = content.rindex(b"\x93NUMPY")
    for ids in (np.arange(3), np.zeros(40, dtype=np.int64), np.full(40, -5), np.ones(40),
                np.array([1] * 40, dtype=object)):  # fmt: skip
        file = io.BytesIO()
        np.save(file, ids, allow_pickle=True)
        with pytest.raises(CollectionDamaged):
            load(content[:at] + file.getvalue(), IndexKind.EXACT)
    with pytest.raises(CollectionDamaged):
        load(content + b"more", IndexKind.EXACT)


def read_mutations(count, seed):
    """Read mutated indexes of all kinds in a process of their own."""
    script = [sys.executable, "-W", "ignore", "-m", "tests.safety.hostile_indexes"]
    done = subprocess.run(
        [*script, f"{count}", f"{seed}"],
        cwd=PROJECT_FOLDER, capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_mutated_files_end_in_an_answer_or_a_clear_error():
    """A hundred files with bytes that are others: no crash, no other error, no hang."""
    assert "refused" in read_mutations(34, seed=1)


@pytest.mark.long
def test_many_mutated_files_end_in_an_answer_or_a_clear_error():
    """Twelve hundred of them, four hundred of each kind."""
    assert "refused" in read_mutations(400, seed=3)
