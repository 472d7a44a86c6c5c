"""A folder of copies or links: what is in it is what was found, and nothing else was touched."""

import csv
import errno
import os
import resource
import stat
from pathlib import Path

import pytest

from search_engine import Library, SearchEngine, build_collection, plan_build
from search_engine.errors import BadInput, ExportStopped
from search_engine.exchange import Manner, export_files, plan_export
from search_engine.files import tables
from tests.conftest import paint

WHEN = 1_400_000_000
LINKS = [Manner.HARD_LINK, Manner.SYMBOLIC_LINK]


def snapshot(folder):
    """Return what lies in a folder, with contents and dates."""
    return {
        path.relative_to(folder): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file() and ".sqlite" not in path.name
    }


@pytest.fixture
def shelf(tmp_path, settings, load):
    """A collection with clashing names, open; nothing in its folder may change."""
    root = tmp_path / "pictures"
    for number, path in enumerate(
        ("a/one.png", "b/one.png", "b/ONE.png", "c/deep/one.png", "c/two.png")
    ):
        size = (900, 900) if path == "c/two.png" else (60, 40)
        os.utime(paint(root / path, "red", size=size, salt=number), (WHEN + number,) * 2)
    build_collection(*plan_build(root, settings, model_id="colours"), settings, load=load)
    before = snapshot(root)
    with SearchEngine.open("pictures", settings, load=load) as engine:
        yield engine
    assert snapshot(root).items() <= before.items()


def records(engine):
    return sorted(engine.catalog.pictures, key=lambda one: one.path)


def rows(table):
    """Read the table as a spreadsheet does, and take its marks away."""
    with table.open(encoding=tables.ENCODING, errors="surrogateescape", newline="") as file:
        return [
            {name: tables.as_named(cell) for name, cell in row.items()}
            for row in csv.DictReader(file)
        ]


def there(folder):
    """Return the names in a folder."""
    return sorted(path.name for path in folder.iterdir())


def exported(engine, folder, manner=Manner.COPY, some=None, **more):
    return export_files(plan_export(engine, some or records(engine), folder, manner, **more))


@pytest.mark.parametrize("manner", list(Manner))
def test_every_file_is_there_once_and_the_table_says_which(shelf, tmp_path, manner):
    """Names that clash, in case alone too, are numbered; contents and dates are those of before."""
    matches = {one.picture_id: 12.345 for one in records(shelf)}
    report = exported(shelf, tmp_path / "out", manner, matches=matches)
    names = ["one (2).png", "one (3).png", "one (4).png", "one.png", "two.png"]
    assert sorted(map(str.lower, report.names)) == names
    assert there(report.folder) == sorted([*report.names, "files.csv"])
    named = {row["file"]: row for row in rows(report.table)}
    for record, name in zip(records(shelf), report.names, strict=True):
        source, target = shelf.path(record), report.folder / name
        assert target.read_bytes() == source.read_bytes()
        assert target.stat().st_mtime_ns == source.stat().st_mtime_ns
        row = named[name]
        assert (Path(row["picture"]), int(row["picture_id"])) == (source, record.picture_id)
        assert (row["category"], row["sha256"]) == (record.category, record.content_hash)
        assert float(row["match"]) == pytest.approx(12.345, abs=0.01)
        assert target.is_symlink() is (manner is Manner.SYMBOLIC_LINK)
        assert target.samefile(source) is (manner is not Manner.COPY)
    sizes = sum(one.size_bytes for one in records(shelf))
    assert report.bytes == (sizes if manner is Manner.COPY else 0)


def test_a_plan_says_how_much_and_writes_nothing(shelf, tmp_path):
    """How many files and bytes, and what is missing; not even the folder is made."""
    shelf.path(records(shelf)[0]).unlink()
    shelf.path(records(shelf)[1]).write_bytes(b"other")
    plan = plan_export(shelf, records(shelf), tmp_path / "out")
    assert len(plan.files) == 3
    assert plan.bytes == sum(one.size_bytes for one in records(shelf)[2:])
    assert [(one.record.path, one.reason) for one in plan.left_out] == [
        (records(shelf)[0].path, "missing, or cannot be read"),
        (records(shelf)[1].path, "changed since it was indexed"),
    ]
    assert not (tmp_path / "out").exists()
    for record in records(shelf)[:2]:
        shelf.path(record).unlink(missing_ok=True)


