"""Every export of the command line and of the pages, read back and compared with the files.

The names hold all that means something to a shell, a spreadsheet, Markdown or a file system.
"""

import csv
import hashlib
import io
import json
import os
import shlex
import shutil
import subprocess
import sys
import unicodedata
import zipfile
from pathlib import Path

import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from search_engine.cards import load_card
from search_engine.cli import main
from search_engine.files import tables
from search_engine.sample import draw_gallery
from search_engine.settings import DATA_VARIABLE, PROJECT_FOLDER
from tests.seams.conftest import Answer, load_each_model_once

NAMES = (
    "$HOME `id` $(id).jpg", "a|b>c&d;e.jpg", "it's \"quoted\".jpg", "one, two.jpg", "=1+1.jpg",
    "-rf.jpg", "line\nbreak.jpg", "Ärger 鳥.jpg", "e\u0301.jpg", "\u00e9.jpg", "~ # % *?.jpg",
    os.fsdecode(b"caf\xe9.jpg"), "back\\slash.jpg", " blanks  .jpg", "'=x.jpg", "$x^2$ *b*.jpg",
)  # fmt: skip
BREAKS = {"line\nbreak.jpg"}
CATEGORY = "=odd, $y$"
COPIES = "-copies"


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """A folder of odd names, each picture once more in another folder, indexed."""
    root = tmp_path_factory.mktemp("odd $names")
    draw_gallery(root / "drawings", pictures=50)
    drawings = sorted((root / "drawings").glob("*/0001.jpg"))
    for number, name in enumerate(NAMES):
        file, copy = root / "pictures" / CATEGORY / name, root / "pictures" / COPIES / name
        for folder in (file.parent, copy.parent):
            folder.mkdir(parents=True, exist_ok=True)
        exif = Image.Exif()
        exif.get_ifd(0x8769)[0x9003] = f"2024:03:{number + 1:02} 10:00:00"
        image = Image.open(drawings[number]).resize((210 + 3 * number, 150 + 2 * number))
        image.save(file, exif=exif)
        shutil.copy2(file, copy)
        os.utime(file, (1_500_000_000, 1_500_000_000))
    with pytest.MonkeyPatch.context() as patch:
        load_each_model_once(patch)
        patch.setenv(DATA_VARIABLE, str(root / "data"))
        assert main(["index", str(root / "pictures"), "--name", "odd", "--model", "mini"]) == 0
    return root


@pytest.fixture
def folder(odd, monkeypatch):
    """The folder of the pictures, with its collection as the only one."""
    monkeypatch.setenv(DATA_VARIABLE, str(odd / "data"))
    load_each_model_once(monkeypatch)
    return odd / "pictures"


@pytest.fixture
def ask(folder, capsysbinary):
    """Run a command; names that are not UTF-8 come through."""

    def call(*arguments):
        code = main([str(argument) for argument in arguments])
        said = capsysbinary.readouterr()
        return Answer(code, os.fsdecode(said.out), os.fsdecode(said.err))

    return call


def every(folder):
    """Return all pictures."""
    return {path for path in folder.rglob("*") if path.is_file()}


def read_csv(content):
    """Read a table as the README says, with the marks of its cells taken off."""
    text = content.decode(tables.ENCODING, "surrogateescape")
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    for row in rows:
        for cell in row.values():
            assert not cell.startswith(("=", "+", "@", "\t")), row
            assert not cell.startswith("-") or float(cell) < 0, row
    return [{key: tables.as_named(cell) for key, cell in row.items()} for row in rows]


def same_as_file(row, folder):
    """Compare what an export says of a picture with the file, and return its path."""
    path = Path(row["path"])
    path = path if path.is_absolute() else folder / path
    content = path.read_bytes()
    with Image.open(io.BytesIO(content)) as image:
        width, height = image.size
        taken = image.getexif().get_ifd(0x8769)[0x9003]
    assert width != height
    truth = {
        "width": width,
        "height": height,
        "size_bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "content_hash": hashlib.sha256(content).hexdigest(),
        "category": path.parent.name,
        "taken_at": f"{taken[:10].replace(':', '-')}T{taken[11:]}",
        "uri": path.as_uri(),
    }
    for name in truth.keys() & row.keys():
        assert str(row[name]) == str(truth[name]), (path, name)
    return path


# The command line


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
    """Written and read, it has the same answers, and asked again the same once more."""
    file = tmp_path / "card.json"
    filters = ["--path", "/-copies", "--min-width", 215, "--max-height", 176, "--min-score", "-0.5"]
    answer = json.loads(ask("search", "a bus", "-k", 7, *filters, "--card", file, "--json").out)[
        "results"
    ]
    card = json.loads(file.read_text("utf-8"))
    assert {same_as_file(one, folder) for one in card["results"]} == {
        Path(one["path"]) for one in answer
    }
    read = load_card(file)
    for one, other in zip(read.results, answer, strict=True):
        assert (one.rank, one.picture_id) == (other["rank"], other["picture_id"])
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


