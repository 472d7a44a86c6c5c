"""The options of import and export of vectors."""

import shutil

from tests.seams.options.rows import each_option_of, row, row_of
from tests.seams.options.shared_rows import vectors_line

FILES = {
    "demo": {"image_paths.json", "index.faiss"},
    "clip-retrieval": {"img_emb", "metadata"},
    "numpy": {"pictures.csv", "vectors.npy"},
    "parquet": {"pictures.parquet"},
    "fiftyone": {"embeddings.npy", "filepaths.json", "crown", "bell", "cup"},
    "coco": {"embeddings.npy", "labels.json"},
}


@each_option_of("export", "import")
def test_each_option_of_vectors_does_what_it_says(command, name, desk):
    """With the option the answer is different, and in the way that its help promises."""
    row_of(command, name)(desk)


@row("export", "name")
def export_name(desk):
    """That collection; needed when there are several."""
    out = ["--as", "numpy", "--to"]
    assert desk("export", *out, desk.tmp / "none").code == 3
    counts = {
        name: desk("export", name, *out, desk.tmp / name, "--json").json["pictures"]
        for name in ("things", "others")
    }
    assert counts == {"things": len(desk.photos), "others": 9}


@row("export", "--as")
def export_as(desk):
    """Each format has its own files."""
    for form, files in FILES.items():
        out = desk.tmp / form
        assert desk("export", "others", "--as", form, "--to", out).code == 0
        assert {file.name for file in out.iterdir()} == files
    assert desk("export", "others", "--as", "zip", "--to", desk.tmp / "zip").code == 2


@row("export", "--to")
def export_to(desk):
    """There, and never over what is there."""
    line = vectors_line(desk, "export")
    assert desk(*line).code == 0
    assert (line[-1] / "vectors.npy").is_file()
    again = desk(*line)
    assert again.code == 3
    assert "There is something in this folder already" in again.err
    assert desk("export", "others", "--as", "numpy").code == 2


def imported(desk, *more, form="numpy"):
    """Import the collection ``others`` from a folder of its own, and give what is told."""
    folder = desk.tmp / f"from {form}"
    if not folder.exists():
        assert desk("export", "others", "--as", form, "--to", folder).code == 0
    answer = desk("import", folder, "--as", form, *more, "--json")
    assert answer.code == 0, answer.err
    return answer.json


@row("import", "folder", "--as")
def import_as(desk):
    """What lies in that folder, in that format; another one is refused."""
    for form in FILES:
        root = [] if form == "fiftyone" else ["--root", desk.root / "others"]
        done = imported(desk, "--name", f"of {form}", "--model", "mini", *root, form=form)
        assert (done["pictures"], done["with_file"], done["missing"]) == (9, 9, 0)
        assert done["cosine"] > 0.99
        found = desk.ask("search", "crown", "-k", 1, collection=f"of {form}")
        assert found["results"][0]["category"] == "crown"
    folder = desk.tmp / "from numpy"
    line = ["import", folder, "--name", "x", "--model", "mini", "--as"]
    assert desk(*line, "demo").code == 3
    assert desk(*line, "zip").code == 2


@row("import", "--name")
def import_name(desk):
    """The collection is called so; a name that is taken is refused."""
    assert imported(desk, "--name", "taken over", "--model", "mini")["collection"] == "taken over"
    names = {one["collection"] for one in desk("list", "--json").json}
    assert names == {"things", "others", "strange", "taken over"}
    again = desk(
        "import", desk.tmp / "from numpy", "--as", "numpy", "--name", "others", "--model", "mini"
    )
    assert again.code == 3
    assert "There is a collection 'others' already" in again.err
    assert desk("info", "others", "--json").json["pictures"] == 9


@row("import", "--model")
def import_model(desk):
    """Pictures that are there are compared with what that model makes of them."""
    done = imported(desk, "--name", "new", "--model", "mini", "--root", desk.root / "others")
    assert (done["model"], done["compared"]) == ("mini", 9)
    line = ["import", desk.tmp / "from numpy", "--as", "numpy", "--name", "x"]
    assert desk(*line, "--model", desk.tmp / "nothing").code == 5
    assert desk(*line).code == 2


@row("import", "--root")
def import_root(desk):
    """The pictures are looked for there, without it in the folder itself."""
    without = imported(desk, "--name", "alone", "--model", "mini")
    assert (without["with_file"], without["missing"], without["cosine"]) == (0, 9, None)
    moved = shutil.copytree(desk.root / "others", desk.tmp / "moved")
    done = imported(desk, "--name", "with", "--model", "mini", "--root", moved)
    assert (done["with_file"], done["missing"]) == (9, 0)
    assert done["folder"] == str(moved)
    found = desk.ask("search", "crown", "-k", 1, collection="with")["results"][0]
    assert found["path"].startswith(str(moved / "crown"))
    alone = desk.ask("search", "crown", "-k", 1, collection="alone")["results"][0]
    assert alone["score"] == found["score"]


@row("import", "--kind")
def import_kind(desk):
    """The index is of that kind."""
    for kind in ("exact", "hnsw"):
        imported(desk, "--name", f"kind {kind}", "--model", "mini", "--kind", kind)
        wanted = desk("info", f"kind {kind}", "--json").json["index"]
        assert wanted["kind"] == kind
