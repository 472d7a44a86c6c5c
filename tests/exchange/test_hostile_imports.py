"""What is wrong with foreign files is said, with the place and a remedy, and nothing is left."""

import json
import os
import struct

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from search_engine import Library
from search_engine.errors import BadInput, SearchEngineError
from search_engine.exchange import VectorFormat, VectorImport, import_vectors

ROWS = np.eye(4, dtype=np.float32)[:3]
PATHS = ["a/1.jpg", "a/2.jpg", "b/3.jpg"]


@pytest.fixture
def refused(tmp_path, settings, load):
    """Import a folder that has to be refused; give the error."""

    def run(form, **more):
        order = VectorImport(tmp_path / "in", VectorFormat(form), "new", "colours", **more)
        with pytest.raises(SearchEngineError) as caught:
            import_vectors(order, settings, load=load)
        error = caught.value
        assert isinstance(error, BadInput)
        assert error.cause
        assert error.remedy
        assert "new" not in Library(settings).names()
        assert not (settings.collections_folder / "new").exists()
        return error

    (tmp_path / "in").mkdir()
    return run


def flat(rows, form=b"IxFI", **told):
    """Return a flat index that says what it likes."""
    count, dimension = told.get("count", len(rows)), told.get("dimension", rows.shape[1])
    numbers = told.get("numbers", count * dimension)
    head = struct.pack("<4siqqqBiQ", form, dimension, count, 1 << 20, 1 << 20, 1, 0, numbers)
    return head + rows.astype("<f4").tobytes()


def pair(folder, index, paths=PATHS):
    (folder / "index.faiss").write_bytes(index)
    (folder / "image_paths.json").write_text(paths if isinstance(paths, str) else json.dumps(paths))


@pytest.mark.parametrize(
    ("index", "said"),
    [
        (flat(ROWS, b"IHNf"), "no flat index of Faiss"),
        (b"", "no flat index of Faiss"),
        (flat(ROWS)[:-1], "has not the 3 vectors"),
        (flat(ROWS) + b"x", "has not the 3 vectors"),
        (flat(ROWS, count=2**60), "says that it holds"),
        (flat(ROWS, dimension=-4, numbers=0), "says that it holds"),
        (flat(ROWS, numbers=4), "has not the 3 vectors"),
        (flat(ROWS[:2]), "3 pictures and 2 vectors"),
        (flat(ROWS * [[1], [np.nan], [1]]), "Row 2 is no vector"),
        (flat(ROWS * [[1], [1], [0]]), "Row 3 is no vector"),
        (flat(np.full((3, 4), np.inf, np.float32)), "Row 1 is no vector"),
        (flat(np.ones((3, 5), np.float32)), "have 5 dimensions, and those of 'colours' have 4"),
    ],
    ids=range(12),
)
def test_an_index_that_is_none_is_refused(index, said, refused, tmp_path):
    """Of another form, cut off, larger than it is, of another length, without sense."""
    pair(tmp_path / "in", index)
    error = refused("demo")
    assert said in error.cause
    assert str(tmp_path) in error.place


@pytest.mark.parametrize(
    ("paths", "said"),
    [
        ('{"a": 1}', "no list of paths"),
        ('["a/1.jpg", 2, "b/3.jpg"]', "no list of paths"),
        ("[" * 100_000, "it has too many brackets"),
        ("nonsense", "it is no JSON"),
        ("[]", "0 pictures and 3 vectors"),
        ([*PATHS[:2], "../../etc/x.jpg"], "Row 3, '../../etc/x.jpg', leads upwards"),
        ([*PATHS[:2], "a/../b/x.jpg"], "leads upwards"),
        ([*PATHS[:2], "a/passwd"], "is no name of a picture"),
        ([*PATHS[:2], "a/\0.jpg"], "is no path"),
        ([*PATHS[:2], ""], "is no path"),
        ([*PATHS[:2], "\ud800.jpg"], "no name that a file can have"),
        ([*PATHS[:2], "a" * 5000 + ".jpg"], "is no path"),
        ([*PATHS[:2], "a/1.jpg"], "Rows 1 and 3 are of the same picture"),
        ([*PATHS[:2], "./a//1.jpg"], "are of the same picture"),
    ],
    ids=range(14),
)
def test_paths_that_are_none_are_refused(paths, said, refused, tmp_path):
    """No list, a bomb of brackets, paths that lead elsewhere, and one picture twice."""
    pair(tmp_path / "in", flat(ROWS), paths)
    assert said in str(refused("demo"))


