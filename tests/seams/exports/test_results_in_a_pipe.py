"""Results of a search as paths and as a table, through a real pipe to other programs."""

import hashlib
import os
import shlex
import shutil
import subprocess
import sys

import pytest

from search_engine.settings import DATA_VARIABLE, PROJECT_FOLDER
from tests.seams.exports.exported import (
    BREAKS,
    CATEGORY,
    COPIES,
    NAMES,
    every,
    read_csv,
    same_as_file,
)

SEARCH = f"{shlex.quote(sys.executable)} -m search_engine search bus -k 100"


def piped(odd, line):
    """Run a line of a shell with the collection of odd names as the only one."""
    return subprocess.run(
        ["sh", "-c", line],
        env=os.environ | {DATA_VARIABLE: str(odd / "data")},
        cwd=PROJECT_FOLDER, capture_output=True, check=False,
    )  # fmt: skip


@pytest.mark.skipif(not shutil.which("xargs"), reason="this system has no xargs")
def test_xargs_reads_every_file_that_was_found(folder, odd):
    """With NUL between them all names come through, with line breaks and in no known encoding."""
    done = piped(odd, f"{SEARCH} --print0 | xargs -0 sha256sum -b -z --")
    assert done.returncode == 0, done.stderr
    lines = [line.split(b" *", 1) for line in done.stdout.split(b"\0")[:-1]]
    found = {os.fsdecode(path): digest.decode() for digest, path in lines}
    assert set(found) == {str(path) for path in every(folder)}
    for path in every(folder):
        assert found[str(path)] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_lines_are_refused_where_a_name_breaks_them(folder, odd):
    """Nothing is written that names other files, and the way out is named."""
    done = piped(odd, f"{SEARCH} --paths")
    assert (done.returncode, done.stdout) == (3, b"")
    assert b"--print0 does it" in done.stderr
    assert any(path.name in BREAKS for path in every(folder))


def test_lines_reach_a_reader_byte_for_byte(folder, odd):
    """Of results whose names are sound each path is a line, and a reader may stop early."""
    done = piped(odd, f"{SEARCH} --paths --path 'caf*.jpg' | tr -d '\\r' | cat")
    paths = {os.fsdecode(line) for line in done.stdout.splitlines()}
    wanted = {str(path) for path in every(folder) if path.name.startswith("caf")}
    assert paths == wanted
    assert any("\udce9" in path for path in paths)
    one = piped(odd, f"{SEARCH} --print0 | head -c 1")
    assert (one.returncode, one.stdout) == (0, b"/")


def test_a_table_reaches_a_reader(folder, odd):
    """Each picture once, with a mark at its beginning, and with what its file says."""
    done = piped(odd, f"{SEARCH} --csv | cat")
    rows = read_csv(done.stdout)
    assert {same_as_file(one, folder) for one in rows} == every(folder)
    assert [float(one["match"]) for one in rows if one["match"]] == sorted(
        (float(one["match"]) for one in rows if one["match"]), reverse=True
    )


def test_the_table_of_a_comparison_bears_every_name(folder, odd, tmp_path):
    """Two folders of the same files: each file is in both, beside its copy, as the disk has it."""
    sets = f"{shlex.quote(f'odd/{CATEGORY}')} {shlex.quote(f'odd/{COPIES}')}"
    file = tmp_path / "both.csv"
    line = f"{shlex.quote(sys.executable)} -m search_engine compare {sets} --exact-only --apart"
    done = piped(odd, f"{line} --export {shlex.quote(str(file))} > /dev/null")
    assert done.returncode == 7, done.stderr
    rows = read_csv(file.read_bytes())
    assert {same_as_file(one, folder) for one in rows} == every(folder)
    assert {(one["where"], one["relation"], one["on_disk"]) for one in rows} == {
        ("both", "same bytes", "file")
    }
    for number in range(1, len(NAMES) + 1):
        names = [one["path"].rpartition("/")[2] for one in rows if one["group"] == str(number)]
        assert len(names) == 2
        assert names[0] == names[1]