@pytest.mark.parametrize("manner", list(Manner))
def test_what_changed_meanwhile_is_left_out_and_named(shelf, tmp_path, manner):
    """Of the same length, too; what was only touched is exported."""
    plan = plan_export(shelf, records(shelf), tmp_path / "out", manner)
    first, second, third = (shelf.path(one) for one in records(shelf)[:3])
    content = bytearray(first.read_bytes())
    content[-1] ^= 1
    first.write_bytes(content)
    second.unlink()
    third.touch()
    report = export_files(plan)
    assert len(report.names) == 3
    reasons = {row["picture"]: row["what"] for row in rows(report.table) if not row["file"]}
    assert reasons == {
        str(first): "skipped: changed since it was indexed",
        str(second): "skipped: missing, or cannot be read",
    }
    for path in (first, second, third):
        path.unlink(missing_ok=True)


def test_nothing_is_written_over(shelf, tmp_path):
    """What is there, or comes meanwhile, keeps its name; a second export lies beside the first."""
    out = tmp_path / "out"
    out.mkdir()
    for name in ("One.PNG", "files.csv"):
        (out / name).write_text("mine")
    plan = plan_export(shelf, records(shelf), out)
    assert plan.files[0].name != "one.png"
    (out / "two.png").write_text("mine as well")
    report = export_files(plan)
    assert {(out / name).read_text() for name in ("One.PNG", "files.csv")} == {"mine"}
    assert (out / "two.png").read_text() == "mine as well"
    assert "two (2).png" in report.names
    assert report.table.name == "files (2).csv"
    before = snapshot(out)
    again = exported(shelf, out)
    assert before.items() <= snapshot(out).items()
    assert not set(again.names) & set(report.names)


@pytest.mark.parametrize("manner", list(Manner))
def test_a_file_that_comes_meanwhile_keeps_its_name(shelf, tmp_path, monkeypatch, manner):
    """Also where it came after the folder was looked at."""
    out = tmp_path / "out"
    out.mkdir()
    plan = plan_export(shelf, records(shelf), out, manner)
    for name in ("two.png", "two (2).png", "files.csv"):
        (out / name).write_text("mine")
    monkeypatch.setattr("search_engine.exchange.export_run.names_in", lambda _: [])
    report = export_files(plan)
    assert ("two (3).png" in report.names, report.table.name) == (True, "files (2).csv")
    assert {(out / name).read_text() for name in ("two.png", "files.csv")} == {"mine"}


def test_nothing_is_written_where_pictures_and_collections_lie(shelf, tmp_path):
    """Not by another name of the folder either; beside it and above it is fine."""
    root = shelf.collection.root
    (tmp_path / "link").symlink_to(root)
    (tmp_path / "into").symlink_to(root / "a")
    for folder in (
        root, root / "new", root / "a", tmp_path / "link" / "new", tmp_path / "into",
        tmp_path / "x" / ".." / "pictures", shelf.settings.data_folder / "new",
        shelf.catalog.folder, root / ".." / "pictures" / "new",
    ):  # fmt: skip
        with pytest.raises(BadInput):
            plan_export(shelf, records(shelf), folder)
    assert exported(shelf, root.parent / "pictures 2").names
    assert exported(shelf, root.parent).names


@pytest.mark.parametrize("odd", ["a file", "no folder above", "zero", "circle", "dangling"])
def test_a_folder_that_cannot_be_used_is_refused(shelf, tmp_path, odd):
    """With the reason, before anything is written."""
    (tmp_path / "file").write_text("x")
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    folder = {
        "a file": tmp_path / "file", "no folder above": tmp_path / "new" / "deeper",
        "zero": Path("a\0b"), "circle": tmp_path / "circle" / "x",
        "dangling": tmp_path / "dangling",
    }[odd]  # fmt: skip
    with pytest.raises(BadInput) as refused:
        plan_export(shelf, records(shelf), folder)
    assert refused.value.remedy
    assert not (tmp_path / "nowhere").exists()


