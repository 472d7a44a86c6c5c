"""What is downloaded: read back and compared with the catalog, unpacked, opened without running."""

import csv
import io
import json
import os
import shutil
import subprocess
import unicodedata
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PureWindowsPath

import jsonschema
import pandas as pd
import pytest

from pages.ui.build import collection_panel
from pages.ui.frame import feedback
from pages.ui.frame.search_state import SearchState
from pages.ui.search import downloads, filter_form
from pages.ui.widgets import charts, data_table
from search_engine import SearchEngine, build_collection, plan_build
from search_engine.cli.json_answers import schema_of
from search_engine.exchange import packing
from search_engine.files import tables
from search_engine.records import SkippedFile, SkipReason
from search_engine.search import SearchAnswer
from search_engine.settings import DATA_VARIABLE
from tests.app.payloads import choose, grid, grids, paths
from tests.conftest import paint

NAMES = (
    "=cmd|' ⁄C calc'!A1.png", "@SUM(1).png", "+1.png", "-rf.png", "a;=1+1;b.png", "line\nbreak.png",
    '$x^2$ "quoted" \'single\' *?.png', "é.png", os.fsdecode(b"caf\xe9.png"), "con", "AUX.png",
    "x" * 200 + ".png", "trailing. .png", "back\\slash.png", "UPPER.png", "upper.png", "👩‍👧.png",
    unicodedata.normalize("NFD", "é.png"), "tab\t<>|.png", "\u202egnp.exe.png",
)  # fmt: skip
TAKEN = {0x9003: "2019:07:14 12:34:56"}
CHANGED = datetime(2015, 3, 2, 10, 20, 30, tzinfo=UTC).timestamp()


@pytest.fixture
def results(settings, load, tmp_path):
    """Return an engine, and an answer with one picture of each odd name."""
    from PIL import Image

    for number, name in enumerate(NAMES):
        file = f"{name.removesuffix('.png')}.png"
        path = paint(tmp_path / "=odd" / "-1+2" / file, "red", size=(70, 40), salt=number)
        os.utime(path, (CHANGED, CHANGED))
    exif = Image.Exif()
    exif.get_ifd(0x8769).update(TAKEN)
    paint(tmp_path / "=odd" / "taken.jpg", "red", size=(30, 90), exif=exif)
    name, wanted = plan_build(tmp_path / "=odd", settings, name="odd", model_id="colours")
    build_collection(name, wanted, settings, load=load)
    with SearchEngine.open(name, settings, load=load) as engine:
        answer = engine.search("red", 100)
        assert len(answer.results) == len(NAMES) + 1
        yield engine, answer


def rows(content):
    """Read a table as the README says."""
    text = content.decode(tables.ENCODING, "surrogateescape")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_pictures_without_a_search_are_taken_along_without_scores(results):
    """Their table has their facts alone, and their ZIP has them all."""
    engine, answer = results
    records = [one.record for one in answer.results]
    table = rows(downloads.table_of(engine, records))
    assert [row["picture_id"] for row in table] == [str(one.picture_id) for one in records]
    assert not {"rank", "score", "match"} & set(table[0])
    zipped = packing.as_zip(engine, enumerate(records, 1))
    with zipfile.ZipFile(io.BytesIO(zipped)) as archive:
        assert len(archive.namelist()) == len(records)


def test_the_table_says_what_the_catalog_says(results):
    """Each line has the picture's path, size, date and hash; no cell is a formula."""
    engine, answer = results
    records = {record.picture_id: record for record in engine.catalog.pictures}
    table = rows(downloads.as_csv(engine, answer))
    assert len(table) == len(records)
    for row, result in zip(table, answer.results, strict=True):
        record = records[int(row["picture_id"])]
        assert Path(tables.as_named(row["path"])) == engine.path(record)
        assert tables.as_named(row["category"]) == (record.category or "")
        assert (int(row["width"]), int(row["height"])) == (record.width, record.height)
        assert record.width != record.height
        assert row["taken_at"] == (record.taken_at or "")
        assert int(row["size_bytes"]) == engine.path(record).stat().st_size
        assert row["sha256"] == record.content_hash
        assert float(row["score"]) == pytest.approx(result.score, abs=1e-6)
        assert not any(cell.startswith(tuple("=+-@\t\r\n")) for cell in list(row.values())[3:])
    assert any(row["category"] == "'-1+2" for row in table)


def test_tags_are_in_the_table_and_the_document(results):
    """Whatever is in them, each is read back; pictures without any have an empty cell."""
    engine, answer = results
    first, second, *rest = [one.record.picture_id for one in answer.results]
    tags = ["a, b", "=1+1", 'say "sea"', "été", "x;=y"]
    for tag in tags:
        engine.catalog.tags.add([first], tag)
    engine.catalog.tags.add([second], "=1+1")
    expected = {first: sorted(tags), second: ["=1+1"]} | {one: [] for one in rest}
    table = rows(downloads.as_csv(engine, answer))
    read = {int(row["picture_id"]): tables.as_values(tables.as_named(row["tags"])) for row in table}
    assert {number: sorted(found) for number, found in read.items()} == expected
    assert not any(row["tags"].startswith(tuple("=+-@")) for row in table)
    document = json.loads(downloads.as_json(engine, answer))
    told = {one["picture_id"]: sorted(one["tags"]) for one in document["results"]}
    assert told == expected


