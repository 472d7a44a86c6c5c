"""What is exported is imported again as it was: by our own reader, and by those of others."""

import json
import shutil

import faiss
import numpy as np
import pyarrow.parquet as pq
import pytest

from search_engine.errors import BadInput
from search_engine.exchange import VectorFormat, export_vectors, take_vectors
from search_engine.explore import draw_picture_map
from tests.exchange.conftest import told, vectors_of

ALL = list(VectorFormat)
OF_PATHS = [form for form in ALL if form is not VectorFormat.FIFTYONE]


def bytes_in(folder):
    return {file.name: file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize("form", OF_PATHS)
def test_vectors_come_back_bit_for_bit(form, shared, take, tmp_path):
    """Every format gives each picture its vector back, and finds its file."""
    export_vectors(shared, form, tmp_path / "out")
    report, taken = take(tmp_path / "out", form, root=shared.collection.root)
    assert (report.with_file, report.missing, report.scaled) == (12, 0, 0)
    assert report.compared == 12
    assert report.cosine == pytest.approx(1)
    assert vectors_of(taken) == vectors_of(shared)
    assert [one.path for one in taken.catalog.pictures] == [
        one.path for one in shared.catalog.pictures
    ]
    found = taken.search("red", k=2)
    assert {one.record.category for one in found.results} == {"red"}
    assert taken.thumbnail_path(found.results[0].record).is_file()


@pytest.mark.parametrize("form", ["parquet", "numpy"])
def test_all_that_is_known_comes_back_without_any_file(form, shared, take, tmp_path):
    """Facts, tags, and what is hidden, where no picture is there at all."""
    export_vectors(shared, VectorFormat(form), tmp_path / "out")
    report, taken = take(tmp_path / "out", form)
    assert (report.missing, report.compared, report.cosine) == (12, 0, None)
    assert told(taken) == told(shared)


@pytest.mark.parametrize("form", ["parquet", "numpy", "demo", "coco", "clip-retrieval"])
def test_a_second_export_has_the_same_bytes(form, shared, take, tmp_path):
    """Nothing changes on the way through a collection."""
    form = VectorFormat(form)
    export_vectors(shared, form, tmp_path / "one")
    _, taken = take(tmp_path / "one", form, root=shared.collection.root)
    if form is not VectorFormat.COCO and not form.keeps_all:  # else tags came along
        taken.catalog.tags.add([1, 2], "sea")
        taken.catalog.tags.add([2], 'Ärger, "quoted"')
    export_vectors(taken, form, tmp_path / "two")
    assert bytes_in(tmp_path / "one") == bytes_in(tmp_path / "two")


def test_the_five_lines_of_the_demo_read_its_pair(shared, tmp_path):
    """`faiss.read_index` and `json.load`: row i is of path i, and the nearest of it is itself."""
    export_vectors(shared, VectorFormat.DEMO, tmp_path / "pair")
    index = faiss.read_index(str(tmp_path / "pair/index.faiss"))
    with (tmp_path / "pair/image_paths.json").open() as file:
        paths = json.load(file)
    query = index.reconstruct(3)[None]
    scores, rows = index.search(query, 1)
    assert paths[rows[0][0]].rpartition("/")[0] == paths[3].rpartition("/")[0]
    assert scores[0][0] == pytest.approx(1)
    by_path = {str(shared.collection.root / path): one for path, one in vectors_of(shared).items()}
    assert [index.reconstruct(row).tobytes() for row in range(index.ntotal)] == [
        by_path[path] for path in paths
    ]


def test_a_flat_index_has_the_bytes_that_faiss_gives_it(shared, tmp_path):
    """Byte for byte, so that no reader of Faiss can tell the two apart."""
    export_vectors(shared, VectorFormat.DEMO, tmp_path / "pair")
    index = faiss.IndexFlatIP(4)
    index.add(take_vectors(shared).vectors)
    faiss.write_index(index, str(tmp_path / "theirs.faiss"))
    theirs = (tmp_path / "theirs.faiss").read_bytes()
    assert (tmp_path / "pair/index.faiss").read_bytes() == theirs


@pytest.mark.parametrize("kind", [faiss.IndexFlatIP, faiss.IndexFlatL2])
def test_a_pair_of_the_demo_becomes_a_collection(kind, pictures, embedder, take, tmp_path):
    """Made with the real Faiss as the demo makes it, with paths of the machine that made it."""
    from PIL import Image

    files = sorted(pictures.rglob("*.png"))
    rows = embedder.embed_pictures([Image.open(file).convert("RGB") for file in files])
    index = kind(4)
    index.add(rows)
    folder = tmp_path / "pair"
    folder.mkdir()
    faiss.write_index(index, str(folder / "index.faiss"))
    elsewhere = [f"/home/somebody/images/{file.relative_to(pictures)}" for file in files]
    (folder / "image_paths.json").write_text(json.dumps(elsewhere))
    report, taken = take(folder, "demo", root=pictures)
    assert (report.with_file, report.missing) == (12, 0)
    assert taken.search("green", k=1).results[0].record.category == "green"
    assert vectors_of(taken)["red/0.png"] == rows[files.index(pictures / "red/0.png")].tobytes()


def test_parquet_is_what_other_programs_read(shared, tmp_path):
    """A list of one length, x and y in two columns of numbers, and the model in the metadata."""
    export_vectors(shared, VectorFormat.PARQUET, tmp_path / "out")
    table = pq.read_table(tmp_path / "out/pictures.parquet")
    assert str(table.schema.field("vector").type) == "fixed_size_list<element: float>[4]"
    assert table.schema.metadata[b"model"] == b"colours"
    assert table.schema.metadata[b"model_fingerprint"] == b"colours-1"
    drawn = draw_picture_map(shared.catalog, shared.manifest)
    points = np.stack([table.column(name).to_numpy() for name in "xy"], axis=1)
    assert np.array_equal(points, drawn.points)
    assert table.column("file").to_pylist()[0] == str(shared.collection.root / "black/0.png")
    assert table.column("category").to_pylist()[:2] == ["black", "black"]


def test_a_tree_of_pictures_stands_on_its_own(shared, take, tmp_path):
    """The copies are the pictures, in the order of the rows, and need no other folder."""
    out = tmp_path / "tree"
    (shared.collection.root / "red/0.png").unlink()
    done = export_vectors(shared, VectorFormat.FIFTYONE, out)
    assert done.left_out == ("red/0.png",)
    paths = json.loads((out / "filepaths.json").read_text())
    assert paths == sorted(file.relative_to(out).as_posix() for file in out.rglob("*.png"))
    rows = np.load(out / "embeddings.npy", allow_pickle=False)
    before = vectors_of(shared)
    assert [row.tobytes() for row in rows] == [before[path] for path in paths]
    (out / "filepaths.json").unlink()
    shutil.rmtree(shared.collection.root)
    report, taken = take(out, "fiftyone")
    assert (report.pictures, report.with_file) == (11, 11)
    assert vectors_of(taken) == {path: before[path] for path in paths}


def test_clip_retrievals_parts_are_joined_in_their_order(pictures, embedder, take, tmp_path):
    """Ten parts and more, of float16, as it writes them; rows become of length one again."""
    import pyarrow as pa
    from PIL import Image

    folder = tmp_path / "embeddings"
    for name in ("img_emb", "metadata"):
        (folder / name).mkdir(parents=True)
    files = sorted(pictures.rglob("*.png"))
    for number, file in enumerate(files):
        row = embedder.embed_pictures([Image.open(file).convert("RGB")])
        np.save(folder / f"img_emb/img_emb_{number}.npy", (3 * row).astype(np.float16))
        facts = pa.table({"image_path": [str(file)], "caption": ["a colour"]})
        pq.write_table(facts, folder / f"metadata/metadata_{number}.parquet")
    report, taken = take(folder, "clip-retrieval", root=pictures)
    assert (report.pictures, report.with_file, report.scaled) == (12, 12, 12)
    assert taken.search("yellow", k=1).results[0].record.category == "yellow"
    lengths = np.linalg.norm(taken.embeddings.of(taken.embeddings.ids()), axis=1)
    assert lengths == pytest.approx(np.ones(12), abs=1e-6)


def test_categories_of_coco_become_tags(shared, take, tmp_path):
    """What the path does not say already; a picture may have several."""
    folder = tmp_path / "coco"
    folder.mkdir()
    np.save(folder / "embeddings.npy", take_vectors(shared).vectors[:2])
    document = {
        "images": [
            {"id": 7, "file_name": "black/0.png", "width": 60, "height": 40},
            {"id": 9, "file_name": "black/1.png"},
        ],
        "categories": [{"id": 1, "name": "black"}, {"id": 4, "name": "night sky"}],
        "annotations": [
            {"id": 1, "image_id": 7, "category_id": 1, "bbox": [0, 0, 9, 9]},
            {"id": 2, "image_id": 7, "category_id": 4, "bbox": [0, 0, 9, 9]},
            {"id": 3, "image_id": 7, "category_id": 4, "bbox": [1, 0, 9, 9]},
        ],
    }
    (folder / "labels.json").write_text(json.dumps(document))
    _, taken = take(folder, "coco")
    facts = told(taken)
    assert facts["black/0.png"][:3] == ("black", 60, 40)
    assert [facts[f"black/{n}.png"][7] for n in (0, 1)] == [{"night sky"}, set()]


def test_an_export_writes_over_nothing(shared, tmp_path):
    """A folder that holds something, the pictures' own and the data folder are refused."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full/mine.txt").write_text("mine")
    inside = shared.collection.root / "out"
    for place in (tmp_path / "full", inside, shared.settings.data_folder / "out"):
        with pytest.raises(BadInput):
            export_vectors(shared, VectorFormat.NUMPY, place)
        assert not inside.exists()
    assert [file.name for file in (tmp_path / "full").iterdir()] == ["mine.txt"]
    (tmp_path / "empty").mkdir()
    done = export_vectors(shared, VectorFormat.NUMPY, tmp_path / "empty")
    assert done.files == ("pictures.csv", "vectors.npy")
    assert not list(tmp_path.glob(".*partial"))
