"""Lists that other programs read: byte for byte, refused where they would name other files."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from search_engine import SearchEngine, build_collection, plan_build
from search_engine.audit.audit import Audit
from search_engine.audit.decisions import decide_removals
from search_engine.audit.lists import (
    ListKind,
    PathStyle,
    Separated,
    list_of_duplicates,
    table_of_suspects,
    table_of_unusual,
)
from search_engine.audit.unusual import Oddity, find_unusual
from search_engine.errors import BadInput, Way
from search_engine.files import tables
from tests.conftest import COLOURS, paint

ODD = (
    "-rf.png", "a 'quoted' \"name\" $HOME `id` *?.png", "=cmd|' ⁄C calc'!A1.png", "  blank .png",
    os.fsdecode(b"caf\xe9.png"), "é ü 漢字.png", "tab\there.png", "back\\slash.png", "+1.png",
)  # fmt: skip
BROKEN = "zip\n.png"


def plant(root, names=ODD, folder="-folder"):
    """Make a folder in which each odd name has an equal, older file with an odd name as well."""
    for number, name in enumerate(names):
        first = paint(root / "a" / f"{number}.png", "red", size=(40, 70), salt=number)
        os.utime(first, (1_000, 1_000))
        copy = root / folder / name
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(first.read_bytes())
    return root


@pytest.fixture
def opened(settings, load, tmp_path):
    """Index the folder of odd names and open it."""
    engines = []

    def run(names=ODD, folder="p"):
        root = plant(tmp_path / folder, names)
        name, wanted = plan_build(root, settings, model_id="colours")
        build_collection(name, wanted, settings, load=load)
        engines.append(SearchEngine.open(name, settings, load=load))
        return engines[-1]

    yield run
    for engine in engines:
        engine.close()


def copies(engine, names=ODD):
    return sorted(os.fsencode(str(engine.collection.root / "-folder" / name)) for name in names)


def decided(engine):
    return decide_removals(engine, Audit(engine).exact_duplicates())


def listed(engine, separated, **style):
    return list_of_duplicates(
        engine, decided(engine), ListKind.REMOVE, PathStyle(separated, **style)
    )


def test_names_come_through_byte_for_byte(opened):
    """Separated by NUL, any name is read back as it is, one with a line break as well."""
    engine = opened((*ODD, BROKEN))
    paths = listed(engine, Separated.NUL).split(b"\0")
    assert paths.pop() == b""
    assert sorted(paths) == copies(engine, (*ODD, BROKEN))


def test_lines_hold_every_other_name(opened):
    """One a line, with line ends of one byte on every system, each path from the root on."""
    engine = opened()
    lines = listed(engine, Separated.LINES).split(b"\n")
    assert lines.pop() == b""
    assert sorted(lines) == copies(engine)
    assert all(line.startswith(b"/") for line in lines)


@pytest.mark.parametrize("separated", [Separated.LINES, Separated.QUOTED])
@pytest.mark.parametrize("name", [BROKEN, "return\r.png"])
def test_a_line_break_is_refused(opened, separated, name):
    """A list of lines would name files that are no copies, so there is none; the name is told."""
    engine = opened((*ODD, name))
    with pytest.raises(BadInput, match="line breaks") as refused:
        listed(engine, separated)
    assert refused.value.way is Way.SEPARATE_BY_NUL


@pytest.mark.parametrize("kind", [ListKind.REMOVE, ListKind.KEEP])
@pytest.mark.parametrize("folder", ["li\nne", "above\r/p", "a\n/b"])
def test_a_line_break_above_the_pictures_is_refused(opened, folder, kind):
    """The whole path decides, in whichever folder of it the break is; relative paths have none."""
    engine = opened(ODD, folder)
    decisions = decided(engine)
    for separated in (Separated.LINES, Separated.QUOTED):
        with pytest.raises(BadInput, match="line breaks"):
            list_of_duplicates(engine, decisions, kind, PathStyle(separated))
        assert list_of_duplicates(engine, decisions, kind, PathStyle(separated, relative=True))
    whole = list_of_duplicates(engine, decisions, ListKind.REMOVE, PathStyle(Separated.NUL))
    assert sorted(whole.split(b"\0")[:-1]) == copies(engine)


def test_relative_paths_are_no_options(opened):
    """A path that is relative begins with a dot, so that no name is taken for an option."""
    engine = opened()
    lines = listed(engine, Separated.LINES, relative=True).split(b"\n")[:-1]
    assert all(line.startswith(b"./-folder/") for line in lines)
    folder = os.fsencode(engine.collection.root)
    assert sorted(folder + line[1:] for line in lines) == copies(engine)


@pytest.mark.parametrize("reader", ["sh", "xargs"])
def test_a_shell_and_xargs_read_the_quotes(opened, reader):
    """Quoted paths are the arguments that a shell, or xargs without options, makes of them."""
    engine = opened()
    quoted = listed(engine, Separated.QUOTED)
    show = [sys.executable, "-c", r"import sys,os;print(*map(os.fsencode,sys.argv[1:]),sep='\n')"]
    if reader == "xargs":
        run = subprocess.run(["xargs", *show], input=quoted, capture_output=True, check=True)
    else:
        words = b" ".join(quoted.split(b"\n"))
        command = b'exec "$0" -c "$1" ' + words
        run = subprocess.run(
            ["sh", "-c", command, show[0], show[2]], capture_output=True, check=True
        )
    assert sorted(map(eval, run.stdout.splitlines())) == copies(engine)


def test_the_command_feeds_rm(opened, settings, tmp_path):
    """As the help says: what the command writes is removed by xargs, and only that."""
    root = opened((*ODD, BROKEN)).collection.root
    run = subprocess.run(
        [sys.executable, "-m", "search_engine", "duplicates", "--exact-only", "--list", "remove",
         "--print0"],
        capture_output=True, check=True, cwd=Path(__file__).parent.parent.parent,
    )  # fmt: skip
    subprocess.run(["xargs", "-0", "rm", "--"], input=run.stdout, check=True)
    assert not list((root / "-folder").iterdir())
    assert len(list((root / "a").iterdir())) == len(ODD) + 1


def test_the_command_refuses_a_list_of_lines(run, opened, tmp_path):
    """Where a name has a line break nothing is written, and the exit code says so."""
    opened((*ODD, BROKEN))
    target = tmp_path / "list.txt"
    for options in ((), ("--export", target), ("--quote",)):
        code, out, said = run("duplicates", "--exact-only", "--list", "remove", *options)
        assert code == 3
        assert "line breaks" in said
        assert r"zip\n.png" in said
        assert out == ""
        assert not target.exists()
    assert run("duplicates", "--exact-only", "--list", "keep")[0] == 0


@pytest.mark.parametrize(
    "options",
    [("--print0",), ("--relative",), ("--quote", "--list", "table"), ("--list", "keep", "--json")],
)
def test_an_option_without_effect_is_refused(run, opened, options):
    """What asks for a way of writing paths where none are written is told, not ignored."""
    opened(ODD[:1])
    code, out, said = run("duplicates", "--exact-only", *options)
    assert (code, out) == (3, "")
    assert "list" in said


def test_what_a_list_is_relative_to_is_said(run, opened):
    """On standard error, where a list cannot hold a heading; so is what is held back."""
    engine = opened(ODD[:2])
    (engine.collection.root / "a/0.png").unlink()
    code, out, said = run("duplicates", "--exact-only", "--list", "remove", "--relative")
    assert code == 0
    assert out == f"./-folder/{ODD[1]}\n"
    assert f"relative to {engine.collection.root}" in said
    assert "1 picture is held back" in said
    assert "the one to keep is missing" in said


def test_json_names_every_file(run, opened):
    """The address is the file's, byte for byte; whether the name can be shown stands beside it."""
    engine = opened((*ODD, BROKEN))
    found = json.loads(run("duplicates", "--exact-only", "--json")[1])
    assert found["folder"] == str(engine.collection.root)
    removed = [copy for group in found["groups"] for copy in group["copies"] if copy["remove"]]
    from urllib.parse import unquote_to_bytes, urlsplit

    paths = [unquote_to_bytes(urlsplit(copy["uri"]).path) for copy in removed]
    assert sorted(paths) == copies(engine, (*ODD, BROKEN))
    assert sorted(os.fsencode(copy["path"]) for copy in removed) == sorted(paths)
    for copy in removed:
        shown = copy["path"].rpartition("/")[2]
        assert copy["printable"] == (
            shown not in {BROKEN, os.fsdecode(b"caf\xe9.png"), "tab\there.png"}
        )
        assert (copy["width"], copy["height"]) == (40, 70)
        assert copy["size_bytes"] == Path(copy["path"]).stat().st_size