def failing(monkeypatch, number, after):
    """Let the system refuse to write or to link from the nth time on."""
    counted = []

    def refuse(real):
        def act(self, *given, **more):
            if self.parent.name == "out" and (given[:1] == ("xb",) or real.__name__ != "open"):
                counted.append(self)
                if len(counted) > after:
                    raise OSError(number, os.strerror(number))
            return real(self, *given, **more)

        return act

    for name in ("open", "hardlink_to", "symlink_to"):
        monkeypatch.setattr(Path, name, refuse(getattr(Path, name)))


@pytest.mark.parametrize(
    ("manner", "number", "cause"),
    [
        (Manner.COPY, errno.ENOSPC, "The disk is full"),
        (Manner.COPY, errno.EDQUOT, "The disk is full"),
        (Manner.COPY, errno.EROFS, "Read-only file system"),
        (Manner.HARD_LINK, errno.EPERM, "makes no hard links there"),
        (Manner.SYMBOLIC_LINK, errno.EOPNOTSUPP, "makes no symbolic links there"),
    ],
)
def test_a_disk_that_refuses_says_what_was_done(
    shelf, tmp_path, monkeypatch, manner, number, cause
):
    """Two of five are there, whole, and named where a table can be written."""
    plan = plan_export(shelf, records(shelf), tmp_path / "out", manner)
    with monkeypatch.context() as patch:
        failing(patch, number, 2)
        with pytest.raises(ExportStopped) as stopped:
            export_files(plan)
    assert cause in stopped.value.cause
    assert "2 of 5 files are in the folder" in stopped.value.cause
    whole = [path.stat().st_size for path in (tmp_path / "out").glob("*.png")]
    assert len(whole) == 2
    assert all(whole)


def test_half_a_copy_is_none(shelf, tmp_path):
    """Where the disk takes no file so long, nothing of it stays, and the others are there."""
    long = max(records(shelf), key=lambda one: one.size_bytes)
    plan = plan_export(shelf, records(shelf), tmp_path / "out")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (long.size_bytes - 1, before[1]))
    try:
        report = export_files(plan)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [(one.record, one.reason) for one in report.left_out] == [
        (long, "too large for the disk")
    ]
    assert there(tmp_path / "out") == sorted([*report.names, "files.csv"])
    assert len(report.names) == 4


def test_copies_that_do_not_fit_are_refused_before(shelf, tmp_path, monkeypatch):
    """Links take no room."""
    monkeypatch.setattr("search_engine.exchange.export_plan.free_bytes", lambda _: 100)
    plan = plan_export(shelf, records(shelf), tmp_path / "out")
    assert not plan.fits
    with pytest.raises(BadInput, match="the disk has 100 left"):
        export_files(plan)
    assert not (tmp_path / "out").exists()
    assert plan_export(shelf, records(shelf), tmp_path / "out", Manner.HARD_LINK).fits


def test_a_hard_link_to_another_drive_is_refused_before(shelf, tmp_path, monkeypatch):
    """With what to do instead."""
    real = Path.stat

    def elsewhere(self, **more):
        facts = real(self, **more)
        if self == tmp_path:
            values = list(facts)
            values[stat.ST_DEV] += 1
            return os.stat_result(values)
        return facts

    monkeypatch.setattr(Path, "stat", elsewhere)
    with pytest.raises(BadInput, match="another drive"):
        plan_export(shelf, records(shelf), tmp_path / "out", Manner.HARD_LINK)
    assert plan_export(shelf, records(shelf), tmp_path / "out", Manner.SYMBOLIC_LINK).files


def test_who_stops_it_finds_a_table_of_what_is_there(shelf, tmp_path):
    """As a click on the page or Ctrl-C does."""

    def stop(step):
        if step.done == 3:
            raise KeyboardInterrupt

    plan = plan_export(shelf, records(shelf), tmp_path / "out")
    with pytest.raises(KeyboardInterrupt):
        export_files(plan, stop)
    named = [row["file"] for row in rows(tmp_path / "out" / "files.csv")]
    assert sorted([*named, "files.csv"]) == there(tmp_path / "out")
    assert len(named) == 3


def test_a_collection_and_its_catalog_are_as_before(shelf, tmp_path, settings):
    """An export is no update: nothing new is found by one."""
    exported(shelf, tmp_path / "out")
    with Library(settings).open_catalog("pictures") as catalog:
        assert len(catalog.pictures) == 5
