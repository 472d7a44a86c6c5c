"""Rows of the options that hand results on, and of a query that comes from another program."""

import csv
import json
import zipfile
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from tests.seams.options.rows import row


@row("search", "--copy-to", "--link-to")
def search_copy_and_link(desk):
    """The results are in a folder, whole, with a table that says which is which; none twice."""
    found = desk.found("owl", "--matches")
    line = ["search", "owl", "--matches", "--collection", "things"]
    for option, is_link in (("--copy-to", False), ("--link-to", True)):
        out = desk.tmp / option.strip("-")
        answer = desk(*line, option, out)
        assert answer.code == 0
        assert f"{len(found)} files are in {out}; files.csv says which is which" in answer.err
        with (out / "files.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = {row["picture"]: row["file"] for row in csv.DictReader(file)}
        assert {desk.folder / path for path in found} == set(map(Path, rows))
        for source, name in rows.items():
            assert (out / name).read_bytes() == Path(source).read_bytes()
            assert (out / name).is_symlink() is is_link
    assert desk(*line, "--copy-to", out, "--link-to", out).code == 3
    assert desk(*line, "--copy-to", desk.folder / "new").code == 3
    assert not (desk.folder / "new").exists()


@row("search", "--dry-run")
def search_dry_run(desk):
    """It says how many files and bytes, and writes nothing."""
    out = desk.tmp / "dry"
    found = desk.found("owl", "--matches")
    size = sum((desk.folder / path).stat().st_size for path in found)
    line = ["search", "owl", "--matches", "--collection", "things", "--dry-run"]
    answer = desk(*line, "--copy-to", out)
    assert answer.code == 0
    assert f"{len(found)} files as copies, {size:,} bytes, to {out}" in answer.err
    assert not out.exists()
    assert desk(*line).code == 3


@row("search", "--vector")
def search_vector(desk):
    """The picture that a vector is of is found first, whatever kind of file it is in."""
    assert desk("export", "things", "--as", "numpy", "--to", desk.tmp / "out").code == 0
    rows = np.load(desk.tmp / "out/vectors.npy")
    with (desk.tmp / "out/pictures.csv").open(encoding="utf-8-sig", newline="") as file:
        paths = [line["path"] for line in csv.DictReader(file)]
    row_of = rows[paths.index("owl/3.jpg")]
    np.save(desk.tmp / "one.npy", row_of[None])
    (desk.tmp / "one.json").write_text(json.dumps((3 * row_of.astype(float)).tolist()))
    for name in ("one.npy", "one.json"):
        assert desk.found("--vector", desk.tmp / name)[0] == "owl/3.jpg"
    (desk.tmp / "short.json").write_text("[1, 2, 3]")
    line = ["search", "--collection", "things", "--vector"]
    assert "has 3 numbers" in desk(*line, desk.tmp / "short.json").err
    assert desk(*line, desk.tmp / "out/vectors.npy").code == 3
    assert desk(*line, desk.tmp / "none.npy").code == 3


@row("search", "--export")
def search_export(desk):
    """The results are in the file, of the kind that its ending says; none is written over."""
    found = desk.found("owl", "--matches")
    line = ["search", "owl", "--matches", "--collection", "things", "--export"]
    for ending in (".csv", ".jsonl", ".parquet", ".zip"):
        file = desk.tmp / f"results{ending}"
        assert desk(*line, file).code == 0
        if ending == ".jsonl":
            told = [json.loads(one)["path"] for one in file.read_text().splitlines()]
            assert told == [str(desk.folder / path) for path in found]
        elif ending == ".parquet":
            assert pq.read_table(file).num_rows == len(found)
        elif ending == ".zip":
            assert len(zipfile.ZipFile(file).namelist()) == len(found)
        else:
            assert len(file.read_text("utf-8-sig").splitlines()) == 1 + len(found)
    assert desk(*line, file).code == 3
    assert desk(*line, desk.tmp / "results.doc").code == 3


@row("search", "--xmp-to", "--xmp-beside")
def search_xmp(desk):
    """The tags of what is found, in a folder of their own, or beside the pictures."""
    best = desk.found("owl", "--matches")[0]
    assert desk("tag", "night/bird", desk.id_of(best), "--collection", "things").code == 0
    line = ["search", "owl", "--matches", "--collection", "things"]
    out, beside = desk.tmp / "sidecars", desk.folder / f"{best}.xmp"
    answer = desk(*line, "--xmp-to", out)
    assert answer.code == 0
    assert "1 sidecar written" in answer.err
    assert [file.relative_to(out).as_posix() for file in out.rglob("*.xmp")] == [f"{best}.xmp"]
    assert "night|bird" in (out / f"{best}.xmp").read_text("utf-8")
    assert not beside.exists()
    try:
        assert desk(*line, "--xmp-beside").code == 0
        assert beside.read_bytes() == (out / f"{best}.xmp").read_bytes()
    finally:
        beside.unlink(missing_ok=True)
    assert desk(*line, "--xmp-beside", "--xmp-to", out).code == 2


@row("search", "--paths")
def search_paths(desk):
    """Whole paths in the order of the answer, one a line, and nothing else."""
    line = ["search", "owl", "--collection", "things", "-k", 5]
    found = desk(*line, "--paths")
    shown = [one["picture_ids"] for one in desk(*line, "--json").json["shown"]]
    paths = {one["picture_id"]: one["path"] for one in desk(*line, "--json").json["results"]}
    assert found.out.splitlines() == [paths[number] for ids in shown for number in ids]
    assert desk(*line, "--paths", "--json").code == 3
    assert desk(*line, "--paths", "--csv").code == 3


@row("search", "--print0")
def search_print0(desk):
    """The same paths, a NUL after each."""
    line = ["search", "owl", "--collection", "things", "-k", 5]
    lines = desk(*line, "--paths").out.splitlines()
    assert desk(*line, "--print0").out == "".join(f"{path}\0" for path in lines)
    assert desk(*line, "--print0", "--csv").code == 3


@row("search", "--csv")
def search_csv(desk):
    """A table with the mark that spreadsheets need, a line a result, as the JSON has it."""
    line = ["search", "owl", "--collection", "things", "-k", 5]
    out = desk(*line, "--csv").out
    assert out.startswith("\ufeff")
    rows = list(csv.DictReader(out.removeprefix("\ufeff").splitlines()))
    found = {one["path"]: one for one in desk(*line, "--json").json["results"]}
    assert {row["path"] for row in rows} == set(found)
    for one in rows:
        assert float(one["score"]) == found[one["path"]]["score"]
        assert int(one["picture_id"]) == found[one["path"]]["picture_id"]
    assert desk(*line, "--csv", "--json").code == 3