def rows(content):
    """Read a table back as the README says."""
    text = content.decode(tables.ENCODING, "surrogateescape")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_table_is_the_catalog(opened):
    """Each row has path, pixels, bytes and what is to become of it; a spreadsheet runs none."""
    engine = opened((*ODD, BROKEN))
    table = rows(list_of_duplicates(engine, decided(engine), ListKind.TABLE))
    records = {record.picture_id: record for record in engine.catalog.pictures}
    assert len(table) == 2 * (len(ODD) + 1)
    for row in table:
        record = records[int(row["picture_id"])]
        assert tables.as_named(row["path"]) == str(engine.path(record))
        assert tables.as_named(row["category"]) == record.category
        assert (int(row["width"]), int(row["height"])) == (40, 70)
        assert int(row["size_bytes"]) == record.size_bytes
        assert (row["keep"], row["remove"]) == (
            ("yes", "no") if record.category == "a" else ("no", "yes")
        )
        assert not any(cell.startswith(tuple("=+-@\t\r\n")) for cell in row.values())


def test_other_tables_say_what_lies_there(settings, load, pictures):
    """Whoever acts on suspects or odd pictures sees which is a link, a second name, or gone."""
    paint(pictures / "blue/stray.png", "red", size=(70, 40), salt=77)
    os.link(pictures / "red/0.png", pictures / "red/hard.png")
    (pictures.parent / "far.png").write_bytes((pictures / "red/1.png").read_bytes())
    (pictures / "red/soft.png").symlink_to(pictures.parent / "far.png")
    name, wanted = plan_build(pictures, settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    (pictures / "green/0.png").unlink()
    with SearchEngine.open(name, settings, load=load) as engine:
        audit = Audit(engine)
        table = rows(table_of_unusual(engine, [find_unusual(audit, Oddity.TINY)]))
        said = {Path(row["path"]).name: row["on_disk"] for row in table if "red" in row["path"]}
        assert said["soft.png"] == "link"
        assert said["0.png"] == "one name of several"
        assert (
            next(row for row in table if row["path"].endswith("green/0.png"))["on_disk"] == "gone"
        )
        suspects = rows(table_of_suspects(engine, audit.suspects(with_words=False)))
        assert Path(suspects[0]["path"]).name == "stray.png"
        assert suspects[0]["on_disk"] == "file"
        assert float(suspects[0]["combined"]) > 0


@pytest.mark.parametrize("colour", list(COLOURS)[:1])
def test_cells_come_back(colour):
    """Any text is read back from its cell, and numbers stay what they are."""
    texts = ["=1+1", "'=1", "''", "a;=1;b", "x\t@y", "\r\n-1", "é", "plain", " =1", "＝1", "-1.5"]
    for text in texts:
        assert tables.as_named(tables.as_cell(text)) == text
    made = rows(tables.as_csv(["=head", "number"], [["=1", -1.5], ["é", None]]))
    assert made == [{"'=head": "'=1", "number": "-1.5"}, {"'=head": "é", "number": ""}]
    assert tables.as_csv(["a"], []).startswith(b"\xef\xbb\xbf")