@pytest.mark.parametrize("missing", ["index.faiss", "image_paths.json"])
def test_a_missing_file_is_named(missing, refused, tmp_path):
    """And so is the folder that it should be in."""
    pair(tmp_path / "in", flat(ROWS))
    (tmp_path / "in" / missing).unlink()
    error = refused("demo")
    assert missing in error.cause
    assert error.place == str(tmp_path / "in")


def test_a_pipe_is_no_file(refused, tmp_path):
    """Nobody waits for what never comes."""
    pair(tmp_path / "in", flat(ROWS))
    (tmp_path / "in/index.faiss").unlink()
    os.mkfifo(tmp_path / "in/index.faiss")
    assert "no file" in refused("demo").cause


class Bomb:
    """Would run when it is unpickled."""

    def __reduce__(self):
        return os.mkdir, ("pickle-was-run",)


def header(text):
    """Return the head of a NumPy file that says what it likes."""
    head = text.encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head


@pytest.mark.parametrize(
    ("array", "said"),
    [
        (np.array([[Bomb()] * 4] * 3, dtype=object), "Python objects"),
        (np.ones((3, 4), dtype=np.int32), "int32"),
        (np.ones(3, dtype=np.float32), "no vectors"),
        (np.ones((3, 4), dtype="<U4"), "no vectors"),
        (np.ones((3, 4), dtype=np.complex64), "complex64"),
        (b"\x93NUMPY\x09\x00", "no array as NumPy writes it"),
        (b"PK\x03\x04", "no array as NumPy writes it"),
        (header("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 10000)}"), "has 0 bytes"),
        (header("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 10**9)}"), "no array"),
        (
            header("{'descr': '<f4', 'fortran_order': False, 'shape': (4000000000, 4)}"),
            "says that it holds",
        ),
        (header("__import__('os').abort()"), "no array as NumPy writes it"),
    ],
    ids=range(11),
)
def test_an_array_that_is_none_is_refused(array, said, refused, tmp_path, monkeypatch):
    """Objects are never unpickled, and no length is believed."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "in/vectors.npy"
    if isinstance(array, bytes):
        file.write_bytes(array)
    else:
        np.save(file, array, allow_pickle=True)
    (tmp_path / "in/pictures.csv").write_text("path\n" + "\n".join(PATHS) + "\n")
    assert said in refused("numpy").cause
    assert not (tmp_path / "pickle-was-run").exists()


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("", "no picture in it"),
        ("name,score\nx,1\n", "it has: name, score"),
        ("path,width\na/1.jpg\na/2.jpg,1\n", "Line 2 has not as many cells"),
        ("path,width\na/1.jpg,1,2\n", "Line 2 has not as many cells"),
        ("path,width\na/1.jpg,many\na/2.jpg,\na/3.jpg,\n", "Row 1 says 'many' for width"),
        ("path,width\na/1.jpg,-1\na/2.jpg,\na/3.jpg,\n", "Row 1 says '-1' for width"),
        ('path\n"a/1.jpg', "no table"),
        ("path\n" + "a" * 200_000 + ".jpg\n", "no table"),
    ],
    ids=range(8),
)
def test_a_table_that_is_none_is_refused(table, said, refused, tmp_path):
    """Without paths, with lines of other lengths, with numbers that are none."""
    np.save(tmp_path / "in/vectors.npy", ROWS)
    (tmp_path / "in/pictures.csv").write_text(table)
    assert said in refused("numpy").cause


LISTS = pa.array(ROWS.tolist(), pa.list_(pa.float32()))


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"path": PATHS}, "no column with vectors"),
        ({"vector": LISTS}, "no column with paths"),
        ({"path": [1, 2, 3], "vector": LISTS}, "of the type int64"),
        ({"path": ["a.jpg", None, "b.jpg"], "vector": LISTS}, "some are missing"),
        ({"path": PATHS, "vector": [1.0, 2.0, 3.0]}, "of the type double"),
        ({"path": PATHS, "vector": [[1], [2], [3]]}, "of the type list"),
        ({"path": PATHS, "vector": [[1.0, 0.0], [1.0], [1.0]]}, "not all of one length"),
        ({"path": PATHS, "vector": [[1.0, 0.0], None, [1.0, 0.0]]}, "some are missing"),
        ({"path": PATHS, "vector": [[1.0, None], [1.0, 0.0], [1.0, 0.0]]}, "some are missing"),
    ],
    ids=range(9),
)
def test_a_parquet_file_without_sense_is_refused(columns, said, refused, tmp_path):
    """Without paths or vectors, with rows of other lengths, with what is missing."""
    pq.write_table(pa.table(columns), tmp_path / "in/pictures.parquet")
    assert said in refused("parquet").cause


def test_a_broken_parquet_file_is_refused(refused, tmp_path):
    """Cut at any of many places."""
    whole = tmp_path / "whole.parquet"
    pq.write_table(pa.table({"path": PATHS, "vector": LISTS}), whole)
    content = whole.read_bytes()
    for end in (0, 4, len(content) // 2, len(content) - 4):
        (tmp_path / "in/pictures.parquet").write_bytes(content[:end])
        assert "no Parquet file" in refused("parquet").cause


def test_a_text_that_stands_a_million_times_is_read_once(tmp_path, refused):
    """A file of kilobytes does not become gigabytes of paths: the first twin is told."""
    count = 200_000
    long = pa.array(["x" * 3_000 + ".jpg"] * count).dictionary_encode()
    rows = pa.FixedSizeListArray.from_arrays(pa.array(np.ones(count * 4, np.float32) / 2), 4)
    pq.write_table(pa.table({"path": long, "vector": rows}), tmp_path / "in/pictures.parquet")
    assert "Rows 1 and 2 are of the same picture" in refused("parquet").cause


def test_vectors_of_another_model_are_refused_by_what_they_say(refused, tmp_path):
    """The fingerprint in the schema is not that of the model that was named."""
    table = pa.table({"path": PATHS, "vector": LISTS})
    told = {b"model": b"other", b"model_fingerprint": b"colours-2"}
    pq.write_table(table.replace_schema_metadata(told), tmp_path / "in/pictures.parquet")
    assert "they are of 'other', with other weights" in refused("parquet").cause


def test_vectors_of_another_model_are_refused_by_what_they_are(refused, pictures, tmp_path):
    """Pictures that are there are embedded again, and the cosines compared."""
    paths = [file.relative_to(pictures).as_posix() for file in sorted(pictures.rglob("*.png"))]
    rows = np.random.default_rng(3).normal(size=(len(paths), 4)).astype(np.float32)
    np.save(tmp_path / "in/vectors.npy", rows)
    (tmp_path / "in/pictures.csv").write_text("path\n" + "\n".join(paths) + "\n")
    error = refused("numpy", root=pictures)
    assert "not what 'colours' makes of these pictures" in error.cause
    assert "12 that were embedded again" in error.cause


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ([], "no COCO file"),
        ({"images": 3}, "images are no list"),
        ({"images": [{"id": "a", "file_name": "a.jpg"}]}, "has no id, file_name"),
        ({"images": [{"id": 1, "file_name": 5}]}, "has no id, file_name"),
        ({"images": [{"id": 1, "file_name": "a.jpg"}] * 3}, "same id"),
        ({"annotations": [{"image_id": 1, "category_id": 8}]}, "category 8, which is not there"),
        ({"categories": [{"id": 1}]}, "has no id, name"),
        ({"images": [{"id": 1, "file_name": "a.jpg", "width": "wide"}]}, "'wide' for width"),
    ],
    ids=range(8),
)
def test_a_coco_file_without_sense_is_refused(document, said, refused, tmp_path):
    """Every id is a number, every name a text, and what is named is there."""
    np.save(tmp_path / "in/embeddings.npy", ROWS)
    (tmp_path / "in/labels.json").write_text(json.dumps(document))
    assert said in refused("coco").cause


def test_parts_without_their_twin_are_refused(refused, tmp_path):
    """Vectors number 1 need paths number 1, as many of them."""
    for name in ("img_emb", "metadata"):
        (tmp_path / "in" / name).mkdir()
    np.save(tmp_path / "in/img_emb/img_emb_0.npy", ROWS)
    assert "no metadata_0.parquet" in refused("clip-retrieval").cause
    pq.write_table(pa.table({"image_path": PATHS[:2]}), tmp_path / "in/metadata/metadata_0.parquet")
    assert "has 3 vectors, and metadata_0.parquet 2" in refused("clip-retrieval").cause
    np.save(tmp_path / "in/img_emb/img_emb_1.npy", ROWS)
    assert "2 parts with vectors and 1 with paths" in refused("clip-retrieval").cause