def test_the_document_is_that_of_the_command_line(results):
    """JSON has its keys, holds every name, and has paths that lead to the very files."""
    engine, answer = results
    document = json.loads(downloads.as_json(engine, answer))
    jsonschema.validate(document, schema_of(SearchAnswer))
    assert (document["query"], document["collection"]) == ("red", "odd")
    for entry, result in zip(document["results"], answer.results, strict=True):
        assert Path(entry["path"]) == engine.path(result.record)
        assert entry["picture_id"] == result.record.picture_id
        assert entry["category"] == result.record.category
        assert entry["score"] == pytest.approx(result.score, abs=1e-6)


def test_an_archive_has_names_for_every_system(results):
    """Short, without signs that a system refuses, unlike each other for all of them."""
    engine, answer = results
    with zipfile.ZipFile(io.BytesIO(downloads.as_zip(engine, answer))) as archive:
        names = archive.namelist()
        assert len(names) == len(answer.results)
        for entry, result in zip(archive.infolist(), answer.results, strict=True):
            assert archive.read(entry) == engine.path(result.record).read_bytes()
            assert entry.filename.isascii() or entry.flag_bits & 0x800
    for name in names:
        assert len(name.encode()) <= 143
        assert Path(name).suffix in {".png", ".jpg"}
        assert not set(name) & set('\\/:*?"<>|\n\t\u202e')
        assert not PureWindowsPath(name).is_reserved()
        assert name == name.rstrip(" .")
        assert unicodedata.is_normalized("NFC", name)
    assert len({unicodedata.normalize("NFKC", name).casefold() for name in names}) == len(names)


def test_an_archive_unpacks(results, tmp_path):
    """Python and, where it is there, unzip make the same files of it, with the pictures' dates."""
    engine, answer = results
    (tmp_path / "x.zip").write_bytes(downloads.as_zip(engine, answer))
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        archive.extractall(tmp_path / "python")
        dates = {entry.filename: entry.date_time for entry in archive.infolist()}
    assert len(list((tmp_path / "python").iterdir())) == len(answer.results)
    (taken,) = (name for name in dates if name.endswith("taken.jpg"))
    assert dates.pop(taken) == (2019, 7, 14, 12, 34, 56)
    local = datetime.fromtimestamp(CHANGED, UTC).astimezone()
    assert set(dates.values()) == {tuple(local.timetuple()[:6])}
    if shutil.which("unzip"):
        subprocess.run(["unzip", "-q", tmp_path / "x.zip", "-d", tmp_path / "unzip"], check=True)
        names = {path.name for path in (tmp_path / "unzip").iterdir()}
        assert names == {path.name for path in (tmp_path / "python").iterdir()}


@pytest.mark.parametrize(
    ("taken_at", "modified_ns", "year"),
    [(None, -(10**18), 1980), (None, 2**63 - 1, 2107), ("0001-01-01T00:00:00", 0, 1980),
     ("9999-12-31T23:59:59", 0, 2107), ("2020-02-30T00:00:00", 10**18, 2001),
     ("2020-05-06T07:08:09+02:00", 0, 2020)],
)  # fmt: skip
def test_any_date_fits(results, taken_at, modified_ns, year):
    """Dates that an archive cannot hold become the nearest that it can."""
    record = replace(results[1].results[0].record, taken_at=taken_at, modified_ns=modified_ns)
    assert packing._date(record)[0] == year


def test_what_is_not_in_the_archive_is_named_in_it(results):
    """Files that went or changed are left out, and a table in the archive says which and why."""
    engine, answer = results
    gone, changed = (engine.path(result.record) for result in answer.results[:2])
    gone.unlink()
    changed.write_bytes(b"something else")
    with zipfile.ZipFile(io.BytesIO(downloads.as_zip(engine, answer))) as archive:
        table = rows(archive.read(packing.LEFT_OUT))
        assert len(archive.namelist()) == len(answer.results) - 2 + 1
    assert [row["rank"] for row in table] == ["1", "2"]
    assert [row["reason"].split()[0].strip(",") for row in table] == ["missing", "changed"]
    assert tables.as_named(table[0]["path"]) == answer.results[0].record.path


