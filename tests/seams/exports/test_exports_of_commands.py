"""Every export of the command line, read back and compared with the files.

The names hold all that means something to a shell, a spreadsheet, Markdown or a file system.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from search_engine.cards import load_card
from search_engine.cli import main
from search_engine.settings import DATA_VARIABLE, PROJECT_FOLDER
from tests.seams.conftest import Answer
from tests.seams.exports.exported import BREAKS, NAMES, every, read_csv, same_as_file


@pytest.fixture
def ask(folder, capsysbinary):
    """Run a command; names that are not UTF-8 come through."""

    def call(*arguments):
        code = main([str(argument) for argument in arguments])
        said = capsysbinary.readouterr()
        return Answer(code, os.fsdecode(said.out), os.fsdecode(said.err))

    return call


def test_the_results_of_a_search(ask, folder):
    """Each picture once, with its own path, category, rank and score."""
    answer = ask("search", "a bus", "-k", 100, "--json")
    results = json.loads(answer.out)["results"]
    assert {same_as_file(one, folder) for one in results} == every(folder)
    assert [one["rank"] for one in results] == list(range(1, 2 * len(NAMES) + 1))
    assert len({one["picture_id"] for one in results}) == len(results)
    for one in results:
        like = json.loads(ask("search", "--like", one["picture_id"], "-k", 2, "--json").out)
        assert {Path(same["path"]).name for same in like["results"]} == {Path(one["path"]).name}


def test_a_result_card(ask, folder, tmp_path):
    """Written and read, it has the nearest pictures, and run again the same once more.

    A search shows the best matches of more; what is in both is the same.
    """
    file = tmp_path / "card.json"
    filters = ["--path", "/-copies", "--min-width", 215, "--max-height", 176, "--min-score", "-0.5"]
    answer = json.loads(ask("search", "a bus", "-k", 7, *filters, "--card", file, "--json").out)[
        "results"
    ]
    card = json.loads(file.read_text("utf-8"))
    files = {same_as_file(one, folder) for one in card["results"]}
    read = load_card(file)
    assert [one.rank for one in read.results] == list(range(1, len(files) + 1))
    shown = {one["picture_id"]: one for one in answer}
    both = [one for one in read.results if one.picture_id in shown]
    assert len(both) > len(files) / 2
    for one in both:
        other = shown[one.picture_id]
        assert one.rank == other["rank"]
        assert one.score == pytest.approx(other["score"], abs=1e-6)
        assert folder / one.path == Path(other["path"])
    assert (read.k, read.filters.min_width, read.filters.max_height) == (7, 215, 176)
    assert (read.filters.path, read.filters.min_score) == ("/-copies", -0.5)
    assert ask("replay", file).code == 0


def listed(ask, kind, *style):
    """Return what a list of duplicates is on standard output."""
    return ask("duplicates", "--exact-only", "--list", kind, *style)


@pytest.mark.parametrize("style", [["--print0"], ["--print0", "--relative"]])
def test_lists_with_nul_hold_every_name(ask, folder, style):
    """Keep and remove have each picture of a pair, byte for byte."""
    there = {}
    for kind in ("keep", "remove"):
        answer = listed(ask, kind, *style)
        assert answer.code == 0, answer.err
        assert answer.out.endswith("\0")
        paths = answer.out.split("\0")[:-1]
        assert all(path.startswith("./" if "--relative" in style else "/") for path in paths)
        there[kind] = {folder / path for path in paths}
        assert len(paths) == len(there[kind]) == len(NAMES)
    assert there["keep"] | there["remove"] == every(folder)
    for kept in there["keep"]:
        (copy,) = (path for path in there["remove"] if path.name == kept.name)
        assert copy.read_bytes() == kept.read_bytes()


def test_a_list_of_lines_refuses_names_that_break_it(ask):
    """Nothing is written that names other files."""
    for style in ([], ["--quote"], ["--relative"]):
        answer = listed(ask, "remove", *style)
        assert (answer.code, answer.out) == (3, "")
        assert "line breaks" in answer.err


def without_breaks(odd, tmp_path, ask, monkeypatch):
    """Index the pictures without those whose names break lines."""
    copied = tmp_path / "pictures"
    shutil.copytree(odd / "pictures", copied)
    for path in every(copied):
        if path.name in BREAKS:
            path.unlink()
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    assert ask("index", copied, "--name", "odd", "--model", "mini").code == 0
    return copied


def test_lists_of_lines(odd, tmp_path, ask, monkeypatch):
    """A path a line as it is, or in quotes that a shell takes off again."""
    folder = without_breaks(odd, tmp_path, ask, monkeypatch)
    plain = listed(ask, "remove").out.split("\n")[:-1]
    assert {Path(path).name for path in plain} == {path.name for path in every(folder)}
    quoted = listed(ask, "remove", "--quote").out.split("\n")[:-1]
    assert [shlex.split(line) for line in quoted] == [[path] for path in plain]
    file = tmp_path / "list.txt"
    assert ask("duplicates", "--exact-only", "--list", "remove", "--export", file).code == 0
    assert os.fsdecode(file.read_bytes()).split("\n")[:-1] == plain


@pytest.mark.skipif(not shutil.which("xargs"), reason="this system has no xargs")
def test_xargs_and_a_shell_take_the_lists(folder, odd):
    """As the help says: a list goes to xargs, and each name leads to the very file."""
    command = f"{shlex.quote(sys.executable)} -m search_engine duplicates --exact-only"
    seen = {}
    for name, line in {
        "whole": f"{command} --list remove --print0 | xargs -0 stat -c %i --",
        "kept": f"{command} --list keep --print0 | xargs -0 stat -c %i --",
        "relative": f"{command} --list remove --print0 --relative |"
        f" (cd {shlex.quote(str(folder))} && xargs -0 stat -c %i --)",
    }.items():
        done = subprocess.run(
            ["sh", "-c", line],
            env=os.environ | {DATA_VARIABLE: str(odd / "data")},
            cwd=PROJECT_FOLDER, capture_output=True, text=True, check=True,
        )  # fmt: skip
        seen[name] = sorted(map(int, done.stdout.split()))
    assert seen["whole"] == seen["relative"]
    both = sorted(path.stat().st_ino for path in every(folder))
    assert sorted(seen["whole"] + seen["kept"]) == both


def test_the_table_of_duplicates(ask, folder):
    """Both pictures of each pair with their own figures, one to keep and one to remove."""
    rows = read_csv(os.fsencode(listed(ask, "table").out))
    assert {same_as_file(row, folder) for row in rows} == every(folder)
    assert {row["identical"] for row in rows if row["keep"] == "no"} == {"yes"}
    for group in range(1, len(NAMES) + 1):
        pair = [row for row in rows if row["group"] == str(group)]
        assert [(row["keep"], row["remove"]) for row in pair] == [("yes", "no"), ("no", "yes")]
        assert len({Path(row["path"]).name for row in pair}) == 1


def test_the_document_of_duplicates(ask, folder):
    """The same in JSON, with an address that names each file byte for byte."""
    groups = json.loads(ask("duplicates", "--exact-only", "--json", "--limit", 99).out)["groups"]
    records = [one for group in groups for one in (group["keep"], *group["copies"])]
    assert {same_as_file(one, folder) for one in records} == every(folder)


@pytest.mark.parametrize(
    ("command", "columns"),
    [
        (["suspects", "--all", "--signal", "words"], {"suggested", "combined", "words"}),
        (["outliers", "--what", "far", "--far", "-50"], {"what", "value"}),
    ],
)
def test_tables_of_audits_say_what_their_documents_say(ask, folder, tmp_path, command, columns):
    """The file has all rows, the document the same first ones, figure for figure."""
    file = tmp_path / "table.csv"
    document = json.loads(ask(*command, "--limit", 99, "--json", "--export", file).out)
    rows = read_csv(file.read_bytes())
    listed = document["suspects"] if "suspects" in document else document["rankings"][0]["pictures"]
    assert len(rows) == len(listed) > 0
    assert columns <= rows[0].keys()
    for row, one in zip(rows, listed, strict=True):
        assert same_as_file(row, folder) == same_as_file(one, folder)
        assert int(row["rank"]) == one["rank"]
        assert int(row["picture_id"]) == one["picture_id"]
        for name in {"combined", "neighbours", "words", "value"} & one.keys() & row.keys():
            written = float(row[name]) if row[name] else None
            assert written == pytest.approx(one[name], abs=1e-4)
