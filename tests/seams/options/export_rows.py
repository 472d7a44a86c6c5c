"""Rows of the options that hand results on as a folder."""

import csv
from pathlib import Path

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