def test_charts_and_left_out_files_are_as_safe():
    """Every table of the app is written by one function: text is marked, numbers stay numbers."""
    frame = pd.DataFrame({"category": ["=1+1", "é"], "-share": [-0.5, None], "count": [3, 4]})
    for content in (charts.as_csv(frame), charts.as_csv(lambda: frame)):
        assert content.startswith(b"\xef\xbb\xbf")
        first, second = rows(content)
        assert (first["category"], first["'-share"], first["count"]) == ("'=1+1", "-0.5", "3")
        assert (second["category"], second["'-share"]) == ("é", "")
    skip = SkippedFile(os.fsdecode(b"=caf\xe9.png"), SkipReason.DAMAGED, "cut")
    (row,) = rows(collection_panel.as_csv([skip], Path("/pictures")))
    assert row["file"] == f"/pictures/{skip.path}"
    assert tables.as_named(row["path"]) == skip.path
    assert row["path"].startswith("'=")
    assert row["reason"] == skip.explanation


def test_no_page_writes_tables_past_that_function():
    """CSV is written in one module, and tables on the screen go through one as well."""
    folder = Path(data_table.__file__).parent.parent
    sources = [*folder.rglob("*.py"), *(folder.parent / "search_engine/cli").glob("*.py")]
    sources += (folder.parent / "search_engine/audit").glob("*.py")
    for source in sources:
        text = source.read_text("utf-8")
        assert "to_csv" not in text, source
        assert "import csv" not in text, source
        if source.name != "data_table.py":
            assert "st.dataframe" not in text, source
            assert "st.data_editor" not in text, source


def test_a_table_on_the_screen_is_marked(page, settings, load, tmp_path):
    """The browser writes what it was sent as CSV, so a category that is a formula comes marked."""
    for number in range(2):
        paint(tmp_path / "p" / "=1+1" / f"{number}.png", "red", salt=number)
        paint(tmp_path / "p" / "blue" / f"{number}.png", "blue", salt=number)
    name, wanted = plan_build(tmp_path / "p", settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    app = page("3_Categories.py")
    assert not app.exception
    assert sorted(app.dataframe[0].value["Category"]) == ["'=1+1", "blue"]


@pytest.mark.parametrize("sign", list("\\`*_{}[]()<>#+-.!|~$:&@/"))
def test_no_sign_of_a_name_is_markup(sign):
    """Whatever means something to Markdown, formulas between dollars too, is escaped."""
    assert feedback.plain(f"{sign}x{sign}") == f"\\{sign}x\\{sign}"


def test_the_shorter_side_restricts_both_sides():
    """A picture passes “shorter side, at least” only if both of its sides do."""
    filters = filter_form.filters(SearchState(min_side=320))
    assert (filters.min_width, filters.min_height) == (320, 320)


def test_the_second_page_behind_a_bar_shows_other_pictures(page, collection, monkeypatch):
    """Each page has its own, and together they are all."""
    monkeypatch.setattr("pages.ui.search.behind._A_PAGE", 1)
    app = page("3_Categories.py", show="One category", name="red")
    (pages,) = [one for one in app.pagination if "all of it" in (one.key or "")]
    first = paths(grids(app)[-1])
    pages.set_value(2).run()
    assert not app.exception
    assert sorted([*first, *paths(grids(app)[-1])]) == ["red/0.png", "red/1.png"]


def test_what_is_shown_is_downloaded(page, pictures, settings, load, monkeypatch):
    """As many results as there are on the page by now, where they are chosen, or the selected."""
    for number in range(2, 20):
        paint(pictures / "red" / f"{number}.png", "red", salt=number)
    name, wanted = plan_build(pictures, settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    monkeypatch.setattr("pages.ui.frame.resources.models.load_embedder", load)
    seen = []
    monkeypatch.setattr(downloads.feedback, "file_size", lambda size: seen.append(size) or "")
    sizes = {path.relative_to(pictures).as_posix(): path.stat().st_size
             for path in pictures.glob("*/*.png")}  # fmt: skip
    for pages in ("1", "2"):
        app = page("2_Search.py", q="red", page=pages, per_page="24")
        app.session_state["download which"] = False
        seen.clear()
        choose(app, "download").run()
        assert not app.exception
        assert seen == [sum(sizes[path] for path in paths(grid(app)))]
        assert len(grid(app)["items"]) == (24 if pages == "1" else 30)
    app.session_state["results"] = {"selected": [one["id"] for one in grid(app)["items"][:2]]}
    app.run()
    seen.clear()
    app.button(key="selection Download").click().run()
    assert not app.exception
    assert seen == [sum(sizes[path] for path in paths(grid(app))[:2])]


def test_matches_are_offered_first_where_there_are_any(page, gallery, monkeypatch):
    """What is shown beside them is the second choice; without matches it is all there is."""
    monkeypatch.setenv(DATA_VARIABLE, str(gallery.settings.data_folder))
    app = page("2_Search.py", q="two purple cats")
    matching = gallery.search("two purple cats", 240).verdict.matches
    choose(app, "download").run()
    assert not app.exception
    which = app.segmented_control(key="download which")
    assert list(which.options) == [
        f"{matching} match{'' if matching == 1 else 'es'}", "48 results shown",
    ]  # fmt: skip
    assert which.value is True
    app = page("2_Search.py", q="xyzzy blorp")
    choose(app, "download").run()
    assert "48 results" in [one.value for one in app.caption]