# The pages


@pytest.fixture
def downloads(folder, monkeypatch):
    """Open a page, and return what its buttons for downloads would give, by their labels."""
    offered = {}

    def note(label, data, file_name=None, *_, **__):
        offered[label.split(",")[0].rstrip(")") + (")" if "(" in label else "")] = (data, file_name)
        return False

    monkeypatch.setattr(st, "download_button", note)
    st.cache_resource.clear()
    st.cache_data.clear()

    def opened(name, click=None, choose=None, limit=None, **address):
        app = AppTest.from_file(str(PROJECT_FOLDER / "Home.py"), default_timeout=120)
        app.run()
        app.switch_page(f"pages/{name}")
        for key, value in address.items():
            app.query_params[key] = value
        app.run()
        if click:
            app.button(key=click).click().run()
        if choose:
            app.selectbox(key=choose[0]).set_value(choose[1]).run()
        if limit:
            app.slider[0].set_value(limit).run()
        assert not app.exception
        made = {key: data() if callable(data) else data for key, (data, _) in offered.items()}
        return made, {key: name for key, (_, name) in offered.items()}

    return opened


def test_the_results_of_a_page(downloads, folder, tmp_path):
    """CSV, JSON, ZIP and card have the same pictures in the same order, each as its file is."""
    made, names = downloads("2_Search.py", "download open", q="a bus")
    assert {Path(name).suffix for name in names.values()} == {".csv", ".json", ".zip"}
    table = read_csv(made["Table (CSV)"])
    document = json.loads(made["Document (JSON)"])["results"]
    card = json.loads(made["Result card (JSON)"])["results"]
    paths = [same_as_file(row, folder) for row in table]
    assert len(paths) == len(set(paths)) == 24
    assert [same_as_file(one, folder) for one in document] == paths
    assert [same_as_file(one, folder) for one in card] == paths
    assert [int(row["rank"]) for row in table] == list(range(1, 25))
    for row, one, other in zip(table, document, card, strict=True):
        assert int(row["picture_id"]) == one["picture_id"] == other["picture_id"]
        assert float(row["score"]) == pytest.approx(one["score"], abs=1e-5)
        assert float(row["score"]) == pytest.approx(other["score"], abs=1e-5)
    with zipfile.ZipFile(io.BytesIO(made["Pictures (ZIP)"])) as archive:
        assert archive.testzip() is None
        packed = [archive.read(entry) for entry in archive.infolist()]
        assert packed == [path.read_bytes() for path in paths]
        archive.extractall(tmp_path / "unpacked")
    unpacked = [path.name for path in (tmp_path / "unpacked").iterdir()]
    assert len({unicodedata.normalize("NFKC", name).casefold() for name in unpacked}) == 24


def test_the_lists_of_the_page_of_duplicates(downloads, folder):
    """Table, keep and remove: the same pairs; names that break lines are in the table only."""
    made, names = downloads("3_Categories.py", show="Duplicates")
    lists = {names[key]: content for key, content in made.items() if "odd-" in (names[key] or "")}
    (table,) = (read_csv(content) for name, content in lists.items() if name.endswith(".csv"))
    assert {same_as_file(row, folder) for row in table} == every(folder)
    marked = {
        mark: {Path(row["path"]) for row in table if row[mark] == "yes"}
        for mark in ("keep", "remove")
    }
    for kind, paths in marked.items():
        (content,) = (content for name, content in lists.items() if kind in name)
        lines = {Path(line) for line in os.fsdecode(content).split("\n")[:-1]}
        assert lines == {path for path in paths if path.name not in BREAKS}


def test_the_table_of_unusual_pictures(downloads, folder):
    """Each picture with its own path, category and figure."""
    made, _ = downloads("3_Categories.py", choose=("oddity", "tiny"), limit=1024, show="Unusual")
    rows = read_csv(made["Table (CSV)"])
    assert rows
    for row in rows:
        with Image.open(same_as_file(row, folder)) as image:
            assert float(row["value"]) == min(image.size)


def test_the_figures_of_charts_are_those_of_the_collection(downloads, folder):
    """The counts of categories, under their names."""
    made, names = downloads("3_Categories.py", show="Overview")
    found = [read_csv(made[key]) for key, name in names.items() if (name or "").endswith(".csv")]
    counted = [
        rows for rows in found if rows and {"category", "pictures"} <= {k.lower() for k in rows[0]}
    ]
    assert counted
    for rows in counted:
        names = {key.lower(): key for key in rows[0]}
        counts = {row[names["category"]]: int(float(row[names["pictures"]])) for row in rows}
        assert counts == {CATEGORY: len(NAMES), COPIES: len(NAMES)}
