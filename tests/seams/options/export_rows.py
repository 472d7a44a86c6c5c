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
