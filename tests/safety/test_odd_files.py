"""What is no usual file, or says odd things of itself, is indexed or named, and holds no build."""

import os
import socket
from pathlib import Path

import pytest

from search_engine.building.changes import Changes, changes_since_build
from search_engine.collection.catalog import Measure
from search_engine.collection.decoding import Refusal, read_content
from search_engine.collection.scanning import scan
from search_engine.explore.counts import count_in_steps
from search_engine.records import Filters, SkipReason
from tests.conftest import COLOURS, counts, paint
from tests.lookups import skipped


def moment(seconds):
    return seconds * 10**9


ODD_TIMES = {
    "2300": moment(10_413_792_000),
    "2400": moment(13_569_465_600),
    "30000": moment(884_541_340_800),
    "the last": 2**63 * 10**9 - 1,
    "1900": moment(-2_208_988_800),
    "1600": moment(-11_676_096_000),
    "before time": -(2**63) * 10**9,
    "1970": 0,
}


@pytest.mark.parametrize("when", ODD_TIMES)
def test_any_time_a_file_system_can_hold_is_indexed(build, pictures, settings, engine, when):
    """A file of any date is found, filtered by it, told apart from a change, and stops nothing."""
    file = pictures / "red" / "0.png"
    try:
        os.utime(file, ns=(ODD_TIMES[when], ODD_TIMES[when]))
    except (OverflowError, OSError):
        pytest.skip("this system cannot hold it")
    assert counts(build()) == {"added": 12, "embedded": 12}
    assert counts(build()) == {"unchanged": 12}
    assert changes_since_build("pictures", settings) == Changes()
    found = engine()
    assert len(found.search("red", 12).results) == 12
    early = found.search("red", 12, Filters(dated_to="2000-01-01")).results
    late = found.search("red", 12, Filters(dated_from="2200-01-01")).results
    assert [result.record.path for result in (*early, *late)] == ["red/0.png"]
    assert {one.name for one in found.catalog.statistics.categories()} == set(COLOURS)
    bars = count_in_steps(found.catalog, Measure.DATE)
    assert sum(bar.pictures for bar in bars) == 12
    assert [found.catalog.pictures.count(bar.filters) for bar in bars] == [b.pictures for b in bars]
    (file.parent / "0.png").touch()
    assert changes_since_build("pictures", settings).changed == 1


def put_special(kind, path):
    path.unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as server:
            before = Path.cwd()
            os.chdir(path.parent)  # the name of a socket may have a hundred bytes
            server.bind(path.name)
            os.chdir(before)
    else:
        path.symlink_to("/dev/zero")


@pytest.mark.parametrize("kind", ["pipe", "socket", "device"])
def test_what_is_no_file_is_named(build, pictures, settings, kind):
    """A pipe, socket or device named like a picture is on the list, and off it when it is gone."""
    put_special(kind, pictures / "odd.jpg")
    (pictures / "link.jpg").symlink_to(pictures / "odd.jpg")
    report = build()
    expected = f"not a regular file: a {kind}"
    assert skipped(settings) == {"odd.jpg": expected, "link.jpg": expected}
    assert (report.added, len(report.skipped)) == (12, 2)
    assert len(build().skipped) == 2
    (pictures / "link.jpg").unlink()
    (pictures / "odd.jpg").unlink()
    paint(pictures / "odd.jpg", "red", salt=5)
    assert build().added == 1
    assert skipped(settings) == {}


@pytest.mark.parametrize("kind", ["pipe", "socket", "device"])
def test_what_takes_the_place_of_a_file_after_the_scan_is_named(
    build, pictures, settings, monkeypatch, kind
):
    """A file that is swapped for a pipe between looking and reading does not hold the build."""
    from search_engine.building import looking

    def scan_then_swap(*arguments, **options):
        found = scan(*arguments, **options)
        put_special(kind, pictures / "red" / "0.png")
        return found

    monkeypatch.setattr(looking, "scan", scan_then_swap)
    assert build().added == 11
    assert skipped(settings) == {"red/0.png": f"not a regular file: a {kind}"}


def test_a_file_that_lies_about_its_size_is_read_to_its_end_or_a_limit(monkeypatch):
    """The files below /proc say that they are empty."""
    status = Path("/proc/self/status")
    if not status.exists():
        pytest.skip("there are no such files here")
    assert status.stat().st_size == 0
    assert read_content(status).startswith(b"Name:")
    monkeypatch.setattr("search_engine.collection.decoding.content.MAX_BYTES", 10)
    with pytest.raises(Refusal) as caught:
        read_content(status)
    assert caught.value.reason is SkipReason.TOO_MANY_BYTES
